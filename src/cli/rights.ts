import { rightsPage, roleDefinition } from '../report/rights-page.ts';
import { print } from './print.ts';

/** `onlink rights`: the least-privilege role, and what each rung loses without it. */
export async function rightsCommand(options: {
  readonly output: 'text' | 'json';
  readonly subscription?: string;
}): Promise<void> {
  const role = roleDefinition(options.subscription ?? 'SUBSCRIPTION-ID');
  await print(options.output === 'json' ? `${JSON.stringify(role, null, 2)}\n` : rightsPage(role));
}
