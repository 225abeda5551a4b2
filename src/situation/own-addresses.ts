import type { ClientView, Interface } from '../facts/client.ts';
import { once } from '../facts/once.ts';
import type { Origin } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import { type Address, familyOf, formatAddress, parseAddress, widthOf } from '../net/address.ts';
import { lastOf, type Prefix } from '../net/prefix.ts';

/** An address of this host, with every name the sources use for the interface that holds it. */
export interface OwnAddress {
  readonly address: Address;
  /** Interface names, indexes and, on Windows, addresses: whatever a route row may call it. */
  readonly handles: ReadonlySet<string>;
  readonly interface: Interface | undefined;
  readonly origin: Origin;
}

/** The addresses this host holds, from interface lists and from the routes that only an own address has. */
export const ownAddresses = once((client: ClientView): readonly OwnAddress[] => {
  const listed = client.interfaces.flatMap((iface) =>
    iface.addresses.map(({ address }) => ({ address, interface: iface, origin: iface.origin })),
  );
  const routes = allRoutes(client);
  const isLocalHost = client.platform === 'windows' ? localHosts(client) : () => false;
  const ownRows = routes.filter((route) => isOwnAddressRoute(route) || isLocalHost(route));
  const told = [
    ...ownRows.map((route) => ({ address: route.prefix.first, route })),
    ...(client.platform === 'linux' ? routes.flatMap(linkAddress) : columnAddresses(client)),
  ];
  const routed = told.map(({ address, route: { interface: name, origin } }) => ({
    address,
    interface: interfaceCalled(client, name),
    origin,
  }));
  const found = new Map<
    Address,
    { address: Address; interface: Interface | undefined; origin: Origin; routeNames: string[] }
  >();
  for (const one of [...listed, ...routed]) {
    const known = found.get(one.address);
    if (known === undefined) found.set(one.address, { ...one, routeNames: [] });
    else if (known.interface === undefined) known.interface = one.interface;
  }
  for (const { address, route } of told) found.get(address)?.routeNames.push(route.interface);
  return [...found.values()].map((one) => ({
    address: one.address,
    interface: one.interface,
    handles: handlesOf(one.address, one.interface, one.routeNames),
    origin: one.origin,
  }));
});

/**
 * Whether what was read would show every address of this host: a list of interfaces, table local of Linux, or the rows
 * that Windows keeps for its own addresses. Table main alone, as `ip route` and `netstat -rn` print it, would not.
 */
export function tellsOwnAddresses(client: ClientView): boolean {
  return (
    (client.platform === 'windows' && ownAddresses(client).some(({ address }) => !isReserved(address))) ||
    client.interfaces.some(({ addresses }) => addresses.length > 0) ||
    allRoutes(client).some(({ type }) => type === 'local')
  );
}

/** The rows of both families. */
export const allRoutes = once(({ routes }: ClientView): readonly Route[] => [
  ...(routes.v4 ?? []),
  ...(routes.v6 ?? []),
]);

/** The rows that name one of these as their interface. */
export function routesBy(handles: ReadonlySet<string>, client: ClientView): readonly Route[] {
  return [...handles].flatMap((handle) => byInterface(client).get(handle) ?? []);
}

const byInterface = once((client: ClientView) => Map.groupBy(allRoutes(client), (route) => route.interface));

/** `172.16.50.130/32 On-link 172.16.50.130` on Windows, `local 172.16.50.2 dev tun0` on Linux. */
function isOwnAddressRoute({ prefix, via, type, interface: name }: Route): boolean {
  if (prefix.length !== widthOf(familyOf(prefix.first))) return false;
  if (type === 'local') return true;
  return type === 'unicast' && via.kind === 'on-link' && name === formatAddress(prefix.first);
}

/** `172.16.50.0/24 dev tun0 proto kernel scope link src 172.16.50.2`: the kernel made it for an address of that device. */
function linkAddress(route: Route): readonly { readonly address: Address; readonly route: Route }[] {
  const { source, protocol, via, type } = route;
  return protocol === 'kernel' && source !== undefined && via.kind === 'on-link' && type === 'unicast'
    ? [{ address: source, route }]
    : [];
}

/** `10.1.0.0 255.255.0.0 On-link 172.16.50.130 43` of a table that was cut: the column itself is an own address. */
function columnAddresses(client: ClientView): readonly { readonly address: Address; readonly route: Route }[] {
  return [...byInterface(client)].flatMap(([name, [route]]) => {
    const address = parseAddress(name);
    return address === undefined || route === undefined ? [] : [{ address, route }];
  });
}

/**
 * Get-NetRoute and netsh name an interface by alias or number. Protocol 2 (local) then tells own addresses, and broadcast
 * ones beside them. Where no protocol is told, the metric does that Windows gives to these and to nothing on the way
 * elsewhere; where none is known either, that an interface has one such row: every interface has its own.
 */
