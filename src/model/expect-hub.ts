import type { Evidence, PrefixAt } from '../facts/origin.ts';
import { ancestorOf, keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Topology, UnreadResource, VNet } from '../facts/topology.ts';
import type {
  HubConnection,
  HubEffectiveRoute,
  HubRouteTable,
  P2SVpnGateway,
  RoutingConfiguration,
  VirtualHub,
} from '../facts/virtual-wan.ts';
import { comparePrefixes, formatPrefix, type Prefix } from '../net/prefix.ts';
import type { ExpectedRoute } from './expected-route.ts';

/**
 * Clients of a hub's P2S gateway learn what the hub's default route table holds.
 * https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
 */
export function expectHub(topology: Topology, gateway: P2SVpnGateway): readonly ExpectedRoute[] {
  const hub = hubOf(gateway, topology);
  const table = defaultTableOf(topology, gateway);
  const connections = topology.hubConnections.filter((connection) => sameResource(connection.hub, gateway.hub));
  const effective = hubRoutesOf(topology, gateway);
  return [
    ...connections.flatMap((connection) => behindConnection(connection, topology, effective)),
    ...defaultRoute(gateway, table, effective ?? []),
    ...hubPrefix(hub),
    ...others(effective ?? []),
    ...staticRoutes(table),
  ];
}

/** The hub that holds the gateway, as far as it was read. */
export function hubOf({ hub }: Pick<P2SVpnGateway, 'hub'>, { hubs }: Topology): VirtualHub | undefined {
  return hubs.get(keyOf(hub ?? ''));
}

/** Effective routes of the hub's default route table, or of the hub, whichever was asked for. Undefined: not read. */
export function hubRoutesOf(
  { hubEffectiveRoutes }: Topology,
  { hub = '' }: P2SVpnGateway,
): readonly HubEffectiveRoute[] | undefined {
  return hubEffectiveRoutes.get(defaultTableKey(hub)) ?? hubEffectiveRoutes.get(keyOf(hub));
}

export function defaultTableOf(
  { hubRouteTables }: Topology,
  { hub = '' }: Pick<P2SVpnGateway, 'hub'>,
): HubRouteTable | undefined {
  return hubRouteTables.get(defaultTableKey(hub));
}

const defaultTableKey = (hub: ResourceId): string => `${keyOf(hub)}/hubroutetables/defaultroutetable`;

function behindConnection(
  connection: HubConnection,
  topology: Topology,
  effective: readonly HubEffectiveRoute[] | undefined,
): readonly ExpectedRoute[] {
  const vnet = vnetBehind(connection, topology);
  const offered = connectionOffer(connection, topology);
  return rangesBehind(connection, topology, effective).map(({ prefix, origin }) => ({
    prefix,
    expectation: 'must',
    reason: 'hub-connection',
    owner: vnet?.name ?? (connection.remoteVNet === undefined ? connection.name : nameOf(connection.remoteVNet)),
    ...(vnet !== undefined && { vnet }),
    configured: {
      state: 'held',
      evidence: [{ says: `${formatPrefix(prefix)} is behind hub connection ${connection.name}`, origin }],
    },
    offered,
  }));
}

function vnetBehind({ remoteVNet }: HubConnection, topology: Topology): VNet | undefined {
  return remoteVNet === undefined ? undefined : topology.vnets.get(keyOf(remoteVNet));
}

/** What a connection leads to: its VNet's address space, or what the hub was taught by it; empty: neither was read. */
export function rangesBehind(
  connection: HubConnection,
  topology: Topology,
  effective: readonly HubEffectiveRoute[] | undefined,
): readonly PrefixAt[] {
  const taught = (effective ?? []).filter(({ nextHops }) => nextHops.some((hop) => sameResource(hop, connection.id)));
  return vnetBehind(connection, topology)?.addressSpace ?? taught.map(({ prefix, at }) => ({ prefix, origin: at }));
}

/** Routing intent for private traffic replaces association and propagation: then every connection reaches every other. */
function connectionOffer(connection: HubConnection, topology: Topology): ExpectedRoute['offered'] {
  const { name, origin, routing } = connection;
  const hub = hubOf(connection, topology);
  if (hub?.routingIntent?.some(isPrivate) === true) {
    const says = `${hub.name} has a routing intent for private traffic`;
    return { state: 'held', evidence: [{ says, origin: hub.origin }], obstacles: [] };
  }
  if (routing === undefined) return unreadOffer(connection.id, undefined);
  if (propagatesToDefault(connection, routing, topology)) {
    const says = `${name} propagates to the default route table`;
    return { state: 'held', evidence: [{ says, origin }], obstacles: [] };
  }
  const refused = refusedIntent(connection.hub, topology);
  if (refused !== undefined) return unreadOffer(connection.hub, refused);
  const says = `${name} does not propagate to the default route table`;
  return { state: 'lost', evidence: [{ says, origin }], obstacles: [{ kind: 'not-propagated' }] };
}

