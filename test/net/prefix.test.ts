import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { address, familyOf, formatAddress, widthOf } from '../../src/net/address.ts';
import {
  comparePrefixes,
  containsAddress,
  containsPrefix,
  familyOfPrefix,
  formatPrefix,
  hostPrefix,
  lastOf,
  lengthOfMask,
  overlaps,
  parseLoosePrefix,
  parsePrefix,
  prefix,
  prefixAround,
  prefixFromMask,
  samePrefix,
  widthOfPrefix,
} from '../../src/net/prefix.ts';
import { addressV4, anyAddress, anyPrefix } from './arbitraries.ts';
import { edgesOf, isInPrefix } from './oracle.ts';

describe('parsePrefix', () => {
  it('reads what formatPrefix wrote', () => {
    fc.assert(
      fc.property(anyPrefix, (block) => {
        expect(parsePrefix(formatPrefix(block))).toEqual(block);
      }),
    );
  });

  it.each([
    ['10.1.0.0/16', '10.1.0.0', 16],
    ['0.0.0.0/0', '0.0.0.0', 0],
    ['128.0.0.0/1', '128.0.0.0', 1],
    ['255.255.255.255/32', '255.255.255.255', 32],
    ['10.0.0.4', '10.0.0.4', 32],
    ['::/0', '::', 0],
    ['fd00::/8', 'fd00::', 8],
    ['fd00::1/128', 'fd00::1', 128],
    ['::1', '::1', 128],
  ])('reads %s', (text, first, length) => expect(parsePrefix(text)).toEqual({ first: address(first), length }));

  it.each([
    '10.1.0.4/16',
    '0.0.0.1/0',
    '255.255.255.255/31',
    'fd00::1/127',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8.0',
    '10.0.0.0/8 ',
    '10.0.0.0/ 8',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0/1e1',
    '/8',
    '10/8',
    'default',
    '',
  ])('refuses %j', (text) => expect(parsePrefix(text)).toBeUndefined());
});

describe('prefix', () => {
  it('throws naming the typo', () => expect(() => prefix('10.1.0.4/16')).toThrow('10.1.0.4/16'));
});

describe('parseLoosePrefix', () => {
  it('keeps the address as written beside its block', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat({ max: 128 }), (inside, length) => {
        const loose = parseLoosePrefix(`${formatAddress(inside)}/${length}`);
        if (length > widthOf(familyOf(inside))) expect(loose).toBeUndefined();
        else expect(loose).toEqual({ prefix: prefixAround(inside, length), address: inside });
      }),
    );
    expect(parseLoosePrefix('172.16.50.130')).toEqual({
      prefix: prefix('172.16.50.130/32'),
      address: address('172.16.50.130'),
    });
  });
});

describe('prefixAround', () => {
  it('holds its address, clears the host bits, and ends where the leading bits change', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat({ max: 128 }), (inside, bits) => {
        const length = Math.min(bits, widthOf(familyOf(inside)));
        const block = prefixAround(inside, length);
        expect(isInPrefix({ first: inside, length }, block.first)).toBe(true);
        expect(edgesOf([block]).filter((edge) => isInPrefix(block, edge))).toEqual(
          block.first === lastOf(block) ? [block.first] : [block.first, lastOf(block)],
        );
        expect(parsePrefix(formatPrefix(block))).toEqual(block);
      }),
    );
  });

  it('covers a whole family at length 0 and one address at full length', () => {
    expect(formatAddress(lastOf(prefixAround(address('10.0.0.4'), 0)))).toBe('255.255.255.255');
    expect(lastOf(prefixAround(address('10.0.0.4'), 32))).toBe(address('10.0.0.4'));
    expect(lastOf(prefixAround(address('fd00::4'), 0))).toBe(2n ** 128n - 1n);
    expect(hostPrefix(address('fd00::4'))).toEqual(prefix('fd00::4/128'));
    expect(hostPrefix(address('10.0.0.4'))).toEqual(prefix('10.0.0.4/32'));
  });
});

