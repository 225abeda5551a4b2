import type { PrefixAt } from '../facts/origin.ts';
import { keyOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Gateway, Topology, VNet } from '../facts/topology.ts';
import { formatPrefix } from '../net/prefix.ts';
import type { ExpectedRoute, ReasonKind } from './expected-route.ts';
import { siteConnections, type TiedGateway, tiedGateways } from './gateway-ties.ts';

/**
 * What lies behind the gateway's own connections. Microsoft's tables contradict each other on these (rows R3 to R8),
 * and native Windows never gets them by itself: `may`, for every client.
 */
export function expectBranches(topology: Topology, gateway: Gateway): readonly ExpectedRoute[] {
  return [
    ...sitesOf(gateway.id, topology).flatMap(({ name, addressSpace }) =>
      addressSpace.map((range) => mayHave(range, name, 'branch', `${name} lists ${formatPrefix(range.prefix)}`)),
    ),
    ...tiedGateways(gateway.id, topology).flatMap((tied) => furtherOn(tied, topology)),
    ...learned(topology, gateway),
    ...expressRoute(topology, gateway),
  ];
}

/** Along a chain of VNet-to-VNet connections: the VNet of each gateway in it, and its sites. */
function furtherOn({ gateway, path }: TiedGateway, topology: Topology): readonly ExpectedRoute[] {
  const vnet = homeOf(gateway, topology);
  const through = path.map(({ name }) => name).join(', ');
  const sites = sitesOf(gateway, topology).flatMap(({ name, addressSpace }) =>
    addressSpace.map((range) =>
      mayHave(range, name, 'branch', `${formatPrefix(range.prefix)} is a site behind ${through}`),
    ),
  );
  if (vnet === undefined) return sites;
  const spaces = vnet.addressSpace.map((range) => ({
    ...mayHave(range, vnet.name, 'vnet-to-vnet', `${formatPrefix(range.prefix)} is behind ${through}`),
    vnet,
  }));
  return [...spaces, ...sites];
}

function homeOf(gateway: ResourceId, { gateways, vnets }: Topology): VNet | undefined {
  const home = gateways.get(keyOf(gateway))?.homeVNet;
  return home === undefined ? undefined : vnets.get(keyOf(home));
}

/** What stands at the far end of a gateway's connections to sites, as far as it was read. */
function sitesOf(gateway: ResourceId, topology: Topology) {
  return siteConnections(gateway, topology).flatMap(
    ({ localNetworkGateway }) => topology.localNetworkGateways.get(keyOf(localNetworkGateway)) ?? [],
  );
}

/** Learned from other peers; the gateway's own networks and pools are told elsewhere. */
function learned(topology: Topology, gateway: Gateway): readonly ExpectedRoute[] {
  return (topology.learnedRoutes.get(keyOf(gateway.id)) ?? [])
    .filter(({ learnedBy, nextHop }) => learnedBy.toLowerCase() !== 'network' || nextHop !== '')
    .map((route) =>
      mayHave(
        { prefix: route.prefix, origin: route.at },
        route.sourcePeer === '' ? 'BGP' : `BGP peer ${route.sourcePeer}`,
        'bgp',
        `${formatPrefix(route.prefix)} is learned by ${route.learnedBy}`,
      ),
    );
}

/** Routes known only to an ExpressRoute gateway beside the VPN gateway: documented as not reachable, reported as working. */
function expressRoute(topology: Topology, gateway: Gateway): readonly ExpectedRoute[] {
  return [...topology.gateways.values()]
    .filter(
      (other) => other.gatewayType?.toLowerCase() === 'expressroute' && sameResource(other.homeVNet, gateway.homeVNet),
    )
    .flatMap((other) => topology.learnedRoutes.get(keyOf(other.id)) ?? [])
    .filter(({ learnedBy }) => learnedBy.toLowerCase() !== 'network')
    .map((route) =>
      mayHave(
        { prefix: route.prefix, origin: route.at },
        'ExpressRoute',
        'expressroute',
        `${formatPrefix(route.prefix)} is learned by the ExpressRoute gateway`,
      ),
    );
}

function mayHave({ prefix, origin }: PrefixAt, owner: string, reason: ReasonKind, says: string): ExpectedRoute {
  const evidence = [{ says, origin }];
  return {
    prefix,
    expectation: 'may',
    reason,
    owner,
    configured: { state: 'held', evidence },
    // Whether this client is given it hangs on contradicting texts; the gateway has it, more is not known.
    offered: { state: 'unknown', evidence: [], obstacles: [] },
  };
}
