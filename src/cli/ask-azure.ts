import { openIssuedPackage } from '../azure/open-profile.ts';
import type { Artifact } from '../facts/capture.ts';
import type { Address } from '../net/address.ts';
import type { Hints } from '../situation/hints.ts';
import type { LiveOptions } from './live-options.ts';
import type { Progress } from './progress.ts';
import { settleProxies } from './proxy-environment.ts';

interface Around {
  readonly targets: readonly Address[];
  readonly endsAt: number;
  readonly stop: AbortSignal;
  readonly progress: Progress;
}

/** Loads the SDK while something else is waited for. Should that fail, asking fails, and says so. */
export async function loadAzure(): Promise<void> {
  await Promise.allSettled([import('../azure/credential.ts'), import('../azure/fetch.ts')]);
}

/** Asks Azure with what is signed in. The SDK is loaded by this file and nowhere else: a run without Azure must not wait for it. */
export async function askAzure(
  options: LiveOptions,
  hints: Hints,
  { targets, endsAt, stop, progress }: Around,
): Promise<readonly Artifact[]> {
  const proxyFault = settleProxies(process.env);
  if (proxyFault !== undefined) return [unasked(proxyFault)];
  const [credential, { fetchAzure }] = await Promise.all([signIn(options, progress), import('../azure/fetch.ts')]);
  const remaining = Math.max(1000, endsAt - Date.now());
  return fetchAzure(
    {
      cloud: options.cloud,
      issueProfile: options.issueProfile === true,
      // The probes that come after Azure's answer need some of the time as well.
      budgetMs: Math.round(remaining - Math.min(15_000, remaining / 4)),
      ...(options.armEndpoint !== undefined && { endpoint: options.armEndpoint }),
      ...(options.subscription !== undefined && { subscription: options.subscription }),
      ...(options.resourceGroup !== undefined && { resourceGroup: options.resourceGroup }),
      ...(options.gatewayName !== undefined && { gatewayName: options.gatewayName }),
      ...(options.gateway !== undefined && { gateway: options.gateway }),
    },
    {
      tunnelAddresses: hints.tunnelAddresses,
      serverAddresses: hints.serverAddresses,
      targets,
      tunnelPrefixes: hints.tunnelPrefixes,
    },
    { credential, now: () => new Date(), progress: progress.doing, signal: stop, openProfile: openIssuedPackage },
  );
}

/** Nothing can be asked, and the reason belongs into the report beside what this computer told. */
function unasked(why: string): Artifact {
  const outcome = { kind: 'unanswered', status: null, code: 'proxy', message: why } as const;
  return { id: 'arm:001', source: 'arm', half: 'azure', operation: 'subscriptions.list', outcome };
}

/** What is signed in, or the sign-in that was asked for. */
export async function signIn(options: LiveOptions, progress: Progress) {
  const { credentialFor } = await import('../azure/credential.ts');
  const accessToken = process.env['ONLINK_ACCESS_TOKEN'];
  const third = ((options.timeout ?? 120) * 1000) / 3;
  const { credential, describe } = credentialFor({
    // One tool that hangs must leave time for the next.
    processTimeoutMs: Math.round(Math.min(15_000, Math.max(3000, third))),
    cloud: options.cloud,
    environment: process.env,
    prompt: (message) => process.stderr.write(`${message}\n`),
    ...(options.tenant !== undefined && { tenant: options.tenant }),
    ...(options.login !== undefined && { login: options.login }),
    ...(accessToken !== undefined && { accessToken }),
  });
  progress.doing(`asking Azure, signed in by ${describe}`);
  return credential;
}
