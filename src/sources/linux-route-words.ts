import type { Via } from '../facts/route.ts';
import { familyOf, parseAddress } from '../net/address.ts';
import { blankAttributes, type RouteAttributes } from './linux-route-list.ts';

/** The words after a destination, and the next hops that the same line names. */
export interface RowWords {
  readonly attributes: RouteAttributes;
  readonly nextHops: readonly RouteAttributes[];
  /** Why the row is no route of a table to decide by; undefined: it is one. */
  readonly unusable: string | undefined;
  /** A word of an unknown name: the row holds, but may mean more than was read. */
  readonly unknown: string | undefined;
}

const flagWords: ReadonlySet<string> = new Set([
  'onlink',
  'linkdown',
  'dead',
  'pervasive',
  'offload',
  'offload_failed',
  'trap',
  'rt_offload',
  'rt_offload_failed',
  'rt_trap',
  'unresolved',
  'cloned',
  'notify',
]);

/** Words with one value that decides nothing here. Any metric may have `lock` before its value. */
const valueWords: ReadonlySet<string> = new Set([
  ...['nhid', 'realm', 'realms', 'ttl-propagate', 'expires', 'error', 'users', 'age', 'used', 'ipid', 'id'],
  ...['mtu', 'advmss', 'rtt', 'rttvar', 'window', 'cwnd', 'initcwnd', 'initrwnd', 'ssthresh', 'reordering', 'rto_min'],
  ...['hoplimit', 'quickack', 'congctl', 'fastopen_no_cookie', 'ttl-propogate', 'iif', 'mark', 'group', 'src_addr'],
  ...['ts', 'tsage', 'preference'],
]);

interface Cursor {
  readonly words: readonly string[];
  at: number;
  readonly attributes: RouteAttributes;
  unusable: string | undefined;
  unknown: string | undefined;
  wrong: string | undefined;
}

/**
 * Reads what follows a destination, in any order:
 *   via 172.16.50.1 dev tun0 proto static scope link src 172.16.50.130 metric 50 mtu lock 1400 linkdown
 *   proto zebra metric 20 \	nexthop via 192.168.29.1 dev wlan0 weight 1 \	nexthop dev tun0 weight 2
 */
export function readRowWords(text: string, table: string): RowWords | string {
  const [own = '', ...more] = text.split('\\');
  const row = readHopWords(own, blankAttributes(table));
  if (typeof row === 'string') return row;
  const nextHops: RouteAttributes[] = [];
  let { unknown } = row;
  for (const part of more) {
    const words = part.trim();
    if (words === '' || /^(cache|nh_info)\b/.test(words)) continue;
    const hop = readHopWords(words.replace(/^nexthop\b/, ''), { ...row.attributes });
    if (typeof hop === 'string') return hop;
    nextHops.push(hop.attributes);
    unknown ??= hop.unknown;
  }
  return { attributes: row.attributes, nextHops, unusable: row.unusable, unknown };
}

/** Reads the words of one next hop onto what its row told. Text: why it was not understood. */
export function readHopWords(text: string, attributes: RouteAttributes): Omit<RowWords, 'nextHops'> | string {
  const words = text.trim().split(/\s+/);
  const cursor: Cursor = { words, at: 0, attributes, unusable: undefined, unknown: undefined, wrong: undefined };
  while (cursor.at < words.length && cursor.wrong === undefined) readWord(cursor);
  return cursor.wrong ?? { attributes, unusable: cursor.unusable, unknown: cursor.unknown };
}

function readWord(cursor: Cursor): void {
  const word = cursor.words[cursor.at] ?? '';
  cursor.at += 1;
  if (word === '') return;
  const read = readers[word];
  if (read !== undefined) read(cursor, word);
  else if (flagWords.has(word)) cursor.attributes.flags = [...(cursor.attributes.flags ?? []), word];
  else if (valueWords.has(word)) skipValue(cursor);
  else cursor.unknown ??= `the word \`${word}\` is not known; the rest of the row was read`;
}

