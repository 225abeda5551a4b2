import type { Rule } from '../facts/route.ts';
import type { Family } from '../net/address.ts';
import type { Selectors } from './packet.ts';
import { tableName } from './tables.ts';

/** One rule to be asked in its turn. */
export interface Step {
  readonly selectors: Selectors;
  /** As it was read; undefined where it is assumed, or where the system has no rules. */
  readonly rule: Rule | undefined;
  /** The tables a look-up searches as one; empty for any other action. */
  readonly tables: readonly string[];
}

/** Windows: one table, asked of every packet. */
export const singleTable = (family: Family): readonly Step[] => [assumed(family, 0, 'main')];

/** What a Linux kernel starts with. */
export const defaultSteps = (family: Family): readonly Step[] => [
  assumed(family, 0, 'local'),
  assumed(family, 32_766, 'main'),
  // IPv6 is born without a table `default`.
  ...(family === 4 ? [assumed(family, 32_767, 'default')] : []),
];

function assumed(family: Family, priority: number, table: string): Step {
  return { selectors: { family, priority, action: { kind: 'lookup', table } }, rule: undefined, tables: [table] };
}

/** Rules as read, in the order the kernel asks them: by priority, equals as listed. */
export function stepsOf(rules: readonly Rule[]): readonly Step[] {
  return rules
    .toSorted((a, b) => a.priority - b.priority)
    .map((rule) => ({
      selectors: rule,
      rule,
      tables: rule.action.kind === 'lookup' ? [tableName(rule.action.table)] : [],
    }));
}

/**
 * While no rule was ever added, an IPv4 kernel keeps `local` and `main` in one trie: the longest prefix wins over both,
 * whatever the order of the rules says. The first rule added splits them for good. Undefined: not such a set of rules.
 */
export function mergedSteps(steps: readonly Step[]): readonly Step[] | undefined {
  const looked = steps.map(({ tables: [table] }) => table);
  const isUntouched =
    looked.join() === 'local,main,default' && steps.every(({ selectors }) => isPlainLookup(selectors));
  if (!isUntouched) return undefined;
  return steps.map((step) => (step.tables[0] === 'local' ? { ...step, tables: ['local', 'main'] } : step));
}

const plainKeys: ReadonlySet<string> = new Set(['family', 'priority', 'action', 'origin']);

function isPlainLookup(selectors: Selectors): boolean {
  const { action } = selectors;
  const isUnsuppressed =
    action.kind === 'lookup' && action.suppressPrefixLength === undefined && action.suppressGroup === undefined;
  return isUnsuppressed && Object.entries(selectors).every(([key, value]) => plainKeys.has(key) || isIdle(value));
}

// `from all` may be written as the prefix of length 0, and nothing unknown as an empty list.
function isIdle(value: unknown): boolean {
  if (value === undefined || value === false) return true;
  return typeof value === 'object' && value !== null && 'length' in value && value.length === 0;
}
