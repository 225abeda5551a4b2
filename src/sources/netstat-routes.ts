import type { Evidence, Origin, Problem } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import { noAnswer } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { readBsdRow } from './netstat-bsd-row.ts';
import { readLinuxRow } from './netstat-linux-row.ts';
import type { RowReading } from './netstat-row.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** The routing table as `netstat -rn` and `route -n` print it, of Linux, macOS and the BSDs. */
export const netstatRoutes: Source = {
  id: 'netstat-routes',
  title: 'Linux and macOS: netstat -rn, route -n',
  parse,
  recognise,
};

// Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
// Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
const metricHeading = /\sMetric\s+Ref\s+Use\s+\S+\s*$|\sMet\s+Ref\s+Use\s+\S+\s*$/i;

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, 'prints a frame');
  if (failed !== undefined) return failed;
  const routes: Route[] = [];
  const problems: Problem[] = [];
  const headings: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const row = readLine(line, metricHeading.test(headings.at(-1) ?? ''), lineOrigin(context, index + 1));
    if (row === 'heading') headings.push(line.trimEnd());
    else if (typeof row === 'object') routes.push(row);
    else if (row !== undefined)
      problems.push({ origin: lineOrigin(context, index + 1), text: line.trim().slice(0, 300), why: row });
  }
  // A heading without rows is an empty table; anything else without rows was not read.
  const isRead = routes.length > 0 || (problems.length === 0 && headings.length > 0);
  return { facts: isRead ? { routes, limits: [limits(context, routes)] } : {}, problems };
}

function readLine(line: string, hasMetric: boolean, origin: Origin): RowReading | 'heading' {
  const cells = line.trim().split(/\s+/);
  const row = readLinuxRow(cells, hasMetric, origin) ?? readBsdRow(cells, origin);
  if (row !== undefined) return row;
  if (isHeading(cells)) return 'heading';
  return looksLikeData(cells) && !isPrompt(line) ? 'not a row of a routing table' : undefined;
}

function limits({ artifact }: ReadingContext, routes: readonly Route[]): Evidence {
  const hasMetric = routes.some(({ metric }) => metric !== null);
  const says = `this listing shows the main table only, and the first next hop of each route${hasMetric ? '' : ', without metrics'}`;
  return { says, origin: { artifact } };
}

/** Column titles: words without a single number, of any language; `Genmask` and `Iface` or `Netif` stay untranslated. */
function isHeading(cells: readonly string[]): boolean {
  return (
    cells.length >= 4 &&
    cells.every((cell) => !/\d/.test(cell)) &&
    cells.some((cell) => /^(Genmask|Iface|Netif|If|Flags?)$/i.test(cell))
  );
}

// A number with dots, an address of IPv6, macOS' name for a link, or the word that both systems print for 0.0.0.0/0.
function looksLikeData(cells: readonly string[]): boolean {
  const isAddress = (cell: string) => /\d+\.\d+|::|[0-9a-f]:[0-9a-f]|^link#\d/i.test(cell);
  return cells.length >= 3 && (cells[0] === 'default' || cells.some(isAddress));
}

function recognise(text: string): number {
  const lines = text.slice(0, 4000).split('\n');
  // `route print` of Windows has five columns and no flags.
  if (lines.some((line) => /\sGenmask\s+Flags\s/.test(line))) return 0.95;
  if (lines.some((line) => /\sNext Hop\s+Flags?\s+Met\s/.test(line))) return 0.95;
  return lines.some((line) => /^\s*Destination\s+Gateway\s+Flags\s.*Netif/.test(line)) ? 0.95 : 0;
}
