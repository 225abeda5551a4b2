import type { Origin, Problem } from '../facts/origin.ts';
import { isJsonText, isRecord, type JsonRecord, readJson } from './linux-json.ts';
import { lineOrigin, pointerOrigin, type ReadingContext } from './source.ts';
import { quoted } from './windows-scan.ts';

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
  if (!isJsonText(text)) return readView(text, context);
  const reading = readJson(text, context);
  if (reading.kind === 'broken') return { records: [], problems: [reading.problem] };
  const { value } = reading;
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

function readView(text: string, context: ReadingContext): PowerShellReading {
  const lines = text.split('\n').map((line) => line.replace(/[\r\u00a0]/g, ' ').trimEnd());
  // ------- -----------------                              -------
  const ruler = lines.findIndex((line) => /^\s*-{2,}(\s+-{2,})+$/.test(line));
  const header = ruler > 0 ? lines[ruler - 1] : lines.find((line) => /^\s*[A-Za-z]+(\s+[A-Za-z]+){2,}$/.test(line));
  if (header !== undefined && /DestinationPrefix|ConnectionStatus|TunnelType/i.test(header))
    return { records: tableRecords(lines, header, context), problems: [] };
  return { records: listRecords(lines, context), problems: [] };
}

// ifIndex DestinationPrefix          NextHop         RouteMetric ifMetric PolicyStore
// 24      192.168.1.0/24             0.0.0.0                 256 50       ActiveStore
function tableRecords(lines: readonly string[], header: string, context: ReadingContext): readonly PowerShellRecord[] {
  const columns = cellsOf(header).map(({ text, start, end }) => ({ name: text, start, end }));
  const keepsColumns = /\S {2,}\S/.test(header);
  const records: PowerShellRecord[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.trim() === header.trim() || !/\d/.test(line)) continue;
    const fields = keepsColumns ? byPlace(line, columns) : byOrder(line, columns);
    records.push(recordOf(fields, line, lineOrigin(context, index + 1)));
  }
  return records;
}

function cellsOf(line: string): readonly { readonly text: string; readonly start: number; readonly end: number }[] {
  return [...line.matchAll(/\S+/g)].map(({ 0: text, index }) => ({ text, start: index, end: index + text.length }));
}

// Text begins where its heading begins, numbers end where theirs ends: either way a cell stands under its heading.
function byPlace(line: string, columns: readonly Column[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { text, start, end } of cellsOf(line)) {
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
  const cells = cellsOf(line).map(({ text }) => text);
  const names = columns.map(({ name }) => name);
  const metric = names.findIndex((name) => name.toLowerCase() === 'ifmetric');
  if (cells.length === names.length - 1 && metric >= 0) names.splice(metric, 1);
  return Object.fromEntries(names.flatMap((name, index) => (cells[index] === undefined ? [] : [[name, cells[index]]])));
}

// Name                  : hub
// ServerAddress         : azuregateway-….vpn.azure.com
function listRecords(lines: readonly string[], context: ReadingContext): readonly PowerShellRecord[] {
  const records: PowerShellRecord[] = [];
  let fields: Record<string, string> = {};
  let began = 0;
  const close = (): void => {
    if (Object.keys(fields).length > 1)
      records.push(recordOf(fields, lines[began] ?? '', lineOrigin(context, began + 1)));
    fields = {};
  };
  for (const [index, line] of lines.entries()) {
    const [, name, value] = /^\s*([A-Za-z]\w{1,60}) *: ?(.*)$/.exec(line) ?? [];
    if (line.trim() === '') close();
    if (name === undefined) continue;
    if (Object.keys(fields).length === 0) began = index;
    fields[name] = (value ?? '').trim();
  }
  close();
  return records;
}

// Persiste...   fdb2:2c26:f4e4:0:24b4:9398:1a69…
function recordOf(fields: Record<string, string>, text: string, origin: Origin): PowerShellRecord {
  const cut = Object.entries(fields).flatMap(([name, value]) => (/(\.\.\.|…)$/.test(value) ? [name] : []));
  return { fields, origin, text, cut };
}
