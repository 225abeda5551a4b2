import { once } from '../facts/once.ts';
import type { Evidence } from '../facts/origin.ts';
import { keyOf, sameResource } from '../facts/resource-id.ts';
import type { Route } from '../facts/route.ts';
import type { Gateway, Topology } from '../facts/topology.ts';
import { idOf, poolsOf } from '../model/endpoint.ts';
import { defaultTableOf, hubRoutesOf, rangesBehind } from '../model/expect-hub.ts';
import type { ExpectedRoute } from '../model/expected-route.ts';
import { openEnds, siteConnections, tiedGateways } from '../model/gateway-ties.ts';
import { peeredVNets } from '../model/peering-offer.ts';
import type { Address } from '../net/address.ts';
import { type AddressSet, covers, intersect, setOf } from '../net/address-set.ts';
import { containsAddress, formatPrefix } from '../net/prefix.ts';
import type { ClimbContext } from './context.ts';
import { gatewayHas, listsAll } from './issued.ts';

/** A route into the tunnel that Azure does not know, or knows in part. */
export interface Stray {
  readonly route: Route;
  /** The part of it that Azure has; empty where it has none of it. */
  readonly known: AddressSet;
}

/**
 * Routes into the tunnel that reach beyond what Azure was said to have. Defaults, and what holds the tunnel's own address, are
 * told elsewhere.
 */
export function strayRoutes(expected: readonly ExpectedRoute[], context: ClimbContext): readonly Stray[] {
  const { tunnel, endpoint } = context.situation;
  if (tunnel === undefined || endpoint === undefined) return [];
  // Pools of other groups are no part of what this client must have; the gateway knows them all the same.
  const pools = poolsOf(endpoint).flatMap(({ prefixes }) => prefixes);
  const listed = expected.filter(({ reason }) => reason !== 'asked-for');
  const taught = gatewayHas(context).filter(({ prefix }) => prefix.length > 1);
  const known = setOf([...listed, ...pools, ...taught].map(({ prefix }) => prefix));
  const peers = context.client.interfaces.flatMap(({ addresses }) => addresses.flatMap(({ peer }) => peer ?? []));
  const seen = new Set<string>();
  return context.tunnelSpace.routes
    .filter(({ prefix }) => prefix.length > 1 && !containsAddress(prefix, tunnel.address))
    .filter(({ prefix }) => !covers(known, setOf([prefix])))
    .filter(({ prefix }) => prefix.length < 31 || !peers.some((peer) => containsAddress(prefix, peer)))
    .filter(({ prefix }) => {
      const isNew = !seen.has(formatPrefix(prefix));
      seen.add(formatPrefix(prefix));
      return isNew;
    })
    .map((route) => ({ route, known: intersect(known, setOf([route.prefix])) }));
}

/** The A, B or C network of the tunnel's address, which Windows adds by itself: 10.55.55.4 → 10.0.0.0/8. */
export function isClassBased({ prefix, via }: Route, tunnel: Address, platform: 'windows' | 'linux'): boolean {
  return (
    platform === 'windows' &&
    via.kind === 'on-link' &&
    prefix.length === classLength(tunnel) &&
    containsAddress(prefix, tunnel)
  );
}

function classLength(address: Address): number | undefined {
  if (typeof address !== 'number') return undefined;
  const top = Math.floor(address / 2 ** 24);
  if (top < 128) return 8;
  if (top < 192) return 16;
  return top < 224 ? 24 : undefined;
}

const listings = /virtualnetworks|peering|connection|localnetworkgateway|learned|gateway.*effectiveroutes$|hub/i;

