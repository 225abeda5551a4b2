import fc from 'fast-check';
import type { AddressV4, AddressV6, Family } from '../../src/net/address.ts';
import { type Prefix, prefixAround } from '../../src/net/prefix.ts';

const anyV4 = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((value) => value as AddressV4);
const anyV6 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => value as AddressV6);

// Zero groups side by side are what the text of IPv6 is about; evenly spread bits never have them.
const sparseV6 = fc
  .array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 0xffffn })), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce((value, group) => (value << 16n) | group, 0n) as AddressV6);

export const addressV4 = anyV4;
export const addressV6 = fc.oneof(anyV6, sparseV6);
export const anyAddress = fc.oneof(addressV4, addressV6);

// Prefixes have to meet, nest and touch to be worth a test: a few corners, and few addresses in each.
const corner = fc
  .constantFrom(0n, 1n, 2n, 3n)
  .chain((quarter) => fc.integer({ min: -40, max: 40 }).map((offset) => ({ quarter, offset: BigInt(offset) })));

function crowdedPrefix(family: Family): fc.Arbitrary<Prefix> {
  const width = family === 4 ? 32 : 128;
  const size = 1n << BigInt(width);
  const length = fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: width }) },
    { weight: 4, arbitrary: fc.integer({ min: width - 6, max: width }) },
  );
  return fc.tuple(corner, length).map(([{ quarter, offset }, bits]) => {
    const value = ((((quarter * size) / 4n + offset) % size) + size) % size;
    return prefixAround(family === 4 ? (Number(value) as AddressV4) : (value as AddressV6), bits);
  });
}

/** A prefix of either family, likely to meet the next one. */
export const anyPrefix = fc.oneof(crowdedPrefix(4), crowdedPrefix(6));

export const prefixList = fc.array(anyPrefix, { maxLength: 16 });

export const routeList = fc
  .array(fc.record({ prefix: anyPrefix, metric: fc.option(fc.integer({ min: -1, max: 2 })) }), { maxLength: 24 })
  .map((routes) => routes.map((route, place) => ({ ...route, place })));
