import { rights } from '../diagnosis/rights.ts';

/** A custom role as `az role definition create` takes it. */
export interface RoleDefinition {
  readonly Name: string;
  readonly IsCustom: true;
  readonly Description: string;
  readonly Actions: readonly string[];
  readonly NotActions: readonly string[];
  readonly AssignableScopes: readonly string[];
}

/** Exactly the actions onlink uses; generating a profile is among them, though only `--issue-profile` does it. */
export function roleDefinition(subscription: string): RoleDefinition {
  return {
    Name: 'onlink reader',
    IsCustom: true,
    Description: 'Reads what onlink needs to say why a Point-to-Site route is missing. Changes nothing.',
    Actions: [...new Set(rights.map(({ action }) => action))].sort(),
    NotActions: [],
    AssignableScopes: [`/subscriptions/${subscription}`],
  };
}

/** The role, and what each rung loses without each right. */
export function rightsPage(role: RoleDefinition): string {
  return [
    '# Rights',
    '',
    'onlink only reads. With the built-in Reader role every `…/read` below is granted; what ends in `…/action` asks a running',
    'system and needs this custom role (or Network Contributor). Whatever is refused leaves its rung `unknown`, never `held`.',
    '',
    '| action | rung | without it |',
    '|---|---|---|',
    ...rights.map(({ action, rung, without }) => `| \`${action}\` | ${rung} | ${without} |`),
    '',
    'Save as role.json, put your subscription in, and run `az role definition create --role-definition @role.json`:',
    '',
    '```json',
    JSON.stringify(role, null, 2),
    '```',
    '',
  ].join('\n');
}
