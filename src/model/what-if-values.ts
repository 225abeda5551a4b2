import type { Origin, PrefixAt } from '../facts/origin.ts';
import { formatPrefix, parseLoosePrefix, parsePrefix, samePrefix } from '../net/prefix.ts';
import { type Change, type Refusal, refused } from './what-if-change.ts';

/** Where a value comes from that no document holds. */
export const imagined: Origin = { artifact: 'what-if' };

/** `true` or `false`, as Azure's flags take. */
export function flagOf({ text, value }: Change): boolean | Refusal {
  const word = value.toLowerCase();
  if (word !== 'true' && word !== 'false') return refused('onlink', `${text}: the value is true or false`);
  return word === 'true';
}

/** The words of a list, separated by commas or spaces; brackets and quotes as `az` takes them are left out. */
function wordsOf({ value }: Change): readonly string[] {
  return value.match(/[^\s,[\]"']+/g) ?? [];
}

/** A list of prefixes after the change. */
export function prefixesOf(change: Change, before: readonly PrefixAt[]): readonly PrefixAt[] | Refusal {
  const named: PrefixAt[] = [];
  for (const word of wordsOf(change)) {
    const prefix = parsePrefix(word);
    if (prefix === undefined) return notAPrefix(change, word);
    named.push({ prefix, origin: imagined });
  }
  const same = (one: PrefixAt, other: PrefixAt) => samePrefix(one.prefix, other.prefix);
  const missing = named.find((one) => !before.some((other) => same(one, other)));
  return change.how === 'remove' && missing !== undefined
    ? refused('onlink', `${change.text}: ${formatPrefix(missing.prefix)} is not in the list now (${listed(before)})`)
    : listAfter(change, before, named, same);
}

function notAPrefix({ text }: Change, word: string): Refusal {
  const loose = parseLoosePrefix(word);
  const hint = loose === undefined ? '' : `; its network address is ${formatPrefix(loose.prefix)}`;
  return refused(loose === undefined ? 'onlink' : 'azure', `${text}: ${word} is not a prefix${hint}`);
}

/** A list of words after the change, each in the spelling that is known for it. */
export function namesOf(
  change: Change,
  before: readonly string[],
  known: readonly string[],
): readonly string[] | Refusal {
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const named: string[] = [];
  for (const word of wordsOf(change)) {
    const name = known.find((one) => same(one, word));
    if (name === undefined) return refused('azure', `${change.text}: ${word} is none of ${known.join(', ')}`);
    named.push(name);
  }
  return listAfter(change, before, named, same);
}

/** What was in the list stays where it is: the same things in another order are the same list. */
function listAfter<T>(
  { how }: Change,
  before: readonly T[],
  named: readonly T[],
  same: (one: T, other: T) => boolean,
): readonly T[] {
  const isIn = (list: readonly T[], one: T) => list.some((other) => same(one, other));
  if (how === 'remove') return before.filter((one) => !isIn(named, one));
  const kept = how === 'add' ? before : before.filter((one) => isIn(named, one));
  return [...kept, ...named.filter((one, at) => !isIn([...before, ...named.slice(0, at)], one))];
}

export function listed(ranges: readonly PrefixAt[]): string {
  return ranges.length === 0 ? 'none' : ranges.map(({ prefix }) => formatPrefix(prefix)).join(', ');
}
