import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, type AddressV4, address } from '../../src/net/address.ts';
import { type AddressSet, setOf, union } from '../../src/net/address-set.ts';
import { prefix, prefixAround } from '../../src/net/prefix.ts';
import { RouteTable, type Slice } from '../../src/net/route-table.ts';
import type { TableEntry } from '../../src/net/runs.ts';
import { anyAddress, anyPrefix, routeList } from './arbitraries.ts';
import { edgesOf, isInPrefix, matchesOf } from './oracle.ts';

interface NamedRoute extends TableEntry {
  readonly name: string;
}

/** `10.1.0.0/16 vpn 5`: prefix, name, metric if told. */
function route(text: string): NamedRoute {
  const [block = '', name = '', metric] = text.split(' ');
  return { prefix: prefix(block), name, metric: metric === undefined ? null : Number(metric) };
}

function tableOf(...texts: readonly string[]): RouteTable<NamedRoute> {
  return new RouteTable(texts.map(route));
}

function sizeOf(set: AddressSet): bigint {
  return set.reduce((size, { first, last }) => size + BigInt(last) - BigInt(first) + 1n, 0n);
}

function namesOf(slices: readonly Slice<NamedRoute>[]): readonly string[] {
  return slices.map((slice) => slice.route?.name ?? 'none');
}

describe('lookup', () => {
  it('agrees with a walk along the list', () => {
    fc.assert(
      fc.property(routeList, anyAddress, (routes, stray) => {
        const table = new RouteTable(routes);
        const ends = edgesOf([...routes.map((each) => each.prefix), prefix('0.0.0.0/0'), prefix('::/0')]);
        for (const asked of [...ends, stray]) expect(table.lookup(asked)).toBe(matchesOf(routes, asked)[0]);
      }),
      { numRuns: 500 },
    );
  });

  it('an empty table has no answer', () => {
    const table = tableOf();
    expect(table.lookup(address('10.0.0.4'))).toBeUndefined();
    expect(table.lookup(address('::'))).toBeUndefined();
    expect(table.matches(address('10.0.0.4'))).toEqual([]);
  });

  it.each([
    ['0.0.0.0', 'default'],
    ['10.1.0.4', 'spoke'],
    ['10.2.0.0', 'default'],
    ['172.16.50.130', 'default'],
    ['255.255.255.254', 'default'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'none'],
    ['fd00::1', 'ula'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'end'],
  ])('both families in one table: %s is %s', (text, name) => {
    const table = tableOf(
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 end',
      '255.255.255.255/32 broadcast',
      'fd00::/8 ula',
      '0.0.0.0/0 default',
      '10.1.0.0/16 spoke',
    );
    expect(table.lookup(address(text))?.name ?? 'none').toBe(name);
  });

  it('among equal prefixes the lowest metric wins, null is 0, and of equals the first listed', () => {
    const winner = (...texts: readonly string[]) => tableOf(...texts).lookup(address('10.1.0.4'))?.name;
    expect(winner('10.1.0.0/16 a 9', '10.1.0.0/16 b 5', '10.1.0.0/16 c 5')).toBe('b');
    expect(winner('10.1.0.0/16 a 1', '10.1.0.0/16 b')).toBe('b');
    expect(winner('10.1.0.0/16 a', '10.1.0.0/16 b 0')).toBe('a');
    expect(winner('10.1.0.0/16 a 0', '10.1.0.0/16 b')).toBe('a');
    expect(winner('10.1.0.0/16 a 1', '10.1.0.0/24 b 100')).toBe('b');
  });
});

describe('matches', () => {
  it('lists every route that holds the address, in forwarding order', () => {
    fc.assert(
      fc.property(routeList, anyAddress, (routes, stray) => {
        const table = new RouteTable(routes);
        for (const asked of [...edgesOf(routes.map((each) => each.prefix)), stray]) {
          expect(table.matches(asked)).toEqual(matchesOf(routes, asked));
          expect(table.matches(asked)[0]).toBe(table.lookup(asked));
        }
      }),
    );
  });
});

