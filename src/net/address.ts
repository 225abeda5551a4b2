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

export type Family = 4 | 6;

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

// Character by character: large tables spend most of their reading time here.
function parseV4(text: string): AddressV4 | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let value = 0;
  let octet = -1;
  let octets = 0;
  for (let i = 0; i <= text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return undefined;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return undefined;
    } else {
      if (octet < 0 || (i < text.length && text[i] !== '.')) return undefined;
      value = value * 256 + octet;
      octet = -1;
      octets += 1;
    }
  }
  return octets === 4 ? (value as AddressV4) : undefined;
}

function parseV6(text: string): AddressV6 | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [readGroups(halves[0] ?? ''), readGroups(halves[1] ?? '')];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n) as AddressV6;
}

function readGroups(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 && part.includes('.') ? parseV4(part) : undefined;
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
  const hex = value.toString(16).padStart(32, '0');
  const groups = Array.from({ length: 8 }, (_, i) => Number.parseInt(hex.slice(i * 4, i * 4 + 4), 16).toString(16));
  const text = groups.join(':');
  const longest = (text.match(/\b0(:0)+\b/g) ?? []).reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  const at = text.search(new RegExp(`(^|(?<=:))${longest}($|(?=:))`));
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}

/** The address after this one. The last address of a family has none; callers stay inside a prefix. */
export function successor<A extends Address>(value: A): A {
  return (typeof value === 'number' ? value + 1 : (value as bigint) + 1n) as A;
}

/** The address before this one. */
export function predecessor<A extends Address>(value: A): A {
  return (typeof value === 'number' ? value - 1 : (value as bigint) - 1n) as A;
}
