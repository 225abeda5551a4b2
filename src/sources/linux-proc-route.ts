import type { Evidence, Problem } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import type { AddressV4 } from '../net/address.ts';
import { prefixFromMask } from '../net/prefix.ts';
import { noAnswer } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { discard, onLink } from './linux-route-list.ts';
import { fromTerminal } from './linux-terminal.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** What the kernel shows without any tool: the last resort. */
export const linuxProcRoute: Source = fromTerminal({
  id: 'linux-proc-route',
  title: 'Linux: /proc/net/route',
  parse,
  recognise,
});

// tun0	0000010A	013210AC	0003	0	0	0	0000FFFF	0	0	0
const row =
  /^\s*(\S+)\s+([0-9A-F]{8})\s+([0-9A-F]{8})\s+([0-9A-F]{4})\s+\d+\s+\d+\s+(\d+)\s+([0-9A-F]{8})(?:\s+\d+){3}\s*$/i;

/** RTF_UP, RTF_REJECT of linux/route.h. */
const [isUp, isRejecting] = [0x0001, 0x0200];

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, 'prints a frame');
  if (failed !== undefined) return failed;
  const routes: Route[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const origin = lineOrigin(context, index + 1);
    const route = routeOf(line, origin);
    if (typeof route === 'object') routes.push(route);
    else if (looksLikeRow(line)) problems.push({ origin, text: line.trim(), why: route ?? 'not a row of the table' });
  }
  // Without even its heading the file was not read.
  const isRead = routes.length > 0 || (problems.length === 0 && heading.test(text));
  return { facts: isRead ? { routes, limits: [limits(context)] } : {}, problems };
}

function limits({ artifact }: ReadingContext): Evidence {
  const says = '/proc/net/route shows the main table of IPv4 only, and the first next hop of each route';
  return { says, origin: { artifact } };
}

// Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
const heading = /^\s*Iface\s+Destination\s+Gateway\s+Flags\s/m;

function looksLikeRow(line: string): boolean {
  return line.trim() !== '' && !heading.test(line) && !isPrompt(line);
}

/** Text: why it is none. */
function routeOf(line: string, origin: Route['origin']): Route | string | undefined {
  const match = row.exec(line);
  if (match === null) return undefined;
  const [, name = '', destination = '', gateway = '', flagText = '', metric = '', mask = ''] = match;
  const block = prefixFromMask(addressOf(destination), addressOf(mask));
  if (block === undefined) return 'destination and mask are no prefix';
  const flags = Number.parseInt(flagText, 16);
  const next = addressOf(gateway);
  // Rows of blackhole and throw have no device and no flag that tells them apart; unreachable and prohibit reject.
  const isDiscarded = name === '*' || (flags & isRejecting) !== 0;
  const via = next === 0 ? onLink : ({ kind: 'gateway', address: next } as const);
  return {
    prefix: block,
    via: isDiscarded ? discard : via,
    type: discardType(isDiscarded, (flags & isRejecting) !== 0),
    interface: name === '*' ? '' : name,
    metric: Number(metric),
    table: 'main',
    ...((flags & isUp) === 0 && { flags: ['dead'] }),
    origin,
  };
}

function discardType(isDiscarded: boolean, rejects: boolean): Route['type'] {
  if (!isDiscarded) return 'unicast';
  return rejects ? 'unreachable' : 'blackhole';
}

/** The bytes of an address as the processor keeps them, lowest first: `013210AC` is 172.16.50.1. */
function addressOf(hex: string): AddressV4 {
  const bytes = Buffer.from(hex, 'hex');
  return bytes.readUInt32LE(0) as AddressV4;
}

function recognise(text: string): number {
  return heading.test(text.slice(0, 500)) ? 0.98 : 0;
}
