import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Route, RouteType, Rule, XfrmPolicy } from '../../src/facts/route.ts';
import { type Address, type AddressV4, type AddressV6, address } from '../../src/net/address.ts';
import { covers, intersect, isEmpty, setOf, union } from '../../src/net/address-set.ts';
import { containsAddress, formatPrefix, hostPrefix, type Prefix, prefix, prefixAround } from '../../src/net/prefix.ts';
import type { Outcome } from '../../src/routing/decision.ts';
import { forwardingOf } from '../../src/routing/forwarding.ts';
import type { RoutingFacts } from '../../src/routing/ground.ts';
import { linux, policy, row, rule } from './state.ts';

// A small world, 10.0.0.0/24 and fd00::/120, in which everything overlaps everything.
const base4 = address('10.0.0.0') as number;
const base6 = address('fd00::') as bigint;
const inside = (family: 4 | 6, offset: number): Address =>
  family === 4 ? ((base4 + offset) as AddressV4) : ((base6 + BigInt(offset)) as AddressV6);
const block = (family: 4 | 6) =>
  fc
    .tuple(fc.nat(255), fc.integer({ min: 0, max: 8 }))
    .map(([offset, bits]) => prefixAround(inside(family, offset), (family === 4 ? 32 : 128) - bits));

const types: readonly RouteType[] = ['unicast', 'unicast', 'unicast', 'throw', 'blackhole', 'unreachable', 'local'];
const routes = (family: 4 | 6): fc.Arbitrary<readonly Route[]> =>
  fc.array(
    fc
      .record({
        to: block(family),
        type: fc.constantFrom(...types),
        metric: fc.nat(2),
        table: fc.constantFrom('local', 'main', 'default', '100', '200'),
        dev: fc.constantFrom('tun0', 'wlan0', 'wg0'),
      })
      .map(({ to, type, metric, table, dev }) => row(formatPrefix(to), dev, { type, metric, table })),
    { maxLength: 12 },
  );

const action: fc.Arbitrary<Rule['action']> = fc.oneof(
  fc.constantFrom('main', '100', '200', 'gone').map((table) => ({ kind: 'lookup', table }) as const),
  fc
    .integer({ min: 22, max: 30 })
    .map((suppressPrefixLength) => ({ kind: 'lookup', table: '100', suppressPrefixLength }) as const),
  fc.nat(8).map((priority) => ({ kind: 'goto', priority }) as const),
  fc.constant({ kind: 'nop' } as const),
  fc.constant({ kind: 'discard', type: 'prohibit' } as const),
);
const rules = (family: 4 | 6): fc.Arbitrary<readonly Rule[]> =>
  fc.array(
    fc
      .record({
        priority: fc.nat(8),
        action,
        to: fc.option(block(family), { nil: undefined }),
        not: fc.boolean(),
        mark: fc.nat(2),
      })
      .map(({ priority, action: does, to, not, mark }) =>
        rule(priority, does, {
          family,
          ...(to !== undefined && { to }),
          ...(not && { not }),
          ...(mark > 0 && { fwmark: { value: mark - 1, mask: 3 } }),
        }),
      ),
    { maxLength: 6 },
  );

const world = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc.record({
    family: fc.constant(family),
    asked: block(family),
    rows: routes(family),
    added: rules(family),
    policies: fc.array(
      block(family).map((to): XfrmPolicy => policy(formatPrefix(to), { from: prefixAround(to.first, 0) })),
      { maxLength: 3 },
    ),
  }),
);

function clientOf(
  family: 4 | 6,
  rows: readonly Route[],
  added: readonly Rule[],
  policies: readonly XfrmPolicy[],
): RoutingFacts {
  const born = [rule(0, 'local', { family }), rule(32_766, 'main', { family })];
  // One rule beyond the default ones: `local` and `main` are two tables then.
  return linux(rows, [...added, ...born, rule(40_000, { kind: 'nop' }, { family })], { policies });
}

/** One address, rule by rule and row by row, as the manual has it. */
function oracle(client: RoutingFacts, at: Address): Outcome | string {
  const order = (client.rules ?? []).toSorted((a, b) => a.priority - b.priority);
  for (let i = 0; i < order.length; i += 1) {
    const one = order[i] as Rule;
    if (!takes(one, at)) continue;
    if (one.action.kind === 'discard') return 'refused';
    if (one.action.kind === 'goto') i = before(order, i, one.action.priority);
    const found = answer(one, client, at);
    if (found !== undefined) return { kind: 'route', route: found, nextHops: [found], rule: one };
  }
  return 'none';
}

