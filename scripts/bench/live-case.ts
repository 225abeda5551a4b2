import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ManifestEntry, parseManifest } from '../../src/capture/manifest.ts';
import { accessToken, startArm } from '../lab/arm.ts';
import { environmentOf } from '../lab/diagnose-run.ts';
import { scratch } from '../lab/enclosure.ts';
import { estateNames } from '../lab/estate-documents.ts';
import { attempt, run } from '../lab/hosts.ts';
import { bringUp } from '../lab/run-state.ts';
import { runNamed } from '../lab/states.ts';
import { criticalPath, msOf, waitsOf } from './critical-path.ts';

/*
 * `onlink diagnose` on a real tunnel with Azure 150 ms away and twenty targets, half of which never reply: how long it
 * takes beside the longest chain of its waits. Runs inside an enclosure of the lab; prints a LiveFigures as JSON.
 */

/** What was measured, in milliseconds. */
export interface LiveFigures {
  readonly wallMs: number;
  readonly chainMs: number;
  /** The chain, first to last. */
  readonly chain: readonly string[];
  /** One trace, all that is sent for it: by `traceroute` as it comes, and as onlink had it done. */
  readonly traceroute?: Readonly<Record<'replying' | 'silent', number>>;
  readonly onlink: Readonly<Record<'replying' | 'silent', number>>;
}

const latencyMs = 150;
// A trace to a target that never replies takes half a minute: once is enough.
const [program = '', traced] = process.argv.slice(2);
const healthy = runNamed('01-healthy-subnet');
if (healthy === undefined) throw new Error('the lab has no healthy state any more');
await bringUp(healthy);
const replying = Array.from({ length: 10 }, (_, index) => `10.1.0.${10 + index}`);
const silent = Array.from({ length: 10 }, (_, index) => `10.1.0.${130 + index}`);
for (const address of [...replying, ...silent])
  await run('spoke1', ['ip', 'addr', 'add', `${address}/24`, 'dev', 'eth0']);
await run('spoke1', ['iptables', '-A', 'INPUT', '-d', '10.1.0.128/25', '-j', 'DROP']);
const arm = await startArm(healthy, latencyMs);

const bundle = join(scratch, 'bundle');
const began = performance.now();
const { exitCode, stderr } = await attempt(
  'client',
  [
    ...[process.execPath, program, 'diagnose', '-o', 'json', '--arm-endpoint', arm.endpoint, '--save', bundle],
    ...['--subscription', estateNames.subscription, '-g', estateNames.resourceGroup, '-n', estateNames.gateway],
    ...['--timeout', '90', '--failure-threshold', 'never', '--target', ...replying, ...silent],
  ],
  { env: environmentOf(arm), timeout: 120_000 },
);
const wallMs = performance.now() - began;
if (exitCode > 3) throw new Error(`onlink ended with ${exitCode}: ${stderr.replaceAll(accessToken, '***')}`);

const { artifacts } = parseManifest(readFileSync(join(bundle, 'manifest.json'), 'utf8'), bundle);
const textOf = ({ file }: ManifestEntry) =>
  file === undefined ? '' : readFileSync(join(bundle, file), 'latin1').toLowerCase();
const chain = criticalPath(waitsOf(artifacts, textOf));
const figures: LiveFigures = {
  wallMs,
  chainMs: msOf(chain),
  chain: chain.map(({ id, ms }) => `${id} ${ms} ms`),
  ...(traced === 'traced' && {
    traceroute: { replying: await plainTrace(replying[0]), silent: await plainTrace(silent[0]) },
  }),
  onlink: { replying: ownTrace(replying[0]), silent: ownTrace(silent[0]) },
};
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));

async function plainTrace(target = ''): Promise<number> {
  const started = performance.now();
  await attempt('client', ['traceroute', target]);
  return performance.now() - started;
}

function ownTrace(target = ''): number {
  const traces = artifacts.filter((entry) => entry.source === 'linux-traceroute' && entry.target === target);
  return traces.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
}
