import type { VpnConnection } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { type Prefix, parsePrefix } from '../net/prefix.ts';
import { isRecord, textOf } from './linux-json.ts';
import { field, type PowerShellRecord, quotedRecord } from './windows-powershell.ts';

/** The connections of Get-VpnConnection records, and what in them was not understood. */
export function connectionsOf(records: readonly PowerShellRecord[]): {
  readonly connections: readonly VpnConnection[];
  readonly problems: readonly Problem[];
} {
  const connections: VpnConnection[] = [];
  const problems: Problem[] = [];
  for (const record of records) {
    const name = textOf(field(record, 'Name'))?.trim() ?? '';
    const why = 'a VPN connection without a name';
    if (name === '') problems.push({ origin: record.origin, text: quotedRecord(record), why });
    else connections.push(connectionOf(name, record, problems));
  }
  return { connections, problems };
}

function connectionOf(name: string, record: PowerShellRecord, problems: Problem[]): VpnConnection {
  const server = textOf(field(record, 'ServerAddress'))?.trim() ?? '';
  const allUser = flagOf(field(record, 'AllUserConnection', 'allUser'));
  return {
    name,
    server: server === '' ? null : server,
    protocol: protocolOf(field(record, 'TunnelType', 'tunnel')),
    connected: connectedOf(field(record, 'ConnectionStatus', 'status')),
    splitTunneling: flagOf(field(record, 'SplitTunneling')) ?? null,
    ...(allUser !== undefined && { allUser }),
    routes: routesOf(record, problems),
    origin: record.origin,
  };
}

// TunnelType: Pptp, L2tp, Sstp, Ikev2, Automatic; as the cmdlet's enumeration 0 to 4.
const tunnelTypes: readonly VpnConnection['protocol'][] = ['other', 'other', 'sstp', 'ikev2', 'automatic'];
const tunnelNames: Readonly<Record<string, VpnConnection['protocol']>> = {
  pptp: 'other',
  l2tp: 'other',
  sstp: 'sstp',
  ikev2: 'ikev2',
  automatic: 'automatic',
};

function protocolOf(value: unknown): VpnConnection['protocol'] {
  const text = textOf(value)?.trim().toLowerCase() ?? '';
  return (/^\d$/.test(text) ? tunnelTypes[Number(text)] : tunnelNames[text]) ?? 'unknown';
}

// Values of an enumeration, not words of the display language: Connected, Disconnected, Connecting …
function connectedOf(value: unknown): boolean | null {
  const text = textOf(value)?.trim().toLowerCase() ?? '';
  if (text === '') return null;
  return text === 'connected';
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

// Objects with DestinationPrefix, plain strings, one bare object, or in a view {10.0.0.0/16, 10.1.0.0/16}
function routesOf(record: PowerShellRecord, problems: Problem[]): readonly Prefix[] {
  const value = field(record, 'Routes', 'routes');
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = typeof value === 'string' ? value.split(/[{},;\s]+/).filter(Boolean) : listOf(value);
  return list.flatMap((item) => {
    const text = isRecord(item) ? textOf(item['DestinationPrefix']) : textOf(item);
    const prefix = text === undefined ? undefined : parsePrefix(text.trim());
    if (prefix !== undefined) return [prefix];
    const why = `a route of ${textOf(field(record, 'Name')) ?? 'a connection'} that is no prefix`;
    problems.push({ origin: record.origin, text: text ?? JSON.stringify(item), why });
    return [];
  });
}

function listOf(value: unknown): readonly unknown[] {
  if (isRecord(value) && Array.isArray(value['value'])) return value['value'];
  return Array.isArray(value) ? value : [value];
}
