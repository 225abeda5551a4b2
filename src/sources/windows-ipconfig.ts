import type { Interface, InterfaceAddress } from '../facts/client.ts';
import { lengthOfMask } from '../net/prefix.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { addressesIn } from './windows-addresses.ts';
import { undecorated } from './windows-scan.ts';

/** `ipconfig` and `ipconfig /all`, any language: which adapter has which address. A mask below an address makes it one. */
export const windowsIpconfig: Source = {
  id: 'windows-ipconfig',
  title: 'Windows: ipconfig, ipconfig /all (any language)',
  parse: parseIpconfig,
  recognise,
};

interface Row {
  readonly value: string;
  readonly line: number;
}

interface Section {
  readonly heading: string;
  readonly line: number;
  readonly rows: Row[];
}

function parseIpconfig(text: string, context: ReadingContext): Reading {
  const interfaces = sectionsOf(text).flatMap((section) => interfaceOf(section, context) ?? []);
  if (interfaces.length > 0) return { facts: { interfaces }, problems: [] };
  const why = 'no adapter of ipconfig in this text';
  return { facts: {}, problems: [{ origin: { artifact: context.artifact }, text: '', why }] };
}

// Wireless LAN adapter WLAN:
//    IPv4 Address. . . . . . . . . . . : 192.168.178.24(Preferred)
//    Subnet Mask . . . . . . . . . . . : 255.255.255.0
function sectionsOf(text: string): readonly Section[] {
  const sections: Section[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const row = undecorated(raw.replaceAll('\u00a0', ' '));
    const value = valueIn(row);
    if (value !== undefined) sections.at(-1)?.rows.push({ value, line: index + 1 });
    else if (/[:：]$/.test(row)) sections.push({ heading: row.replace(/\s*[:：]$/, ''), line: index + 1, rows: [] });
  }
  return sections;
}

// The dots lead from the key to the colon in every language; a row without them goes on with the value above.
function valueIn(row: string): string | undefined {
  const dots = row.indexOf(' .');
  const colon = row.indexOf(':', Math.max(dots, 0));
  if (dots >= 0 && colon > dots) return row.slice(colon + 1).trim();
  return addressesIn(row).length === 1 && /^[0-9a-f:.%()\w]+$/i.test(row) ? row : undefined;
}

const mac = /^[0-9a-f]{2}(?:-[0-9a-f]{2}){5}$/i;

function interfaceOf({ heading, line, rows }: Section, context: ReadingContext): Interface | undefined {
  if (rows.length === 0) return undefined;
  const addresses = addressesOf(rows);
  const card = rows.findIndex(({ value }) => mac.test(value));
  const description = card > 0 ? rows[card - 1]?.value : rows[1]?.value;
  // PPP adapter hub: what RAS describes is the connection, whose name closes the heading.
  const isNamed = description !== undefined && description !== '' && heading.endsWith(` ${description}`);
  const hardware = rows[card]?.value.replaceAll('-', ':').toLowerCase();
  const isPointToPoint = card < 0 && addresses.some(({ length }) => length === 32);
  return {
    name: isNamed ? description : heading,
    index: null,
    addresses,
    ...(description !== undefined && description !== '' && !addressesIn(description).length && { description }),
    ...(hardware !== undefined && { mac: hardware }),
    ...(isPointToPoint && { isTunnel: true }),
    origin: lineOrigin(context, line),
  };
}

// Gateways and servers are addresses too, but no mask follows them; of IPv6 only what stands above the first mask is own.
function addressesOf(rows: readonly Row[]): readonly InterfaceAddress[] {
  const firstMask = rows.findIndex(({ value }) => maskLength(value) !== undefined);
  return rows.flatMap(({ value }, index): InterfaceAddress[] => {
    const [address] = addressesIn(value);
    if (address === undefined || maskLength(value) !== undefined) return [];
    const length = maskLength(rows[index + 1]?.value ?? '');
    if (typeof address === 'number') return length === undefined ? [] : [{ address, length }];
    return firstMask < 0 || index < firstMask || value.includes('(') ? [{ address, length: null }] : [];
  });
}

function maskLength(value: string): number | undefined {
  const [mask] = /^[\d.]+$/.test(value) ? addressesIn(value) : [];
  return mask !== undefined && (value.startsWith('255.') || value === '0.0.0.0') ? lengthOfMask(mask) : undefined;
}

function recognise(text: string): number {
  const head = text.slice(0, 50_000);
  const dotted = head.split('\n').filter((row) => / \. \. \.[ .]*:/.test(row)).length;
  return dotted > 2 && parseIpconfig(head, { artifact: '' }).facts.interfaces !== undefined ? 0.9 : 0;
}
