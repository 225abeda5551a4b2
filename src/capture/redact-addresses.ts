import { createHmac } from 'node:crypto';
import { azureBlocks } from '../model/public-ranges.ts';
import { type Address, type AddressV4, type AddressV6, familyOf } from '../net/address.ts';
import { containsAddress, lastOf, type Prefix, prefix } from '../net/prefix.ts';

/** Addresses under other names: what contains, equals or neighbours what stays as it was. */
export type AddressMap = (address: Address) => Address;

// They mean the same on every machine, or nothing can be told from them.
const fixed = [
  ...[
    '0.0.0.0/8',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '168.63.129.16/32',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '198.18.0.0/15',
  ],
  ...[
    '198.51.100.0/24',
    '203.0.113.0/24',
    '192.88.99.0/24',
    '224.0.0.0/3',
    '::/16',
    '64:ff9b::/96',
    '2001:db8::/32',
    'ff00::/8',
  ],
].map(prefix);

// What is mapped here stays here. Which of these a host uses is its own affair: only on request.
const local = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].map(prefix);
// Half of such an address may be the hardware's.
const linkLocal = prefix('fe80::/10');

/** First and last bit that may change: the class and the place in the last octet carry meaning of their own. */
const changing = { 4: { from: 8, to: 24 }, 6: { from: 16, to: 128 } } as const;

/**
 * A keyed mapping that keeps every common prefix of two addresses just as long, and the first and last address of each
 * of the given prefixes first and last. Private and other special ranges stay themselves or in themselves.
 */
export function addressMap(key: string, prefixes: readonly Prefix[], mapLocal: boolean): AddressMap {
  const moving = prefixes.filter(({ first }) => !isKept(first, mapLocal));
  // Whether a public address may be a service of Azure decides diagnoses: inside stays inside, outside outside.
  const still = stillBits([...fixed, ...local, linkLocal, ...azureBlocks], moving);
  const known = new Map<Address, Address>();
  const flips = new Map<string, boolean>();
  const flipsAt = (path: string): boolean => {
    const found =
      flips.get(path) ?? (!still.has(path) && (createHmac('sha256', key).update(path).digest()[0] ?? 0) % 2 === 1);
    flips.set(path, found);
    return found;
  };
  return (address) => {
    if (isKept(address, mapLocal)) return address;
    const found = known.get(address) ?? mapped(address, flipsAt);
    known.set(address, found);
    return found;
  };
}

/**
 * Of several mappings the one under which the fewest of these addresses is still to be read: where few bits may change,
 * one key may change none, or turn one address of the capture into another.
 */
export function leastTelling(
  key: string,
  addresses: ReadonlySet<Address>,
  prefixes: readonly Prefix[],
  mapLocal: boolean,
): AddressMap {
  const moving = [...addresses].filter((address) => !isKept(address, mapLocal));
  const tries = moving.length > 2000 ? 1 : 12;
  const maps = Array.from({ length: tries }, (_, index) => addressMap(`${key}:${index}`, prefixes, mapLocal));
  const told = maps.map((map) => ({ map, count: moving.filter((address) => addresses.has(map(address))).length }));
  return told.reduce((best, one) => (one.count < best.count ? one : best)).map;
}

/** Whether an address tells nothing, or only what was not asked to be hidden. */
function isKept(address: Address, mapLocal: boolean): boolean {
  if (fixed.some((range) => containsAddress(range, address))) return true;
  return !mapLocal && local.some((range) => containsAddress(range, address));
}

/**
 * The bits that must not change, each by the path of bits before it: on the way to a special range, or an address in it
 * would leave it; and behind a prefix in its first and last address, or its host bits would no longer be clear or full.
 */
function stillBits(ranges: readonly Prefix[], prefixes: readonly Prefix[]): ReadonlySet<string> {
  const still = new Set<string>();
  for (const { first, length } of ranges) {
    const { from } = changing[familyOf(first)];
    for (let at = from; at < length; at += 1) still.add(pathOf(bitsOf(first), at));
  }
  for (const range of prefixes) {
    const [first, last] = [bitsOf(range.first), bitsOf(lastOf(range))];
    const { from, to } = changing[familyOf(range.first)];
    for (let at = Math.max(from, range.length); at < to; at += 1) still.add(pathOf(first, at)).add(pathOf(last, at));
  }
  return still;
}

function mapped(address: Address, flipsAt: (path: string) => boolean): Address {
  const bits = bitsOf(address);
  const { from, to } = changing[familyOf(address)];
  let result = bits.slice(0, from);
  for (let at = from; at < to; at += 1) result += (bits[at] === '1') === flipsAt(pathOf(bits, at)) ? '0' : '1';
  return addressOf(result + bits.slice(to));
}

// The family is told by the length of what follows the path: 4:0000… and 6:0000… never meet.
function pathOf(bits: string, at: number): string {
  return `${bits.length}:${bits.slice(0, at)}`;
}

function bitsOf(address: Address): string {
  return typeof address === 'number' ? address.toString(2).padStart(32, '0') : address.toString(2).padStart(128, '0');
}

function addressOf(bits: string): Address {
  return bits.length === 32 ? (Number.parseInt(bits, 2) as AddressV4) : (BigInt(`0b${bits}`) as AddressV6);
}
