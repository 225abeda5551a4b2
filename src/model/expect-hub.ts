import type { Evidence, PrefixAt } from '../facts/origin.ts';
import { ancestorOf, keyOf, nameOf, sameResource } from '../facts/resource-id.ts';
import type { Topology, VNet } from '../facts/topology.ts';
import type {
  HubConnection,
  HubEffectiveRoute,
  HubRouteTable,
  P2SVpnGateway,
  VirtualHub,
} from '../facts/virtual-wan.ts';
import { comparePrefixes, formatPrefix, type Prefix } from '../net/prefix.ts';
import type { ExpectedRoute, Obstacle } from './expected-route.ts';
import { offeredState } from './peering-offer.ts';

/**
 * Clients of a hub's P2S gateway learn what the hub's default route table holds.
 * https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
 */
export function expectHub(topology: Topology, gateway: P2SVpnGateway): readonly ExpectedRoute[] {
  const hub = gateway.hub === undefined ? undefined : topology.hubs.get(keyOf(gateway.hub));
  const connections = topology.hubConnections.filter((connection) => sameResource(connection.hub, gateway.hub));
  const effective = hubRoutesOf(topology, gateway);
  return [
    ...connections.flatMap((connection) => behindConnection(connection, topology, hub, effective)),
    ...defaultRoute(topology, gateway, effective),
    ...hubPrefix(hub),
    ...others(effective),
    ...staticRoutes(topology, gateway),
  ];
}

/** Effective routes of the hub, or of its default route table, whichever was asked for. Undefined: not read. */
export function hubRoutesOf(topology: Topology, gateway: P2SVpnGateway): readonly HubEffectiveRoute[] | undefined {
  if (gateway.hub === undefined) return undefined;
  const keys = [...topology.hubEffectiveRoutes.keys()];
  const hubKey = keyOf(gateway.hub);
  const key =
    keys.find((candidate) => candidate === `${hubKey}/hubroutetables/defaultroutetable`) ??
    keys.find((candidate) => candidate === hubKey);
  return key === undefined ? undefined : topology.hubEffectiveRoutes.get(key);
}

export function defaultTableOf(topology: Topology, gateway: P2SVpnGateway): HubRouteTable | undefined {
  return gateway.hub === undefined
    ? undefined
    : topology.hubRouteTables.get(`${keyOf(gateway.hub)}/hubroutetables/defaultroutetable`);
}

function behindConnection(
  connection: HubConnection,
  topology: Topology,
  hub: VirtualHub | undefined,
  effective: readonly HubEffectiveRoute[] | undefined,
): readonly ExpectedRoute[] {
  const vnet = vnetBehind(connection, topology);
  const offered = connectionOffer(connection, hub);
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

/** Routing intent replaces association and propagation: then every connection reaches every other. */
function connectionOffer(connection: HubConnection, hub: VirtualHub | undefined): ExpectedRoute['offered'] {
  const intent =
    hub?.routingIntent?.some(({ destinations }) => destinations.some((d) => d.toLowerCase() === 'privatetraffic')) ===
    true;
  const { routing } = connection;
  if (intent)
    return {
      state: 'held',
      evidence: [
        { says: `${hub?.name} has a routing intent for private traffic`, origin: hub?.origin ?? connection.origin },
      ],
      obstacles: [],
    };
  if (routing === undefined)
    return {
      state: 'unknown',
      evidence: [],
      obstacles: [{ kind: 'unread', resource: connection.id, unread: undefined }],
    };
  const toDefault =
    routing.propagatedLabels.some((label) => label.toLowerCase() === 'default') ||
    routing.propagatedIds.some(
      (id) =>
        nameOf(id).toLowerCase() === 'defaultroutetable' && sameResource(ancestorOf(id, 'virtualHubs'), connection.hub),
    );
  const obstacles: readonly Obstacle[] = toDefault ? [] : [{ kind: 'not-propagated' }];
  const says = toDefault ? 'propagates to the default route table' : 'does not propagate to the default route table';
  return {
    state: offeredState(obstacles),
    evidence: [{ says: `${connection.name} ${says}`, origin: connection.origin }],
    obstacles,
  };
}

/** 0.0.0.0/0 in the table reaches clients only with enableInternetSecurity on their connection configuration. */
function defaultRoute(
  topology: Topology,
  gateway: P2SVpnGateway,
  effective: readonly HubEffectiveRoute[] | undefined,
): readonly ExpectedRoute[] {
  const inTable =
    defaultTableOf(topology, gateway)?.routes.flatMap(({ destinations, origin }) =>
      destinations.filter(isDefault).map((prefix) => ({ prefix, origin })),
    ) ?? [];
  const inEffect = (effective ?? [])
    .filter(({ prefix }) => isDefault(prefix))
    .map(({ prefix, at }) => ({ prefix, origin: at }));
  const [route] = [...inTable, ...inEffect];
  if (route === undefined) return [];
  const switchedOff = gateway.connections.filter(({ enableInternetSecurity }) => enableInternetSecurity === false);
  const [off] = switchedOff;
  const evidence: readonly Evidence[] =
    off === undefined ? [] : [{ says: `${off.name}: enableInternetSecurity is false`, origin: off.origin }];
  const told = gateway.connections.every(({ enableInternetSecurity }) => enableInternetSecurity !== undefined);
  const state = told ? 'held' : 'unknown';
  return [
    {
      prefix: route.prefix,
      expectation: off === undefined && told ? 'must' : 'may',
      reason: 'hub-route',
      owner: 'default route of the hub',
      configured: { state: 'held', evidence: [{ says: 'the hub has a default route', origin: route.origin }] },
      offered:
        off === undefined
          ? { state, evidence: [], obstacles: [] }
          : { state: 'lost', evidence, obstacles: [{ kind: 'default-route-off' }] },
    },
  ];
}

function hubPrefix(hub: VirtualHub | undefined): readonly ExpectedRoute[] {
  if (hub?.addressPrefix === undefined) return [];
  const { prefix, origin } = hub.addressPrefix;
  return [mayHave(prefix, hub.name, 'hub', { says: `${formatPrefix(prefix)} is the hub's own range`, origin })];
}

/** Branches, other hubs, firewalls: in the table, so clients may have them. */
function others(effective: readonly HubEffectiveRoute[] | undefined): readonly ExpectedRoute[] {
  return (effective ?? [])
    .filter(({ prefix }) => !isDefault(prefix))
    .map(({ prefix, nextHopType, at }) =>
      mayHave(prefix, nextHopType, 'hub-route', {
        says: `the hub routes ${formatPrefix(prefix)} to ${nextHopType}`,
        origin: at,
      }),
    )
    .toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
}

function staticRoutes(topology: Topology, gateway: P2SVpnGateway): readonly ExpectedRoute[] {
  return (defaultTableOf(topology, gateway)?.routes ?? []).flatMap(({ destinations, name, nextHop, origin }) =>
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
