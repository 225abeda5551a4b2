import { readIpRouteJson } from './linux-ip-route-json.ts';
import { readIpRouteText } from './linux-ip-route-text.ts';
import { isJsonAsked, isJsonText, noAnswer, type OfNothing } from './linux-json.ts';
import { fromTerminal } from './linux-terminal.ts';
import type { Reading, ReadingContext, Source } from './source.ts';

/** The routing tables of Linux, as `ip route show` prints them: JSON of any version, or text. */
export const linuxIpRoute: Source = fromTerminal({
  id: 'linux-ip-route',
  title: 'Linux: ip [-j] [-d] [-6] route show [table all]',
  parse,
  recognise,
});

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, ofNothing(context));
  if (failed !== undefined) return failed;
  const table = askedTable(context);
  const reading = isJsonText(text) ? readIpRouteJson(text, table, context) : readIpRouteText(text, table, context);
  const { exitCode } = context;
  if (exitCode === undefined || exitCode === null || exitCode === 0) return reading;
  const why = `the command ended with exit code ${exitCode}: the table may be cut`;
  const problem = { origin: { artifact: context.artifact }, text: (context.stderr ?? '').trim(), why };
  return { facts: reading.facts, problems: [...reading.problems, problem] };
}

// Even a computer without a network has the IPv4 routes of its loopback, in the table `local`.
function ofNothing(context: ReadingContext): OfNothing {
  const { argv = ['all'], family } = context;
  const hasRows = family !== 6 && (argv.includes('all') || argv.includes('0'));
  return hasRows || isJsonAsked(context) ? 'prints a frame' : 'stays silent';
}

/** `ip route show table 220` prints rows that do not name their table. */
function askedTable({ argv = [] }: ReadingContext): string {
  const at = argv.findIndex((word) => word === 'table' || word === 't');
  const table = at < 0 ? undefined : argv[at + 1];
  return table === undefined || table === 'all' || table === '0' ? 'main' : table;
}

// default via 192.168.29.1 dev wlan0 proto dhcp metric 600
// 10.1.0.0/16 via 172.16.50.1 dev tun0
// unreachable fd04::/16 dev lo metric 1024 pref medium
const row =
  /^[ \t]*((\d{1,2}|unicast|local|broadcast|multicast|anycast|throw|unreachable|prohibit|blackhole)[ \t]+)?(default|[0-9a-f]*[:.][0-9a-f.:]+(\/\d+)?)[ \t]+(.*[ \t])?(dev|via|proto|nexthop|table|scope)[ \t]+\S/;
const discardRow =
  /^[ \t]*(throw|unreachable|prohibit|blackhole)[ \t]+(default|[0-9a-f]*[:.][0-9a-f.:]+(\/\d+)?)[ \t]*$/;
// 6 10.9.0.0/16 of `ip -N`, beside rows that say more: by itself it is an entry of any numbered list
const multipathHead = /^([6-9][ \t]+)?(default|[0-9a-f]*[:.][0-9a-f.:]+(\/\d+)?)[ \t]*$/;
const detail = /^\s+(nexthop|cache|nh_info)\b/;

function recognise(text: string): number {
  if (isJsonText(text)) return recogniseJson(text);
  const lines = text
    .slice(0, 20_000)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 50);
  if (lines.some((line) => /\suid \d+\s*$/.test(line))) return 0;
  const rows = lines.filter((line) => row.test(line) || discardRow.test(line)).length;
  const others = lines.filter((line) => detail.test(line) || multipathHead.test(line)).length;
  return rows === 0 ? 0 : (0.95 * (rows + others)) / lines.length;
}

// [{"type":"unicast","dst":"default","gateway":"192.168.29.1","dev":"wlan0", … "flags":[]}
function recogniseJson(text: string): number {
  const start = text.slice(0, 4000);
  if (!/^[\s\uFEFF]*\[\s*(\{\s*\}\s*,\s*)*\{[^{}]*"dst"\s*:/.test(start)) return 0;
  if (/"cache"\s*:/.test(start) || /"priority"\s*:/.test(start)) return 0;
  return /"(dev|nexthops|gateway|table|type)"\s*:/.test(start) ? 0.95 : 0;
}
