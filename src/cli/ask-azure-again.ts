import type { AskedAgain } from '../azure/fetch-again.ts';
import { UserError } from '../capture/user-error.ts';
import type { Artifact } from '../facts/capture.ts';
import { signIn } from './ask-azure.ts';

import type { LiveOptions } from './live-options.ts';
import type { Progress } from './progress.ts';
import { settleProxies } from './proxy-environment.ts';

/** Puts the questions behind these artifacts to Azure again, with what is signed in. */
export async function askAzureAgain(
  options: LiveOptions,
  artifacts: readonly Artifact[],
  around: { readonly budgetMs: number; readonly stop: AbortSignal; readonly progress: Progress },
): Promise<readonly AskedAgain[]> {
  if (artifacts.length === 0) return [];
  const proxyFault = settleProxies(process.env);
  if (proxyFault !== undefined) throw new UserError(proxyFault);
  const [credential, { fetchAgain }] = await Promise.all([
    signIn(options, around.progress),
    import('../azure/fetch-again.ts'),
  ]);
  return fetchAgain(
    {
      cloud: options.cloud,
      issueProfile: false,
      budgetMs: around.budgetMs,
      ...(options.armEndpoint !== undefined && { endpoint: options.armEndpoint }),
    },
    artifacts,
    {
      credential,
      now: () => new Date(),
      progress: around.progress.doing,
      signal: around.stop,
      openProfile: () => [],
    },
  );
}
