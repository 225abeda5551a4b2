import {
  type Address,
  type AddressV4,
  type AddressV6,
  type Family,
  familyOf,
  formatAddress,
  parseAddress,
  widthOf,
} from './address.ts';

/** A CIDR block of either family. `first` always has its host bits clear: there is one value per block. */
export interface Prefix {
  readonly first: Address;
  readonly length: number;
}

/** The family of every address in it. */
export function familyOfPrefix({ first }: Prefix): Family {
  return familyOf(first);
}

/** Reads `10.1.0.0/16`, `fd00::/8`, and a bare address as its own block. Host bits set, or anything else: undefined. */
export function parsePrefix(text: string): Prefix | undefined {
  const loose = parseLoosePrefix(text);
  return loose !== undefined && loose.prefix.first === loose.address ? loose.prefix : undefined;
}

/** Reads `10.1.0.4/16` too: the block, and the address as written. A bare address is its own block. */
export function parseLoosePrefix(text: string): { readonly prefix: Prefix; readonly address: Address } | undefined {
  const slash = text.indexOf('/');
  const written = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (written === undefined) return undefined;
  if (slash < 0) return { prefix: hostPrefix(written), address: written };
  const lengthText = text.slice(slash + 1);
  const length = /^(0|[1-9]\d{0,2})$/.test(lengthText) ? Number(lengthText) : Number.NaN;
  return length <= widthOf(familyOf(written)) ? { prefix: prefixAround(written, length), address: written } : undefined;
}

/** For literals in code and tests: `prefix('10.0.0.0/8')`. Throws on a typo. */
export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new TypeError(`Not an IP prefix: ${text}`);
  return parsed;
}

/** `10.1.0.0/16`; the length is always written. */
export function formatPrefix({ first, length }: Prefix): string {
  return `${formatAddress(first)}/${length}`;
}

/** The block of the given length that holds the address. */
export function prefixAround(inside: Address, length: number): Prefix {
  if (typeof inside === 'number') {
    const size = 2 ** (32 - length);
    return { first: (inside - (inside % size)) as AddressV4, length };
  }
  const hostBits = BigInt(128 - length);
  return { first: ((inside >> hostBits) << hostBits) as AddressV6, length };
}

/** The /32 or /128 of one address. */
export function hostPrefix(only: Address): Prefix {
  return { first: only, length: widthOf(familyOf(only)) };
}

/** The highest address in the block. */
export function lastOf({ first, length }: Prefix): Address {
  // Arithmetic, not masks: in JavaScript `1 << 32` is 1, and bitwise results are signed.
  return typeof first === 'number'
    ? ((first + 2 ** (32 - length) - 1) as AddressV4)
    : ((first + (1n << BigInt(128 - length)) - 1n) as AddressV6);
}

/** Joins an address and a dotted netmask, as route tables print them. Holes in the mask, or host bits: undefined. */
export function prefixFromMask(first: Address, mask: Address): Prefix | undefined {
  const length = lengthOfMask(mask);
  if (length === undefined || typeof first !== 'number') return undefined;
  return first % 2 ** (32 - length) === 0 ? { first, length } : undefined;
}

/** 255.255.0.0 → 16. A mask with holes, or of IPv6, is undefined. */
export function lengthOfMask(mask: Address): number | undefined {
  if (typeof mask !== 'number') return undefined;
  const length = Math.clz32(~mask);
  return mask === 2 ** 32 - 2 ** (32 - length) ? length : undefined;
}

/** Whether the address is in the block; never across families. */
export function containsAddress(outer: Prefix, inner: Address): boolean {
  return typeof outer.first === typeof inner && outer.first <= inner && inner <= lastOf(outer);
}

/** Whether every address of `inner` is in `outer`; a prefix contains itself. */
export function containsPrefix(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && containsAddress(outer, inner.first);
}

/** Whether they share an address: of two prefixes one then contains the other. */
export function overlaps(a: Prefix, b: Prefix): boolean {
  return containsPrefix(a, b) || containsPrefix(b, a);
}

/** Whether both are the same block. */
export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && a.first === b.first;
}

/** By family, then address, then the shorter prefix first. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  if (typeof a.first !== typeof b.first) return familyOfPrefix(a) - familyOfPrefix(b);
  if (a.first === b.first) return a.length - b.length;
  return a.first < b.first ? -1 : 1;
}

/** The length of a host prefix of the same family: 32 or 128. */
export function widthOfPrefix({ first }: Prefix): 32 | 128 {
  return widthOf(familyOf(first));
}
