import { type Address, type AddressV4, type AddressV6, successor } from './address.ts';
import { comparePrefixes, lastOf, type Prefix } from './prefix.ts';

/** What decides between routes: the prefix, and among equal prefixes the metric. */
export interface TableEntry {
  readonly prefix: Prefix;
  /** Lower wins among equal prefixes. Null: not told, and taken as 0. */
  readonly metric: number | null;
}

/**
 * One family's addresses from the lowest up, cut wherever the winner changes. From `starts[i]` up to the next start
 * the route at place `winners[i]` of the list wins, or none where that is -1.
 */
export interface Runs {
  readonly starts: ArrayLike<Address>;
  readonly winners: Int32Array;
}

/** The IPv4 routes, flattened. */
export function runsV4(routes: readonly TableEntry[]): Runs {
  const blocks = sortV4(routes);
  // Not 32 bits: where the last address is in a route, the run after it starts at 2 ** 32.
  const starts = new Float64Array(mostRuns(blocks)) as unknown as WritableArray<AddressV4>;
  return flatten(routes, blocks, 0 as AddressV4, starts);
}

/** The IPv6 routes, flattened. */
export function runsV6(routes: readonly TableEntry[]): Runs {
  const blocks = sortV6(routes);
  return flatten(routes, blocks, 0n as AddressV6, new Array<AddressV6>(mostRuns(blocks)));
}

/** The place of the run that holds the address. */
export function runAt(starts: ArrayLike<Address>, address: Address): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as Address) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Routes of one family in order of address, wider before narrower, equal ones as listed; `route`: place in the list. */
interface Blocks<A extends Address> {
  readonly first: ArrayLike<A>;
  readonly last: ArrayLike<A>;
  readonly route: ArrayLike<number>;
}

interface WritableArray<A> extends ArrayLike<A> {
  [index: number]: A;
  slice(from: number, to: number): ArrayLike<A>;
}

// One 64-bit key a route: address, length, place in the list. The engine sorts such an array natively, without calling
// back, and the sweep over the keys never has to fetch the routes from all over the heap.
function sortV4(routes: readonly TableEntry[]): Blocks<AddressV4> {
  const words = sortedKeys(routes);
  const first = new Uint32Array(words.length / 2);
  const last = new Uint32Array(first.length);
  const route = new Int32Array(first.length);
  for (let i = 0; i < first.length; i += 1) {
    const key = words[i * 2 + LOW] as number;
    const start = words[i * 2 + HIGH] as number;
    first[i] = start;
    last[i] = start + 2 ** (32 - (key >>> PLACE_BITS)) - 1;
    route[i] = key % 2 ** PLACE_BITS;
  }
  return { first, last, route } as unknown as Blocks<AddressV4>;
}

function sortedKeys(routes: readonly TableEntry[]): Uint32Array {
  if (routes.length > 2 ** PLACE_BITS) throw new RangeError(`${routes.length} routes are more than can be indexed`);
  const keys = new BigUint64Array(routes.length);
  const words = new Uint32Array(keys.buffer);
  let count = 0;
  let place = 0;
  let isSorted = true;
  let previousFirst = 0;
  let previousLength = 0;
  for (const { prefix } of routes) {
    const { first, length } = prefix;
    if (typeof first === 'number') {
      words[count * 2 + HIGH] = first;
      words[count * 2 + LOW] = length * 2 ** PLACE_BITS + place;
      if (first < previousFirst || (first === previousFirst && length < previousLength)) isSorted = false;
      previousFirst = first;
      previousLength = length;
      count += 1;
    }
    place += 1;
  }
  // Both systems print their tables in order: that is worth a look before the sort.
  if (!isSorted) keys.subarray(0, count).sort();
  return words.subarray(0, count * 2);
}

/** A length of 0 to 32 takes the other 6 of 32. */
const PLACE_BITS = 26;

/** Which half of a 64-bit number comes first is the machine's choice. */
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

function sortV6(routes: readonly TableEntry[]): Blocks<AddressV6> {
  const blocks = routes.flatMap(({ prefix }, route) => (typeof prefix.first === 'bigint' ? [{ prefix, route }] : []));
  blocks.sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  return {
    first: blocks.map(({ prefix }) => prefix.first as AddressV6),
    last: blocks.map(({ prefix }) => lastOf(prefix) as AddressV6),
    route: blocks.map(({ route }) => route),
  };
}

/** A route cuts at most twice, where it begins and after its end. */
function mostRuns(blocks: Blocks<Address>): number {
  return 1 + 2 * blocks.route.length;
}

/**
 * Sweeps the routes in order of address, wider before narrower: what is open is a stack of nested prefixes, and the
 * top of the stack wins.
 *
 *     10.0.0.0/8         |------------------------|
 *     10.1.0.0/16              |-----|
 *     runs         none  |  /8 | /16 |     /8     |  none
 */
function flatten<A extends Address>(
  routes: readonly TableEntry[],
  blocks: Blocks<A>,
  lowest: A,
  starts: WritableArray<A>,
): Runs {
  const winners = new Int32Array(starts.length);
  let count = 0;
  const begin = (start: A, winner: number): void => {
    if (count > 0 && starts[count - 1] === start) count -= 1;
    starts[count] = start;
    winners[count] = winner;
    count += 1;
  };

  const openLasts: A[] = [];
  const openWinners = [-1];
  const closeBefore = (limit: A | undefined): void => {
    for (let last = openLasts.at(-1); last !== undefined; last = openLasts.at(-1)) {
      if (limit !== undefined && last >= limit) return;
      openLasts.pop();
      openWinners.pop();
      begin(successor(last), openWinners.at(-1) as number);
    }
  };

  begin(lowest, -1);
  for (let i = 0, next = 0; i < blocks.route.length; i = next) {
    next = endOfEqual(blocks, i);
    const first = blocks.first[i] as A;
    const winner = bestOf(routes, blocks.route, i, next);
    closeBefore(first);
    begin(first, winner);
    openLasts.push(blocks.last[i] as A);
    openWinners.push(winner);
  }
  closeBefore(undefined);
  return { starts: starts.slice(0, count), winners: winners.slice(0, count) };
}

/** Where the blocks from `from` on stop being one and the same prefix. */
function endOfEqual({ first, last }: Blocks<Address>, from: number): number {
  let next = from + 1;
  while (next < first.length && first[next] === first[from] && last[next] === last[from]) next += 1;
  return next;
}

/** Of routes to one prefix: the one with the lowest metric, the first listed. */
function bestOf(routes: readonly TableEntry[], places: ArrayLike<number>, from: number, to: number): number {
  let winner = places[from] as number;
  for (let i = from + 1; i < to; i += 1) {
    const rival = places[i] as number;
    if (metricAt(routes, rival) < metricAt(routes, winner)) winner = rival;
  }
  return winner;
}

function metricAt(routes: readonly TableEntry[], place: number): number {
  return routes[place]?.metric ?? 0;
}
