import { ancestorOf, keyOf, nameOf } from '../facts/resource-id.ts';
import type {
  HubConnection,
  HubEffectiveRoute,
  HubRouteTable,
  P2SVpnGateway,
  RoutingConfiguration,
  VirtualHub,
} from '../facts/virtual-wan.ts';
import {
  addressesOf,
  addressSpaceOf,
  complain,
  each,
  field,
  flagOf,
  idOf,
  idsOf,
  labelOf,
  type Node,
  numberOf,
  originOf,
  prefixAt,
  prefixesAt,
  prefixesOf,
  textOf,
  textsOf,
} from './document.ts';
import { type Draft, keep, ownId, type Reader } from './draft.ts';

/** A hub of a Virtual WAN. */
export const readHub: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a virtual hub without an id');
  const prefix = field(node, 'addressPrefix');
  const hub: VirtualHub = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    addressPrefix: prefix === undefined ? undefined : prefixAt(prefix),
    routingState: textOf(node, 'routingState'),
    provisioningState: textOf(node, 'provisioningState'),
    p2sGateway: idOf(node, 'p2SVpnGateway'),
    hasFirewall: idOf(node, 'azureFirewall') !== undefined,
    routingIntent: undefined,
    origin: originOf(node),
  };
  keep(draft.hubs, hub);
};

/** The routing intent of a hub: which traffic its firewall gets. */
export const readRoutingIntent: Reader = (node, draft, artifact) => {
  const hub = ancestorOf(ownId(node, artifact) ?? '', 'virtualHubs');
  if (hub === undefined) return complain(node, 'routing intent that names no hub');
  const policies = each(node, 'routingPolicies').map((policy) => ({
    destinations: textsOf(policy, 'destinations'),
    nextHop: idOf(policy, 'nextHop') ?? '',
  }));
  draft.routingIntents.set(keyOf(hub), policies);
};

/** Hands what was read of routing intent to the hubs. */
export function settleHubs(draft: Draft): void {
  for (const [key, hub] of draft.hubs) draft.hubs.set(key, { ...hub, routingIntent: draft.routingIntents.get(key) });
}

/** A VNet's tie to a hub. */
export const readHubConnection: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  const hub = ancestorOf(id ?? artifact.resource ?? '', 'virtualHubs');
  if (id === undefined || hub === undefined) return complain(node, 'a hub connection without an id');
  const connection: HubConnection = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    hub,
    remoteVNet: idOf(node, 'remoteVirtualNetwork'),
    enableInternetSecurity: flagOf(node, 'enableInternetSecurity'),
    routing: routingOf(node),
    provisioningState: textOf(node, 'provisioningState'),
    origin: originOf(node),
  };
  keep(draft.hubConnections, connection);
};

function routingOf(node: Node): RoutingConfiguration | undefined {
  const routing = field(node, 'routingConfiguration');
  const propagated = routing && field(routing, 'propagatedRouteTables');
  if (routing === undefined || propagated === undefined) return undefined;
  const vnetRoutes = field(routing, 'vnetRoutes');
  const statics = vnetRoutes === undefined ? [] : each(vnetRoutes, 'staticRoutes');
  return {
    associated: idOf(routing, 'associatedRouteTable'),
    propagatedIds: idsOf(propagated, 'ids'),
    propagatedLabels: textsOf(propagated, 'labels'),
    staticRoutes: statics.map((route) => ({
      name: labelOf(route, 'name') ?? '',
      prefixes: prefixesOf(route, 'addressPrefixes'),
      nextHop: textOf(route, 'nextHopIpAddress') ?? '',
    })),
  };
}

/** A route table of a hub, as configured. */
export const readHubRouteTable: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  const hub = ancestorOf(id ?? '', 'virtualHubs');
  if (id === undefined || hub === undefined) return complain(node, 'a hub route table without an id');
  const table: HubRouteTable = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    hub,
    labels: textsOf(node, 'labels'),
    routes: each(node, 'routes').map((route) => ({
      name: labelOf(route, 'name') ?? '',
      // Destinations may also be resource ids or services; only prefixes are of use here.
      destinations: (textOf(route, 'destinationType') ?? 'CIDR') === 'CIDR' ? prefixesOf(route, 'destinations') : [],
      nextHop: idOf(route, 'nextHop') ?? '',
      nextHopType: textOf(route, 'nextHopType') ?? '',
      origin: originOf(route),
    })),
    associatedConnections: idsOf(node, 'associatedConnections'),
    propagatingConnections: idsOf(node, 'propagatingConnections'),
    origin: originOf(node),
  };
  keep(draft.hubRouteTables, table);
};

/** A row of a hub's effective routes, one entry per prefix. */
export function hubEffectiveRouteOf(node: Node): readonly HubEffectiveRoute[] {
  const prefixes = prefixesAt(node, 'addressPrefixes');
  if (prefixes === undefined) complain(node, 'a hub route without a prefix');
  return (prefixes ?? []).map(({ prefix, origin }) => ({
    prefix,
    nextHops: idsOf(node, 'nextHops'),
    nextHopType: textOf(node, 'nextHopType') ?? '',
    routeOrigin: textOf(node, 'routeOrigin') ?? '',
    at: origin,
  }));
}

/** A Point-to-Site gateway of a hub; the answer about its health is the same document, fuller by one field. */
export const readP2SGateway: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a Point-to-Site gateway without an id');
  const gateway: P2SVpnGateway = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    hub: idOf(node, 'virtualHub'),
    serverConfiguration: idOf(node, 'vpnServerConfiguration'),
    provisioningState: textOf(node, 'provisioningState'),
    connections: each(node, 'p2SConnectionConfigurations').map((entry) => ({
      name: labelOf(entry, 'name') ?? '',
      pool: addressSpaceOf(entry, 'vpnClientAddressPool') ?? [],
      enableInternetSecurity: flagOf(entry, 'enableInternetSecurity'),
      routing: routingOf(entry),
      origin: originOf(entry),
    })),
    health: healthOf(node),
    origin: originOf(node),
  };
  keep(draft.p2sGateways, gateway);
};

function healthOf(node: Node): P2SVpnGateway['health'] {
  const health = field(node, 'vpnClientConnectionHealth');
  if (health === undefined) return undefined;
  return {
    connections: numberOf(health, 'vpnClientConnectionsCount'),
    allocated: addressesOf(health, 'allocatedIpAddresses'),
    origin: originOf(health),
  };
}

/** What a Virtual WAN's Point-to-Site gateways offer to clients: protocols and ways to sign in. */
export const readServerConfiguration: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a VPN server configuration without an id');
  keep(draft.serverConfigurations, {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    protocols: textsOf(node, 'vpnProtocols'),
    authenticationTypes: textsOf(node, 'vpnAuthenticationTypes'),
    origin: originOf(node),
  });
};
