import type { Artifact } from '../facts/capture.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { decodeText } from '../sources/decode.ts';
import { sourceOf } from '../sources/registry.ts';
import { type Asking, ask, askOnce, isTrace, within } from './ask.ts';
import { kernelQuestion, patientTrace, traceQuestion, tracerouteVersion } from './commands.ts';
import { concurrently } from './concurrently.ts';

/** One question that sends packets. `boundTo` is the source address; null leaves it to the system. */
export type Probe =
  | { readonly kind: 'trace'; readonly target: Address }
  | { readonly kind: 'tcp'; readonly target: Address; readonly port: number; readonly boundTo: Address | null }
  | { readonly kind: 'lookup'; readonly name: string }
  /** Asks the kernel, and sends nothing. */
  | { readonly kind: 'kernel'; readonly target: Address };

const mostTracesAtOnce = 24;

/** Sends the probes, all at once but for tracers that would read each other's answers. */
export async function takeProbes(
  asking: Asking,
  chosen: readonly Probe[],
  keep: (artifacts: readonly Artifact[]) => Promise<void>,
  traceWidth: () => Promise<number>,
): Promise<readonly Artifact[]> {
  const probes = [...new Map(chosen.map((probe) => [keyOf(probe), probe])).values()];
  const width = probes.some(({ kind }) => kind === 'trace') ? await traceWidth() : 1;
  const order = new Map<Probe, readonly Artifact[]>();
  const done = async (probe: Probe, work: Promise<readonly Artifact[]>) => {
    const artifacts = await work;
    order.set(probe, artifacts);
    await keep(artifacts);
  };
  const traces = probes.filter((probe) => probe.kind === 'trace');
  const others = probes.filter((probe) => probe.kind !== 'trace');
  await Promise.all([
    concurrently(width, traces, (probe) => done(probe, trace(asking, probe.target))),
    ...others.map((probe) => done(probe, quietly(asking, probe))),
  ]);
  return probes.flatMap((probe) => order.get(probe) ?? []);
}

function quietly(asking: Asking, probe: Exclude<Probe, { kind: 'trace' }>): Promise<readonly Artifact[]> {
  if (probe.kind === 'tcp') return connect(asking, probe);
  return probe.kind === 'lookup' ? lookUp(asking, probe.name) : askKernel(asking, probe.target);
}

async function askKernel(asking: Asking, target: Address): Promise<readonly Artifact[]> {
  return asking.ports.platform === 'linux' ? [await askOnce(asking, kernelQuestion(target))] : [];
}

/** The same for two probes that ask the same. */
export function keyOf(probe: Probe): string {
  if (probe.kind === 'kernel') return `kernel ${probe.target}`;
  if (probe.kind === 'lookup') return `lookup ${probe.name}`;
  return probe.kind === 'trace' ? `trace ${probe.target}` : `tcp ${probe.target} ${probe.port} ${probe.boundTo}`;
}

/**
 * How many traces may run side by side. busybox and inetutils read every ICMP message of the host, and mtr sends under one
 * id: one at a time. The usual traceroute and tracepath have their errors from their own sockets.
 */
export async function tracesAtOnce({ ports, signal }: Asking): Promise<number> {
  if (ports.platform === 'windows') return mostTracesAtOnce;
  const file = await ports.find(tracerouteVersion.tool);
  if (file === undefined) return (await ports.find('tracepath')) === undefined ? 1 : mostTracesAtOnce;
  const { outcome, stderr = '' } = await ports.run({
    ...{ file, args: tracerouteVersion.args, timeoutMs: 2000 },
    ...(signal !== undefined && { signal }),
  });
  const printed = outcome.kind === 'answered' ? decodeText(outcome.bytes).text : '';
  return `${printed}${stderr}`.includes('Modern traceroute') ? mostTracesAtOnce : 1;
}

async function trace(asking: Asking, target: Address): Promise<readonly Artifact[]> {
  const first = await ask(asking, traceQuestion(asking.ports.platform, target), isTrace);
  const silent = first.some((artifact) => artifact.source === 'linux-traceroute' && isSilent(artifact));
  if (!silent || asking.signal?.aborted === true) return first;
  return [...first, await askOnce(asking, patientTrace(target))];
}

/** Whether a trace was sent and nobody at all replied. */
function isSilent({ id, source, outcome, encoding, target }: Artifact): boolean {
  if (outcome.kind === 'unanswered') return false;
  const context = { artifact: id, ...(target !== undefined && { target }) };
  const traces = sourceOf(source)?.parse(decodeText(outcome.bytes, encoding).text, context).facts.traces ?? [];
  const replies = traces.flatMap(({ hops }) => hops.flatMap((hop) => hop.replies));
  return replies.length > 0 && replies.every(({ kind }) => kind === 'silent');
}

async function connect(
  { ports, signal }: Asking,
  { target, port, boundTo }: Extract<Probe, { kind: 'tcp' }>,
): Promise<readonly Artifact[]> {
  const startedAt = ports.now().toISOString();
  const address = formatAddress(target);
  const bound = boundTo === null ? null : formatAddress(boundTo);
  const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const request = { target: address, port, boundTo: bound, ...(signal !== undefined && { signal }) };
  const answer = await ports.tcpConnect(request);
  const id = `tcp-connect:${where}${bound === null ? '' : `@${bound}`}`;
  return [jsonArtifact({ id, source: 'tcp-connect', target: where, startedAt }, answer)];
}

async function lookUp({ ports }: Asking, name: string): Promise<readonly Artifact[]> {
  const startedAt = ports.now().toISOString();
  const described = { id: `dns-lookup:${name}`, source: 'dns-lookup', startedAt };
  const answer = await within(5000, name, ports.lookup(name));
  return ['kind' in answer ? { ...described, half: 'client', outcome: answer } : jsonArtifact(described, answer)];
}

/** An artifact of what this program found out itself. */
export function jsonArtifact(
  described: Pick<Artifact, 'id' | 'source' | 'target' | 'startedAt'>,
  value: unknown,
): Artifact {
  const bytes = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
  return { ...described, half: 'client', outcome: { kind: 'answered', bytes, exitCode: null } };
}
