import type { Problem } from '../facts/origin.ts';
import type { Hop, Reply, Trace } from '../facts/trace.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { noAnswer } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { fromTerminal } from './linux-terminal.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import {
  answeredBy,
  errorOfMark,
  type HopDrafts,
  hopAt,
  hopsInOrder,
  refusalIn,
  refusalInStderr,
  targetOf,
} from './trace-lines.ts';

/** The traceroutes of Linux (Butskoy, inetutils, busybox) and of the BSDs and macOS. */
export const linuxTraceroute: Source = fromTerminal({
  id: 'linux-traceroute',
  title: 'Linux and macOS: traceroute [-n]',
  parse,
  recognise,
});

interface Draft {
  readonly context: ReadingContext;
  readonly hops: HopDrafts;
  readonly problems: Problem[];
  ttl: number | undefined;
  /** Who answered last: later times of the same hop are its own. */
  from: Address | undefined;
  target: Address | undefined;
  most: number | undefined;
  refused: Trace['refused'];
  /** Whether its heading was met: another one begins another trace. */
  isHeaded: boolean;
  line: number;
  readonly origin: Trace['origin'];
}

// traceroute to www.example.com (10.1.0.4), 30 hops max, 60 byte packets
// traceroute6 to fd00::4 (fd00::4) from fd00::130, 64 hops max, 12 byte packets
const header = /^\s*traceroute6?\s.*?\(([0-9a-fA-F:.]+)(?:%[^)]*)?\)[^,]*,?\s*(\d+)?/;
//  4  * 10.1.0.4 (10.1.0.4)  0.897 ms *
const numbered = /^\s*(\d{1,3})(?:\s+(.*))?$/;

function parse(text: string, context: ReadingContext): Reading {
  const refused = refusalInStderr(context);
  const failed = refused === undefined ? noAnswer(text, context, 'prints a frame') : undefined;
  if (failed !== undefined) return failed;
  const problems: Problem[] = [];
  const first = newDraft(context, problems, { artifact: context.artifact });
  const drafts = [Object.assign(first, { refused, target: targetOf(context) })];
  for (const [index, line] of text.split(/\r*\n/).entries()) {
    let draft = drafts.at(-1) ?? first;
    if (draft.isHeaded && header.test(line)) {
      draft = newDraft(context, problems, lineOrigin(context, index + 1));
      drafts.push(draft);
    }
    draft.line = index + 1;
    if (line.trim() !== '') readLine(draft, line);
  }
  const traces = drafts.filter(isTold).map(traceOf);
  return { facts: traces.length === 0 ? {} : { traces }, problems };
}

function newDraft(context: ReadingContext, problems: Problem[], origin: Trace['origin']): Draft {
  const nothing = { ttl: undefined, from: undefined, target: undefined, most: undefined, refused: undefined };
  return { context, hops: new Map(), problems, ...nothing, isHeaded: false, line: 0, origin };
}

/** Without a line of output there is no trace, unless stderr told why. */
function isTold({ hops, refused, isHeaded }: Draft): boolean {
  return hops.size > 0 || refused !== undefined || isHeaded;
}

function traceOf({ target, refused, most, origin, hops: drafts }: Draft): Trace {
  const hops = hopsInOrder(drafts);
  return {
    target: target ?? null,
    reached: isReached(target, hops, most, refused !== undefined),
    hops,
    ...(refused !== undefined && { refused }),
    origin,
  };
}

/** Null where the target is not known, or the text ends before the tool had given up. */
function isReached(
  target: Address | undefined,
  hops: readonly Hop[],
  most: number | undefined,
  refused: boolean,
): boolean | null {
  if (target === undefined) return null;
  if (answeredBy(target, hops)) return true;
  if (refused) return false;
  const last = hops.at(-1);
  if (last === undefined) return null;
  const endsInError = last.replies.some(({ kind }) => kind === 'error');
  return endsInError || most === undefined || last.ttl >= most ? false : null;
}

//  1 traceroute: wrote 10.1.0.4 52 chars, ret=-1
//  *traceroute: sendto: No route to host
const interrupted = /^(\s*(?:\d{1,3}\s)?[\s*]*)(traceroute6?: (?:sendto: .*|wrote .* ret=-1\s*))$/;

/** What BSD and macOS tell on stderr stands where the line had come to when a probe could not be sent. */
function readLine(draft: Draft, line: string): void {
  const [, before, message = ''] = interrupted.exec(line) ?? [];
  if (before === undefined) readWhole(draft, line);
  else readInterrupted(draft, before, message);
}

function readInterrupted(draft: Draft, before: string, message: string): void {
  draft.refused ??= refusalIn(message, lineOrigin(draft.context, draft.line));
  const [number = ''] = /\d+/.exec(before) ?? [];
  if (number !== '') draft.ttl = Number(number);
  if (draft.ttl === undefined) return;
  const { replies } = hopAt(draft.hops, draft.ttl, lineOrigin(draft.context, draft.line));
  for (const _ of before.matchAll(/\*/g)) replies.push({ kind: 'silent' });
}

