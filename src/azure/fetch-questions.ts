import { nameOf, type ResourceId, segmentOf } from '../facts/resource-id.ts';
import type { Question } from './fetch-session.ts';

const groupOf = (id: ResourceId): string => segmentOf(id, 'resourceGroups') ?? '';
const hubOf = (id: ResourceId): string => segmentOf(id, 'virtualHubs') ?? '';

type Ask = (id: ResourceId) => Question;

/** Each question by the resource it is about; the operations that `onlink rights` has to allow are these. */
export const questions = {
  gateway: (id) => ({
    operation: 'virtualNetworkGateways.get',
    resource: id,
    call: (client) => client.virtualNetworkGateways.get(groupOf(id), nameOf(id)),
  }),
  gatewaysOfGroup: (id) => ({
    operation: 'virtualNetworkGateways.list',
    resource: id,
    call: (client) => client.virtualNetworkGateways.list(groupOf(id)),
  }),
  connections: (id) => ({
    operation: 'virtualNetworkGateways.listConnections',
    resource: id,
    call: (client) => client.virtualNetworkGateways.listConnections(groupOf(id), nameOf(id)),
  }),
  learnedRoutes: (id) => ({
    operation: 'virtualNetworkGateways.getLearnedRoutes',
    resource: id,
    call: (client) => client.virtualNetworkGateways.getLearnedRoutes(groupOf(id), nameOf(id)),
  }),
  gatewayEffectiveRoutes: (id) => ({
    operation: 'virtualNetworkGateways.getEffectiveRoutes',
    resource: id,
    call: (client) => client.virtualNetworkGateways.getEffectiveRoutes(groupOf(id), nameOf(id)),
  }),
  bgpPeers: (id) => ({
    operation: 'virtualNetworkGateways.getBgpPeerStatus',
    resource: id,
    call: (client) => client.virtualNetworkGateways.getBgpPeerStatus(groupOf(id), nameOf(id)),
  }),
  clientHealth: (id) => ({
    operation: 'virtualNetworkGateways.getVpnclientConnectionHealth',
    resource: id,
    call: (client) => client.virtualNetworkGateways.getVpnclientConnectionHealth(groupOf(id), nameOf(id)),
  }),
  publicIp: (id) => ({
    operation: 'publicIPAddresses.get',
    resource: id,
    call: (client) => client.publicIPAddresses.get(groupOf(id), nameOf(id)),
  }),
  vnet: (id) => ({
    operation: 'virtualNetworks.get',
    resource: id,
    call: (client) => client.virtualNetworks.get(groupOf(id), nameOf(id)),
  }),
  vnetsOfSubscription: (id) => ({
    operation: 'virtualNetworks.listAll',
    resource: id,
    call: (client) => client.virtualNetworks.listAll(),
  }),
  localNetworkGateway: (id) => ({
    operation: 'localNetworkGateways.get',
    resource: id,
    call: (client) => client.localNetworkGateways.get(groupOf(id), nameOf(id)),
  }),
  routeTable: (id) => ({
    operation: 'routeTables.get',
    resource: id,
    call: (client) => client.routeTables.get(groupOf(id), nameOf(id)),
  }),
  securityGroup: (id) => ({
    operation: 'networkSecurityGroups.get',
    resource: id,
    call: (client) => client.networkSecurityGroups.get(groupOf(id), nameOf(id)),
  }),
  networkInterface: (id) => ({
    operation: 'networkInterfaces.get',
    resource: id,
    call: (client) => client.networkInterfaces.get(groupOf(id), nameOf(id)),
  }),
  effectiveRoutes: (id) => ({
    operation: 'networkInterfaces.getEffectiveRouteTable',
    resource: id,
    call: (client) => client.networkInterfaces.getEffectiveRouteTable(groupOf(id), nameOf(id)),
  }),
  effectiveSecurityGroups: (id) => ({
    operation: 'networkInterfaces.listEffectiveNetworkSecurityGroups',
    resource: id,
    call: (client) => client.networkInterfaces.listEffectiveNetworkSecurityGroups(groupOf(id), nameOf(id)),
  }),
  privateEndpoint: (id) => ({
    operation: 'privateEndpoints.get',
    resource: id,
    call: (client) => client.privateEndpoints.get(groupOf(id), nameOf(id)),
  }),
  p2sGateway: (id) => ({
    operation: 'p2SVpnGateways.get',
    resource: id,
    call: (client) => client.p2SVpnGateways.get(groupOf(id), nameOf(id)),
  }),
  p2sGatewaysOfSubscription: (id) => ({
    operation: 'p2SVpnGateways.list',
    resource: id,
    call: (client) => client.p2SVpnGateways.list(),
  }),
  p2sHealth: (id) => ({
    operation: 'p2SVpnGateways.getP2SVpnConnectionHealth',
    resource: id,
    call: (client) => client.p2SVpnGateways.getP2SVpnConnectionHealth(groupOf(id), nameOf(id)),
  }),
  serverConfiguration: (id) => ({
    operation: 'vpnServerConfigurations.get',
    resource: id,
    call: (client) => client.vpnServerConfigurations.get(groupOf(id), nameOf(id)),
  }),
  hub: (id) => ({
    operation: 'virtualHubs.get',
    resource: id,
    call: (client) => client.virtualHubs.get(groupOf(id), nameOf(id)),
  }),
  hubConnections: (id) => ({
    operation: 'hubVirtualNetworkConnections.list',
    resource: id,
    call: (client) => client.hubVirtualNetworkConnections.list(groupOf(id), nameOf(id)),
  }),
  hubRouteTables: (id) => ({
    operation: 'hubRouteTables.list',
    resource: id,
    call: (client) => client.hubRouteTables.list(groupOf(id), nameOf(id)),
  }),
  routingIntent: (id) => ({
    operation: 'routingIntentOperations.list',
    resource: id,
    call: (client) => client.routingIntentOperations.list(groupOf(id), nameOf(id)),
  }),
  /** By the id of the route table, whose hub is asked. */
  hubEffectiveRoutes: (id) => ({
    operation: 'virtualHubs.getEffectiveVirtualHubRoutes',
    resource: id,
    call: (client) =>
      client.virtualHubs.getEffectiveVirtualHubRoutes(groupOf(id), hubOf(id), {
        effectiveRoutesParameters: { resourceId: id, virtualWanResourceType: 'RouteTable' },
      }),
  }),
} as const satisfies Record<string, Ask>;
