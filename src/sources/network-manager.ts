import type { VpnConnection } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { type Prefix, parsePrefix } from '../net/prefix.ts';
import { noAnswer } from './linux-json.ts';
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
    if (row !== null) connections.push(...listedConnection(row, origin));
    else if (pair !== null) properties.set(pair[1] ?? '', pair[2] ?? '');
    else if (line.trim() !== '')
      problems.push({ origin, text: line.trim().slice(0, 200), why: 'not a line of `nmcli -t connection show`' });
  }
  connections.push(...describedConnection(properties, context));
  return { facts: connections.length === 0 && problems.length > 0 ? {} : { connections }, problems };
}

function listedConnection(
  [, name = '', , type, , state]: RegExpExecArray,
  origin: VpnConnection['origin'],
): readonly VpnConnection[] {
  if (type !== 'vpn' && type !== 'wireguard') return [];
  return [
    {
      name: name.replaceAll('\u0000', ':'),
      server: null,
      protocol: type === 'wireguard' ? 'other' : 'unknown',
      connected: state === undefined || state === '' ? null : state === 'activated',
      splitTunneling: null,
      routes: [],
      origin,
    },
  ];
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
  const state = properties.get('GENERAL.STATE');
  const never = properties.get('ipv4.never-default');
  return [
    {
      name: properties.get('connection.id') ?? properties.get('GENERAL.NAME') ?? '',
      server,
      protocol: protocolOf(service ?? ''),
      connected: state === undefined ? null : state === 'activated',
      splitTunneling: never === undefined ? null : never === 'yes',
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
  return lines.length > 0 && lines.every((line) => listed.test(line.replaceAll('\\:', ''))) ? 0.9 : 0;
}
