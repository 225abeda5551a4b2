import type { Interface } from '../facts/client.ts';
import type { Origin, Problem } from '../facts/origin.ts';
import type { Route, Via } from '../facts/route.ts';
import { parsePrefix } from '../net/prefix.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { addressOfCell } from './windows-addresses.ts';
import { quoted, undecorated } from './windows-scan.ts';

/** `netsh interface ipv4 show route` (ipv6 too), any language. It prints the route's own metric, not the effective one. */
export const windowsNetshRoute: Source = {
  id: 'windows-netsh-route',
  title: 'Windows: netsh interface ipv4 show route (any language)',
  parse: parseNetsh,
  recognise: (text) => {
    const { facts } = parseNetsh(text.slice(0, 50_000), { artifact: '' });
    return facts.routes === undefined ? 0 : 0.8;
  },
};

// No       Manual    0    0.0.0.0/0                  16  192.168.29.1
// Nein     System    256  127.0.0.0/8                 1  Loopback Pseudo-Interface 1
const row = /(?<![\w.:/])(\d{1,10})\s{1,40}([0-9a-f:.]{2,45}\/\d{1,3})\s{1,60}(\d{1,10})\s{1,40}(\S.*)$/i;
const prefixLike = /(?<![\w.:/-])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,40})\/\d{1,3}(?!\d)/i;
// Metric and index with a broken prefix between them, or none.
const rowLike = /\s\d{1,10}\s{1,60}(?:[^\s/.:]{0,45}[/.:]\S{0,45}\s{1,60})?\d{1,10}\s{1,40}\S/;

function parseNetsh(text: string, context: ReadingContext): Reading {
  const routes: Route[] = [];
  const problems: Problem[] = [];
  const interfaces = new Map<string, Interface>();
  for (const [at, raw] of text.split('\n').entries()) {
    const line = undecorated(raw.replaceAll('\u00a0', ' '));
    const origin = lineOrigin(context, at + 1);
    const found = rowOf(line, origin);
    if (found !== undefined) {
      routes.push(found.route);
      if (found.link !== undefined) interfaces.set(found.link.name, found.link);
    } else if (prefixLike.test(line) || rowLike.test(line)) {
      problems.push({ origin, text: quoted(line), why: 'not the cells of a netsh row, or no prefix' });
    }
  }
  if (routes.length > 0) return { facts: { routes, persistent: [], interfaces: [...interfaces.values()] }, problems };
  const none = { origin: { artifact: context.artifact }, text: '', why: 'no row of netsh in this text' };
  return { facts: {}, problems: problems.length > 0 ? problems : [none] };
}

// A row whose last cell is no address names its interface there: on-link.
function rowOf(line: string, origin: Origin): { readonly route: Route; readonly link?: Interface } | undefined {
  const [, , prefixText = '', index = '', hop = ''] = row.exec(line) ?? [];
  const prefix = parsePrefix(prefixText);
  if (prefix === undefined) return undefined;
  const gateway = addressOfCell(hop.trim());
  const via: Via = gateway === undefined ? { kind: 'on-link' } : { kind: 'gateway', address: gateway };
  const route: Route = { prefix, via, type: 'unicast', interface: index, metric: null, table: 'main', origin };
  if (gateway !== undefined) return { route };
  return { route, link: { name: hop.trim(), index: Number(index), addresses: [], origin } };
}