describe('masks', () => {
  it('every length has one mask, and it is read back', () => {
    for (let length = 0; length <= 32; length += 1) {
      const bits = '1'.repeat(length).padEnd(32, '0');
      const octets = bits.match(/.{8}/g) ?? [];
      const mask = address(octets.map((octet) => Number.parseInt(octet, 2)).join('.'));
      expect(lengthOfMask(mask)).toBe(length);
      expect(prefixFromMask(address('0.0.0.0'), mask)).toEqual({ first: address('0.0.0.0'), length });
    }
  });

  it('holes are refused: what is read is ones, then zeros', () => {
    fc.assert(
      fc.property(addressV4, (value) => {
        const isMask = /^1*0*$/.test(value.toString(2).padStart(32, '0'));
        expect(lengthOfMask(value) !== undefined).toBe(isMask);
      }),
    );
    for (const mask of ['255.0.255.0', '0.0.0.1', '0.0.0.255', '254.255.255.255', '255.255.255.253', '127.0.0.0'])
      expect(lengthOfMask(address(mask))).toBeUndefined();
  });

  it('join with an address as route tables print them', () => {
    expect(prefixFromMask(address('10.1.0.0'), address('255.255.0.0'))).toEqual(prefix('10.1.0.0/16'));
    expect(prefixFromMask(address('255.255.255.255'), address('255.255.255.255'))).toEqual(
      prefix('255.255.255.255/32'),
    );
    expect(prefixFromMask(address('10.1.0.4'), address('255.255.0.0'))).toBeUndefined();
    expect(prefixFromMask(address('10.1.0.0'), address('255.0.255.0'))).toBeUndefined();
    expect(prefixFromMask(address('fd00::'), address('255.0.0.0'))).toBeUndefined();
    expect(prefixFromMask(address('10.0.0.0'), address('ff00::'))).toBeUndefined();
  });
});

describe('relations', () => {
  it('an address is contained when its leading bits agree', () => {
    fc.assert(
      fc.property(anyPrefix, anyPrefix, anyAddress, (block, other, stray) => {
        for (const inner of [...edgesOf([block, other]), stray])
          expect(containsAddress(block, inner)).toBe(isInPrefix(block, inner));
      }),
    );
  });

  it('a prefix is contained when both its ends are; prefixes overlap when one holds the other', () => {
    fc.assert(
      fc.property(anyPrefix, anyPrefix, (a, b) => {
        const holds = (outer: typeof a, inner: typeof a) =>
          isInPrefix(outer, inner.first) && isInPrefix(outer, lastOf(inner));
        expect(containsPrefix(a, b)).toBe(holds(a, b));
        expect(overlaps(a, b)).toBe(edgesOf([a, b]).some((edge) => isInPrefix(a, edge) && isInPrefix(b, edge)));
        expect(samePrefix(a, b)).toBe(formatPrefix(a) === formatPrefix(b));
        expect(containsPrefix(a, a) && overlaps(a, a) && samePrefix(a, { ...a })).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('families never mix, not even at length 0', () => {
    expect(containsAddress(prefix('::/0'), address('10.0.0.4'))).toBe(false);
    expect(containsPrefix(prefix('0.0.0.0/0'), prefix('::/96'))).toBe(false);
    expect(overlaps(prefix('0.0.0.0/0'), prefix('::/0'))).toBe(false);
    expect(samePrefix(prefix('0.0.0.0/0'), prefix('::/0'))).toBe(false);
  });

  it('order is by family, address, wider first', () => {
    const sorted = ['0.0.0.0/0', '0.0.0.0/8', '10.0.0.0/8', '200.0.0.0/8', '::/0', '::/8', 'fd00::/8'].map(prefix);
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (shuffled) => {
        expect(shuffled.toSorted(comparePrefixes)).toEqual(sorted);
      }),
    );
    expect(comparePrefixes(prefix('10.0.0.0/8'), prefix('10.0.0.0/8'))).toBe(0);
    expect(sorted.map(familyOfPrefix)).toEqual([4, 4, 4, 4, 6, 6, 6]);
    expect(sorted.map(widthOfPrefix)).toEqual([32, 32, 32, 32, 128, 128, 128]);
  });
});