function localHosts(client: ClientView): (route: Route) => boolean {
  const routes = allRoutes(client);
  const broadcasts = broadcastsOf(routes);
  const hosts = routes.filter(
    (route) =>
      isOnLinkHost(route) &&
      !broadcasts.has(`${route.interface} ${route.prefix.first}`) &&
      !isReserved(route.prefix.first),
  );
  const hostsOn = Map.groupBy(hosts, linkOf);
  const highest = highestMetrics(routes);
  const local = new Set(
    hosts.filter((route) => {
      const { protocol, metric } = route;
      if (protocol !== undefined) return /^(2|local)$/i.test(protocol);
      // `route print` says by address which interface it is: nothing to be inferred there.
      if (parseAddress(route.interface) !== undefined) return false;
      return metric === null
        ? hostsOn.get(linkOf(route))?.length === 1
        : metric >= systemMetric && metric === highest.get(linkOf(route));
    }),
  );
  return (route) => local.has(route);
}

// 41      172.16.50.130/32          0.0.0.0          256 25       ActiveStore
// 41      10.1.0.0/16               0.0.0.0           18 25       ActiveStore
const systemMetric = 256;

function highestMetrics(routes: readonly Route[]): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const route of routes)
    if (route.via.kind === 'on-link')
      highest.set(linkOf(route), Math.max(route.metric ?? 0, highest.get(linkOf(route)) ?? 0));
  return highest;
}

const linkOf = ({ interface: name, prefix }: Route): string => `${familyOf(prefix.first)} ${name}`;

function isOnLinkHost({ prefix, via }: Route): boolean {
  return prefix.length === widthOf(familyOf(prefix.first)) && via.kind === 'on-link';
}

/** The last address of every on-link prefix, by interface. */
function broadcastsOf(routes: readonly Route[]): ReadonlySet<string> {
  return new Set(
    routes
      .filter(
        ({ via, prefix }) =>
          via.kind === 'on-link' && prefix.length > 0 && prefix.length < widthOf(familyOf(prefix.first)),
      )
      .map(({ interface: name, prefix }) => `${name} ${lastOf(prefix)}`),
  );
}

function handlesOf(address: Address, iface: Interface | undefined, routeNames: readonly string[]): ReadonlySet<string> {
  return new Set([
    formatAddress(address),
    ...routeNames.filter((name) => name !== 'lo'),
    ...(iface === undefined ? [] : [iface.name, ...(iface.index === null ? [] : [String(iface.index)])]),
  ]);
}

function interfaceCalled({ interfaces }: ClientView, name: string): Interface | undefined {
  return interfaces.find(
    (iface) =>
      iface.name === name ||
      String(iface.index) === name ||
      iface.addresses.some(({ address }) => formatAddress(address) === name),
  );
}

/** The rows a system adds by itself beside those that lead somewhere: own addresses, broadcast, multicast, loopback. */
export function housekeepingRows(rows: readonly Route[]): ReadonlySet<Route> {
  const lasts = new Set(
    rows.flatMap((row) => (isOnLinkNetwork(row) ? [lastKey(row.interface, lastOf(row.prefix))] : [])),
  );
  return new Set(rows.filter((row) => isOwnOrReserved(row) || isBroadcast(row, lasts)));
}

// Blackholes and their kin are none of these: somebody put them there, and they decide.
const kernelTypes: ReadonlySet<string> = new Set(['local', 'broadcast', 'anycast', 'multicast']);

function isOwnOrReserved(route: Route): boolean {
  return kernelTypes.has(route.type) || isOwnAddressRoute(route) || isReservedRange(route.prefix);
}

// The IPv6 default and its lower half begin at ::, as loopback does.
function isReservedRange({ first, length }: Prefix): boolean {
  return length > 1 && isReserved(first);
}

/** Windows lists `10.1.255.255/32 On-link` beside every `10.1.0.0/16 On-link` of the same interface. */
function isBroadcast({ prefix, via, interface: name }: Route, lasts: ReadonlySet<string>): boolean {
  return (
    prefix.length === 32 &&
    typeof prefix.first === 'number' &&
    via.kind === 'on-link' &&
    lasts.has(lastKey(name, prefix.first))
  );
}

function isOnLinkNetwork({ prefix, via }: Route): boolean {
  return typeof prefix.first === 'number' && via.kind === 'on-link' && prefix.length > 0 && prefix.length < 32;
}

const lastKey = (name: string, last: Address): string => `${name} ${last}`;

/** Loopback, link-local, multicast and limited broadcast: never a destination behind a VPN. */
export function isReserved(address: Address): boolean {
  if (typeof address === 'bigint') return address <= 1n || address >> 118n === 0x3fan || address >> 120n === 0xffn;
  const top = Math.floor(address / 2 ** 24);
  return top === 127 || top >= 224 || Math.floor(address / 2 ** 16) === 0xa9fe;
}
