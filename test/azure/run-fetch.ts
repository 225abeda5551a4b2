import { type Emulator, type EmulatorOptions, startEmulator } from '../../scripts/arm-emulator/emulator.ts';
import { credentialFor } from '../../src/azure/credential.ts';
import { fetchAzure } from '../../src/azure/fetch.ts';
import type { FetchHints, FetchOptions } from '../../src/azure/fetch-options.ts';
import { openIssuedPackage } from '../../src/azure/open-profile.ts';
import { readTopology } from '../../src/azure/translate.ts';
import type { Artifact } from '../../src/facts/capture.ts';

const noHints: FetchHints = { tunnelAddresses: [], serverAddresses: [], targets: [], tunnelPrefixes: [] };

/** Fetches through the real SDK from an emulator that lives as long as the call. */
export async function runFetch(
  emulation: EmulatorOptions,
  options: Partial<FetchOptions> = {},
  hints: Partial<FetchHints> = {},
) {
  const emulator: Emulator = await startEmulator({ token: 'secret-token', ...emulation });
  try {
    const { credential } = credentialFor({ cloud: 'AzureCloud', accessToken: 'secret-token', environment: {} });
    const started = performance.now();
    const artifacts = await fetchAzure(
      {
        cloud: 'AzureCloud',
        endpoint: emulator.url,
        ca: emulator.ca,
        issueProfile: false,
        budgetMs: 20_000,
        ...options,
      },
      { ...noHints, ...hints },
      { credential, now: () => new Date(), progress: () => undefined, openProfile: openIssuedPackage },
    );
    const elapsed = performance.now() - started;
    return { artifacts, ...readTopology(artifacts), log: emulator.log, peak: emulator.peak(), elapsed };
  } finally {
    await emulator.stop();
  }
}

/** Everything an artifact would put on a disk. */
export function textOf(artifacts: readonly Artifact[]): string {
  return artifacts
    .map(
      ({ outcome, ...rest }) =>
        JSON.stringify(rest) +
        (outcome.kind === 'answered' ? new TextDecoder().decode(outcome.bytes) : JSON.stringify(outcome)),
    )
    .join('\n');
}
