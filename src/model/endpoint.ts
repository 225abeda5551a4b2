import type { Origin, PrefixAt } from '../facts/origin.ts';
import { keyOf, type ResourceId } from '../facts/resource-id.ts';
import type { Gateway, Topology } from '../facts/topology.ts';
import type { P2SVpnGateway } from '../facts/virtual-wan.ts';
import type { Address } from '../net/address.ts';

/** What a Point-to-Site client dials: a VNet's VPN gateway, or the P2S gateway of a Virtual WAN hub. */
export type Endpoint =
  | { readonly kind: 'vnet-gateway'; readonly gateway: Gateway }
  | { readonly kind: 'hub-gateway'; readonly gateway: P2SVpnGateway };

/** Every endpoint that the documents name, Point-to-Site or not (an ExpressRoute gateway is none). */
export function endpointsOf(topology: Topology): readonly Endpoint[] {
  return [
    ...[...topology.gateways.values()]
      .filter(({ gatewayType }) => gatewayType?.toLowerCase() !== 'expressroute')
      .map((gateway): Endpoint => ({ kind: 'vnet-gateway', gateway })),
    ...[...topology.p2sGateways.values()].map((gateway): Endpoint => ({ kind: 'hub-gateway', gateway })),
  ];
}

/** A pool of client addresses; `group` is the user group or connection configuration it belongs to. */
export interface Pool {
  readonly group: string | null;
  readonly prefixes: readonly PrefixAt[];
}

export function poolsOf(endpoint: Endpoint): readonly Pool[] {
  if (endpoint.kind === 'hub-gateway')
    return endpoint.gateway.connections.map(({ name, pool }) => ({ group: name, prefixes: pool }));
  const { pointToSite } = endpoint.gateway;
  if (pointToSite === null) return [];
  const pools = [
    { group: null, prefixes: pointToSite.pool },
    ...pointToSite.groups.map(({ name, pool }) => ({ group: name, prefixes: pool })),
  ];
  return pools.filter(({ prefixes }) => prefixes.length > 0);
}

/** The tunnel protocols it offers, as Azure spells them; undefined where that was not told. */
export function protocolsOf(endpoint: Endpoint, topology: Topology): readonly string[] | undefined {
  if (endpoint.kind === 'vnet-gateway') return endpoint.gateway.pointToSite?.protocols;
  return topology.serverConfigurations.get(keyOf(endpoint.gateway.serverConfiguration ?? ''))?.protocols;
}

/** The public addresses clients dial; a Virtual WAN gateway's are not in its documents. */
export function publicAddressesOf(endpoint: Endpoint, topology: Topology): readonly Address[] {
  if (endpoint.kind === 'hub-gateway') return [];
  const { ipConfigurations, publicAddresses } = endpoint.gateway;
  const resolved = ipConfigurations.flatMap(
    ({ publicIp = '' }) => topology.publicIps.get(keyOf(publicIp))?.address ?? [],
  );
  return [...new Set([...resolved, ...publicAddresses])];
}

export function idOf(endpoint: Endpoint): ResourceId {
  return endpoint.gateway.id;
}

export function originOf(endpoint: Endpoint): Origin {
  return endpoint.gateway.origin;
}
