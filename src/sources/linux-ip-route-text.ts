import type { Problem } from '../facts/origin.ts';
import type { RouteType } from '../facts/route.ts';
import { destinationAt } from './linux-destination.ts';
import { isPrompt } from './linux-prompt.ts';
import {
  addRoute,
  type Destination,
  emptyRouteList,
  isDiscarding,
  type RouteAttributes,
  type RouteList,
  routeTypeOf,
} from './linux-route-list.ts';
import { areRowWords, type RowWords, readHopWords, readRowWords } from './linux-route-words.ts';
import { lineOrigin, type Reading, type ReadingContext } from './source.ts';

/** A row without gateway and device: its next hops stand on the lines below it. */
interface Head {
  readonly destination: Destination;
  readonly type: RouteType;
  readonly attributes: RouteAttributes;
  readonly line: number;
  readonly text: string;
  readonly multipath: number;
  hops: number;
}

interface Rows {
  readonly list: RouteList;
  readonly problems: Problem[];
  readonly context: ReadingContext;
  readonly table: string;
  /** What follows the destination, by its text: in a large table a few phrases make up nearly all rows. */
  readonly phrases: Map<string, RowWords | string>;
  head: Head | undefined;
  /** Whether the text has numbers where others have names. Undefined: no row asked yet. */
  isNumeric: boolean | undefined;
}

/** Bounds the memory that phrases take where each row has its own (`expires 1798sec`). */
const phrasesKept = 10_000;

/** Reads what `ip route show` prints. `table` is what rows that name none belong to. */
export function readIpRouteText(text: string, table: string, context: ReadingContext): Reading {
  const rows: Rows = {
    list: emptyRouteList(context.family),
    problems: [],
    context,
    table,
    phrases: new Map(),
    head: undefined,
    isNumeric: undefined,
  };
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const end = endOfLine(text, start);
    line += 1;
    const goesOn = end + 1 < text.length && text.charCodeAt(end + 1) > 90 && isBroken(text, start, end);
    if (goesOn) {
      const whole = `${text.slice(start, end).trimEnd()} ${text.slice(end + 1, endOfLine(text, end + 1))}`;
      readLine(rows, whole, 0, whole.length, line);
      line += 1;
      start = endOfLine(text, end + 1) + 1;
    } else {
      readLine(rows, text, start, end, line);
      start = end + 1;
    }
  }
  closeHead(rows);
  const isNothing = rows.list.routes.length === 0 && rows.problems.length > 0;
  return { facts: isNothing ? {} : { routes: rows.list.routes }, problems: rows.problems };
}

// default via 192.168.29.1 dev wlan0 proto dhcp src 192.168.29.37
// metric 600
const rowStart =
  /^\s*(?:nexthop\s|(?:(?:unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|throw|nat)\s+)?(?:default|[\da-f]*[.:])[\da-f.:/]*\s)/;

