import type { Hop, Reply } from '../facts/trace.ts';
import type { Address } from '../net/address.ts';
import { lineOrigin, type ReadingContext } from './source.ts';
import { addressesIn } from './windows-addresses.ts';
import { quoted } from './windows-scan.ts';

/** A hop of tracert, and whether its line says more than who answered: then no answer on it means success. */
export interface HopLine {
  readonly hop: Hop;
  readonly isReport: boolean;
}

/** `words`: only words follow the number, as after a local failure, or in a sentence that begins with one. */
export type HopShape = 'hop' | 'words' | 'none';

interface Cells {
  /** Milliseconds, or null for a star. */
  readonly times: readonly (number | null)[];
  readonly rest: string;
}

// 1    <1 ms    28 ms     *     the unit is any short word: <1 毫秒, <1 мс; a web page may leave &lt;1 ms
// 3com [10.0.0.1]               no time: what stands before a bracket is a name
const cell = /^(?:\*|(<\s?|&lt;\s?)?(\d{1,6})(?:\s+[^\s!-?[]{1,8}|[^\s!-?[]{1,8}(?!\s+\[)))(?=\s|$|(?<=[^ -~])\d)\s*/;
const hopLine = /^(\d{1,3})(?:\s+|(?=\*))(\S.*)$/;

/** What a line looks like: a hop says so by its cells or an address, never by its words. */
export function hopShape(line: string): { readonly ttl: number; readonly shape: HopShape; readonly body: string } {
  const [, number = '', body = ''] = hopLine.exec(line) ?? [];
  const ttl = Number(number);
  if (body === '' || ttl === 0) return { ttl: 0, shape: 'none', body };
  return { ttl, shape: cell.test(body) || addressesIn(body).length > 0 ? 'hop' : 'words', body };
}

/** Reads a hop; what is not understood says why. */
export function readHop(ttl: number, body: string, line: number, context: ReadingContext): HopLine | string {
  const { times, rest } = cellsOf(body);
  const origin = lineOrigin(context, line);
  const { from: first, after } = answererOf(rest);
  // Where all times are there, the address may stand further on: `fritz.box (192.168.178.1)`
  const from = first ?? (isAnswered(times) ? addressesIn(rest).at(-1) : undefined);
  // A report takes the place of a time: behind three times stands what somebody noted on the paste.
  const words = times.length === 3 ? '' : sentenceIn(after);
  if (from === undefined) return withoutAddress(ttl, times, rest, origin);
  if (words === '' && times.every((time) => time === null)) return 'an address without its times';
  // A sentence has no numbers. What has some is a cell out of place, or another tool's hop.
  if (/\d/.test(words)) return 'not the cells of a hop';
  const replies: Reply[] = times.map((ms) => (ms === null ? { kind: 'silent' } : { kind: 'answer', from, ms }));
  if (words !== '') replies.push({ kind: 'error', error: 'host-unreachable', from, text: quoted(rest) });
  return { hop: { ttl, replies, origin }, isReport: words !== '' };
}

/**
 * A hop's line with what a console wrapped onto the next one; the line itself where nothing was wrapped.
 *
 *   8    34 ms    33 ms    34 ms  ae-12-0.edge3.frankfurt1.example.net [203.0.
 * 113.9]
 */
export function unwrapped(body: string, next: string): string {
  const { times, rest } = cellsOf(body);
  const isWhole = answererOf(rest).from !== undefined || times.every((time) => time === null);
  if (isWhole || hopShape(next).shape === 'hop') return body;
  // Within a name or an address; else between the last time and the address.
  const joined = rest === '' ? `${body} ${next}` : body + next;
  return answererOf(cellsOf(joined).rest).from === undefined ? body : joined;
}

function cellsOf(body: string): Cells {
  const times: (number | null)[] = [];
  let rest = body;
  for (let found = cell.exec(rest); found !== null && times.length < 3; found = cell.exec(rest)) {
    const [whole, less, digits] = found;
    times.push(milliseconds(less, digits));
    rest = rest.slice(whole.length);
  }
  // What cmd shows of Ctrl-C.
  return { times, rest: rest.replace(/\^C$/, '').trim() };
}

function isAnswered(times: readonly (number | null)[]): boolean {
  return times.length === 3 && times.some((time) => time !== null);
}

function milliseconds(less: string | undefined, digits: string | undefined): number | null {
  if (digits === undefined) return null;
  return less === undefined ? Number(digits) : Number(digits) / 2;
}

interface Answerer {
  readonly from: Address | undefined;
  /** What follows the address: nothing, or the sentence of a router that reports. */
  readonly after: string;
}

// 10.254.242.90  reports: Destination host unreachable.
// 168-18-14-227 [10.20.11.15]   reports: …      a name may look like an address, what is in brackets is one
function answererOf(rest: string): Answerer {
  const [, bracketed, after = ''] = /^(?:[^\s[]+\s*)?\[([^\]\s]*)\](.*)$/.exec(rest) ?? [];
  if (bracketed !== undefined) return { from: addressesIn(bracketed)[0], after };
  const literal = /^(?:[0-9a-f]*:[0-9a-f:.]+(?:%\w+)?|[\d.]*\d)/i.exec(rest)?.[0] ?? '';
  return { from: addressesIn(literal)[0], after: rest.slice(literal.length) };
}

// What has no letters, or touches the address in ASCII, is what a paste left there: `|`, `<br>`
function sentenceIn(text: string): string {
  const words = text.replace(/^[!-~]+/, '').trim();
  return /[\p{L}\d]/u.test(words) ? words : '';
}

// 2     *        *        *     Request timed out.          after three stars stand only the words for a timeout
// 1  Erreur de transmission : code 1231                     no address; the number is the Win32 error
function withoutAddress(
  ttl: number,
  times: readonly (number | null)[],
  rest: string,
  origin: Hop['origin'],
): HopLine | string {
  if (times.some((time) => time !== null)) return 'times without the address they belong to';
  if (addressesIn(rest).length > 0) return 'not the cells of a hop';
  const replies: Reply[] = times.map(() => ({ kind: 'silent' }));
  if (times.length >= 3 || rest === '') return { hop: { ttl, replies, origin }, isReport: false };
  const code = /\d+/.exec(rest)?.[0];
  const error = code === undefined ? 'general-failure' : (`code-${Number(code)}` as const);
  replies.push({ kind: 'error', error, from: null, text: quoted(rest) });
  return { hop: { ttl, replies, origin }, isReport: true };
}