/** What could list a prefix and was not read; empty: everything was read, and a stray is proven. */
export const unreadListings = once(({ topology, situation }: ClimbContext): readonly Evidence[] => {
  const { endpoint } = situation;
  if (endpoint === undefined) return [];
  const refused = topology.unread
    .filter(({ operation = '' }) => listings.test(operation) && !/health/i.test(operation))
    .map(({ operation, why, origin }) => ({ says: `${operation} was not read: ${why.code}`, origin }));
  if (endpoint.kind === 'hub-gateway') {
    const told = hubRoutesOf(topology, endpoint.gateway) ?? defaultTableOf(topology, endpoint.gateway);
    const silent = { says: "the hub's routes were not read", origin: endpoint.gateway.origin };
    return told === undefined ? [...refused, silent] : refused;
  }
  return [...refused, ...spacesUnread(endpoint.gateway, topology), ...branchesUnread(endpoint.gateway, topology)];
});

/** What could list a prefix that clients must have and was not read: while there is any, nobody can say that all is there. */
export const unreadMusts = once(({ topology, situation: { endpoint } }: ClimbContext): readonly Evidence[] => {
  if (endpoint === undefined) return [];
  if (endpoint.kind === 'vnet-gateway') return spacesUnread(endpoint.gateway, topology);
  const { hub } = endpoint.gateway;
  const list = topology.unread.filter(({ operation }) => operation === 'hubVirtualNetworkConnections.list');
  return [
    ...list.map(({ origin }) => ({ says: "the hub's connections were not read", origin })),
    ...topology.hubConnections
      .filter((connection) => sameResource(connection.hub, hub))
      .filter((connection) => rangesBehind(connection, topology, hubRoutesOf(topology, endpoint.gateway)).length === 0)
      .map(({ name, origin }) => ({ says: `what ${name} leads to was not read`, origin })),
  ];
});

/** The address space of the gateway's VNet and of those peered with it, where it is told nowhere. */
function spacesUnread({ homeVNet, origin }: Gateway, topology: Topology): readonly Evidence[] {
  const home = homeVNet === undefined ? undefined : topology.vnets.get(keyOf(homeVNet));
  if (home === undefined) return [{ says: "the gateway's VNet was not read", origin }];
  const listed = topology.peeringsReadOf.has(keyOf(home.id));
  const far = peeredVNets(topology, home.id).filter(
    ({ near, vnet }) => vnet === undefined && near.remoteAddressSpace === undefined,
  );
  return [
    ...(listed ? [] : [{ says: `the peerings of ${home.name} were not read in full`, origin: home.origin }]),
    ...far.map(({ near }) => ({ says: `what ${near.name} leads to was not read`, origin: near.origin })),
  ];
}

/** Chains of gateways not followed to their end, sites whose ranges are missing, BGP of which nobody asked what it taught. */
function branchesUnread(gateway: Gateway, topology: Topology): readonly Evidence[] {
  const sites = siteConnections(gateway.id, topology);
  const own = [...sites, ...tiedGateways(gateway.id, topology).flatMap(({ path }) => path.slice(0, 1))];
  const taught =
    topology.learnedRoutes.has(keyOf(gateway.id)) || topology.gatewayEffectiveRoutes.has(keyOf(gateway.id));
  const silent = taught ? undefined : own.find(({ enableBgp }) => enableBgp === true);
  return [
    ...openEnds(gateway.id, topology).flatMap(({ path }) =>
      path.slice(-1).map(({ name, origin }) => ({ says: `what lies beyond ${name} was not read`, origin })),
    ),
    ...sites
      .filter(({ localNetworkGateway: id }) => id !== undefined && !topology.localNetworkGateways.has(keyOf(id)))
      .map(({ name, origin }) => ({ says: `the site behind ${name} was not read`, origin })),
    ...(silent === undefined
      ? []
      : [{ says: `what ${gateway.name} learned by BGP was not read`, origin: silent.origin }]),
  ];
}

/** Whether anything was read that would list what lies behind the gateway's connections. */
export function branchesWereRead(topology: Topology, context: ClimbContext): boolean {
  const { endpoint } = context.situation;
  if (endpoint === undefined) return false;
  const key = keyOf(idOf(endpoint));
  return (
    topology.issued.some(listsAll) ||
    topology.learnedRoutes.has(key) ||
    topology.gatewayEffectiveRoutes.has(key) ||
    topology.connections.length > 0 ||
    [...topology.listed].some((entry) => entry.includes('connection'))
  );
}
