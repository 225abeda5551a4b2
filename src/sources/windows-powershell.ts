import type { Origin, Problem } from '../facts/origin.ts';
import { isJsonText, isRecord, type JsonRecord, readJson } from './linux-json.ts';
import { lineOrigin, pointerOrigin, type ReadingContext } from './source.ts';
import { isPrompt, quoted } from './windows-scan.ts';

/** One object as PowerShell printed it, as JSON or in a pasted view. */
export interface PowerShellRecord {
  readonly fields: JsonRecord;
  readonly origin: Origin;
  /** The row or document as a problem would quote it. */
  readonly text: string;
  /** Fields that the view cut short, and what is left of them. */
  readonly cut: readonly string[];
}

/** The objects of a text, or what keeps it from being read. */
export interface PowerShellReading {
  readonly records: readonly PowerShellRecord[];
  readonly problems: readonly Problem[];
  /** The whole JSON value, where it was JSON: a collector's document is one object of lists. */
  readonly value?: unknown;
}

/** Reads what a cmdlet printed: JSON (one object or a list), a table or a list view. Property names aren't translated. */
export function readPowerShell(text: string, context: ReadingContext): PowerShellReading {
  const whole = isJsonText(text) ? readJson(text, context) : undefined;
  if (whole?.kind === 'value') return readRecords(whole.value, context);
  const within = jsonWithin(text, context);
  if (within?.kind === 'value') return readRecords(within.value, context);
  return whole === undefined ? readView(text, context) : { records: [], problems: [whole.problem] };
}

