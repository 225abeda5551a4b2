import type { Origin, Problem } from '../facts/origin.ts';
import { familyOf, parseAddress } from '../net/address.ts';
import { prefixesOf } from '../net/address-set.ts';
import { type Prefix, parseLoosePrefix } from '../net/prefix.ts';

/**
 * Traffic selectors: `10.1.0.0/16`, a bare address, a range `10.1.0.4..10.1.0.9`, and `dynamic`, which stands for the
 * virtual address. One that a protocol or port narrows (`10.1.0.0/16[tcp/443]`) does not carry its prefix: told, and
 * left out.
 */
export function readSelectors(words: readonly string[], origin: Origin, problems: Problem[]): readonly Prefix[] {
  return words.flatMap((word) => {
    if (word === 'dynamic' || word === '%dynamic' || word === '') return [];
    const blocks = blocksOf(word.replace(/[|[].*$/, ''));
    const isNarrow = /\[[^\]]/.test(word);
    if (blocks !== undefined && !isNarrow) return blocks;
    const why =
      blocks === undefined ? 'a traffic selector that is no prefix' : 'holds for one protocol or port only: left out';
    problems.push({ origin, text: word.slice(0, 100), why });
    return [];
  });
}

function blocksOf(text: string): readonly Prefix[] | undefined {
  const [low = '', high] = text.split(/\.\.|(?<=\d)-(?=\d)/);
  if (high === undefined) {
    const block = parseLoosePrefix(text)?.prefix;
    return block === undefined ? undefined : [block];
  }
  const [first, last] = [parseAddress(low), parseAddress(high)];
  if (first === undefined || last === undefined || familyOf(first) !== familyOf(last) || first > last) return undefined;
  return prefixesOf([{ first, last }]);
}
