import type { RasEvent } from '../facts/client.ts';
import { isRecord, numberOf, textOf } from './linux-json.ts';
import type { Reading, ReadingContext, Source } from './source.ts';
import { field, type PowerShellRecord, readPowerShell } from './windows-powershell.ts';

/** Events of RasClient as JSON (`Get-WinEvent … | ConvertTo-Json`): why the last dial failed. Empty output: none. */
export const windowsRasEvents: Source = {
  id: 'windows-ras-events',
  title: 'Windows: RasClient events (Get-WinEvent as JSON)',
  parse,
  recognise,
};

function parse(text: string, context: ReadingContext): Reading {
  if (text.trim() === '') return { facts: { events: [] }, problems: [] };
  const { records, problems, value } = readPowerShell(text, context);
  const events = rasEventsOf(records);
  const odd = records.filter((record) => numberOf(idOf(record)) === undefined);
  const told = odd.map((record) => ({ origin: record.origin, text: record.text, why: 'an event without a number' }));
  if (events.length > 0 || Array.isArray(value)) return { facts: { events }, problems: [...problems, ...told] };
  const none = { origin: { artifact: context.artifact }, text: '', why: 'no event in this text' };
  return { facts: {}, problems: problems.length > 0 ? problems : [none] };
}

/** The events of Get-WinEvent or Get-EventLog records. */
export function rasEventsOf(records: readonly PowerShellRecord[]): readonly RasEvent[] {
  return records.flatMap((record) => {
    const id = numberOf(idOf(record));
    if (id === undefined) return [];
    const message = textOf(field(record, 'Message')) ?? '';
    // A view that cut the sentence cut the number at its end.
    const isCut = record.cut.some((name) => /^message$/i.test(name));
    const errorCode = numberOf(field(record, 'code')) ?? (isCut ? undefined : codeOf(message));
    return [{ id, errorCode: errorCode ?? null, message, at: timeOf(record), origin: record.origin }];
  });
}

function idOf(record: PowerShellRecord): unknown {
  return field(record, 'Id', 'EventID', 'InstanceId');
}

// CoId={…}: The user LT\mia dialed a connection named hub which has failed. The error code returned on failure is 13834.
function codeOf(message: string): number | undefined {
  const code = /(?<![\w-])(\d{3,10})\D{0,8}$/.exec(message.slice(-200).trim())?.[1];
  return code === undefined ? undefined : Number(code);
}

// 5.1: "\/Date(1700000000000)\/"; 7: ISO 8601; a value object in nested views
function timeOf(record: PowerShellRecord): string | null {
  const given = field(record, 'at', 'TimeCreated', 'TimeGenerated');
  const value = textOf(isRecord(given) ? given['value'] : given);
  if (value === undefined || value === '') return null;
  const ticks = /^\/Date\((-?\d{1,15})\)\/$/.exec(value)?.[1];
  return ticks === undefined ? value : new Date(Number(ticks)).toISOString();
}

function recognise(text: string): number {
  if (!/RasClient/i.test(text.slice(0, 50_000))) return 0;
  return rasEventsOf(readPowerShell(text, { artifact: '' }).records).length > 0 ? 0.9 : 0;
}
