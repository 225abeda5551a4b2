import type { Evidence, Origin, Problem } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import type { Family } from '../net/address.ts';
import { noAnswer } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { fromTerminal } from './linux-terminal.ts';
import { readBsdRow } from './netstat-bsd-row.ts';
import { readLinuxRow } from './netstat-linux-row.ts';
import type { RowReading } from './netstat-row.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** The routing table as `netstat -rn` and `route -n` print it, of Linux, macOS and the BSDs. */
export const netstatRoutes: Source = fromTerminal({
  id: 'netstat-routes',
  title: 'Linux and macOS: netstat -rn, route -n',
  parse,
  recognise,
});

// Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
// Destination     Passerelle      Genmask         Indic MSS   Fenêtre irtt Iface
// Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
const segmentHeading = /\sMSS\s.*\sirtt\s/;

/** What the lines above a row tell of it. */
interface Above {
  hasMetric: boolean;
  family: Family;
  isHeaded: boolean;
}

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, 'prints a frame');
  if (failed !== undefined) return failed;
  const routes: Route[] = [];
  const problems: Problem[] = [];
  const above: Above = { hasMetric: false, family: context.family ?? 4, isHeaded: false };
  for (const [index, line] of text.split('\n').entries()) {
    const origin = lineOrigin(context, index + 1);
    const row = readLine(line, above, origin);
    if (typeof row === 'object') routes.push(row);
    else if (row !== undefined) problems.push({ origin, text: line.trim().slice(0, 300), why: row });
  }
  // A heading without rows is an empty table; anything else without rows was not read.
  const isRead = routes.length > 0 || (problems.length === 0 && above.isHeaded);
  return { facts: isRead ? { routes, limits: [limits(context, routes)] } : {}, problems };
}

function readLine(line: string, above: Above, origin: Origin): RowReading {
  const cells = line.trim().split(/\s+/);
  const row = readLinuxRow(cells, above.hasMetric, origin) ?? readBsdRow(cells, above.family, origin);
  if (row !== undefined) return row;
  // Internet6:
  const title = /^Internet(6?):?$/.exec(line.trim());
  if (title !== null) above.family = title[1] === '' ? 4 : 6;
  if (title !== null || readHeading(cells, line, above)) return undefined;
  return looksLikeData(cells) && !isPrompt(line) ? 'not a row of a routing table' : undefined;
}

/** Whether the line is one of column titles; those of a Linux table tell whether it has metrics. */
function readHeading(cells: readonly string[], line: string, above: Above): boolean {
  if (cells.length < 4 || cells.some((cell) => /\d|[,:;!?]$/.test(cell))) return false;
  const isKnown = cells.some((cell) => /^(Genmask|Iface|Netif|Flags?)$/.test(cell));
  // Ziel            Router          Genmask         Flags Metric Ref    Use Iface
  // 受信先サイト    ゲートウェイ    ネットマスク   フラグ Metric Ref 使用数 インタフェース
  if (isKnown || cells.length === 8) above.hasMetric = !segmentHeading.test(line);
  // Eight words of prose are no table without rows.
  if (isKnown) above.isHeaded = true;
  return isKnown;
}

function limits({ artifact }: ReadingContext, routes: readonly Route[]): Evidence {
  const hasMetric = routes.some(({ metric }) => metric !== null);
  const says = `this listing shows the main table only, and the first next hop of each route${hasMetric ? '' : ', without metrics'}`;
  return { says, origin: { artifact } };
}

// A number with dots, an address of IPv6, macOS' name for a link, or the word that both systems print for 0.0.0.0/0.
function looksLikeData(cells: readonly string[]): boolean {
  const isAddress = (cell: string) => /\d+\.\d+|::|[0-9a-f]:[0-9a-f]|^link#\d/i.test(cell);
  return cells.length >= 3 && (cells[0] === 'default' || cells.some(isAddress));
}

// 10.1.0.0        172.16.50.1     255.255.0.0     UG        0 0          0 tun0
const rowV4 = /^\s*(?:default|[\d.]{7,15})\s+(?:[\d.]{7,15}|[*-])\s+[\d.]{7,15}\s+[U!][A-Za-z!]*(?:\s+[\d-]+){3}\s+\S/;

function recognise(text: string): number {
  const lines = text.slice(0, 4000).split('\n');
  // `route print` of Windows has five columns and no flags.
  if (lines.some((line) => /\sGenmask\s+Flags\s/.test(line) || rowV4.test(line))) return 0.95;
  if (lines.some((line) => /\sNext Hop\s+Flags?\s+Met\s/.test(line))) return 0.95;
  return lines.some((line) => /^\s*Destination\s+Gateway\s+Flags\s.*(Netif|Iface|Interface)/.test(line)) ? 0.95 : 0;
}
