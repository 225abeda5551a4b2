import type { Origin, PrefixAt } from '../facts/origin.ts';
import { formatPrefix, parseLoosePrefix, parsePrefix, samePrefix } from '../net/prefix.ts';
import { type Change, isRefusal, type Refusal, refused } from './what-if-change.ts';

/** Where a value comes from that no document holds. */
export const imagined: Origin = { artifact: 'what-if' };

/** `true` or `false`, as Azure's flags take. */
export function flagOf({ text, how, value }: Change): boolean | Refusal {
  const word = value.trim().toLowerCase();
  if (how !== 'set') return refused('onlink', `${text}: a flag is set with =`);
  if (word !== 'true' && word !== 'false') return refused('onlink', `${text}: the value is true or false`);
  return word === 'true';
}

/** The words of a list, separated by commas or spaces; brackets and quotes as `az` takes them are left out. */
function wordsOf({ value }: Change): readonly string[] {
  return value
    .replace(/[[\]"']/g, ' ')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}

/** A list of prefixes after the change. */
export function prefixesOf(change: Change, before: readonly PrefixAt[]): readonly PrefixAt[] | Refusal {
  const named: PrefixAt[] = [];
  for (const word of wordsOf(change)) {
    const prefix = parsePrefix(word);
    if (prefix === undefined) return notAPrefix(change, word);
    named.push({ prefix, origin: imagined });
  }
  const has = (list: readonly PrefixAt[], one: PrefixAt) => list.some(({ prefix }) => samePrefix(prefix, one.prefix));
  if (change.how === 'set') return named;
  if (change.how === 'add') return [...before, ...named.filter((one) => !has(before, one))];
  const missing = named.find((one) => !has(before, one));
  return missing === undefined
    ? before.filter((one) => !has(named, one))
    : refused('onlink', `${change.text}: ${formatPrefix(missing.prefix)} is not in the list now (${listed(before)})`);
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
  const spelled = wordsOf(change).map(
    (word) =>
      known.find((one) => one.toLowerCase() === word.toLowerCase()) ??
      refused('azure', `${change.text}: ${word} is none of ${known.join(', ')}`),
  );
  const wrong = spelled.find((one) => typeof one !== 'string');
  if (wrong !== undefined && isRefusal(wrong as object)) return wrong as Refusal;
  const named = spelled.filter((one) => typeof one === 'string');
  if (change.how === 'set') return [...new Set(named)];
  if (change.how === 'add') return [...new Set([...before, ...named])];
  return before.filter((one) => !named.some((gone) => gone.toLowerCase() === one.toLowerCase()));
}

export function listed(ranges: readonly PrefixAt[]): string {
  return ranges.length === 0 ? 'none' : ranges.map(({ prefix }) => formatPrefix(prefix)).join(', ');
}
