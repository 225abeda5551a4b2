import { fileURLToPath } from 'node:url';
import { compileCache } from '../compile-cache.ts';
import { targets } from './addresses.ts';
import { type Arm, accessToken, startArm } from './arm.ts';
import { scratch } from './enclosure.ts';
import { estateNames } from './estate-documents.ts';
import { attempt } from './hosts.ts';
import { bringUp } from './run-state.ts';
import type { Run } from './state.ts';

/** What `onlink diagnose` left, and how long it took. */
export type Diagnosed = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** What a replay of the evidence it saved prints. */
  readonly replayed: string;
};

/** What onlink finds in its environment in the lab. */
export function environmentOf({ caFile }: Arm): Readonly<Record<string, string>> {
  return {
    ONLINK_ACCESS_TOKEN: accessToken,
    NODE_EXTRA_CA_CERTS: caFile,
    // A home of its own: whoever runs the lab may be signed in to a real Azure.
    HOME: scratch,
    AZURE_CONFIG_DIR: `${scratch}/azure`,
  };
}

const saved = `${scratch}/saved`;
const onlink = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Brings a run up and lets onlink diagnose it, live, from the client. */
export async function diagnoseRun(run: Run): Promise<Diagnosed> {
  await bringUp(run);
  const arm = await startArm(run);
  const started = performance.now();
  const outcome = await attempt('client', [process.execPath, onlink, ...flags(run, arm.endpoint)], {
    env: { ...environmentOf(arm), ...compileCache },
    timeout: 180_000,
  });
  const seconds = (performance.now() - started) / 1000;
  const replay = await attempt(undefined, [process.execPath, onlink, 'replay', saved, '-o', 'json'], {
    env: compileCache,
  });
  return { ...outcome, seconds, replayed: replay.stdout };
}

function flags(run: Run, endpoint: string): readonly string[] {
  return [
    ...['diagnose', '-o', 'json', '--arm-endpoint', endpoint, '--timeout', '90', '--save', saved],
    ...['--subscription', estateNames.subscription],
    ...['-g', estateNames.resourceGroup, '-n', estateNames.gateway],
    ...['--target', ...(run.targets ?? targets)],
  ];
}
