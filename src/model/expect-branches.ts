import type { PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf, sameResource } from '../facts/resource-id.ts';
import type { Connection, Gateway, Topology } from '../facts/topology.ts';
import { formatPrefix } from '../net/prefix.ts';
import type { ExpectedRoute, ReasonKind } from './expected-route.ts';
import { connectionText, siteConnections, type TiedGateway, tiedGateways } from './gateway-ties.ts';

/**
 * What lies behind the gateway's own connections. Microsoft's tables contradict each other on these (rows R3 to R8),
 * and native Windows never gets them by itself: `may`, for every client.
 */
export function expectBranches(topology: Topology, gateway: Gateway): readonly ExpectedRoute[] {
  return [
    ...topology.connections
      .filter(({ gateway1, gateway2 }) => sameResource(gateway1, gateway.id) || sameResource(gateway2, gateway.id))
      .flatMap((connection) => behind(connection, topology, gateway)),
    ...tiedGateways(gateway.id, topology).flatMap((tied) => furtherOn(tied, topology)),
    ...learned(topology, gateway),
    ...expressRoute(topology, gateway),
  ];
}

function behind(connection: Connection, topology: Topology, gateway: Gateway): readonly ExpectedRoute[] {
  const site =
    connection.localNetworkGateway === undefined
      ? undefined
      : topology.localNetworkGateways.get(keyOf(connection.localNetworkGateway));
  if (site !== undefined)
    return site.addressSpace.map((range) =>
      mayHave(range, site.name, 'branch', `${site.name} lists ${formatPrefix(range.prefix)}`),
    );
  const farId = sameResource(connection.gateway1, gateway.id) ? connection.gateway2 : connection.gateway1;
  const far = farId === undefined ? undefined : topology.gateways.get(keyOf(farId));
  const vnet = far?.homeVNet === undefined ? undefined : topology.vnets.get(keyOf(far.homeVNet));
  return (vnet?.addressSpace ?? []).map((range) => ({
    ...mayHave(
      range,
      vnet?.name ?? nameOf(connection.id),
      'vnet-to-vnet',
      `${formatPrefix(range.prefix)} is behind ${connection.name}`,
    ),
    ...(vnet !== undefined && { vnet }),
  }));
}

/** Further along a chain of VNet-to-VNet connections: the VNets after the first, and the sites of every gateway in it. */
function furtherOn({ gateway, path }: TiedGateway, topology: Topology): readonly ExpectedRoute[] {
  const far = topology.gateways.get(keyOf(gateway));
  const vnet = far?.homeVNet === undefined ? undefined : topology.vnets.get(keyOf(far.homeVNet));
  const through = path.map(connectionText).join(', ');
  const sites = siteConnections(gateway, topology).flatMap(({ localNetworkGateway: id }) => {
    const site = id === undefined ? undefined : topology.localNetworkGateways.get(keyOf(id));
    return (site?.addressSpace ?? []).map((range) =>
      mayHave(range, site?.name ?? '', 'branch', `${formatPrefix(range.prefix)} is a site behind ${through}`),
    );
  });
  const spaces = path.length < 2 || vnet === undefined ? [] : vnet.addressSpace;
  return [
    ...spaces.map((range) => ({
      ...mayHave(range, vnet?.name ?? '', 'vnet-to-vnet', `${formatPrefix(range.prefix)} is behind ${through}`),
      ...(vnet !== undefined && { vnet }),
    })),
    ...sites,
  ];
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
