import { isIP, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  address,
  familyOf,
  formatAddress,
  parseAddress,
  predecessor,
  successor,
  widthOf,
} from '../../src/net/address.ts';
import { addressV4, addressV6, anyAddress } from './arbitraries.ts';

describe('parseAddress', () => {
  it('reads what formatAddress wrote', () => {
    fc.assert(
      fc.property(anyAddress, (value) => {
        expect(parseAddress(formatAddress(value))).toBe(value);
      }),
    );
  });

  it('reads octets as an integer, high octet first', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(octet, octet, octet, octet, (a, b, c, d) => {
        expect(parseAddress(`${a}.${b}.${c}.${d}`)).toBe(a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d);
      }),
    );
  });

  it('accepts exactly what the operating system accepts', () => {
    const quad = fc.array(fc.nat({ max: 270 }), { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.'));
    const v4Like = fc.string({ unit: fc.constantFrom('.', '0', '1', '2', '5', '9', ' ', 'a', '-'), maxLength: 16 });
    const group = fc.constantFrom('', '', '0', '00', '1', 'ff', 'AbCd', '12345', 'g', '1.2.3.4', '1.2.3.04');
    const v6Like = fc.array(group, { minLength: 2, maxLength: 10 }).map((groups) => groups.join(':'));
    fc.assert(
      fc.property(fc.oneof(quad, v4Like, v6Like), (text) => {
        expect(parseAddress(text) === undefined ? 0 : familyOf(address(text))).toBe(isIP(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('reads any legal text of one IPv6 address alike', () => {
    fc.assert(
      fc.property(addressV6, (value) => {
        const hex = value.toString(16).padStart(32, '0');
        const groups = hex.match(/.{4}/g) ?? [];
        const low = Number(value & 0xffff_ffffn);
        const quad = [24, 16, 8, 0].map((shift) => (low >>> shift) & 255).join('.');
        for (const text of [groups.join(':'), hex.toUpperCase().replace(/.{4}(?!$)/g, '$&:')])
          expect(parseAddress(text)).toBe(value);
        expect(parseAddress(`${groups.slice(0, 6).join(':')}:${quad}`)).toBe(value);
      }),
    );
  });

  it.each([
    ['10.0.1.0', 0x0a000100],
    ['255.255.255.255', 0xffffffff],
    ['::', 0n],
    ['::1', 1n],
    ['1::', 1n << 112n],
    ['1:2:3:4:5:6:7::', 0x0001_0002_0003_0004_0005_0006_0007_0000n],
    ['::2:3:4:5:6:7:8', 0x0000_0002_0003_0004_0005_0006_0007_0008n],
    ['::ffff:10.0.0.4', 0xffff_0a00_0004n],
    ['64:ff9b::10.0.0.4', 0x0064_ff9b_0000_0000_0000_0000_0a00_0004n],
  ])('reads %s', (text, value) => expect(parseAddress(text)).toBe(value));

  it.each([
    '',
    '.',
    ':',
    ':::',
    '10.0.0',
    '10.0.0.4.5',
    '10.0.0.',
    '.10.0.0',
    '10..0.4',
    '10.0.0.256',
    '10.0.0.04',
    '010.0.0.4',
    '00.0.0.0',
    '0x0a.0.0.4',
    '10.0.0.4 ',
    ' 10.0.0.4',
    '+1.0.0.4',
    '1e1.0.0.4',
    '10.0.0.٤',
    '167772164',
    '10.0.0.4/32',
    'fe80::1%eth0',
    'fe80::1%12',
    '[::1]',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4::5:6:7:8',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '::12345',
    '::g',
    '::ffff:10.0.0.04',
    '::ffff:10.0.0',
    '10.0.0.4::',
    '::10.0.0.4:1',
    '1:2:3:4:5:6:7:10.0.0.4',
  ])('refuses %j', (text) => expect(parseAddress(text)).toBeUndefined());

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), (text) => void parseAddress(text)));
  });
});

describe('address', () => {
  it('throws naming the typo', () => expect(() => address('10.0.0.256')).toThrow('10.0.0.256'));
});

describe('formatAddress', () => {
  it('writes dotted quads the system reads', () => {
    fc.assert(
      fc.property(addressV4, (value) => {
        expect(isIPv4(formatAddress(value))).toBe(true);
      }),
    );
  });

  it('writes IPv6 as URLs have it, which is RFC 5952', () => {
    fc.assert(
      fc.property(
        addressV6.filter((value) => value >> 32n !== 0xffffn),
        (value) => {
          const text = formatAddress(value);
          expect(isIPv6(text)).toBe(true);
          expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:0DB8:0:0:0:0:0:0', '2001:db8::'],
    // One zero group is not shortened.
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    // The longest run, and of equals the first.
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['10:0:0:100:0:0:0:0', '10:0:0:100::'],
    // The well-known prefix of mapped addresses, and no other.
    ['::ffff:a00:4', '::ffff:10.0.0.4'],
    ['::a00:4', '::a00:4'],
  ])('writes %s as %s', (text, canonical) => expect(formatAddress(address(text))).toBe(canonical));
});

describe('successor and predecessor', () => {
  it('undo each other and keep the family', () => {
    fc.assert(
      fc.property(anyAddress, (value) => {
        expect(predecessor(successor(value))).toBe(value);
        expect(familyOf(successor(value))).toBe(familyOf(value));
      }),
    );
  });

  it('cross every boundary of octets and groups', () => {
    expect(formatAddress(successor(address('10.255.255.255')))).toBe('11.0.0.0');
    expect(formatAddress(successor(address('127.255.255.255')))).toBe('128.0.0.0');
    expect(formatAddress(predecessor(address('fd00::1:0')))).toBe('fd00::ffff');
  });
});

describe('familyOf and widthOf', () => {
  it('tell 32 bits from 128', () => {
    expect(widthOf(familyOf(address('10.0.0.4')))).toBe(32);
    expect(widthOf(familyOf(address('::10.0.0.4')))).toBe(128);
  });
});