const readers: Readonly<Record<string, (cursor: Cursor, word: string) => void>> = Object.assign(Object.create(null), {
  via: readVia,
  dev: (cursor: Cursor) => {
    cursor.attributes.interface = deviceName(value(cursor, 'dev'));
  },
  src: (cursor: Cursor) => {
    const address = parseAddress(value(cursor, 'src'));
    if (address === undefined) cursor.wrong ??= 'the source (`src`) is not an address';
    else {
      cursor.attributes.source = address;
      cursor.attributes.family ??= familyOf(address);
    }
  },
  table: (cursor: Cursor) => {
    cursor.attributes.table = value(cursor, 'table');
  },
  proto: (cursor: Cursor) => {
    cursor.attributes.protocol = value(cursor, 'proto');
  },
  scope: (cursor: Cursor) => {
    const family = familyOfScope(value(cursor, 'scope'));
    cursor.attributes.family ??= family;
  },
  metric: readMetric,
  features: skipFeatures,
  weight: (cursor: Cursor) => {
    cursor.attributes.weight = numeric(cursor, 'weight');
  },
  pref: (cursor: Cursor) => {
    cursor.attributes.preference = value(cursor, 'pref');
    cursor.attributes.family = 6;
  },
  // IPv6 alone prints an error number and an expiry beside a route of a table, and routes by source.
  error: onlyV6,
  expires: onlyV6,
  from: (cursor: Cursor) => {
    cursor.attributes.flags = [...(cursor.attributes.flags ?? []), `from ${value(cursor, 'from')}`];
    cursor.attributes.family = 6;
  },
  tos: leaveOut('serves one type of service only: left out'),
  dsfield: leaveOut('serves one type of service only: left out'),
  uid: leaveOut('an answer of `ip route get`, not a row of a table'),
  encap: skipEncapsulation,
});

function value(cursor: Cursor, word: string): string {
  const text = cursor.words[cursor.at];
  cursor.at += 1;
  if (text === undefined) cursor.wrong ??= `cut short after \`${word}\``;
  return text ?? '';
}

function numeric(cursor: Cursor, word: string): number {
  const text = value(cursor, word);
  if (!/^\d+$/.test(text)) cursor.wrong ??= `the value of \`${word}\` is not a number`;
  return Number(text);
}

// metric 600       metric -1: busybox and old versions print the highest as if it were signed
// metric 17 1      an option that this version of `ip` knows by its number only
function readMetric(cursor: Cursor): void {
  const text = value(cursor, 'metric');
  if (/^\d+$/.test(cursor.words[cursor.at] ?? '')) cursor.at += 1;
  else if (/^-?\d+$/.test(text)) cursor.attributes.metric = unsigned(Number(text));
  else cursor.wrong ??= 'the value of `metric` is not a number';
}

// features ecn tcp_usec_ts 0x8: as many as are set
function skipFeatures(cursor: Cursor): void {
  while (/^(?:lock|ecn|tcp_usec_ts|0x[\da-f]+|\d+)$/.test(cursor.words[cursor.at] ?? '')) cursor.at += 1;
}

function readVia(cursor: Cursor): void {
  const first = value(cursor, 'via');
  const namesFamily = first === 'inet6' || first === 'inet';
  const address = parseAddress(namesFamily ? value(cursor, 'via') : first);
  if (address === undefined) {
    cursor.wrong ??= 'the gateway (`via`) is not an address';
    return;
  }
  cursor.attributes.via = { kind: 'gateway', address } satisfies Via;
  // `via inet6` is a gateway of the other family; a plain one is of the row's own.
  if (!namesFamily) cursor.attributes.family ??= familyOf(address);
}

function onlyV6(cursor: Cursor, word: string): void {
  value(cursor, word);
  cursor.attributes.family ??= 6;
}

function leaveOut(why: string): (cursor: Cursor, word: string) => void {
  return (cursor, word) => {
    value(cursor, word);
    cursor.unusable = why;
  };
}

function skipValue(cursor: Cursor): void {
  if (cursor.words[cursor.at] === 'lock') cursor.at += 1;
  cursor.at += 1;
}

/** `encap ip id 5 src 0.0.0.0 dst 1.2.3.4 ttl 0 tos 0 via 10.0.0.1 dev d0`: its words mean other things than the row's. */
function skipEncapsulation(cursor: Cursor): void {
  while (cursor.at < cursor.words.length && !/^(via|dev|table|proto|scope)$/.test(cursor.words[cursor.at] ?? ''))
    cursor.at += 1;
}

/** IPv6 has one scope for all its routes, `global`; any other is of IPv4. */
export function familyOfScope(scope: unknown): 4 | undefined {
  return scope === 'link' || scope === 'host' || scope === '253' || scope === '254' ? 4 : undefined;
}

/** Whether words are such as a row goes on with: a mail program or a narrow window breaks long rows. */
export function areRowWords(text: string): boolean {
  const hop = readHopWords(text, blankAttributes(''));
  return typeof hop !== 'string' && hop.unknown === undefined;
}

/** A metric as the kernel counts it: 4278198272, where a tool printed -16769024. */
export function unsigned(metric: number): number {
  return metric < 0 ? metric + 2 ** 32 : metric;
}

/** `veth0@eth0` and `foo:veth0@eth0` name their device before the `@`. */
export function deviceName(text: string): string {
  const at = text.indexOf('@');
  return at > 0 ? text.slice(0, at) : text;
}
