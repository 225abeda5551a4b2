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

/** A line of the text: what it says, how far in it stands, and whether dots lead from its key to its colon. */
interface Line {
  readonly row: string;
  readonly indent: number;
  readonly isDotted: boolean;
}

// Wireless LAN adapter WLAN:
//
//    IPv4 Address. . . . . . . . . . . : 192.168.178.24(Preferred)
//    Subnet Mask . . . . . . . . . . . : 255.255.255.0
function sectionsOf(text: string): readonly Section[] {
  const sections: Section[] = [];
  const lines = text.split('\n').map(lineOf);
  const isHeading = headingsIn(lines);
  for (const [index, line] of lines.entries()) {
    const value = valueIn(line);
    if (isHeading(line, lines[index + 1]))
      sections.push({ heading: line.row.replace(/\s*[:：]$/, ''), line: index + 1, rows: [] });
    else if (value !== undefined) sections.at(-1)?.rows.push({ value, line: index + 1 });
  }
  return sections;
}

// The quote mark of a mail stands before each row alike.
function lineOf(raw: string): Line {
  const text = raw.replaceAll('\u00a0', ' ');
  const indent = /^[\s>|]*/.exec(text)?.[0].length ?? 0;
  return { row: undecorated(text), indent, isDotted: / \.[ .]*[:：]/.test(text) };
}

/**
 * Headings end in a colon and stand further left than rows. In German a key may look like one, for it is too long for dots and may
 * have no value (`Verbindungsspezifisches DNS-Suffix:`): where a paste lost its indents, a heading has an empty line below.
 */
function headingsIn(lines: readonly Line[]): (line: Line, next: Line | undefined) => boolean {
  const mayBe = ({ row, isDotted }: Line): boolean => !isDotted && /[^:][:：]$/.test(row);
  const isLast = (next: Line | undefined): boolean => next === undefined || next.row === '';
  const rowIndent = lines.reduce((least, { indent, isDotted }) => (isDotted ? Math.min(least, indent) : least), 999);
  const isIndented = lines.some((line) => mayBe(line) && line.indent < rowIndent);
  const isSpaced = lines.some((line, index) => mayBe(line) && isLast(lines[index + 1]));
  return (line, next) => mayBe(line) && (isIndented ? line.indent < rowIndent : !isSpaced || isLast(next));
}

// A row without a key goes on with the value above.
function valueIn({ row, isDotted }: Line): string | undefined {
  if (isDotted) return row.slice(row.indexOf(':', row.indexOf(' .')) + 1).trim();
  if (addressesIn(row).length === 1 && /^[0-9a-f:.%()\w]+$/i.test(row)) return row;
  return /^[^:]{2,80}:(?:\s+(.*))?$/.exec(row) === null ? undefined : row.slice(row.indexOf(':') + 1).trim();
}

// Six pairs, or eight of a made-up address: Teredo.
const mac = /^[0-9a-f]{2}(?:-[0-9a-f]{2}){5,7}$/i;

function interfaceOf({ heading, line, rows }: Section, context: ReadingContext): Interface | undefined {
  if (rows.length === 0) return undefined;
  const addresses = addressesOf(rows);
  const card = cardOf(rows);
  const description = rows[card - 1]?.value;
  // PPP adapter hub: what RAS describes is the connection, whose name closes the heading.
  const isNamed = description !== undefined && description !== '' && heading.endsWith(` ${description}`);
  const hardware = rows[card]?.value.replaceAll('-', ':').toLowerCase() ?? '';
  const isPointToPoint = hardware === '' && addresses.some(({ length }) => length === 32);
  return {
    name: isNamed ? description : heading,
    index: null,
    addresses,
    ...(description !== undefined && description !== '' && !addressesIn(description).length && { description }),
    ...(hardware.length === 17 && { mac: hardware }),
    ...(isPointToPoint && { isTunnel: true }),
    origin: lineOrigin(context, line),
  };
}

// Which row holds the address of the card, -1 where none does. `ipconfig /all` has an empty one for PPP and Wintun, below the
// description; without /all there is neither.
function cardOf(rows: readonly Row[]): number {
  const found = rows.findIndex(({ value }) => mac.test(value));
  if (found >= 0) return found;
  return rows.findIndex(({ value }, index) => {
    const above = rows[index - 1]?.value ?? '';
    return (
      [2, 3].includes(index) && value === '' && above !== '' && !addressesIn(above).length && rows.length > index + 1
    );
  });
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
