import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containsAddress, containsPrefix, overlaps, type Prefix, prefix } from '../../src/net/prefix.ts';
import { PrefixIndex } from '../../src/net/prefix-index.ts';
import { anyPrefix, prefixList } from './arbitraries.ts';

const itself = (one: Prefix): Prefix => one;

describe('what an index finds is what trying each would find, in the same order', () => {
  test.each([
    ['overlapping', (index: PrefixIndex<Prefix>, asked: Prefix) => index.overlapping(asked), overlaps],
    [
      'containing',
      (index: PrefixIndex<Prefix>, asked: Prefix) => index.containing(asked),
      (outer: Prefix, inner: Prefix) => containsPrefix(outer, inner),
    ],
    [
      'holding',
      (index: PrefixIndex<Prefix>, asked: Prefix) => index.holding(asked.first),
      (outer: Prefix, inner: Prefix) => containsAddress(outer, inner.first),
    ],
  ])('%s', (_, ask, matches) => {
    fc.assert(
      fc.property(prefixList, anyPrefix, (prefixes, asked) => {
        expect(ask(new PrefixIndex(prefixes, itself), asked)).toEqual(prefixes.filter((one) => matches(one, asked)));
      }),
    );
  });
});

test('both families stand side by side', () => {
  const all = ['0.0.0.0/0', '::/0', '10.0.0.0/8', 'fd00::/8'].map(prefix);
  const index = new PrefixIndex(all, itself);
  expect(index.overlapping(prefix('10.1.0.0/16'))).toEqual([prefix('0.0.0.0/0'), prefix('10.0.0.0/8')]);
  expect(index.overlapping(prefix('fd00::/16'))).toEqual([prefix('::/0'), prefix('fd00::/8')]);
});
