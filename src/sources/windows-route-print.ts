import type { Interface } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { interfaceOfList } from './windows-interface-list.ts';
import { endWaiting, type Ipv6State, ipv6State, readIpv6Line } from './windows-ipv6-row.ts';
import { type RowOutcome, type RowReader, type RowsFound, readIpv4Row, rowReader } from './windows-route-row.ts';
import {
  afterBlanks,
  beforeBlanks,
  codeAt,
  isDigit,
  isPrompt,
  type Page,
  pagesOf,
  quoted,
  undecorated,
} from './windows-scan.ts';

/** `route print`, `netstat -rn` on Windows: XP to 11, any language. Rows are told by their cells, never by headings. */
export const windowsRoutePrint: Source = {
  id: 'windows-route-print',
  title: 'Windows: route print, netstat -rn (any language)',
  parse: parseRoutePrint,
  recognise,
};

interface Progress {
  readonly found: RowsFound;
  readonly ipv4: RowReader;
  readonly ipv6: Ipv6State;
  readonly interfaces: Interface[];
  readonly problems: Problem[];
  readonly context: ReadingContext;
  line: number;
  /** The outcome of the line before: an active row that a cut made shorter looks like a persistent one. */
  previous: RowOutcome;
  /** A row that lacks cells: mail wraps the metric onto the next line. */
  torn: { readonly row: string; readonly plain: string; readonly line: number; readonly why: string } | undefined;
  rulers: number;
  /** A row stood in a table that a ruler opened, and no ruler has closed it since. */
  isOpen: boolean;
}

function parseRoutePrint(text: string, context: ReadingContext): Reading {
  const found: RowsFound = { active: [], persistent: [] };
  const problems: Problem[] = [];
  const progress: Progress = {
    found,
    ipv4: rowReader(context.artifact, found),
    ipv6: ipv6State((line, row, why) => tell({ problems, context }, line, row, why)),
    interfaces: [],
    problems,
    context,
    line: 0,
    previous: 'none',
    torn: undefined,
    rulers: 0,
    isOpen: false,
  };
  for (const page of pagesOf(text)) readPage(progress, page);
  tellTorn(progress);
  endWaiting(progress.ipv6);
  return readingOf(progress);
}

function readPage(progress: Progress, page: Page): void {
  const { text, codes } = page;
  for (let start = 0; start < text.length; ) {
    const stop = text.indexOf('\n', start);
    const end = stop < 0 ? text.length : stop;
    progress.line += 1;
    readLine(progress, page, afterBlanks(codes, start, end), beforeBlanks(codes, start, end), stop < 0);
    start = end + 1;
  }
}

// A Windows without any route does not exist: a text without rows tells of its own making, not of the table.
function readingOf({ found, interfaces, problems, rulers, isOpen, context }: Progress): Reading {
  const isEmpty = found.active.length === 0 && found.persistent.length === 0;
  const says = 'the print lists no route at all: it was filtered, or cut';
  const origin = { artifact: context.artifact };
  const cut: Problem = { origin, text: '', why: 'the table is not closed by a line: the rest of it is missing' };
  if (!isEmpty)
    return {
      facts: { routes: found.active, persistent: found.persistent, interfaces },
      problems: isOpen ? [...problems, cut] : problems,
    };
  if (rulers > 0) return { facts: { interfaces, limits: [{ says, origin }] }, problems };
  const none: Problem = { origin, text: '', why: 'no row of a Windows route table in this text' };
  return { facts: {}, problems: problems.length > 0 ? problems : [none] };
}

function readLine(progress: Progress, { text, codes }: Page, start: number, end: number, isCut: boolean): void {
  if (start >= end) return;
  const { line } = progress;
  const outcome = isDigit(codeAt(codes, start)) ? readIpv4Row(progress.ipv4, codes, start, end, line) : 'none';
  if (typeof outcome === 'object' || outcome === 'none') {
    progress.previous = readSlowly(progress, text.slice(start, end), outcome);
    return;
  }
  if (progress.torn !== undefined) tellTorn(progress);
  endWaiting(progress.ipv6);
  // The last line of a paste that stops within a row of active routes.
  if (outcome === 'persistent' && isCut && progress.previous === 'active') {
    progress.found.persistent.pop();
    tell(progress, line, text.slice(start, end), 'the text ends within this row');
  }
  progress.previous = outcome;
  if (outcome === 'active') progress.isOpen = progress.rulers > 0;
}

