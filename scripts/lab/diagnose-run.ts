import { fileURLToPath } from 'node:url';
import { targets } from './addresses.ts';
import { scratch } from './enclosure.ts';
import { estateNames } from './estate-documents.ts';
import { attempt } from './hosts.ts';
import { bringUp } from './run-state.ts';
import { accessToken, startEstate } from './serve-estate.ts';
import type { Run } from './state.ts';

/** What `onlink diagnose` left, and how long it took. */
export type Diagnosed = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
};

const onlink = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Brings a run up and lets onlink diagnose it, live, from the client. */
export async function diagnoseRun(name: string, run: Run, output = 'json'): Promise<Diagnosed> {
  const [, arm] = await Promise.all([bringUp(run), startEstate(name)]);
  const started = performance.now();
  const outcome = await attempt('client', [process.execPath, onlink, ...flags(run, output, arm.endpoint)], {
    env: {
      ONLINK_ACCESS_TOKEN: accessToken,
      NODE_EXTRA_CA_CERTS: arm.caFile,
      // A home of its own: whoever runs the lab may be signed in to a real Azure.
      HOME: scratch,
      AZURE_CONFIG_DIR: `${scratch}/azure`,
    },
    timeout: 180_000,
  });
  return { ...outcome, seconds: (performance.now() - started) / 1000 };
}

function flags(run: Run, output: string, endpoint: string): readonly string[] {
  return [
    ...['diagnose', '-o', output, '--arm-endpoint', endpoint, '--timeout', '90'],
    ...['--subscription', estateNames.subscription],
    ...['-g', estateNames.resourceGroup, '-n', estateNames.gateway],
    ...['--target', ...(run.targets ?? targets)],
  ];
}
