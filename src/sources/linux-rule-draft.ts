import type { Rule } from '../facts/route.ts';
import { familyOfPrefix, type Prefix, parseLoosePrefix } from '../net/prefix.ts';
import { numberOf } from './linux-json.ts';
import type { ReadingContext } from './source.ts';

/** A rule under construction: JSON and text fill in the same fields. */
export type RuleDraft = { -readonly [Key in keyof Omit<Rule, 'family' | 'origin'>]?: Rule[Key] } & {
  prefixes: Prefix[];
  unknown: string[];
  /** Why the row is no rule that could be followed at all. */
  wrong?: string;
};

/** Whether the fields together make a rule; the table that l3mdev names is known to the kernel alone. */
export function finishRule(draft: RuleDraft, context: ReadingContext, origin: Rule['origin']): Rule | string {
  const { prefixes, unknown, wrong, priority, action, ...rest } = draft;
  if (wrong !== undefined) return wrong;
  if (priority === undefined) return 'a rule without a priority';
  const told = prefixes[0] === undefined ? undefined : familyOfPrefix(prefixes[0]);
  const chosen = action ?? (rest.l3mdev === true ? ({ kind: 'lookup', table: '[l3mdev-table]' } as const) : undefined);
  if (chosen === undefined) return 'a rule without an action that is known';
  return {
    ...rest,
    family: told ?? context.family ?? 4,
    priority,
    action: chosen,
    ...(unknown.length > 0 && { unknown }),
    origin,
  };
}

/** Sets a field; an undefined value was there and not understood. */
export function assign<Key extends keyof RuleDraft>(
  draft: RuleDraft,
  key: Key,
  value: RuleDraft[Key] | undefined,
): void {
  if (value === undefined) draft.wrong ??= `the value of \`${key}\` was not understood`;
  else draft[key] = value;
}

/**
 * A source or destination as text prints it: `all`, an address or a prefix. The kernel keeps `172.16.50.130/24` as it
 * was asked for, and compares the bits of the prefix alone.
 */
export function readEndText(draft: RuleDraft, key: 'from' | 'to', text: string): void {
  if (text === 'all') return;
  const prefix = parseLoosePrefix(text)?.prefix;
  if (prefix === undefined) {
    draft.wrong ??= `\`${key}\` is not a prefix`;
    return;
  }
  draft[key] = prefix;
  draft.prefixes.push(prefix);
}

/** A firewall mark and the bits of it that count. */
export function readMark(draft: RuleDraft, mark: unknown, mask: unknown): void {
  const [value, bits] = [numberOf(mark), numberOf(mask)];
  assign(draft, 'fwmark', value === undefined || bits === undefined ? undefined : { value, mask: bits });
}

/** An inclusive range of numbers. */
export function range(first: unknown, last: unknown): { readonly first: number; readonly last: number } | undefined {
  const [from, to] = [numberOf(first), numberOf(last)];
  return from === undefined || to === undefined ? undefined : { first: from, last: to };
}
