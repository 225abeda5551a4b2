declare const brand: unique symbol;

/** An IPv4 address, as an integer from 0 to 2^32 - 1. */
export type AddressV4 = number & { readonly [brand]: 'AddressV4' };

/** An IPv6 address, as an integer from 0 to 2^128 - 1. */
export type AddressV6 = bigint & { readonly [brand]: 'AddressV6' };

/**
 * An address of either family. The JavaScript type tells the family, and `<` and `<=` order addresses of one
 * family; arithmetic on them belongs in this folder.
 */
export type Address = AddressV4 | AddressV6;

/** The IP version. */
export type Family = 4 | 6;

/** Which family an address belongs to: its JavaScript type says so. */
export function familyOf(address: Address): Family {
  return typeof address === 'number' ? 4 : 6;
}

/** Bits in an address of the family: 32 or 128. */
export function widthOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Reads dotted-quad or RFC 4291 text. Anything else, leading zeros and zone ids included, is undefined. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

/** For literals in code and tests: `address('10.0.0.4')`. Throws on a typo. */
export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new TypeError(`Not an IP address: ${text}`);
  return parsed;
}

// By hand, without a regex or a split: large tables spend most of their reading time here.
function parseV4(text: string): AddressV4 | undefined {
  if (text.length > 15) return undefined;
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  const third = text.indexOf('.', second + 1);
  const high = readOctet(text, 0, first) * 256 + readOctet(text, first + 1, second);
  const low = readOctet(text, second + 1, third) * 256 + readOctet(text, third + 1, text.length);
  const value = high * 65_536 + low;
  return Number.isNaN(value) ? undefined : (value as AddressV4);
}

/** NaN, which no sum loses, where the text between the two places is not an octet. */
function readOctet(text: string, from: number, to: number): number {
  const digits = to - from;
  if (digits < 1 || (digits > 1 && text.charCodeAt(from) === ZERO)) return Number.NaN;
  let octet = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    octet = octet * 10 + digit;
  }
  return octet < 256 ? octet : Number.NaN;
}

const ZERO = '0'.charCodeAt(0);

function parseV6(text: string): AddressV6 | undefined {
  const [before = '', after, ...more] = text.split('::');
  const head = readGroups(before, after === undefined);
  const tail = readGroups(after ?? '', true);
  if (head === undefined || tail === undefined || more.length > 0) return undefined;
  const missing = 8 - head.length - tail.length;
  if (after === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n) as AddressV6;
}

/** `fe80:0:1`, and `ffff:10.0.0.4` where the groups are the last of the address. */
function readGroups(text: string, areLast: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const embedded = areLast && index === parts.length - 1 ? parseV4(part) : undefined;
    if (embedded !== undefined) groups.push(Math.floor(embedded / 65_536), embedded % 65_536);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** Dotted quad, or the canonical text of RFC 5952. */
export function formatAddress(value: Address): string {
  return typeof value === 'number' ? formatV4(value) : formatV6(value);
}

function formatV4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function formatV6(value: bigint): string {
  // IPv4-mapped: the one prefix whose addresses tell by themselves that an IPv4 address is inside (RFC 5952, section 5).
  if (value >> 32n === 0xffffn) return `::ffff:${formatV4(Number(value & 0xffff_ffffn))}`;
  const hex = value.toString(16).padStart(32, '0');
  const groups = Array.from({ length: 8 }, (_, i) => Number.parseInt(hex.slice(i * 4, i * 4 + 4), 16).toString(16));
  const text = groups.join(':');
  const runs = text.match(/\b0(:0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest === '' ? text : text.replace(new RegExp(`(^|:)${longest}(:|$)`), '::');
}

/** The address after this one. The last of a family has none: what comes out then only serves as a bound. */
export function successor<A extends Address>(value: A): A {
  return (typeof value === 'number' ? value + 1 : (value as bigint) + 1n) as A;
}

/** The address before this one. The first of a family has none. */
export function predecessor<A extends Address>(value: A): A {
  return (typeof value === 'number' ? value - 1 : (value as bigint) - 1n) as A;
}
