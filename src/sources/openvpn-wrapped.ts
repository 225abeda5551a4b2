import { parseAddress } from '../net/address.ts';
import { optionRoute } from './openvpn-options.ts';

/** A line of a log, whole again, and the number of the line it began on. */
export interface LogLine {
  readonly text: string;
  readonly at: number;
}

const mostLines = 200;

/**
 * The lines of a log. A reply of many routes is one very long line, which mail wraps at a space and a terminal within a
 * word: what follows up to its closing quote is joined to it, unless a line of its own comes in between.
 */
export function logLines(text: string, isStamped: (line: string) => boolean): readonly LogLine[] {
  const rows = text.split('\n');
  const lines: LogLine[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? '';
    const more = row.includes("'PUSH_REPLY") && !/'PUSH_REPLY[^']*'/.test(row) ? wrappedRows(rows, at, isStamped) : [];
    lines.push({ text: more.reduce(joined, row), at: at + 1 });
    at += more.length;
  }
  return lines;
}

function wrappedRows(rows: readonly string[], at: number, isStamped: (line: string) => boolean): readonly string[] {
  for (let end = at + 1; end < rows.length && end <= at + mostLines; end += 1) {
    const row = rows[end] ?? '';
    if (isStamped(row)) return [];
    if (row.includes("'")) return rows.slice(at + 1, end + 1);
  }
  return [];
}

// route 10.1.0.0 255.255|.0.0,topology subnet       or, where a space was taken:      route 10.1.0.0|255.255.0.0
function joined(left: string, right: string): string {
  const [before, after] = [left.trimEnd(), right.trim()];
  const [start, end] = [before.slice(before.lastIndexOf(',') + 1), after.split(/[,']/, 1)[0] ?? ''];
  const glued = `${start}${end}`;
  const isNameBroken = names.has(firstWord(glued)) && !names.has(firstWord(start));
  const isWithinWord = start === '' || end === '' || isNameBroken || isOption(glued);
  return isWithinWord ? before + after : `${before} ${after}`;
}

const names: ReadonlySet<string> = new Set([
  'route',
  'route-ipv6',
  'route-gateway',
  'ifconfig',
  'topology',
  'redirect-gateway',
]);

function firstWord(text: string): string {
  return text.trim().split(/\s/, 1)[0] ?? '';
}

function isOption(text: string): boolean {
  const words = text.trim().split(/\s+/);
  const [name = '', value = ''] = words;
  if (name === 'route' || name === 'route-ipv6') return optionRoute(words) !== undefined;
  if (name === 'route-gateway' || name === 'ifconfig') return parseAddress(value) !== undefined;
  return name === 'topology' ? /^(subnet|net30|p2p)$/.test(value) : name === 'redirect-gateway';
}
