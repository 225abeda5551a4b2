import type { AddressV4 } from '../net/address.ts';
import { type Prefix, prefixAround } from '../net/prefix.ts';

/**
 * The prefixes of a phonebook's `Routes=`, hexadecimal of records whose layout Microsoft does not document. Only IPv4
 * records that fit in every part are believed: as many of one size as counted, each with one place, the same in all, where
 * an address without host bits and its length agree. Anything else is undefined, never a guess.
 */
export function phonebookRoutes(hex: string, count: number | undefined): readonly Prefix[] | undefined {
  if (count === undefined || count < 1 || !/^(?:[0-9a-f]{2})+$/i.test(hex)) return undefined;
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const size = bytes.length / count;
  if (!Number.isInteger(size) || size < 8 || size > 64) return undefined;
  const records = Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  return agreed(records.map(sockaddrRecord));
}

// The IP_ADDRESS_PREFIX of Windows' own route calls, SOCKADDR_INET and a length: 02 00 | port 0 | a b c d | zeros to 28 | length (little-endian) …
function sockaddrRecord(record: Uint8Array): Prefix | undefined {
  if (record.length < 32 || record[0] !== 2 || record.subarray(1, 4).some((byte) => byte !== 0)) return undefined;
  if (record.subarray(8, 28).some((byte) => byte !== 0) || record.subarray(29, 32).some((byte) => byte !== 0))
    return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = record.subarray(4, 8);
  const length = record[28] ?? 255;
  const first = (((a * 256 + b) * 256 + c) * 256 + d) as AddressV4;
  if (length < 1 || length > 32) return undefined;
  const prefix = prefixAround(first, length);
  return prefix.first === first ? prefix : undefined;
}

function agreed(prefixes: readonly (Prefix | undefined)[]): readonly Prefix[] | undefined {
  const certain = prefixes.filter((prefix) => prefix !== undefined);
  return certain.length === prefixes.length ? certain : undefined;
}