const isPrivate = ({ destinations }: { readonly destinations: readonly string[] }): boolean =>
  destinations.some((one) => one.toLowerCase() === 'privatetraffic');

function unreadOffer(resource: ResourceId, unread: UnreadResource | undefined): ExpectedRoute['offered'] {
  const evidence =
    unread === undefined ? [] : [{ says: `routing intent was not read: ${unread.why.code}`, origin: unread.origin }];
  return { state: 'unknown', evidence, obstacles: [{ kind: 'unread', resource, unread }] };
}

/** Somebody asked for the hub's routing intent and got no answer: then propagation alone decides nothing. */
export function refusedIntent(hub: ResourceId | undefined, { unread }: Topology): UnreadResource | undefined {
  return unread.find(
    ({ operation = '', resource = '' }) =>
      /^(routingintent.*|virtualhubs)\.(get|list)$/i.test(operation) &&
      sameResource(ancestorOf(resource, 'virtualHubs'), hub),
  );
}

/** To the table itself, or to a label it carries: `default` always, others as read. */
function propagatesToDefault({ hub }: HubConnection, routing: RoutingConfiguration, topology: Topology): boolean {
  const labels = ['default', ...(defaultTableOf(topology, { hub })?.labels ?? [])].map((label) => label.toLowerCase());
  return (
    routing.propagatedLabels.some((label) => labels.includes(label.toLowerCase())) ||
    routing.propagatedIds.some((id) => keyOf(id) === defaultTableKey(hub))
  );
}

/** 0.0.0.0/0 in the table reaches clients only with enableInternetSecurity on their connection configuration. */
function defaultRoute(
  { connections }: P2SVpnGateway,
  table: HubRouteTable | undefined,
  effective: readonly HubEffectiveRoute[],
): readonly ExpectedRoute[] {
  const inTable = (table?.routes ?? []).flatMap(({ destinations, origin }) =>
    destinations.map((prefix) => ({ prefix, origin })),
  );
  const inEffect = effective.map(({ prefix, at }) => ({ prefix, origin: at }));
  const route = [...inTable, ...inEffect].find(({ prefix }) => isDefault(prefix));
  if (route === undefined) return [];
  return [
    {
      prefix: route.prefix,
      reason: 'hub-route',
      owner: 'default route of the hub',
      configured: { state: 'held', evidence: [{ says: 'the hub has a default route', origin: route.origin }] },
      ...defaultOffer(connections),
    },
  ];
}

function defaultOffer(connections: P2SVpnGateway['connections']): Pick<ExpectedRoute, 'expectation' | 'offered'> {
  const off = connections.find(({ enableInternetSecurity }) => enableInternetSecurity === false);
  if (off !== undefined) {
    const evidence = [{ says: `${off.name}: enableInternetSecurity is false`, origin: off.origin }];
    return { expectation: 'may', offered: { state: 'lost', evidence, obstacles: [{ kind: 'default-route-off' }] } };
  }
  return connections.every(({ enableInternetSecurity }) => enableInternetSecurity === true)
    ? { expectation: 'must', offered: { state: 'held', evidence: [], obstacles: [] } }
    : { expectation: 'may', offered: { state: 'unknown', evidence: [], obstacles: [] } };
}

function hubPrefix(hub: VirtualHub | undefined): readonly ExpectedRoute[] {
  if (hub?.addressPrefix === undefined) return [];
  const { prefix, origin } = hub.addressPrefix;
  return [mayHave(prefix, hub.name, 'hub', { says: `${formatPrefix(prefix)} is the hub's own range`, origin })];
}

/** Branches, other hubs, firewalls: in the table, so clients may have them. */
function others(effective: readonly HubEffectiveRoute[]): readonly ExpectedRoute[] {
  return effective
    .filter(({ prefix }) => !isDefault(prefix))
    .map(({ prefix, nextHopType, at }) =>
      mayHave(prefix, nextHopType, 'hub-route', {
        says: `the hub routes ${formatPrefix(prefix)} to ${nextHopType}`,
        origin: at,
      }),
    )
    .toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
}

function staticRoutes(table: HubRouteTable | undefined): readonly ExpectedRoute[] {
  return (table?.routes ?? []).flatMap(({ destinations, name, nextHop, origin }) =>
    destinations
      .filter((prefix) => !isDefault(prefix))
      .map((prefix) =>
        mayHave(prefix, name, 'hub-route', { says: `static route ${name} to ${nameOf(nextHop)}`, origin }),
      ),
  );
}

function mayHave(prefix: Prefix, owner: string, reason: 'hub' | 'hub-route', evidence: Evidence): ExpectedRoute {
  return {
    prefix,
    expectation: 'may',
    reason,
    owner,
    configured: { state: 'held', evidence: [evidence] },
    offered: { state: 'held', evidence: [evidence], obstacles: [] },
  };
}

const isDefault = ({ length }: Prefix): boolean => length === 0;
