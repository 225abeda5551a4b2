import type { ArtifactId } from '../facts/capture.ts';
import type { Route, Via } from '../facts/route.ts';
import { type AddressV4, formatAddress } from '../net/address.ts';
import { lengthOfMask } from '../net/prefix.ts';
import {
  afterBlanks,
  beforeBlanks,
  type Codes,
  type Cursor,
  cellStart,
  readQuad,
  wholeNumber,
} from './windows-scan.ts';

/** The rows of one `route print`, as they are found. */
export interface RowsFound {
  readonly active: Route[];
  readonly persistent: Route[];
}

/** What a line turned out to be: a row of either list, no row at all, or a row that says why it is not understood. */
export type RowOutcome = 'active' | 'persistent' | 'none' | { readonly why: string };

export const onLink: Via = { kind: 'on-link' };
const noMetric: RowOutcome = { why: 'the row ends before its metric' };
const notUnderstood: RowOutcome = { why: 'addresses of a route, but not the cells of one' };
const holes: RowOutcome = { why: 'the netmask has holes: no prefix' };
const hostBits: RowOutcome = { why: 'the destination has bits set outside its netmask' };

/** What a reading keeps: the lists it fills, what repeats from row to row, and the cells of the row in hand. */
export interface RowReader {
  readonly artifact: ArtifactId;
  readonly found: RowsFound;
  /** A table of a million routes has a handful of gateways and interfaces. Keys are 32-bit: larger ones hash slowly. */
  readonly vias: Map<number, Via>;
  readonly interfaces: Map<number, string>;
  readonly cursor: Cursor;
  line: number;
  first: number;
  mask: number;
  /** Where the cells after the mask begin. */
  rest: number;
  end: number;
  /** The netmask of the row before, and its length; undefined where it has holes. */
  knownMask: number;
  length: number | undefined;
  /** -1 where the third cell is no address. */
  gateway: number;
  gatewayEnd: number;
}

export function rowReader(artifact: ArtifactId, found: RowsFound): RowReader {
  const inHand = { line: 0, first: -1, mask: -1, rest: 0, end: 0, gateway: -1, gatewayEnd: 0 };
  const noMask = { knownMask: -1, length: undefined };
  return { artifact, found, vias: new Map(), interfaces: new Map(), cursor: { at: 0 }, ...inHand, ...noMask };
}

/**
 * Reads an IPv4 row from `start`, its first cell, to `end`, and files it.
 *
 *         10.0.0.0      255.255.0.0   Auf Verbindung     172.16.50.130     43     active: five cells, the third may be words
 *         10.9.0.0      255.255.0.0     192.168.29.1          Standard            persistent: four, the last may be words
 */
export function readIpv4Row(reader: RowReader, text: Codes, start: number, end: number, line: number): RowOutcome {
  const { cursor } = reader;
  cursor.at = start;
  reader.first = readQuad(text, cursor, end);
  if (reader.first < 0) return 'none';
  cursor.at = afterBlanks(text, cursor.at, end);
  reader.mask = readQuad(text, cursor, end);
  if (reader.mask < 0) return 'none';
  reader.line = line;
  reader.end = end;
  reader.rest = afterBlanks(text, cursor.at, end);
  cursor.at = reader.rest;
  reader.gateway = readQuad(text, cursor, end);
  reader.gatewayEnd = cursor.at;
  const metricAt = cellStart(text, reader.rest, end);
  const metric = wholeNumber(text, metricAt, end);
  if (metric < 0) return withWordMetric(reader, text, metricAt);
  const interfaceEnd = beforeBlanks(text, reader.rest, metricAt);
  return reader.gateway >= 0
    ? withGateway(reader, text, interfaceEnd, metric)
    : withWordGateway(reader, text, interfaceEnd, metric);
}

