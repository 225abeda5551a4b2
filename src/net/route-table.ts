import { type Address, type AddressV4, type AddressV6, familyOf, predecessor, successor } from './address.ts';
import type { AddressSet, Range } from './address-set.ts';
import { containsAddress, familyOfPrefix, lastOf, type Prefix, samePrefix } from './prefix.ts';

export interface TableEntry {
  readonly prefix: Prefix;
  /** Lower wins among equal prefixes. Null: not told, and taken as 0. */
  readonly metric: number | null;
}

/** Part of a prefix for which the table gives one answer. */
export interface Slice<R> {
  readonly space: AddressSet;
  readonly route: R | undefined;
}

/**
 * Forwarding order: longest prefix first, then lowest metric, then as listed.
 *
 * The table is flattened once into disjoint runs of addresses, each with the route that wins it. A look-up is then a
 * binary search, and a slice is a walk along the runs; why a sorted list of prefixes would not do is in
 * route-table.md.
 */
export class RouteTable<R extends TableEntry> {
  readonly routes: readonly R[];
  readonly #v4: Runs<R>;
  readonly #v6: Runs<R>;

  constructor(routes: readonly R[]) {
    this.routes = routes;
    this.#v4 = flatten(routes, sortV4(routes));
    this.#v6 = flatten(routes, sortV6(routes));
  }

  lookup(address: Address): R | undefined {
    const runs = this.#runsFor(address);
    return routeAt(runs, indexBefore(runs.starts, address));
  }

  /** Every route that holds the address, the winner first, then what it beat in order. */
  matches(address: Address): readonly R[] {
    return this.routes
      .filter(({ prefix }) => containsAddress(prefix, address))
      .sort((a, b) => b.prefix.length - a.prefix.length || (a.metric ?? 0) - (b.metric ?? 0));
  }

  /** How the table answers across a prefix: disjoint slices, one a route (or none), that together cover it. */
  slices(asked: Prefix): readonly Slice<R>[] {
    const runs = this.#runsFor(asked.first);
    const last = lastOf(asked);
    const spaces = new Map<R | undefined, Range[]>();
    let from: Address = asked.first;
    for (let index = indexBefore(runs.starts, from); ; index += 1) {
      const next = runs.starts[index + 1] as Address | undefined;
      const ends = next === undefined || next > last;
      const to = ends ? last : predecessor(next);
      append(spaces, routeAt(runs, index), { first: from, last: to });
      if (ends) return [...spaces].map(([route, space]) => ({ route, space }));
      from = next;
    }
  }

  #runsFor(address: Address): Runs<R> {
    return familyOf(address) === 4 ? this.#v4 : this.#v6;
  }
}

/** `starts[i]` up to the next start is won by `routes[winners[i]]`, or by no route where that is -1. */
interface Runs<R> {
  readonly routes: readonly R[];
  readonly starts: ArrayLike<Address>;
  readonly winners: Int32Array;
}

function routeAt<R>({ routes, winners }: Runs<R>, index: number): R | undefined {
  const winner = winners[index] ?? -1;
  return winner < 0 ? undefined : routes[winner];
}

function append<K>(spaces: Map<K, Range[]>, key: K, range: Range): void {
  const ranges = spaces.get(key);
  if (ranges === undefined) spaces.set(key, [range]);
  else ranges.push(range);
}

/** The index of the last start that is not after the address; -1 before the first. */
function indexBefore(starts: ArrayLike<Address>, address: Address): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as Address) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// One 64-bit key a route: address, length, place in the list. The engine sorts such an array natively, without
// calling back; `index` has 26 bits of it.
function sortV4(routes: readonly TableEntry[]): Uint32Array {
  if (routes.length >= 2 ** 26) throw new RangeError(`A table of ${routes.length} routes is more than can be indexed`);
  const keys = new BigUint64Array(routes.length);
  const words = new Uint32Array(keys.buffer);
  let count = 0;
  for (const [index, { prefix }] of routes.entries()) {
    if (typeof prefix.first !== 'number') continue;
    words[count * 2 + LOW] = prefix.length * 2 ** 26 + index;
    words[count * 2 + 1 - LOW] = prefix.first;
    count += 1;
  }
  keys.subarray(0, count).sort();
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i += 1) order[i] = (words[i * 2 + LOW] ?? 0) % 2 ** 26;
  return order;
}

/** Where the low word of a 64-bit number stands on this machine: 0, or 1 on a big-endian one. */
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;

function sortV6(routes: readonly TableEntry[]): readonly number[] {
  const order = [...routes.keys()].filter((i) => familyOfPrefix((routes[i] as TableEntry).prefix) === 6);
  const prefixAt = (i: number) => (routes[i] as TableEntry).prefix;
  return order.sort((a, b) => {
    const [x, y] = [prefixAt(a), prefixAt(b)];
    if (x.first === y.first) return x.length - y.length || a - b;
    return x.first < y.first ? -1 : 1;
  });
}

/**
 * Sweeps the routes in order of address, wider before narrower: what is open is a stack of nested prefixes, and the
 * top of the stack wins.
 *
 *     10.0.0.0/8   |------------------------|
 *     10.1.0.0/16        |-----|
 *     runs         |  /8 | /16 |     /8     |  none
 */
function flatten<R extends TableEntry>(routes: readonly R[], order: ArrayLike<number>): Runs<R> {
  const starts: Address[] = [];
  const winners: number[] = [];
  const open: { last: Address; route: number }[] = [];
  const begin = (start: Address, winner: number): void => {
    if (starts.at(-1) === start) {
      starts.pop();
      winners.pop();
    }
    if (winners.at(-1) !== winner) {
      starts.push(start);
      winners.push(winner);
    }
  };
  const closeBefore = (limit: Address | undefined): void => {
    for (let top = open.at(-1); top !== undefined && (limit === undefined || top.last < limit); top = open.at(-1)) {
      open.pop();
      begin(successor(top.last), open.at(-1)?.route ?? -1);
    }
  };
  for (let i = 0; i < order.length; ) {
    const { winner, next } = bestOfEqual(routes, order, i);
    const { prefix } = routes[winner] as R;
    closeBefore(prefix.first);
    begin(prefix.first, winner);
    open.push({ last: lastOf(prefix), route: winner });
    i = next;
  }
  closeBefore(undefined);
  const isV4 = typeof starts[0] === 'number';
  return {
    routes,
    starts: isV4
      ? (Float64Array.from(starts as AddressV4[]) as unknown as ArrayLike<Address>)
      : (starts as AddressV6[]),
    winners: Int32Array.from(winners),
  };
}

/** Of the routes to one prefix, which stand together in `order`: the one with the lowest metric, the first listed. */
function bestOfEqual<R extends TableEntry>(
  routes: readonly R[],
  order: ArrayLike<number>,
  from: number,
): { readonly winner: number; readonly next: number } {
  let winner = order[from] as number;
  const { prefix } = routes[winner] as R;
  let next = from + 1;
  for (; next < order.length; next += 1) {
    const rival = routes[order[next] as number] as R;
    if (!samePrefix(rival.prefix, prefix)) break;
    if ((rival.metric ?? 0) < ((routes[winner] as R).metric ?? 0)) winner = order[next] as number;
  }
  return { winner, next };
}
