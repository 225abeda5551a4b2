import { isRecord } from './linux-json.ts';
import type { Reading, ReadingContext, Source } from './source.ts';
import { isCollectorDocument, readCollector } from './windows-collector-document.ts';
import { netRoutesOf } from './windows-net-route-row.ts';
import { field, readPowerShell } from './windows-powershell.ts';

/** `Get-NetRoute` as JSON or pasted as a view, and the document of our own collector, which holds more. */
export const windowsNetRoute: Source = {
  id: 'windows-net-route',
  title: 'Windows: Get-NetRoute (JSON or pasted), or the collector document',
  parse: parseNetRoute,
  recognise,
};

function parseNetRoute(text: string, context: ReadingContext): Reading {
  const { records, problems, value } = readPowerShell(text, context);
  if (isCollectorDocument(value)) return readCollector(value, context);
  const reading = netRoutesOf(records, () => undefined);
  const found = reading.active.length + reading.inactive.length + reading.problems.length + problems.length;
  // No Windows is without routes: silence is a refusal, or another text.
  if (found === 0) {
    const why = 'no route of Get-NetRoute in this text';
    return { facts: {}, problems: [{ origin: { artifact: context.artifact }, text: '', why }] };
  }
  const isTable = reading.active.length + reading.inactive.length > 0;
  return {
    facts: isTable ? { routes: reading.active, persistent: reading.inactive } : {},
    problems: [...problems, ...reading.problems],
  };
}

function recognise(text: string): number {
  if (!/DestinationPrefix/i.test(text.slice(0, 20_000))) return 0;
  const { records, value } = readPowerShell(text, { artifact: '' });
  if (isRecord(value) && isCollectorDocument(value)) return 0.95;
  const rows = records.filter(
    (record) => field(record, 'DestinationPrefix') !== undefined && field(record, 'NextHop') !== undefined,
  );
  return rows.length > 0 && rows.length * 2 >= records.length ? 0.95 : 0;
}
