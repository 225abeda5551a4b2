import type { Artifact, ArtifactId, Capture } from '../facts/capture.ts';
import { parseAddress } from '../net/address.ts';
import { fileQuestions } from './client-files.ts';
import type { Ports } from './ports.ts';
import { type TakePlan, take } from './take.ts';
import type { Probe } from './take-probes.ts';

/** A capture whose client half is partly new. */
export interface Retaken {
  readonly capture: Capture;
  readonly fresh: readonly Artifact[];
}

/**
 * Asks this computer again for what the given artifacts are: files and probes only those, but routes, rules and
 * addresses always together, for a new connection changes them all.
 */
export async function takeAgain(
  capture: Capture,
  cited: ReadonlySet<ArtifactId>,
  plan: Pick<TakePlan, 'stop' | 'deadline'>,
  ports: Ports,
): Promise<Retaken> {
  const files = new Set(fileQuestions(ports.platform).map(({ source }) => source));
  const old = capture.artifacts.filter(({ id, half }) => half === 'client' && cited.has(id));
  const sources = new Set(old.map(({ source }) => source).filter((source) => files.has(source)));
  const targets = new Set(old.flatMap(({ target }) => target ?? []));
  const again = await take(
    {
      ...plan,
      only: (source) => !files.has(source) || sources.has(source),
      chooseProbes: () => old.flatMap(probeOf),
    },
    ports,
  );
  // What came in by --profile, or from another kind of source, was not asked of this computer.
  const isReplaced = ({ half, source, target }: Artifact) => {
    if (half !== 'client') return false;
    if (target !== undefined) return targets.has(target);
    return files.has(source) ? sources.has(source) : isFact(source, again.artifacts);
  };
  const kept = capture.artifacts.filter((artifact) => !isReplaced(artifact));
  return {
    capture: { ...capture, takenAt: again.takenAt, artifacts: [...kept, ...again.artifacts] },
    fresh: again.artifacts,
  };
}

const facts =
  /^(windows-(net-route|route-print|netsh-route|ipconfig|vpn-connection|nrpt)|linux-(ip|xfrm|swanctl|nmcli|proc)|netstat-routes|interfaces|host)/;

function isFact(source: string, fresh: readonly Artifact[]): boolean {
  return facts.test(source) || fresh.some((artifact) => artifact.source === source);
}

// 10.1.0.4 · 10.1.0.4:443 · [fd00::4]:443
function probeOf({ source, target }: Artifact): readonly Probe[] {
  if (target === undefined) return [];
  const whole = parseAddress(target);
  if (source === 'dns-lookup') return [{ kind: 'lookup', name: target }];
  if (source !== 'tcp-connect') return whole === undefined ? [] : [{ kind: 'trace', target: whole }];
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|(.+)):(\d+)$/.exec(target) ?? [];
  const address = parseAddress(bracketed ?? plain ?? '');
  return address === undefined ? [] : [{ kind: 'tcp', target: address, port: Number(port), boundTo: null }];
}
