import type { Ladder } from '../ladder/ladder.ts';
import { formatPrefix, type Prefix } from '../net/prefix.ts';

/** `10.1.0.0/16 (spoke1)`; of many the first three and a count. */
export function list(ladders: readonly Ladder[]): string {
  return shortList(ladders.map(({ prefix, owner }) => `${formatPrefix(prefix)} (${owner})`));
}

export function prefixList(prefixes: readonly Prefix[]): string {
  return shortList(prefixes.map(formatPrefix));
}

function shortList(items: readonly string[]): string {
  if (items.length <= 3) return items.join(', ');
  return `${items.slice(0, 3).join(', ')} and ${items.length - 3} more`;
}
