import { type Address, type AddressV4, type AddressV6, familyOf, predecessor, successor } from './address.ts';
import { lastOf, type Prefix, prefixAround } from './prefix.ts';

/** An unbroken run of addresses of one family, both ends included. */
export interface Range {
  readonly first: Address;
  readonly last: Address;
}

/** A set of addresses: disjoint ranges that do not touch, ascending, IPv4 before IPv6. */
export type AddressSet = readonly Range[];

/** The set that holds no address. */
export const emptySet: AddressSet = [];

const everything: AddressSet = [
  { first: 0 as AddressV4, last: (2 ** 32 - 1) as AddressV4 },
  { first: 0n as AddressV6, last: (2n ** 128n - 1n) as AddressV6 },
];

/** Every address that is in one of the prefixes. */
export function setOf(prefixes: Iterable<Prefix>): AddressSet {
  return joined(Array.from(prefixes, (prefix) => ({ first: prefix.first, last: lastOf(prefix) })));
}

/** Whether the set holds no address. */
export function isEmpty(set: AddressSet): boolean {
  return set.length === 0;
}

/** What any of the sets holds. */
export function union(...sets: readonly AddressSet[]): AddressSet {
  return joined(sets.flat());
}

/** What both sets hold. Walks the two lists once, side by side. */
export function intersect(a: AddressSet, b: AddressSet): AddressSet {
  const [xs, ys] = [rangesNear(a, b), rangesNear(b, a)];
  const common: Range[] = [];
  let [i, j] = [0, 0];
  for (let [x, y] = [xs[i], ys[j]]; x !== undefined && y !== undefined; [x, y] = [xs[i], ys[j]]) {
    const first = isBefore(x.first, y.first) ? y.first : x.first;
    const xEndsFirst = isBefore(x.last, y.last);
    const last = xEndsFirst ? x.last : y.last;
    if (!isBefore(last, first)) common.push({ first, last });
    if (xEndsFirst) i += 1;
    else j += 1;
  }
  return common;
}

/** What is in `a` and not in `b`. */
export function subtract(a: AddressSet, b: AddressSet): AddressSet {
  return intersect(a, complementOf(rangesNear(b, a)));
}

/** Whether `outer` holds every address of `inner`. */
export function covers(outer: AddressSet, inner: AddressSet): boolean {
  return isEmpty(subtract(inner, outer));
}

/** Whether the address is in the set. */
export function hasAddress(set: AddressSet, address: Address): boolean {
  const range = set[indexOfFirst(set, ({ last }) => !isBefore(last, address))];
  return range !== undefined && !isBefore(address, range.first);
}

/** The fewest prefixes that hold exactly these addresses. */
export function prefixesOf(set: AddressSet): readonly Prefix[] {
  return set.flatMap(({ first, last }) => {
    const prefixes: Prefix[] = [];
    for (let from: Address | undefined = first; from !== undefined; ) {
      const block = largestBlock(from, last);
      prefixes.push(block);
      const end = lastOf(block);
      from = end < last ? successor(end) : undefined;
    }
    return prefixes;
  });
}

function largestBlock(from: Address, last: Address): Prefix {
  let length = familyOf(from) === 4 ? 32 : 128;
  while (length > 0) {
    const wider = prefixAround(from, length - 1);
    if (wider.first !== from || lastOf(wider) > last) break;
    length -= 1;
  }
  return { first: from, length };
}

function complementOf(set: AddressSet): AddressSet {
  return everything.flatMap((family) => {
    const gaps: Range[] = [];
    let from = family.first;
    for (const { first, last } of set) {
      if (familyOf(first) !== familyOf(from)) continue;
      if (from < first) gaps.push({ first: from, last: predecessor(first) });
      from = successor(last);
    }
    if (from <= family.last) gaps.push({ first: from, last: family.last });
    return gaps;
  });
}

/** The ranges from the first to the last that can meet `other`: often a large set is asked about one prefix. */
function rangesNear(set: AddressSet, other: AddressSet): AddressSet {
  const [lowest, highest] = [other[0], other.at(-1)];
  if (lowest === undefined || highest === undefined) return emptySet;
  const from = indexOfFirst(set, ({ last }) => !isBefore(last, lowest.first));
  const to = indexOfFirst(set, ({ first }) => isBefore(highest.last, first));
  return set.slice(from, to);
}

/** By halving: `holds` is false up to some range and true from there on. The length of the set where it never is. */
function indexOfFirst(set: AddressSet, holds: (range: Range) => boolean): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(set[middle] as Range)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function joined(ranges: readonly Range[]): AddressSet {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => compareAddresses(a.first, b.first))) {
    const previous = result.at(-1);
    const touches =
      previous !== undefined &&
      familyOf(previous.last) === familyOf(range.first) &&
      range.first <= successor(previous.last);
    if (!touches) result.push(range);
    else if (range.last > previous.last) result[result.length - 1] = { first: previous.first, last: range.last };
  }
  return result;
}

function compareAddresses(a: Address, b: Address): number {
  return isBefore(a, b) ? -1 : Number(isBefore(b, a));
}

// `<` alone would compare an IPv4 number with an IPv6 bigint by value.
function isBefore(a: Address, b: Address): boolean {
  return familyOf(a) === familyOf(b) ? a < b : familyOf(a) < familyOf(b);
}