// PS C:\> Get-NetRoute | ConvertTo-Json      WARNING: Resulting JSON is truncated …      ```json
// [                                             {"DestinationPrefix":"10.1.0.0/16", …}
//   …
// ]
// PS C:\>
function jsonWithin(text: string, context: ReadingContext): ReturnType<typeof readJson> | undefined {
  const start = text.search(/^[ \t\ufeff]*[[{][ \t\r]*(?:$|["{[\]}])/m);
  const end = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}')) + 1;
  return start < 0 || end <= start ? undefined : readJson(text.slice(start, end), context);
}

function readRecords(value: unknown, context: ReadingContext): PowerShellReading {
  // Windows PowerShell 5.1 wraps a list within a list so.
  const wrapped = isRecord(value) && Array.isArray(value['value']) && 'Count' in value;
  const list = wrapped ? (value['value'] as readonly unknown[]) : value;
  const base = wrapped ? '/value' : '';
  return { ...recordsOf(list, base, context), value };
}

/** The objects of a list (or the one there is) that stands at a pointer of a document. */
export function recordsOf(value: unknown, pointer: string, context: ReadingContext): PowerShellReading {
  const isList = Array.isArray(value);
  const list: readonly unknown[] = isList ? value : [value];
  const records: PowerShellRecord[] = [];
  const problems: Problem[] = [];
  for (const [index, item] of list.entries()) {
    const origin = pointerOrigin(context, isList ? `${pointer}/${index}` : pointer);
    if (isRecord(item)) records.push({ fields: item, origin, text: '', cut: [] });
    else problems.push({ origin, text: quoted(JSON.stringify(item) ?? ''), why: 'an object was expected here' });
  }
  return { records, problems };
}

/** A field by the first of its names that is there; `Select-Object` spells names as they were typed. */
export function field({ fields }: PowerShellRecord, ...names: readonly string[]): unknown {
  for (const name of names) if (fields[name] !== undefined) return fields[name];
  const lower = new Set(names.map((name) => name.toLowerCase()));
  const key = Object.keys(fields).find((spelled) => lower.has(spelled.toLowerCase()));
  return key === undefined ? undefined : fields[key];
}

/** The record for a problem's text: its row, or its JSON. */
export function quotedRecord({ text, fields }: PowerShellRecord): string {
  return quoted(text === '' ? JSON.stringify(fields) : text);
}

interface Column {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

// ------- -----------------                              -------
const ruler = /^\s*-{2,}(\s+-{2,})+$/;

function readView(text: string, context: ReadingContext): PowerShellReading {
  // The quote marks of a mail shift all columns alike.
  const lines = text.split('\n').map((line) =>
    line
      .replace(/^\s*(?:> ?)+/, '')
      .replace(/[\r\u00a0]/g, ' ')
      .trimEnd(),
  );
  const first = lines.some((line) => ruler.test(line))
    ? -1
    : lines.findIndex((line) => /^\s*[A-Za-z]+(\s+[A-Za-z]+){2,}$/.test(line));
  const headings = lines.flatMap((line, index) => {
    const isHeading = index === first || ruler.test(lines[index + 1] ?? '');
    return isHeading && /DestinationPrefix|ConnectionStatus|TunnelType|TimeCreated|TimeGenerated/i.test(line)
      ? [index]
      : [];
  });
  const records = headings.length > 0 ? tableRecords(lines, headings, context) : listRecords(lines, context);
  return { records, problems: [] };
}

// ifIndex DestinationPrefix          NextHop         RouteMetric ifMetric PolicyStore
// 24      192.168.1.0/24             0.0.0.0                 256 50       ActiveStore
function tableRecords(
  lines: readonly string[],
  headings: readonly number[],
  context: ReadingContext,
): readonly PowerShellRecord[] {
  const records: PowerShellRecord[] = [];
  let heading = headings[0] ?? 0;
  let isWithin = false;
  for (const [index, line] of lines.entries()) {
    if (headings.includes(index)) heading = index;
    isWithin = line.trim() !== '' && (isWithin || heading === index);
    if (heading === index || ruler.test(line) || isPrompt(line)) continue;
    // Elsewhere stands what people wrote about it, or a row that a paste tore off.
    if (isWithin || /[\d:]\/\d/.test(line))
      records.push(recordOf(fieldsOf(line, lines[heading] ?? ''), line, lineOrigin(context, index + 1)));
  }
  return records;
}

function fieldsOf(line: string, header: string): Record<string, string> {
  const columns = cellsOf(header, charCells).map(({ text, start, end }) => ({ name: text, start, end }));
  return /\S {2,}\S/.test(header) ? byPlace(line, columns) : byOrder(line, columns);
}

interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function cellsOf(line: string, width: (text: string) => number): readonly Cell[] {
  return [...line.matchAll(/\S+/g)].map(({ 0: text, index }) => {
    const start = width(line.slice(0, index));
    return { text, start, end: start + width(text) };
  });
}

function charCells(text: string): number {
  return text.length;
}

// A console gives a character of Chinese, Japanese or Korean the room of two.
function consoleCells(text: string): number {
  return (
    text.length +
    (text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g)?.length ?? 0)
  );
}

// The columns were measured one way or the other. Measured wrongly, cells fall under the heading of their neighbour.
function byPlace(line: string, columns: readonly Column[]): Record<string, string> {
  const byChars = underHeadings(cellsOf(line, charCells), columns);
  if (consoleCells(line) === line.length) return byChars;
  const byConsole = underHeadings(cellsOf(line, consoleCells), columns);
  return Object.keys(byConsole).length > Object.keys(byChars).length ? byConsole : byChars;
}

// Text begins where its heading begins, numbers end where theirs ends: either way a cell stands under its heading.
function underHeadings(cells: readonly Cell[], columns: readonly Column[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { text, start, end } of cells) {
    const under =
      columns.find((column) => start < column.end && end > column.start) ??
      columns.findLast((column) => column.start <= start);
    if (under === undefined) continue;
    fields[under.name] = under.name in fields ? `${fields[under.name]} ${text}` : text;
  }
  return fields;
}

// Padding lost: cells come in the order of the headings, and only ifMetric is ever empty.
function byOrder(line: string, columns: readonly Column[]): Record<string, string> {
  const cells = cellsOf(line, charCells).map(({ text }) => text);
  const names = columns.map(({ name }) => name);
  const metric = names.findIndex((name) => name.toLowerCase() === 'ifmetric');
  if (cells.length === names.length - 1 && metric >= 0) names.splice(metric, 1);
  return Object.fromEntries(names.flatMap((name, index) => (cells[index] === undefined ? [] : [[name, cells[index]]])));
}

// Name                  : hub
// ServerAddress         : azuregateway-….vpn.azure.com
// Routes                : {10.0.0.0/16, 10.1.0.0/16,
//                         10.2.0.0/16}
function listRecords(lines: readonly string[], context: ReadingContext): readonly PowerShellRecord[] {
  const records: PowerShellRecord[] = [];
  let fields: Record<string, string> = {};
  let began = 0;
  let last = { name: '', colon: 0 };
  const close = (): void => {
    if (Object.keys(fields).length > 1)
      records.push(recordOf(fields, lines[began] ?? '', lineOrigin(context, began + 1)));
    fields = {};
    last = { name: '', colon: 0 };
  };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') close();
    if (last.name !== '' && line.search(/\S/) > last.colon) {
      fields[last.name] = continued(fields[last.name] ?? '', line.trim());
      continue;
    }
    const [, name, value] = isPrompt(line) ? [] : (/^\s*([A-Za-z]\w{1,60}) *: ?(.*)$/.exec(line) ?? []);
    if (name === undefined) continue;
    if (Object.keys(fields).length === 0) began = index;
    fields[name] = (value ?? '').trim();
    last = { name, colon: line.indexOf(':') };
  }
  close();
  return records;
}

// A sentence or list is wrapped at a blank, a long word anywhere.
function continued(value: string, rest: string): string {
  return /[\s,]/.test(value) ? `${value} ${rest}` : value + rest;
}

// Persiste...   fdb2:2c26:f4e4:0:24b4:9398:1a69…
function recordOf(fields: Record<string, string>, text: string, origin: Origin): PowerShellRecord {
  const cut = Object.entries(fields).flatMap(([name, value]) => (/(\.\.\.|…)$/.test(value) ? [name] : []));
  return { fields, origin, text, cut };
}
