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
  /** What the command line aimed at. */
  readonly asked: Address | undefined;
  readonly origin: Trace['origin'];
}

//  1?: [LOCALHOST]                      pmtu 1500
const start = /^\s*\d+\??:\s+\[LOCALHOST\]/;
//  2:  10.1.0.4                                            28.514ms reached
//  1:  192.168.29.1                                          3.066ms asymm  2 !H
//  3:  no reply
const numbered = /^\s*(\d+)\??:\s+(\S.*)$/;
//      Resume: pmtu 1480 hops 2 back 2          Too many hops: pmtu 1500
//      Wiederaufnahme: pmtu 1480 Sprünge 2 zurück 2: numbers behind the pmtu tell of arrival in any language
const summary = /^\s*\D+[:：]\s*pmtu\s+\d+(\s+\D+\d.*)?\s*$/i;

function parse(text: string, context: ReadingContext): Reading {
  const refused = refusalInStderr(context);
  const failed = refused === undefined ? noAnswer(text, context, 'prints a frame') : undefined;
  if (failed !== undefined) return failed;
  const problems: Problem[] = [];
  const first = newDraft(context, problems, targetOf(context), { artifact: context.artifact });
  const drafts = [Object.assign(first, { refused })];
  for (const [index, line] of text.split(/\r*\n/).entries()) {
    let draft = drafts.at(-1) ?? first;
    const isStart = start.test(line);
    if (isStart && isOver(draft, line)) {
      draft = newDraft(context, problems, undefined, lineOrigin(context, index + 1));
      drafts.push(draft);
    }
    draft.line = index + 1;
    if (line.trim() !== '' && !isStart) readLine(draft, line);
  }
  const traces = drafts.filter(isTold).map(traceOf);
  return { facts: traces.length === 0 ? {} : { traces }, problems };
}

/** What follows the summary of a trace is another; so is a first line below later ones, where somebody broke it off. */
function isOver({ told, hops }: Draft, line: string): boolean {
  return told !== undefined || (hops.size > 1 && /^\s*1\?/.test(line));
}

function newDraft(
  context: ReadingContext,
  problems: Problem[],
  asked: Address | undefined,
  origin: Trace['origin'],
): Draft {
  const nothing = { refused: undefined, reachedBy: undefined, told: undefined };
  return { context, hops: new Map(), problems, asked, ...nothing, line: 0, origin };
}

function isTold({ hops, refused, told }: Draft): boolean {
  return hops.size > 0 || refused !== undefined || told !== undefined;
}

function traceOf({ asked, refused, reachedBy, told, hops: drafts, origin }: Draft): Trace {
  const hops = hopsInOrder(drafts);
  const target = asked ?? reachedBy ?? (told === true ? lastSender(hops) : undefined);
  return {
    target: target ?? null,
    reached: isReached(target, hops, told, refused !== undefined),
    hops,
    ...(refused !== undefined && { refused }),
    origin,
  };
}

/** Who the tool's translated word for arrival stands behind. */
function lastSender(hops: readonly Hop[]): Address | undefined {
  const last = hops.at(-1)?.replies.at(-1);
  return last?.kind === 'answer' ? last.from : undefined;
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
