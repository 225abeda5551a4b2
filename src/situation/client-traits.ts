import type { ClientView } from '../facts/client.ts';
import type { Topology } from '../facts/topology.ts';
import { type Endpoint, protocolsOf } from '../model/endpoint.ts';
import { leadsInto, type Tunnel } from './find-tunnel.ts';
import { allRoutes } from './own-addresses.ts';

export type TunnelProtocol = 'ikev2' | 'sstp' | 'openvpn' | 'unknown';
export type ClientKind =
  | 'windows-native'
  | 'azure-vpn-client'
  | 'openvpn'
  | 'strongswan'
  | 'networkmanager'
  | 'unknown';

/** What kind of client this is, as far as it shows: decides who delivers routes, and whether a profile must list them. */
export interface ClientTraits {
  readonly protocol: TunnelProtocol;
  readonly client: ClientKind;
  /** Routes come at each connect (OpenVPN), so no profile needs to list them. Undefined: the kind isn't known. */
  readonly pushed: boolean | undefined;
}

export function clientTraits(
  client: ClientView,
  tunnel: Tunnel | undefined,
  endpoint: Endpoint | undefined,
  topology: Topology,
): ClientTraits {
  const kind = client.platform === 'windows' ? windowsKind(client, tunnel) : linuxKind(client, tunnel);
  const offered = endpoint === undefined ? undefined : protocolsOf(endpoint, topology);
  const protocol = protocolOf(client, tunnel, kind, offered);
  const settled = kind === 'unknown' ? kindByProtocol(client, protocol, offered) : kind;
  return { protocol, client: settled, pushed: isPushed(settled, protocol) };
}

function windowsKind(client: ClientView, tunnel: Tunnel | undefined): ClientKind {
  const has = (kind: string) => client.profiles.some((profile) => profile.kind === kind);
  const connection = tunnel?.connection;
  if (
    connection !== undefined &&
    (connection.protocol === 'ikev2' || connection.protocol === 'sstp' || connection.protocol === 'automatic')
  )
    return 'windows-native';
  if (client.openVpn !== undefined || has('openvpn-profile') || looksLikeOpenVpn(tunnel, client)) return 'openvpn';
  if (has('azurevpn-xml')) return 'azure-vpn-client';
  if (has('cmroute-routes') || has('profile-script')) return 'windows-native';
  return connection !== undefined &&
    connection.protocol !== 'openvpn' &&
    connection.protocol !== 'other' &&
    connection.protocol !== 'unknown'
    ? 'windows-native'
    : 'unknown';
}

/** OpenVPN on Windows routes by way of the far end's address; native and Azure VPN clients are on-link. */
function looksLikeOpenVpn(tunnel: Tunnel | undefined, client: ClientView): boolean {
  if (tunnel === undefined) return false;
  const description =
    client.interfaces.find(({ name, index }) => tunnel.handles.has(name) || tunnel.handles.has(String(index)))
      ?.description ?? '';
  return /\b(tap|wintun|openvpn|ovpn)/i.test(`${description} ${tunnel.interface}`);
}

function linuxKind(client: ClientView, tunnel: Tunnel | undefined): ClientKind {
  if (client.openVpn !== undefined) return 'openvpn';
  if ((client.associations ?? []).length > 0) return 'strongswan';
  if (tunnel === undefined) return 'unknown';
  const routes = allRoutes(client).filter((route) => leadsInto(route, tunnel));
  if (routes.some(({ table, source }) => table === '220' && source !== undefined)) return 'strongswan';
  if (tunnel.handles.size === 0 || /^ipsec\d/.test(tunnel.interface) || isIpsecDevice(tunnel, client))
    return 'strongswan';
  return /^(tun|tap|ovpn)/.test(tunnel.interface) || client.profiles.some(({ kind }) => kind === 'openvpn-profile')
    ? 'openvpn'
    : 'unknown';
}

/** Nothing but IPsec has devices of these kinds; NetworkManager's plug-in makes an xfrm interface. */
function isIpsecDevice({ handles }: Tunnel, { interfaces }: ClientView): boolean {
  return interfaces.some(({ name, kind = '' }) => handles.has(name) && /^(xfrm|vti6?)$/.test(kind));
}

function protocolOf(
  client: ClientView,
  tunnel: Tunnel | undefined,
  kind: ClientKind,
  offered: readonly string[] | undefined,
): TunnelProtocol {
  const told = tunnel?.connection?.protocol;
  if (told === 'ikev2' || told === 'sstp' || told === 'openvpn') return told;
  if (kind === 'openvpn' || kind === 'azure-vpn-client' || client.openVpn !== undefined) return 'openvpn';
  if (kind === 'strongswan') return 'ikev2';
  const [only, ...others] = (offered ?? []).map((name) => name.toLowerCase());
  return others.length === 0 && (only === 'ikev2' || only === 'sstp' || only === 'openvpn') ? only : 'unknown';
}

/** A gateway that offers one family of protocols tells the client kind by itself. */
function kindByProtocol(
  { platform }: ClientView,
  protocol: TunnelProtocol,
  offered: readonly string[] | undefined,
): ClientKind {
  const names = (offered ?? []).map((name) => name.toLowerCase());
  const nativeOnly = names.length > 0 && names.every((name) => name === 'ikev2' || name === 'sstp');
  if (platform === 'windows')
    return nativeOnly || protocol === 'ikev2' || protocol === 'sstp' ? 'windows-native' : 'unknown';
  return protocol === 'ikev2' ? 'strongswan' : 'unknown';
}

function isPushed(kind: ClientKind, protocol: TunnelProtocol): boolean | undefined {
  if (kind === 'windows-native') return false;
  if (kind === 'strongswan') return false;
  if (kind === 'azure-vpn-client' || kind === 'openvpn' || protocol === 'openvpn') return true;
  return undefined;
}
