import type { Problem } from '../facts/origin.ts';
import type { Trace } from '../facts/trace.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { addressesIn } from './windows-addresses.ts';
import { quoted, undecorated } from './windows-scan.ts';
import { type HopLine, hopShape, readHop, unwrapped } from './windows-tracert-hop.ts';

/** `tracert` in any language. Success is an answer of the target itself: the closing sentence follows failures too. */
export const windowsTracert: Source = {
  id: 'windows-tracert',
  title: 'Windows: tracert (any language)',
  parse: parseTracert,
  recognise,
};

interface Numbered {
  readonly text: string;
  readonly line: number;
}

interface Block {
  readonly header: Numbered[];
  readonly hops: HopLine[];
}

interface Progress {
  readonly context: ReadingContext;
  readonly blocks: Block[];
  readonly problems: Problem[];
  /** Lines since the last hop: a footer, or the header of the next trace. */
  between: Numbered[];
}

function parseTracert(text: string, context: ReadingContext): Reading {
  const problems: Problem[] = [];
  const progress: Progress = { context, blocks: [], problems, between: [] };
  const lines = text.split('\n').map((line, index) => ({ text: undecorated(line), line: index + 1 }));
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i];
    if (line !== undefined && line.text !== '') i += readLine(progress, line, lines[i + 1]) - 1;
  }
  closeBlock(progress);
  const traces = progress.blocks.flatMap((block) => traceOf(block, context) ?? []);
  if (traces.every(({ hops }) => hops.length === 0) && problems.length === 0)
    problems.push({ origin: { artifact: context.artifact }, text: '', why: 'no hop of a tracert in this text' });
  return { facts: traces.length > 0 ? { traces } : {}, problems };
}

// How many lines it took: a console may have wrapped the address onto the next.
function readLine(progress: Progress, line: Numbered, next: Numbered | undefined): 1 | 2 {
  const { context, blocks, problems } = progress;
  const last = blocks.at(-1)?.hops.at(-1)?.hop.ttl ?? 0;
  const { ttl, shape, body } = hopShape(line.text);
  // `30 hops at most:` begins with a number too; a local failure comes on the very next hop.
  if (shape === 'none' || (shape === 'words' && ttl !== last + 1 && ttl !== 1)) {
    progress.between.push(line);
    return 1;
  }
  const whole = unwrapped(body, next?.text ?? '');
  const hop = readHop(ttl, whole, line.line, context);
  // A number that does not grow begins the next trace of a paste that holds several.
  if (blocks.length === 0 || ttl <= last) openBlock(progress);
  else closeBlock(progress);
  if (typeof hop === 'string') problems.push(problemOf(line, context, hop));
  else blocks.at(-1)?.hops.push(hop);
  return whole === body ? 1 : 2;
}

function openBlock(progress: Progress): void {
  const { problems, context, between } = progress;
  const odd = between.filter((line) => hasTimes(line) || isReport(line));
  problems.push(...odd.map((line) => problemOf(line, context, notHop)));
  progress.blocks.push({ header: progress.between, hops: [] });
  progress.between = [];
}

function closeBlock(progress: Progress): void {
  const { blocks, problems, context, between } = progress;
  if (blocks.length === 0 && between.length > 0) openBlock(progress);
  else problems.push(...between.filter(looksLikeData).map((odd) => problemOf(odd, context, notHop)));
  progress.between = [];
}

const notHop = 'an address, but not the cells of a hop';

// 1x 192.168.29.37  reports: …      a header may begin with the address of the target, not with a number before one
function isReport({ text }: Numbered): boolean {
  const [number = '', address = ''] = text.split(/\s+/, 2);
  return /^\d{1,3}[^\d.:]?$/.test(number) && /^[\d[]/.test(address) && addressesIn(address).length > 0;
}

function looksLikeData(line: Numbered): boolean {
  return hasTimes(line) || (/^\d/.test(line.text) && addressesIn(line.text).length > 0);
}

/** A hop whose number is gone. `over a maximum of 30 hops` has one such cell, no sentence has two. */
function hasTimes({ text }: Numbered): boolean {
  const cells = text.match(/(?<!\S)(?:\*|<?\d{1,6}\s?[^\s!-?[]{1,8})(?!\S)/g) ?? [];
  return cells.length > 1 && (addressesIn(text).length > 0 || cells.every((one) => one === '*'));
}

function problemOf({ text, line }: Numbered, context: ReadingContext, why: string): Problem {
  return { origin: lineOrigin(context, line), text: quoted(text), why };
}

function traceOf({ header, hops }: Block, context: ReadingContext): Trace | undefined {
  const target = targetOf(header, context);
  const origin = lineOrigin(context, header[0]?.line ?? 1);
  if (hops.length === 0)
    return target === null || header.length === 0 ? undefined : { target, reached: null, hops: [], origin };
  const answered = hops.some(
    ({ hop, isReport }) => !isReport && hop.replies.some((reply) => reply.kind === 'answer' && reply.from === target),
  );
  return { target, reached: target === null ? null : answered, hops: hops.map(({ hop }) => hop), origin };
}

// Tracing route to name [10.1.0.4]      our own argument first: the sentence has its words in any order
function targetOf(header: readonly Numbered[], { target }: ReadingContext): Address | null {
  const asked = target === undefined ? undefined : parseAddress(target);
  if (asked !== undefined) return asked;
  const text = header.map((line) => line.text).join('\n');
  const bracketed = [...text.matchAll(/\[([^\]\n]{2,60})\]/g)].flatMap(([, inside = '']) => addressesIn(inside));
  const named = new Set(bracketed.length > 0 ? bracketed : addressesIn(text));
  return named.size === 1 || bracketed.length > 0 ? ([...named].at(-1) ?? null) : null;
}

function recognise(text: string): number {
  const { facts } = parseTracert(text.slice(0, 50_000), { artifact: '' });
  const hops = facts.traces?.flatMap((trace) => trace.hops) ?? [];
  const probes = hops.filter(({ replies }) => replies.length === 3).length;
  const failures = hops.filter(({ replies }) => replies.some(({ kind }) => kind === 'error')).length;
  if (probes + failures === 0 || (probes === 0 && facts.traces?.[0]?.target === null)) return 0;
  // Unix puts the address before its times, with a decimal point: none of its hops has three cells of ours.
  return hops.length === probes + failures ? 0.85 : 0.6;
}