/** Whether the line below a row is the rest of it. */
function isBroken(text: string, start: number, end: number): boolean {
  const next = text.slice(end + 1, endOfLine(text, end + 1));
  return /^[a-z_-]+\s/.test(next) && rowStart.test(text.slice(start, end)) && !rowStart.test(next) && areRowWords(next);
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

// Walks the text by index: cutting every line and word out of a large table costs more than reading it.
function readLine(rows: Rows, text: string, start: number, end: number, line: number): void {
  let at = skipBlanks(text, start, end);
  if (at === end) return;
  const isIndented = at > start;
  let wordEnd = findBlank(text, at, end);
  let type: RouteType = 'unicast';
  let destination: Destination | undefined;
  let word = '';
  // Types and `default` are letters, or one or two digits; so are the first of some IPv6 addresses.
  if (text.charCodeAt(at) > 57 || wordEnd - at < 3) {
    word = text.slice(at, wordEnd);
    const named = typeNamed(rows, text, word);
    if (named !== undefined) {
      type = named;
      at = skipBlanks(text, wordEnd, end);
      wordEnd = findBlank(text, at, end);
    }
    if (text.startsWith('default', at) && wordEnd === at + 7) destination = 'default';
  }
  destination ??= destinationAt(text, at, wordEnd);
  if (destination !== undefined) readRow(rows, destination, type, text, wordEnd, end, start, line);
  else readOtherLine(rows, word, text.slice(start, end).trim(), isIndented, line);
}

// 2 127.0.0.0/8 dev lo table 255 proto 2 scope 254 src 127.0.0.1: `ip -N` has numbers alone. Else what stands before
// a row is the number of its line.
function typeNamed(rows: Rows, text: string, word: string): RouteType | undefined {
  const type = routeTypeOf(word);
  if (type === undefined || type === word) return type;
  rows.isNumeric ??= /\s(?:proto|scope) \d/.test(text) && !/\s(?:proto|scope) [a-z]/.test(text);
  return rows.isNumeric ? type : undefined;
}

function readRow(
  rows: Rows,
  destination: Destination,
  type: RouteType,
  text: string,
  from: number,
  end: number,
  start: number,
  line: number,
): void {
  if (rows.head !== undefined) closeHead(rows);
  const phrase = text.slice(from, end);
  let words = rows.phrases.get(phrase);
  if (words === undefined) {
    words = readRowWords(phrase, rows.table);
    if (rows.phrases.size < phrasesKept) rows.phrases.set(phrase, words);
  }
  if (typeof words === 'string') complain(rows, line, text.slice(start, end), words);
  else if (words.unusable !== undefined) complain(rows, line, text.slice(start, end), words.unusable);
  else {
    if (words.unknown !== undefined) complain(rows, line, text.slice(start, end), words.unknown);
    addRow(rows, destination, type, words, text.slice(start, end), line);
  }
}

function addRow(
  rows: Rows,
  destination: Destination,
  type: RouteType,
  { attributes, nextHops }: RowWords,
  text: string,
  line: number,
): void {
  if (attributes.via !== undefined || attributes.interface !== '' || isDiscarding(type)) {
    addRoute(rows.list, destination, type, attributes, lineOrigin(rows.context, line));
    return;
  }
  const multipath = rows.list.multipaths;
  rows.list.multipaths += 1;
  for (const hop of nextHops) addRoute(rows.list, destination, type, hop, lineOrigin(rows.context, line), multipath);
  rows.head = { destination, type, attributes, line, text, multipath, hops: nextHops.length };
}

/** Lines that start with no destination: next hops and details of the row above. */
function readOtherLine(rows: Rows, word: string, text: string, isIndented: boolean, line: number): void {
  if (word === 'nexthop') {
    const why = readNextHop(rows, text, line);
    if (why !== undefined) complain(rows, line, text, why);
    return;
  }
  if (!isIndented) closeHead(rows);
  //     cache  mtu 1492 hoplimit 255
  // 	nh_info id 5 via 192.168.29.1 dev d0 scope link proto unspec
  if (isIndented && (word === 'cache' || word === 'nh_info' || word === 'users')) return;
  if (!isPrompt(text)) complain(rows, line, text, 'not a row of a routing table');
}

/** Why it was not understood in full. Sample: `	nexthop via 172.16.50.1 dev tun0 weight 2`. */
function readNextHop(rows: Rows, text: string, line: number): string | undefined {
  const { head } = rows;
  if (head === undefined) return 'a next hop without a route above it';
  const hop = readHopWords(text.slice('nexthop'.length), { ...head.attributes });
  if (typeof hop === 'string') return hop;
  head.hops += 1;
  addRoute(rows.list, head.destination, head.type, hop.attributes, lineOrigin(rows.context, line), head.multipath);
  return hop.unknown;
}

function closeHead(rows: Rows): void {
  const { head } = rows;
  rows.head = undefined;
  // busybox leaves out the next hops of a multipath route.
  if (head?.hops === 0) complain(rows, head.line, head.text, 'names neither a gateway nor a device');
}

function complain(rows: Rows, line: number, text: string, why: string): void {
  rows.problems.push({ origin: lineOrigin(rows.context, line), text: text.trim().slice(0, 300), why });
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

function findBlank(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) > 32) at += 1;
  return at;
}
