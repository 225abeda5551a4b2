import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { address, familyOf } from '../../src/net/address.ts';
import {
  type AddressSet,
  covers,
  emptySet,
  hasAddress,
  intersect,
  isEmpty,
  prefixesOf,
  setOf,
  subtract,
  union,
} from '../../src/net/address-set.ts';
import { formatPrefix, lastOf, type Prefix, parsePrefix, prefix, prefixAround } from '../../src/net/prefix.ts';
import { prefixList } from './arbitraries.ts';
import { edgesOf, isInAny } from './oracle.ts';

const everywhere = ['0.0.0.0/0', '::/0'].map(prefix);

function set(...texts: readonly string[]): AddressSet {
  return setOf(texts.map(prefix));
}

/** Disjoint, ascending, IPv4 first, and with a gap between any two ranges. */
function expectNormal(ranges: AddressSet): void {
  for (const [i, { first, last }] of ranges.entries()) {
    expect(familyOf(first)).toBe(familyOf(last));
    expect(first <= last).toBe(true);
    const next = ranges[i + 1];
    if (next === undefined) continue;
    if (familyOf(next.first) === familyOf(last)) expect(BigInt(next.first) > BigInt(last) + 1n).toBe(true);
    else expect([familyOf(last), familyOf(next.first)]).toEqual([4, 6]);
  }
}

describe('operations', () => {
  const operations = [
    { name: 'union', apply: (a: AddressSet, b: AddressSet) => union(a, b), holds: (a: boolean, b: boolean) => a || b },
    { name: 'intersect', apply: intersect, holds: (a: boolean, b: boolean) => a && b },
    { name: 'subtract', apply: subtract, holds: (a: boolean, b: boolean) => a && !b },
  ];

  it.each(operations)('$name holds what the lists of prefixes say', ({ apply, holds }) => {
    fc.assert(
      fc.property(prefixList, prefixList, (a, b) => {
        const result = apply(setOf(a), setOf(b));
        expectNormal(result);
        for (const edge of edgesOf([...a, ...b, ...everywhere]))
          expect(hasAddress(result, edge)).toBe(holds(isInAny(a, edge), isInAny(b, edge)));
      }),
      { numRuns: 500 },
    );
  });

  it('setOf holds what the prefixes hold, however often and in whatever order', () => {
    fc.assert(
      fc.property(prefixList, (prefixes) => {
        const result = setOf(prefixes);
        expectNormal(result);
        for (const edge of edgesOf([...prefixes, ...everywhere]))
          expect(hasAddress(result, edge)).toBe(isInAny(prefixes, edge));
        expect(setOf([...prefixes, ...prefixes].reverse())).toEqual(result);
        expect(isEmpty(result)).toBe(prefixes.length === 0);
      }),
    );
  });

  it('covers is true when no address is left over', () => {
    fc.assert(
      fc.property(prefixList, prefixList, (a, b) => {
        const leftOver = edgesOf([...a, ...b]).some((edge) => isInAny(b, edge) && !isInAny(a, edge));
        expect(covers(setOf(a), setOf(b))).toBe(!leftOver);
        expect(covers(setOf([...a, ...b]), setOf(b))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('union takes any number of sets', () => {
    fc.assert(
      fc.property(fc.array(prefixList, { maxLength: 4 }), (lists) => {
        expect(union(...lists.map(setOf))).toEqual(setOf(lists.flat()));
      }),
    );
  });
});

describe('prefixesOf', () => {
  it('gives the same addresses back in the fewest prefixes', () => {
    fc.assert(
      fc.property(prefixList, prefixList, (a, b) => {
        const left = subtract(setOf(a), setOf(b));
        const prefixes = prefixesOf(left);
        expect(setOf(prefixes)).toEqual(left);
        expect(prefixes.filter((block) => parsePrefix(formatPrefix(block)) === undefined)).toEqual([]);
        // Fewest: each is as wide as the set allows, and none is there twice.
        expect(prefixes.filter((block) => block.length > 0 && isInside(left, parentOf(block)))).toEqual([]);
        expect(new Set(prefixes.map(formatPrefix)).size).toBe(prefixes.length);
      }),
      { numRuns: 300 },
    );
  });

  it('merges halves up to the whole', () => {
    const texts = (ranges: AddressSet) => prefixesOf(ranges).map(formatPrefix);
    expect(texts(set('0.0.0.0/1', '128.0.0.0/1'))).toEqual(['0.0.0.0/0']);
    expect(texts(set('::/1', '8000::/1', '255.255.255.255/32'))).toEqual(['255.255.255.255/32', '::/0']);
    expect(texts(subtract(set('10.0.0.0/29'), set('10.0.0.1/32')))).toEqual([
      '10.0.0.0/32',
      '10.0.0.2/31',
      '10.0.0.4/30',
    ]);
    expect(texts(emptySet)).toEqual([]);
  });
});

describe('at the ends of a family', () => {
  it('the last IPv4 address and the first of IPv6 do not touch', () => {
    const ends = set('255.255.255.255/32', '::/128');
    expect(ends).toHaveLength(2);
    expect(covers(set('0.0.0.0/0'), set('::/128'))).toBe(false);
    expect(intersect(set('0.0.0.0/0'), set('::/96'))).toEqual(emptySet);
    expect(subtract(ends, set('0.0.0.0/0'))).toEqual(set('::/128'));
  });

  it('nothing is left of everything', () => {
    const all = setOf(everywhere);
    expect(subtract(all, all)).toEqual(emptySet);
    expect(subtract(all, emptySet)).toEqual(all);
    expect(subtract(emptySet, all)).toEqual(emptySet);
    expect(covers(emptySet, emptySet)).toBe(true);
    for (const end of ['0.0.0.0/32', '255.255.255.255/32', '::/128', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'])
      expect(subtract(all, subtract(all, set(end)))).toEqual(set(end));
    expect(subtract(all, set('255.255.255.255/32', '::/128'))).toEqual([
      { first: address('0.0.0.0'), last: address('255.255.255.254') },
      { first: address('::1'), last: lastOf(prefix('::/0')) },
    ]);
  });
});

function parentOf({ first, length }: Prefix): Prefix {
  return prefixAround(first, length - 1);
}

function isInside(ranges: AddressSet, block: Prefix): boolean {
  return ranges.some(
    ({ first, last }) => familyOf(first) === familyOf(block.first) && first <= block.first && lastOf(block) <= last,
  );
}