function readWhole(draft: Draft, line: string): void {
  const { context } = draft;
  const head = header.exec(line);
  if (head !== null) {
    draft.isHeaded = true;
    draft.target ??= parseAddress(head[1] ?? '');
    draft.most = head[2] === undefined ? undefined : Number(head[2]);
    return;
  }
  const refused = refusalIn(line, lineOrigin(context, draft.line));
  if (refused !== undefined) {
    draft.refused ??= refused;
    return;
  }
  const hop = numbered.exec(line);
  if (hop !== null) {
    draft.ttl = Number(hop[1]);
    draft.from = undefined;
    hopAt(draft.hops, draft.ttl, lineOrigin(context, draft.line));
    readCells(draft, hop[2] ?? '', line);
    // BSD and macOS:     12.255.10.224 (12.255.10.224)  24.011 ms  25.322 ms
  } else if (/^\s/.test(line) && draft.ttl !== undefined && (namesSomebody(line) || /^[\s*]+$/.test(line)))
    readCells(draft, line, line);
  else if (!isPrompt(line) && !/^traceroute6?: Warning:/.test(line))
    complain(draft, line, 'not a line of a traceroute');
}

// A further line of a hop begins with another sender: an address, or a name with the address in brackets.
function namesSomebody(line: string): boolean {
  const [first = '', second = ''] = line.trim().split(/\s+/);
  return addressIn(second.startsWith('(') ? second : first) !== undefined;
}

/** `10.1.0.4`, `(10.1.0.4)`, `fe80::1%eth0`. */
function addressIn(word: string): Address | undefined {
  return parseAddress(word.replace(/^\(|\)[,:]?$|%[^)]*\)?$/g, ''));
}

function complain(draft: Draft, text: string, why: string): void {
  draft.problems.push({ origin: lineOrigin(draft.context, draft.line), text: text.trim().slice(0, 300), why });
}

/** Cells of a hop, left to right: who answers, its times, marks on the time before; a star for each silence. */
function readCells(draft: Draft, text: string, line: string): void {
  const replies = hopAt(draft.hops, draft.ttl ?? 0, lineOrigin(draft.context, draft.line)).replies;
  const words = text.trim() === '' ? [] : text.trim().split(/\s+/);
  const [before, told] = [replies.length, draft.problems.length];
  for (let at = 0; at < words.length; at += 1) at += readCell(draft, replies, words, at, line);
  if (replies.length === before && draft.problems.length === told)
    complain(draft, line, 'cut short: a hop without an answer or a silence');
}

/** Reads the cell that begins at a word, and says how many more words it took. */
function readCell(draft: Draft, replies: Reply[], words: readonly string[], at: number, line: string): number {
  const word = words[at] ?? '';
  if (word === '*') {
    replies.push({ kind: 'silent' });
    return 0;
  }
  const mark = errorOfMark(word);
  if (mark !== undefined) {
    markLast(draft, replies, mark, word);
    return 0;
  }
  // 0.154 ms     269ms     0,512 ms, in the languages that write it so
  const time = /^<?(\d+(?:[.,]\d+)?)(ms)?$/.exec(word);
  const isApart = words[at + 1] === 'ms';
  if (time === null || (time[2] === undefined && !isApart)) {
    readSender(draft, word, time !== null && at === words.length - 1 ? line : undefined);
    return 0;
  }
  if (draft.from !== undefined)
    replies.push({ kind: 'answer', from: draft.from, ms: Number((time[1] ?? '').replace(',', '.')) });
  else complain(draft, line, 'a time without an address: the names that answer are not known');
  return isApart ? 1 : 0;
}

/** `10.1.0.4`, `(10.1.0.4)`; a name before the bracket, `[AS15169]` and `<MPLS:…>` say nothing that is needed. */
function readSender(draft: Draft, word: string, cutLine: string | undefined): void {
  const address = addressIn(word);
  if (address !== undefined) draft.from = address;
  else if (cutLine !== undefined) complain(draft, cutLine, 'cut short: a time without its unit');
}

function markLast(
  draft: Draft,
  replies: Reply[],
  error: NonNullable<ReturnType<typeof errorOfMark>>,
  text: string,
): void {
  const last = replies.at(-1);
  if (last?.kind === 'answer') replies[replies.length - 1] = { kind: 'error', error, from: last.from, text };
  else replies.push({ kind: 'error', error, from: draft.from ?? null, text });
}

function recognise(text: string): number {
  const lines = text.slice(0, 10_000).split(/\r*\n/);
  if (lines.some((line) => /^traceroute6?\s.*\([0-9a-fA-F:.]+\)/.test(line))) return 0.97;
  const hops = lines.filter((line) => /^\s*\d{1,3}\s+(\*|\S+\s+\(?[0-9a-f.:]*\)?\s*\d+\.\d+ ?ms)(\s|$)/.test(line));
  const answers = hops.filter((line) => /\s\d+\.\d+ ?ms/.test(line)).length;
  // tracert of Windows prints its times before the address, and whole milliseconds.
  return hops.length >= 1 && answers >= 1 && !lines.some((line) => /^\s*\d+\??:\s/.test(line)) ? 0.7 : 0;
}
