import type { ClientView, InterfaceAddress, VpnConnection } from '../facts/client.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Route, XfrmPolicy } from '../facts/route.ts';
import { type Address, familyOf, formatAddress, widthOf } from '../net/address.ts';
import { containsAddress, formatPrefix, type Prefix } from '../net/prefix.ts';
import {
  allRoutes,
  housekeepingRows,
  isReserved,
  type OwnAddress,
  ownAddresses,
  routesBy,
  tellsOwnAddresses,
} from './own-addresses.ts';

/** The Point-to-Site tunnel of this host: the address it was given, and what routes call its interface. */
export interface Tunnel {
  readonly address: Address;
  /** The name to show: an interface alias where one is known, else what the routing table calls it. */
  readonly interface: string;
  /** Everything a route row may call the interface. Empty where the tunnel has no device (strongSwan with kernel IPsec). */
  readonly handles: ReadonlySet<string>;
  /** Source addresses that betray a route into the tunnel. */
  readonly sources: ReadonlySet<Address>;
  /** How it was recognised: by an address of a known pool, or by its looks. */
  readonly by: 'pool' | 'server' | 'looks';
  readonly connection: VpnConnection | undefined;
  readonly evidence: readonly Evidence[];
}

/**
 * Finds the tunnel by what can't be mistaken first: an own address inside a pool; then a tunnel beside a route that
 * keeps the gateway's public address outside of it; then, only where no pool is known, by its looks.
 * Names prove nothing: Windows calls the interface after the VNet, OpenVPN `tun0` whatever it serves.
 */
export function findTunnel(
  client: ClientView,
  pools: readonly Prefix[],
  servers: readonly Address[],
): Tunnel | undefined {
  const own = candidates(client);
  const inPool = own.filter(({ address }) => pools.some((pool) => containsAddress(pool, address)));
  const best =
    inPool.find(({ interface: iface }) => iface?.isTunnel === true) ??
    inPool.find((one) => looksLikeTunnel(one, client)) ??
    inPool[0];
  if (best !== undefined && !isLan(best, client)) return tunnelOf(best, 'pool', client, [poolEvidence(best, pools)]);
  const looks = own.filter((one) => looksLikeTunnel(one, client));
  const bypass = allRoutes(client).find(
    (route) => route.via.kind === 'gateway' && servers.includes(route.prefix.first) && isHost(route),
  );
  const [first] = looks;
  if (first !== undefined && bypass !== undefined)
    return tunnelOf(first, 'server', client, [
      {
        says: `${formatPrefix(bypass.prefix)} keeps the gateway's own address outside the tunnel`,
        origin: bypass.origin,
      },
    ]);
  return first !== undefined && pools.length === 0
    ? tunnelOf(preferred(looks, client) ?? first, 'looks', client, [
        { says: `${formatAddress(first.address)} stands on what looks like a tunnel`, origin: first.origin },
      ])
    : undefined;
}

/** Whether a route leads into a tunnel: by its device, or by the source address it asks for. */
export function leadsInto({ interface: name, source }: Route, { handles, sources }: Tunnel): boolean {
  return handles.has(name) || (source !== undefined && sources.has(source));
}

/**
 * Whether no tunnel was found only because nothing that was read would show one: no own addresses, or, where no pool is
 * known, nothing on Linux that says what kind of link an interface is.
 */
export function isTunnelUntold(client: ClientView, pools: readonly Prefix[]): boolean {
  const { platform, interfaces, associations } = client;
  if (associations !== undefined) return false;
  if (pools.length > 0 || platform === 'windows') return !tellsOwnAddresses(client);
  return interfaces.every(({ isTunnel }) => isTunnel === undefined);
}

/** Own addresses, those that only a VPN daemon speaks of included. */
function candidates(client: ClientView): readonly OwnAddress[] {
  const own = ownAddresses(client).filter(({ address }) => !isReserved(address));
  const known = new Set(own.map(({ address }) => address));
  const told = [
    ...(client.associations ?? []).flatMap(({ ike, origin }) =>
      ike.virtualAddresses.map((address) => ({ address, origin })),
    ),
    ...(client.openVpn?.tunnelAddress !== undefined && client.openVpn.initialized && allRoutes(client).length === 0
      ? [{ address: client.openVpn.tunnelAddress, origin: client.openVpn.origin }]
      : []),
    ...allRoutes(client).flatMap(({ source, table, origin }) =>
      source === undefined || table === 'local' || table === 'main' ? [] : [{ address: source, origin }],
    ),
    ...(tellsOwnAddresses(client) ? [] : (client.policies ?? []).filter(isOfOneSender)).map(({ from, origin }) => ({
      address: from.first,
      origin,
    })),
  ].filter(({ address }) => {
    const isNew = !known.has(address);
    known.add(address);
    return isNew;
  });
  return [
    ...own,
    ...told.map(({ address, origin }) => ({
      address,
      origin,
      interface: undefined,
      handles: new Set([formatAddress(address)]),
    })),
  ];
}

/** An interface with a gateway behind it, or with its own subnet and a MAC, is a local network even if its range is in the pool. */
function isLan({ address, handles, interface: iface }: OwnAddress, client: ClientView): boolean {
  if (iface?.isTunnel === true || isVirtualAddress(address, client) || isLoneHost(address, client)) return false;
  const rows = routesBy(handles, client);
  return rows.some(({ prefix, via }) => prefix.length === 0 && via.kind === 'gateway') && iface?.mac !== undefined;
}

