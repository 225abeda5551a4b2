import { type Address, familyOf, predecessor, successor } from './address.ts';
import { lastOf, type Prefix, prefixAround } from './prefix.ts';

/** An unbroken run of addresses of one family, both ends included. */
export interface Range {
  readonly first: Address;
  readonly last: Address;
}

/** A set of addresses: disjoint ranges that do not touch, ascending, IPv4 before IPv6. */
export type AddressSet = readonly Range[];

export const emptySet: AddressSet = [];

export function setOf(prefixes: Iterable<Prefix>): AddressSet {
  return joined([...prefixes].map((prefix) => ({ first: prefix.first, last: lastOf(prefix) })));
}

export function isEmpty(set: AddressSet): boolean {
  return set.length === 0;
}

export function union(...sets: readonly AddressSet[]): AddressSet {
  return joined(sets.flat());
}

/** What both sets hold. Walks the two lists once, side by side. */
export function intersect(a: AddressSet, b: AddressSet): AddressSet {
  const common: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i] as Range, b[j] as Range];
    const first = isBefore(x.first, y.first) ? y.first : x.first;
    const last = isBefore(x.last, y.last) ? x.last : y.last;
    if (typeof first === typeof last && first <= last) common.push({ first, last });
    if (last === x.last && familyOf(last) === familyOf(x.last)) i += 1;
    else j += 1;
  }
  return common;
}

/** What is in `a` and not in `b`. */
export function subtract(a: AddressSet, b: AddressSet): AddressSet {
  const rest: Range[] = [];
  let j = 0;
  for (const { first, last } of a) {
    let from: Address | undefined = first;
    while (j < b.length && isBefore((b[j] as Range).last, first)) j += 1;
    for (let k = j; from !== undefined && k < b.length; k += 1) {
      const cut = b[k] as Range;
      if (isBefore(last, cut.first)) break;
      if (isBefore(from, cut.first)) rest.push({ first: from, last: predecessor(cut.first) });
      from = isBefore(cut.last, last) ? successor(cut.last) : undefined;
    }
    if (from !== undefined) rest.push({ first: from, last });
  }
  return rest;
}

/** Whether `outer` holds every address of `inner`. */
export function covers(outer: AddressSet, inner: AddressSet): boolean {
  return isEmpty(subtract(inner, outer));
}

export function hasAddress(set: AddressSet, address: Address): boolean {
  return set.some((range) => typeof range.first === typeof address && range.first <= address && address <= range.last);
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

function joined(ranges: readonly Range[]): AddressSet {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) =>
    isBefore(a.first, b.first) ? -1 : Number(isBefore(b.first, a.first)),
  )) {
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

// `<` alone would compare an IPv4 number with an IPv6 bigint by value.
function isBefore(a: Address, b: Address): boolean {
  return familyOf(a) === familyOf(b) ? a < b : familyOf(a) < familyOf(b);
}