// 192.168.29.1 Par défaut
function withWordMetric(reader: RowReader, text: Codes, metricAt: number): RowOutcome {
  const { gateway, gatewayEnd, end, rest, cursor } = reader;
  const words = afterBlanks(text, gatewayEnd, end);
  if (gateway >= 0 && words < end && !hasDigit(text, words, end))
    return file(reader, reader.found.persistent, viaOf(reader), '', null);
  cursor.at = metricAt;
  return rest >= end || readQuad(text, cursor, end) >= 0 ? noMetric : notUnderstood;
}

// 192.168.29.1    192.168.29.37     25      and persistent      192.168.29.1       3
function withGateway(reader: RowReader, text: Codes, interfaceEnd: number, metric: number): RowOutcome {
  const { found, gatewayEnd } = reader;
  if (interfaceEnd <= gatewayEnd) return file(reader, found.persistent, viaOf(reader), '', metric);
  const at = interfaceStart(text, gatewayEnd, interfaceEnd);
  const name = interfaceAt(reader, text, at, interfaceEnd);
  const isRow = name !== undefined && beforeBlanks(text, gatewayEnd, at) === gatewayEnd;
  return isRow ? file(reader, found.active, viaOf(reader), name, metric) : notUnderstood;
}

// Auf Verbindung     172.16.50.130     43      and persistent      Auf Verbindung      1
function withWordGateway(reader: RowReader, text: Codes, interfaceEnd: number, metric: number): RowOutcome {
  const { found, rest } = reader;
  const at = interfaceStart(text, rest, interfaceEnd);
  const name = interfaceAt(reader, text, at, interfaceEnd);
  const wordsEnd = name === undefined ? interfaceEnd : beforeBlanks(text, rest, at);
  if (wordsEnd <= rest || hasDigit(text, rest, wordsEnd)) return notUnderstood;
  return name === undefined
    ? file(reader, found.persistent, onLink, '', metric)
    : file(reader, found.active, onLink, name, metric);
}

function file(reader: RowReader, list: Route[], via: Via, name: string, metric: number | null): RowOutcome {
  const { first, mask, artifact, line } = reader;
  if (mask !== reader.knownMask) {
    reader.knownMask = mask;
    reader.length = lengthOfMask(mask as AddressV4);
  }
  const { length } = reader;
  if (length === undefined) return holes;
  // Bitwise: only whether any bit is left counts, so the sign of the result does not matter.
  if ((first & ~mask) !== 0) return hostBits;
  const prefix = { first: first as AddressV4, length };
  list.push({ prefix, via, type: 'unicast', interface: name, metric, table: 'main', origin: { artifact, line } });
  return list === reader.found.active ? 'active' : 'persistent';
}

function viaOf({ vias, gateway }: RowReader): Via {
  const known = vias.get(gateway | 0);
  if (known !== undefined) return known;
  const via: Via = { kind: 'gateway', address: gateway as AddressV4 };
  vias.set(gateway | 0, via);
  return via;
}

function interfaceAt(reader: RowReader, text: Codes, at: number, end: number): string | undefined {
  const { cursor, interfaces } = reader;
  cursor.at = at;
  const address = readQuad(text, cursor, end);
  if (address < 0 || cursor.at !== end) return indexAt(text, at, end);
  const known = interfaces.get(address | 0);
  if (known !== undefined) return known;
  const name = formatAddress(address as AddressV4);
  interfaces.set(address | 0, name);
  return name;
}

// Words of a script without blanks may stand glued to the interface: cells are told by what they hold.
function interfaceStart(text: Codes, start: number, end: number): number {
  let i = end;
  while (i > start && isWordOfAscii(text[i - 1] as number)) i -= 1;
  return i;
}

function isWordOfAscii(code: number): boolean {
  return code > 32 && code < 128;
}

// Windows XP: an interface without an address shows its number, `2` or `0x10005`.
function indexAt(text: Codes, start: number, end: number): string | undefined {
  if (start >= end || end - start > 10) return undefined;
  const cell = String.fromCharCode(...text.subarray(start, end));
  return /^(?:\d+|0x[0-9a-f]+)$/i.test(cell) ? cell : undefined;
}

function hasDigit(text: Codes, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    const code = text[i] as number;
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}