/** A line that is no clean row: the rest of the row above, a row in disguise, a broken row, or one of another kind. */
function readSlowly(progress: Progress, row: string, outcome: RowOutcome): RowOutcome {
  const { line, torn } = progress;
  const plain = undecorated(row);
  if (torn !== undefined && isRestOfRow(plain)) {
    const whole = readText(progress, `${torn.plain} ${plain}`, torn.line);
    if (whole === 'active') return filed(progress, whole);
    if (whole === 'persistent') progress.found.persistent.pop();
  }
  tellTorn(progress);
  const again = plain === row ? outcome : readText(progress, plain, line);
  if (again === 'active' || again === 'persistent') return filed(progress, again);
  if (again === 'none') readOther(progress, plain, line);
  else {
    endWaiting(progress.ipv6);
    progress.torn = { row, plain, line, why: again.why };
  }
  return again;
}

// 43      172.16.50.130     43
function isRestOfRow(row: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}\s{1,60})?\d{1,10}$/.test(row);
}

function readText({ ipv4 }: Progress, row: string, line: number): RowOutcome {
  const codes = Uint16Array.from(row, (character) => character.charCodeAt(0));
  return isDigit(codeAt(codes, 0)) ? readIpv4Row(ipv4, codes, 0, codes.length, line) : 'none';
}

function filed(progress: Progress, outcome: 'active' | 'persistent'): RowOutcome {
  progress.torn = undefined;
  endWaiting(progress.ipv6);
  if (outcome === 'active') progress.isOpen = progress.rulers > 0;
  return outcome;
}

function tellTorn(progress: Progress): void {
  const { torn } = progress;
  progress.torn = undefined;
  if (torn !== undefined) tell(progress, torn.line, torn.row, torn.why);
}

function readOther(progress: Progress, row: string, line: number): void {
  // ===========================================================================
  if (row.startsWith('====')) {
    progress.rulers += 1;
    progress.isOpen = false;
    endWaiting(progress.ipv6);
    progress.ipv6.rulers += 1;
    return;
  }
  if (readIpv6Line(progress.ipv6, progress.found, row, line, progress.context)) return;
  const card = row.includes('...') ? interfaceOfList(row, line, progress.context) : undefined;
  if (card !== undefined) progress.interfaces.push(card);
  else if (/\.{6}/.test(row)) tell(progress, line, row, 'dots of the interface list without a number in front');
  else if (!isPrompt(row) && looksLikeData(row))
    tell(progress, line, row, 'addresses of a route, but not the cells of one');
}

function tell(
  { problems, context }: Pick<Progress, 'problems' | 'context'>,
  line: number,
  text: string,
  why: string,
): void {
  problems.push({ origin: lineOrigin(context, line), text: quoted(text), why });
}

// A broken cell in front, two addresses anywhere, a prefix of IPv6, or an If and a metric. `Default Gateway: 192.168.22.1`
// and a prompt with one address are no data.
function looksLikeData(row: string): boolean {
  if (/^\d+\.+\d/.test(row) || /^\d+\.\S.*\d\.\d+\.\d/.test(row) || /^\d+\s+\d+(?:\s|$)/.test(row)) return true;
  if (/[0-9a-f:]:[0-9a-f:.]{0,45}\/\d/i.test(row)) return true;
  return (row.match(/\d{1,3}(?:\.\d{1,3}){3}/g)?.length ?? 0) > 1;
}

function recognise(text: string): number {
  const head = text.slice(0, 200_000);
  const { facts } = parseRoutePrint(head, { artifact: '' });
  const rows = (facts.routes?.length ?? 0) + (facts.persistent?.length ?? 0);
  if (rows === 0) return facts.limits !== undefined && (facts.interfaces?.length ?? 0) > 0 ? 0.8 : 0;
  const lines = head.split('\n').filter((line) => line.trim() !== '').length;
  return Math.min(0.95, 0.55 + rows / lines / 2);
}
