import type { Reading, ReadingContext, Source } from './source.ts';
import { isCollectorDocument, readCollector } from './windows-collector-document.ts';
import { field, readPowerShell } from './windows-powershell.ts';
import { connectionsOf } from './windows-vpn-records.ts';

/** `Get-VpnConnection` as JSON or pasted, or the collector's document. Empty output is an answer: there is none. */
export const windowsVpnConnection: Source = {
  id: 'windows-vpn-connection',
  title: 'Windows: Get-VpnConnection (JSON or pasted), or the collector document',
  parse: parseVpnConnection,
  recognise,
};

function parseVpnConnection(text: string, context: ReadingContext): Reading {
  if (text.trim() === '') return { facts: { connections: [] }, problems: [] };
  const { records, problems, value } = readPowerShell(text, context);
  if (isCollectorDocument(value)) {
    const { facts, problems: told } = readCollector(value, context);
    const { connections, phonebook } = facts;
    return { facts: { ...(connections && { connections }), ...(phonebook && { phonebook }) }, problems: told };
  }
  const reading = connectionsOf(records);
  if (records.length === 0 && problems.length === 0 && !Array.isArray(value)) {
    const why = 'no connection of Get-VpnConnection in this text';
    return { facts: {}, problems: [{ origin: { artifact: context.artifact }, text: '', why }] };
  }
  const isAnswer = reading.connections.length > 0 || Array.isArray(value);
  return {
    facts: isAnswer ? { connections: reading.connections } : {},
    problems: [...problems, ...reading.problems],
  };
}

function recognise(text: string): number {
  if (!/TunnelType/i.test(text.slice(0, 20_000))) return 0;
  const { records } = readPowerShell(text, { artifact: '' });
  return records.some((record) => field(record, 'TunnelType') !== undefined && field(record, 'Name') !== undefined)
    ? 0.95
    : 0;
}