describe('slices', () => {
  it('agree with lookup at both ends of every range, and cover the prefix exactly once', () => {
    fc.assert(
      fc.property(routeList, anyPrefix, (routes, asked) => {
        const table = new RouteTable(routes);
        const slices = table.slices(asked);
        for (const { space, route: winner } of slices) {
          for (const end of space.flatMap(({ first, last }): Address[] => [first, last])) {
            expect(table.lookup(end)).toBe(winner);
            expect(matchesOf(routes, end)[0]).toBe(winner);
          }
          expect(union(space)).toEqual(space);
        }
        expect(union(...slices.map(({ space }) => space))).toEqual(setOf([asked]));
        expect(slices.reduce((size, { space }) => size + sizeOf(space), 0n)).toBe(sizeOf(setOf([asked])));
        expect(new Set(slices.map((slice) => slice.route)).size).toBe(slices.length);
      }),
      { numRuns: 500 },
    );
  });

  it('give every edge inside the prefix to the route that wins it', () => {
    fc.assert(
      fc.property(routeList, anyPrefix, (routes, asked) => {
        const slices = new RouteTable(routes).slices(asked);
        for (const edge of edgesOf(routes.map((each) => each.prefix)).filter((each) => isInPrefix(asked, each))) {
          const holding = slices.filter(({ space }) => space.some(({ first, last }) => first <= edge && edge <= last));
          expect(holding.map((slice) => slice.route)).toEqual([matchesOf(routes, edge)[0]]);
        }
      }),
    );
  });

  it('show what a narrower route takes out of a prefix', () => {
    const table = tableOf('10.1.0.0/16 vpn', '10.1.2.0/24 wifi', '0.0.0.0/0 default');
    expect(table.slices(prefix('10.1.0.0/16'))).toEqual([
      {
        route: route('10.1.0.0/16 vpn'),
        space: [
          { first: address('10.1.0.0'), last: address('10.1.1.255') },
          { first: address('10.1.3.0'), last: address('10.1.255.255') },
        ],
      },
      { route: route('10.1.2.0/24 wifi'), space: setOf([prefix('10.1.2.0/24')]) },
    ]);
    expect(namesOf(table.slices(prefix('10.1.2.128/25')))).toEqual(['wifi']);
    expect(namesOf(table.slices(prefix('10.0.0.0/15')))).toEqual(['default', 'vpn', 'wifi']);
  });

  it('of an empty table are one slice without a route', () => {
    for (const asked of ['0.0.0.0/0', '255.255.255.255/32', '::/0', 'fd00::/8'].map(prefix))
      expect(tableOf().slices(asked)).toEqual([{ route: undefined, space: setOf([asked]) }]);
  });

  it('reach both ends of a family', () => {
    const table = tableOf('0.0.0.0/32 low', '255.255.255.255/32 high', '::/0 v6');
    expect(namesOf(table.slices(prefix('0.0.0.0/0')))).toEqual(['low', 'none', 'high']);
    expect(namesOf(table.slices(prefix('255.255.255.255/32')))).toEqual(['high']);
    expect(namesOf(table.slices(prefix('::/0')))).toEqual(['v6']);
  });
});

describe('a table larger than the pictures', () => {
  it('agrees with the list on 20,000 routes', () => {
    // Wide and narrow, shuffled by a multiplier that visits every value once.
    const routes = Array.from({ length: 20_000 }, (_, i) => ({
      prefix: prefixAround((Math.imul(i, 2_654_435_761) >>> 0) as AddressV4, 8 + (i % 25)),
      metric: i % 3,
    }));
    const table = new RouteTable(routes);
    for (let i = 0; i < 20; i += 1) {
      const asked = (Math.imul(i, 40_503 * 65_537) >>> 0) as AddressV4;
      expect(table.lookup(asked)).toBe(matchesOf(routes, asked)[0]);
    }
  });
});