/** An address that IPsec put on a LAN interface: charon's list names it, or a table of its own asks for it as source. */
function isVirtualAddress(address: Address, client: ClientView): boolean {
  return (
    (client.associations ?? []).some(({ ike }) => ike.virtualAddresses.includes(address)) ||
    (client.policies ?? []).some(
      ({ direction, from, hasTemplate }) => direction === 'out' && hasTemplate && from.first === address,
    ) ||
    allRoutes(client).some(({ source, table }) => source === address && table !== 'main' && table !== 'local')
  );
}

/** Of a pool that is known: it stands as a single host beside the interface's own address. */
// inet 192.168.88.21/24 … inet 172.16.50.2/32, both on wlp2s0; `ip -br addr` tells of no MAC
function isLoneHost(address: Address, { platform, interfaces }: ClientView): boolean {
  const width = widthOf(familyOf(address));
  const home = interfaces.find(({ addresses }) => addresses.some((one) => one.address === address));
  const isNetwork = (one: InterfaceAddress): boolean =>
    familyOf(one.address) === familyOf(address) && (one.length ?? width) < width;
  return (
    platform === 'linux' &&
    home !== undefined &&
    home.isTunnel !== true &&
    home.addresses.some((one) => one.address === address && one.length === width) &&
    home.addresses.some((one) => isNetwork(one) && !isReserved(one.address))
  );
}

/**
 * A tunnel carries prefixes that don't hold its own address; a bridge or a virtual switch carries just its own subnet.
 * On Linux the link kind says it outright.
 */
export function looksLikeTunnel({ address, handles, interface: iface }: OwnAddress, client: ClientView): boolean {
  if (iface?.isTunnel === true) return true;
  const rows = routesBy(handles, client);
  if (client.platform === 'linux') return isVirtualAddress(address, client);
  const housekeeping = housekeepingRows(rows);
  return (
    rows.every(({ via, prefix }) => via.kind !== 'gateway' || prefix.length > 0) &&
    rows.some(
      (row) =>
        row.via.kind === 'on-link' &&
        !housekeeping.has(row) &&
        (!containsAddress(row.prefix, address) || isDefaultBesideAnother(row, client)),
    )
  );
}

/** Of a full tunnel: its default is on-link, and the router's own default stands beside it. A modem's stands alone. */
// 0.0.0.0          0.0.0.0         On-link    172.16.50.130     26
function isDefaultBesideAnother({ prefix }: Route, client: ClientView): boolean {
  return (
    prefix.length === 0 &&
    allRoutes(client).some(
      ({ prefix: other, via }) => via.kind === 'gateway' && formatPrefix(other) === formatPrefix(prefix),
    )
  );
}

/** Of several tunnels the one that a connected Azure connection speaks of. */
function preferred(looks: readonly OwnAddress[], client: ClientView): OwnAddress | undefined {
  const names = (client.connections ?? [])
    .filter(({ connected, server }) => connected === true && isAzureServer(server))
    .map(({ name }) => name);
  return looks.find(
    ({ interface: iface }) =>
      iface !== undefined && (names.includes(iface.name) || names.includes(iface.description ?? '')),
  );
}

export function isAzureServer(server: string | null): boolean {
  return server !== null && /\.vpn\.azure\.(com|us|cn)$|\.cloudapp\.net$|\.vpn\.azure\.test$/i.test(server);
}

function tunnelOf(own: OwnAddress, by: Tunnel['by'], client: ClientView, evidence: readonly Evidence[]): Tunnel {
  const connection = connectionOf(own, client);
  const device = isDeviceless(own, client) ? new Set<string>() : own.handles;
  return {
    address: own.address,
    interface: own.interface?.name ?? connection?.name ?? formatAddress(own.address),
    handles: device,
    sources: new Set([own.address]),
    by,
    connection,
    evidence,
  };
}

/** strongSwan puts its address on the LAN interface: that interface must not pass for the tunnel. */
function isDeviceless({ interface: iface, handles, address }: OwnAddress, client: ClientView): boolean {
  if (client.platform !== 'linux' || iface?.isTunnel === true) return false;
  if (iface === undefined) return !hasDeviceOfItsOwn(address, handles, client);
  const isGuest = isVirtualAddress(address, client) || isLoneHost(address, client);
  const lan = routesBy(handles, client).some(
    ({ via, source, table }) => via.kind === 'gateway' && source !== address && table === 'main',
  );
  return isGuest && (lan || iface.mac !== undefined);
}

/** No interface was listed, but the table names a device for this address and for no other of this host's. */
function hasDeviceOfItsOwn(address: Address, handles: ReadonlySet<string>, client: ClientView): boolean {
  const devices = [...handles].filter((name) => name !== formatAddress(address));
  const others = ownAddresses(client).filter((other) => other.address !== address);
  return devices.length > 0 && !devices.some((name) => others.some((other) => other.handles.has(name)));
}

function connectionOf({ interface: iface }: OwnAddress, client: ClientView): VpnConnection | undefined {
  const connected = (client.connections ?? []).filter(({ connected }) => connected !== false);
  return (
    connected.find(({ name }) => name === iface?.name || name === iface?.description) ??
    connected.find(({ server, connected: up }) => up === true && isAzureServer(server)) ??
    (connected.length === 1 ? connected[0] : undefined)
  );
}

const isOfOneSender = ({ direction, from, hasTemplate }: XfrmPolicy): boolean =>
  direction === 'out' && hasTemplate && from.length === widthOf(familyOf(from.first));

const isHost = ({ prefix }: Route): boolean => prefix.length === (typeof prefix.first === 'number' ? 32 : 128);

function poolEvidence({ address, origin }: OwnAddress, pools: readonly Prefix[]): Evidence {
  const pool = pools.find((candidate) => containsAddress(candidate, address));
  return {
    says: `${formatAddress(address)} is of the client pool ${pool === undefined ? '' : formatPrefix(pool)}`,
    origin,
  };
}