function takes({ to, fwmark, not }: Rule, at: Address): boolean {
  const meets =
    (to === undefined || containsAddress(to, at)) && (fwmark === undefined || (fwmark.value & fwmark.mask) === 0);
  return meets !== (not === true);
}

function before(order: readonly Rule[], from: number, priority: number): number {
  const target = order.findIndex((other, index) => index > from && other.priority === priority);
  return target < 0 ? from : target - 1;
}

function answer({ action: does }: Rule, { routes: read }: RoutingFacts, at: Address): Route | undefined {
  if (does.kind !== 'lookup') return undefined;
  const rows = (typeof at === 'number' ? read.v4 : read.v6) ?? [];
  const best = rows
    .filter(({ table, prefix: to }) => table === does.table && containsAddress(to, at))
    .sort((a, b) => b.prefix.length - a.prefix.length || (a.metric ?? 0) - (b.metric ?? 0))[0];
  if (best === undefined || best.type === 'throw') return undefined;
  const isShort = best.prefix.length <= (does.suppressPrefixLength ?? -1);
  return isShort && best.via.kind !== 'discard' ? undefined : best;
}

const plain = (outcome: Outcome | string | undefined): unknown => {
  if (outcome === undefined || typeof outcome === 'string') return outcome;
  return outcome.kind === 'route' ? outcome.route : { rule: 'refused', none: 'none' }[outcome.kind];
};

function holdsTogether(client: RoutingFacts, asked: Prefix): void {
  const forwarding = forwardingOf(client);
  const parts = forwarding.across(asked);
  const whole = setOf([asked]);
  expect(union(...parts.map(({ space }) => space))).toEqual(whole);
  for (const [index, { space }] of parts.entries()) {
    expect(covers(whole, space)).toBe(true);
    for (const other of parts.slice(index + 1)) expect(isEmpty(intersect(space, other.space))).toBe(true);
  }
  for (const { space, decision } of parts)
    for (const end of space.flatMap(({ first, last }) => [first, last])) {
      expect(forwarding.decide(end)).toEqual(decision);
      expect(plain(decision.outcome)).toEqual(plain(oracle(client, end)));
    }
}

test('across a prefix: every address once, decided as when asked alone, and as the manual has it', () => {
  fc.assert(
    fc.property(world, ({ family, asked, rows, added, policies }) =>
      holdsTogether(clientOf(family, rows, added, policies), asked),
    ),
    { numRuns: 400 },
  );
});

test('whoever is beaten matched, is listed once, and is not the winner', () => {
  fc.assert(
    fc.property(world, fc.nat(255), ({ family, rows, added }, offset) => {
      const forwarding = forwardingOf(clientOf(family, rows, added, []));
      const at = inside(family, offset);
      const outcome = forwarding.decide(at)?.outcome;
      const beaten = forwarding.beaten(at).map(({ route }) => route);
      expect(new Set(beaten).size).toBe(beaten.length);
      expect(beaten.every((route) => containsAddress(route.prefix, at))).toBe(true);
      if (outcome?.kind === 'route') expect(beaten).not.toContain(outcome.route);
    }),
  );
});

test('a large table costs what its slices cost', () => {
  const many = Array.from({ length: 20_000 }, (_, i) =>
    row(formatPrefix(prefixAround((i * 256 + 2 ** 28) as AddressV4, 24)), i % 2 === 0 ? 'wlan0' : 'tun0', {
      table: '100',
    }),
  );
  const client = linux([...many, row('0.0.0.0/0', 'wlan0')], [rule(0, 'local'), rule(10, '100'), rule(20, 'main')]);
  const forwarding = forwardingOf(client);
  forwarding.decide(address('16.0.0.1'));
  const start = performance.now();
  for (let i = 0; i < 2000; i += 1) forwarding.across(hostPrefix((2 ** 28 + i) as AddressV4));
  expect(forwarding.across(prefix('0.0.0.0/0'))).toHaveLength(20_000 + 2);
  expect(performance.now() - start).toBeLessThan(5000);
});
