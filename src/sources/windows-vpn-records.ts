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
  const lost = record.cut.filter((column) => /^(name|serveraddress)$/i.test(column));
  for (const column of lost)
    problems.push({ origin: record.origin, text: quotedRecord(record), why: `${column} was cut by the view` });
  const isCut = lost.some((column) => /^serveraddress$/i.test(column));
  const server = isCut ? '' : (textOf(field(record, 'ServerAddress'))?.trim() ?? '');
  const allUser = flagOf(field(record, 'AllUserConnection', 'allUser'));
  const told = problems.length;
  const routes = routesOf(record, problems);
  return {
    name,
    server: server === '' ? null : server,
    protocol: protocolOf(field(record, 'TunnelType', 'tunnel')),
    connected: connectedOf(field(record, 'ConnectionStatus', 'status')),
    splitTunneling: flagOf(field(record, 'SplitTunneling')) ?? null,
    ...(allUser !== undefined && { allUser }),
    routes,
    ...(problems.length > told && { hasMoreRoutes: true }),
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

// Objects with DestinationPrefix, plain strings, one bare object, or the text of a view
function routesOf(record: PowerShellRecord, problems: Problem[]): readonly Prefix[] {
  const value = field(record, 'Routes', 'routes');
  if (value === undefined || value === null) return [];
  const name = textOf(field(record, 'Name')) ?? 'a connection';
  const told = (text: string, why: string): void => {
    problems.push({ origin: record.origin, text, why });
  };
  if (typeof value === 'string') return routesOfView(value, name, told);
  return listOf(value).flatMap((item) => {
    const text = isRecord(item) ? textOf(item['DestinationPrefix']) : textOf(item);
    const prefix = text === undefined ? undefined : parsePrefix(text.trim());
    if (prefix !== undefined) return [prefix];
    told(text ?? JSON.stringify(item), `a route of ${name} that is no prefix`);
    return [];
  });
}

// {10.0.0.0/16, 10.1.0.0/16}      a view shows four of a list: {10.0.0.0/16, 10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16...}
function routesOfView(text: string, name: string, told: (text: string, why: string) => void): readonly Prefix[] {
  const isCut = /(?:\.\.\.|…)\}?$/.test(text);
  const words = text.replace(/(?:\.\.\.|…)\}?$/, '').split(/[{},;\s]+/);
  const prefixes = words.flatMap((word) => parsePrefix(word) ?? []);
  if (isCut) told(text, `the routes of ${name} were cut by the view`);
  else if (prefixes.length < words.filter((word) => word !== '').length)
    told(text, `a route of ${name} that is no prefix`);
  return prefixes;
}

function listOf(value: unknown): readonly unknown[] {
  if (isRecord(value) && Array.isArray(value['value'])) return value['value'];
  return Array.isArray(value) ? value : [value];
}
