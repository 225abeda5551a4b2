import type { VpnConnection } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { type Prefix, parsePrefix } from '../net/prefix.ts';
import { noAnswer } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { fromTerminal } from './linux-terminal.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** The VPN connections that NetworkManager knows of. */
export const linuxNmcli: Source = fromTerminal({
  id: 'linux-nmcli',
  title: 'Linux: nmcli -t connection show [NAME]',
  parse,
  recognise,
});

// azure:4f1c…-…:vpn:wlan0:activated
const listed = /^(.*):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([\w-]+):([^:]*)(?::([^:]*))?$/i;
// azure  4f1c…-…  vpn  wlan0: without `-t`, in columns; `--` where it is not active
const inColumns = /^(\S.*?)\s+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s+([\w-]+)\s+(\S+)\s*$/i;
// vpn.service-type:org.freedesktop.NetworkManager.openvpn        IP4.ROUTE[1]:dst = 10.0.0.0/16, nh = 0.0.0.0, mt = 50
const property = /^([A-Za-z0-9][\w-]*\.[\w.-]+(?:\[\d+\])?):\s*(.*)$/;

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, 'stays silent');
  if (failed !== undefined) return failed;
  const connections: VpnConnection[] = [];
  const problems: Problem[] = [];
  const properties = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    const origin = lineOrigin(context, index + 1);
    // nmcli -t writes a colon within a value as `\:`.
    const row = listed.exec(line.trim().replaceAll('\\:', '\u0000'));
    const pair = property.exec(line.trim());
    if (row !== null) connections.push(...listedConnection(rowOf(row), origin));
    else if (pair !== null) properties.set(pair[1] ?? '', pair[2] ?? '');
    else if (inColumns.test(line.trim())) connections.push(...columnsOf(line.trim(), origin));
    else if (line.trim() !== '' && !isHeading(line) && !isPrompt(line))
      problems.push({ origin, text: line.trim().slice(0, 200), why: 'not a line of `nmcli -t connection show`' });
  }
  connections.push(...describedConnection(properties, context));
  return { facts: connections.length === 0 && problems.length > 0 ? {} : { connections }, problems };
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly connected: boolean | null;
}

function rowOf([, name = '', , type = '', , state = '']: RegExpExecArray): Row {
  return { name: name.replaceAll('\u0000', ':'), type, connected: state === '' ? null : state === 'activated' };
}

function listedConnection({ name, type, connected }: Row, origin: VpnConnection['origin']): readonly VpnConnection[] {
  if (type !== 'vpn' && type !== 'wireguard') return [];
  return [
    {
      name,
      server: null,
      protocol: type === 'wireguard' ? 'other' : 'unknown',
      connected,
      splitTunneling: null,
      routes: [],
      origin,
    },
  ];
}

/** NAME  UUID  TYPE  DEVICE: four words in capitals, whatever the language calls them. */
function isHeading(line: string): boolean {
  return line.trim().split(/\s+/).length === 4 && line === line.toUpperCase() && !/\d/.test(line);
}

function columnsOf(line: string, origin: VpnConnection['origin']): readonly VpnConnection[] {
  const [, name = '', , type = '', device = ''] = inColumns.exec(line) ?? [];
  return listedConnection({ name, type, connected: device !== '--' }, origin);
}

// VPN.VPN-STATE:5 - VPN connected          GENERAL.STATE:activated, in the words of the language
function isConnected(properties: ReadonlyMap<string, string>): boolean | null {
  const number = /^\d+/.exec(properties.get('VPN.VPN-STATE') ?? '')?.[0];
  if (number !== undefined) return number === '5';
  const state = properties.get('GENERAL.STATE') ?? '';
  if (state === 'activated') return true;
  return /^(activating|deactivating|deactivated)$/.test(state) ? false : null;
}

/** One connection in full. `vpn.secrets` and passwords in `vpn.data` are not looked at. */
function describedConnection(
  properties: ReadonlyMap<string, string>,
  context: ReadingContext,
): readonly VpnConnection[] {
  const service = properties.get('vpn.service-type');
  const type = properties.get('connection.type');
  if (service === undefined && type !== 'vpn' && type !== 'wireguard') return [];
  const data = (properties.get('vpn.data') ?? '').replaceAll('\\:', ':');
  const server = /(?:^|,)\s*(?:remote|address|gateway)\s*=\s*([^,\s:]+)/.exec(data)?.[1] ?? null;
  const never = properties.get('ipv4.never-default');
  return [
    {
      name: properties.get('connection.id') ?? properties.get('GENERAL.NAME') ?? '',
      server,
      protocol: protocolOf(service ?? ''),
      connected: isConnected(properties),
      splitTunneling: never === 'yes' || never === 'no' ? never === 'yes' : null,
      routes: [...properties].flatMap(([key, value]) => routesIn(key, value)),
      origin: { artifact: context.artifact },
    },
  ];
}

function protocolOf(service: string): VpnConnection['protocol'] {
  if (service.endsWith('.openvpn')) return 'openvpn';
  if (service.endsWith('.strongswan')) return 'ikev2';
  if (service.endsWith('.sstp')) return 'sstp';
  return service === '' ? 'unknown' : 'other';
}

function routesIn(key: string, value: string): readonly Prefix[] {
  const text = /^IP[46]\.ROUTE\[\d+\]$/.test(key) ? /\bdst = (\S+?)(?:,|$)/.exec(value)?.[1] : undefined;
  const prefix = text === undefined ? undefined : parsePrefix(text);
  return prefix === undefined ? [] : [prefix];
}

function recognise(text: string): number {
  const lines = text
    .slice(0, 5000)
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.some((line) => /^(connection\.(id|uuid|type)|vpn\.service-type):/.test(line))) return 0.95;
  const rows = lines.filter((line) => listed.test(line.replaceAll('\\:', '')) || inColumns.test(line.trim()));
  const isWhole = lines.every((line) => rows.includes(line) || isHeading(line) || isPrompt(line));
  return rows.length > 0 && isWhole ? 0.9 : 0;
}
