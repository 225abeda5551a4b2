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

/** The trace of Linux that needs no rights and probes one by one. */
export const linuxTracepath: Source = fromTerminal({
  id: 'linux-tracepath',
  title: 'Linux: tracepath [-n]',
  parse,
  recognise,
});

interface Draft {
  readonly context: ReadingContext;
  readonly hops: HopDrafts;
  readonly problems: Problem[];
  refused: Trace['refused'];
  /** Who stands on the line that the tool itself calls the end. */
  reachedBy: Address | undefined;
  /** The tool's own word: `Resume:` with a count of hops after it, or without. Undefined: the text ends before it. */
  told: boolean | undefined;
  line: number;
}

//  1?: [LOCALHOST]                      pmtu 1500
const start = /^\s*\d+\??:\s+\[LOCALHOST\]/;
//  2:  10.1.0.4                                            28.514ms reached
//  1:  192.168.29.1                                          3.066ms asymm  2 !H
//  3:  no reply
const numbered = /^\s*(\d+)\??:\s+(\S.*)$/;
//      Resume: pmtu 1480 hops 2 back 2          Too many hops: pmtu 1500
const summary = /^\s*\D+:\s*pmtu\s+\d+(\s+hops\s+\d+.*)?\s*$/;

function parse(text: string, context: ReadingContext): Reading {
  const refused = refusalInStderr(context);
  const failed = refused === undefined ? noAnswer(text, context, 'prints a frame') : undefined;
  if (failed !== undefined) return failed;
  const draft: Draft = {
    context,
    hops: new Map(),
    problems: [],
    refused,
    reachedBy: undefined,
    told: undefined,
    line: 0,
  };
  for (const line of text.split(/\r*\n/)) {
    draft.line += 1;
    if (line.trim() !== '' && !start.test(line)) readLine(draft, line);
  }
  const hops = hopsInOrder(draft.hops);
  const isNothing = hops.length === 0 && draft.refused === undefined && draft.told === undefined;
  return { facts: isNothing ? {} : { traces: [traceOf(draft, hops)] }, problems: draft.problems };
}

function traceOf({ context, refused, reachedBy, told }: Draft, hops: readonly Hop[]): Trace {
  const asked = targetOf(context);
  const target = asked ?? reachedBy;
  return {
    target: target ?? null,
    reached: isReached(target, hops, told, refused !== undefined),
    hops,
    ...(refused !== undefined && { refused }),
    origin: { artifact: context.artifact },
  };
}

/** The target's own address decides; the tool's word does where the target is not known. */
function isReached(
  target: Address | undefined,
  hops: readonly Hop[],
  told: boolean | undefined,
  refused: boolean,
): boolean | null {
  if (target !== undefined && answeredBy(target, hops)) return true;
  if (refused) return false;
  const endsInError = hops.at(-1)?.replies.some(({ kind }) => kind === 'error') === true;
  if (target === undefined) return told === true && !endsInError ? true : null;
  return told !== undefined || endsInError ? false : null;
}

function readLine(draft: Draft, line: string): void {
  const origin = lineOrigin(draft.context, draft.line);
  const hop = numbered.exec(line);
  const end = summary.exec(line);
  if (hop !== null) {
    const reply = readReply(draft, hop[2] ?? '', line);
    const { replies } = hopAt(draft.hops, Number(hop[1]), origin);
    if (reply !== undefined) replies.push(reply);
  } else if (end !== null) draft.told = end[1] !== undefined;
  else if (refusalIn(line, origin) !== undefined) draft.refused ??= refusalIn(line, origin);
  else if (!isPrompt(line)) complain(draft, line, 'not a line of a tracepath');
}

function complain(draft: Draft, text: string, why: string): void {
  draft.problems.push({ origin: lineOrigin(draft.context, draft.line), text: text.trim().slice(0, 300), why });
}

/** A hop's one answer: the address, its time, then marks. */
function readReply(draft: Draft, text: string, line: string): Reply | undefined {
  const time = /\s(\d+(?:\.\d+)?)ms\b(.*)$/.exec(text);
  if (time === null) return readSilence(draft, text, line);
  const from = senderIn(text.slice(0, time.index));
  if (from === undefined) {
    complain(draft, line, 'answered by a name: whose address it is, is not known');
    return undefined;
  }
  const mark = (time[2] ?? '').split(/\s+/).find((word) => word.startsWith('!')) ?? '';
  const error = errorOfMark(mark);
  if (error !== undefined) return { kind: 'error', error, from, text: mark };
  if (/\sreached\b/.test(time[2] ?? '')) draft.reachedBy = from;
  return { kind: 'answer', from, ms: Number(time[1]) };
}

/** A line without a time is a silence, in any language, unless this host could not send or the text is cut. */
function readSilence(draft: Draft, text: string, line: string): Reply | undefined {
  const isRefusal = /^(send|sendto) failed|^[a-z]+: /.test(text);
  const isCut = senderIn(text) !== undefined || /^\d[\d.:]*$/.test(text.trim());
  if (!isRefusal && !isCut) return { kind: 'silent' };
  complain(draft, line, isCut ? 'cut short: an answer without its time' : 'this host could not send');
  return undefined;
}

/** `10.1.0.4`, or with -b `host.example (10.1.0.4)`. */
function senderIn(text: string): Address | undefined {
  for (const word of text.trim().split(/\s+/)) {
    const address = parseAddress(word.replace(/^\(|\)$|%.*$/g, ''));
    if (address !== undefined) return address;
  }
  return undefined;
}

function recognise(text: string): number {
  const lines = text.slice(0, 10_000).split(/\r*\n/);
  if (lines.some((line) => start.test(line))) return 0.97;
  const hops = lines.filter((line) => /^\s*\d+\??:\s+\S.*\s\d+\.\d+ms\b/.test(line)).length;
  return hops > 0 ? 0.85 : 0;
}
