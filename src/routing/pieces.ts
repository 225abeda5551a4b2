import { type Address, predecessor, successor } from '../net/address.ts';
import { type AddressSet, type Range, union } from '../net/address-set.ts';

/** A run of addresses and what holds for all of them. Lists of pieces are disjoint, ascending and of one family. */
export interface Piece<T> extends Range {
  readonly value: T;
}

/** The same value for every address of the set. */
export function piecesOf<T>(space: AddressSet, value: T): readonly Piece<T>[] {
  return space.map(({ first, last }) => ({ first, last, value }));
}

/** Every address that the pieces hold. */
export function spaceOf(pieces: readonly Range[]): AddressSet {
  return union(pieces.map(({ first, last }) => ({ first, last })));
}

export function ascending<T extends Range>(pieces: readonly T[]): readonly T[] {
  return pieces.toSorted((a, b) => (a.first < b.first ? -1 : 1));
}

/**
 * Cuts the pieces wherever one of `others` begins or ends, and joins the values of both. Both lists are walked once,
 * side by side.
 */
export function refine<T, U, R>(
  pieces: readonly Piece<T>[],
  others: readonly Piece<U>[],
  join: (value: T, other: U | undefined) => R,
): readonly Piece<R>[] {
  const result: Piece<R>[] = [];
  let j = 0;
  for (const { first, last, value } of pieces) {
    for (let from: Address | undefined = first; from !== undefined; ) {
      j = indexFrom(others, j, from);
      const other = others[j];
      const to = endOf(from, last, other);
      const isInside = other !== undefined && other.first <= from;
      result.push({ first: from, last: to, value: join(value, isInside ? other.value : undefined) });
      from = to < last ? successor(to) : undefined;
    }
  }
  return result;
}

/** The first piece, from `index` on, that does not end before the address. */
function indexFrom(pieces: readonly Range[], index: number, address: Address): number {
  let at = index;
  while (at < pieces.length && (pieces[at] as Range).last < address) at += 1;
  return at;
}

function endOf(from: Address, last: Address, other: Range | undefined): Address {
  if (other === undefined || other.first > last) return last;
  if (other.first > from) return predecessor(other.first);
  return other.last < last ? other.last : last;
}
