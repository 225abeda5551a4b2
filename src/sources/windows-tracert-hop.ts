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

// 1    <1 ms    28 ms     *     the unit is any short word: <1 毫秒, <1 мс
const cell = /^(?:\*|(<?)(\d{1,6})(?:\s+[^\s\d.:[*]{1,8}|[^\s\d.:[*-]{1,8}))(?=\s|$|(?<=[^ -~])\d)\s*/;
const hopLine = /^(\d{1,3})(?:\s+|(?=\*))(\S.*)$/;

/** What a line looks like: a hop says so by its cells or an address, never by its words. */
export function hopShape(line: string): { readonly ttl: number; readonly shape: HopShape; readonly body: string } {
  const [, number = '', body = ''] = hopLine.exec(line) ?? [];
  const ttl = Number(number);
  if (body === '' || ttl === 0) return { ttl: 0, shape: 'none', body };
  return { ttl, shape: cell.test(body) || addressesIn(body).length > 0 ? 'hop' : 'words', body };
}

/** Whether the line has times but not yet the address they belong to: a console wrapped it. */
export function lacksAddress(body: string): boolean {
  const { times, rest } = cellsOf(body);
  return times.some((time) => time !== null) && addressesIn(rest).length === 0;
}

/** Reads a hop; undefined where its times belong to nobody. */
export function readHop(ttl: number, body: string, line: number, context: ReadingContext): HopLine | undefined {
  const { times, rest } = cellsOf(body);
  const from = reporterOf(rest);
  if (from === undefined && times.some((time) => time !== null)) return undefined;
  const replies: Reply[] = times.map((ms) =>
    ms === null || from === undefined ? { kind: 'silent' } : { kind: 'answer', from, ms },
  );
  const failure = failureOf(rest, from, times.length);
  if (failure !== undefined) replies.push(failure);
  return { hop: { ttl, replies, origin: lineOrigin(context, line) }, isReport: failure !== undefined };
}

function cellsOf(body: string): Cells {
  const times: (number | null)[] = [];
  let rest = body;
  for (let found = cell.exec(rest); found !== null && times.length < 3; found = cell.exec(rest)) {
    const [whole, less, digits] = found;
    times.push(milliseconds(less, digits));
    rest = rest.slice(whole.length);
  }
  return { times, rest: rest.trim() };
}

function milliseconds(less: string | undefined, digits: string | undefined): number | null {
  if (digits === undefined) return null;
  return less === '<' ? Number(digits) / 2 : Number(digits);
}

// name [10.20.11.15]   reports: …      a name may look like an address, what is in brackets is one
function reporterOf(rest: string): Address | undefined {
  const bracketed = /\[([^\]]*)\]/.exec(rest)?.[1];
  return (bracketed === undefined ? undefined : addressesIn(bracketed)[0]) ?? addressesIn(rest).at(-1);
}

// 10.254.242.90  reports: Destination host unreachable.      the address is the reporter
// Erreur de transmission : code 1231                         no address; the number is the Win32 error
function failureOf(rest: string, from: Address | undefined, cells: number): Reply | undefined {
  const text = quoted(rest);
  if (from !== undefined)
    return isBareAddress(rest) ? undefined : { kind: 'error', error: 'host-unreachable', from, text };
  // After three stars stand only the words for a timeout.
  if (cells >= 3 || rest === '') return undefined;
  const code = /\d+/.exec(rest)?.[0];
  const error = code === undefined ? 'general-failure' : (`code-${Number(code)}` as const);
  return { kind: 'error', error, from: null, text };
}

function isBareAddress(rest: string): boolean {
  return /^(?:\S+\s+)?\[[^\]\s]+\]$/.test(rest) || !/\s/.test(rest);
}
