import { formatAddress } from '../../src/net/address.ts';
import { lastOf, type Prefix, prefix } from '../../src/net/prefix.ts';

/** A row of a host's table, before it takes the shape of one listing or another. */
export interface Row {
  readonly prefix: string;
  /** Absent: on-link. */
  readonly gateway?: string;
  /** Windows: the interface's address; Linux: its name. */
  readonly interface: string;
  readonly metric: number;
}

/** Rows as Windows sorts them: by destination, wider ones first. */
export function sorted(rows: readonly Row[]): readonly Row[] {
  const key = (row: Row): Prefix => prefix(row.prefix);
  return rows.toSorted((a, b) => Number(key(a).first) - Number(key(b).first) || key(a).length - key(b).length);
}

/** `255.255.0.0` of a length of 16. */
export function maskOf(text: string): string {
  const { length } = prefix(text);
  const bits = length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

/** The network address without its length. */
export function firstOf(text: string): string {
  return formatAddress(prefix(text).first);
}

/** The last address of a prefix: its broadcast address. */
export function lastText(text: string): string {
  return formatAddress(lastOf(prefix(text)));
}

/** The prefix of a certain length around an address: what a LAN of that size is called. */
export function around(text: string, length: number): string {
  const parts = text.split('.').map(Number);
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - length);
  const first = Math.floor(value / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${length}`;
}
