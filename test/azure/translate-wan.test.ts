import { expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import type { Topology } from '../../src/facts/topology.ts';
import { address } from '../../src/net/address.ts';
import { prefix } from '../../src/net/prefix.ts';
import { artifactOf, withoutOrigins } from './artifact-of.ts';
import { home, idIn } from './estate-of.ts';

const id = (rest: string) => idIn(home, 'rg', rest);
const hubId = id('virtualHubs/h');
const gatewayId = id('virtualNetworkGateways/gw');
const nicId = id('networkInterfaces/nic');
const space = (...addressPrefixes: readonly string[]) => ({ addressPrefixes });
const at = (...texts: readonly string[]) => texts.map((text) => ({ prefix: prefix(text) }));
const tableId = `${hubId}/hubRouteTables/defaultRouteTable`;
const routingConfiguration = {
  associatedRouteTable: { id: tableId },
  propagatedRouteTables: { labels: ['default'], ids: [{ id: tableId }] },
  vnetRoutes: { staticRoutes: [{ name: 'nva', addressPrefixes: ['10.7.0.0/16'], nextHopIpAddress: '10.1.0.9' }, {}] },
};
const routing = {
  associated: tableId,
  propagatedIds: [tableId],
  propagatedLabels: ['default'],
  staticRoutes: [
    { name: 'nva', prefixes: [prefix('10.7.0.0/16')], nextHop: '10.1.0.9' },
    { name: '', prefixes: [], nextHop: '' },
  ],
};
const connectionId = `${hubId}/hubVirtualNetworkConnections/spoke`;
const p2sId = id('p2sVpnGateways/p2s');
const configurationId = id('vpnServerConfigurations/c');
const vpnId = id('connections/branch');

const valuesOf = (topology: Topology, table: keyof Topology): readonly unknown[] => {
  const found = topology[table] as readonly unknown[] | ReadonlyMap<string, unknown>;
  return [...found.values()];
};

test.each([
  [
    'a hub with a firewall',
    'hubs',
    {
      id: hubId,
      properties: { addressPrefix: '10.60.0.0/23', azureFirewall: { id: '/fw' }, p2SVpnGateway: { id: p2sId } },
    },
    { id: hubId, name: 'h', addressPrefix: at('10.60.0.0/23')[0], hasFirewall: true, p2sGateway: p2sId },
  ],
  ['a bare hub', 'hubs', { id: hubId }, { id: hubId, name: 'h', hasFirewall: false }],
  [
    'the tie of a VNet',
    'hubConnections',
    {
      id: connectionId,
      properties: { remoteVirtualNetwork: { id: '/v' }, enableInternetSecurity: false, routingConfiguration },
    },
    { id: connectionId, name: 'spoke', hub: hubId, remoteVNet: '/v', enableInternetSecurity: false, routing },
  ],
  [
    'a tie whose routing does not say where it propagates',
    'hubConnections',
    { id: connectionId, properties: { routingConfiguration: { associatedRouteTable: { id: tableId } } } },
    { id: connectionId, name: 'spoke', hub: hubId },
  ],
  [
    'a tie without static routes',
    'hubConnections',
    { id: connectionId, properties: { routingConfiguration: { propagatedRouteTables: {} } } },
    {
      id: connectionId,
      name: 'spoke',
      hub: hubId,
      routing: { propagatedIds: [], propagatedLabels: [], staticRoutes: [] },
    },
  ],
  [
    'a route table',
    'hubRouteTables',
    {
      id: tableId,
      properties: {
        labels: ['default'],
        routes: [
          {
            name: 'all',
            destinationType: 'CIDR',
            destinations: ['0.0.0.0/0'],
            nextHopType: 'ResourceId',
            nextHop: '/fw',
          },
          { destinationType: 'Service', destinations: ['O365'], nextHopType: 'ResourceId' },
          { destinations: ['10.0.0.0/8'] },
        ],
        associatedConnections: [connectionId],
        propagatingConnections: [connectionId],
      },
    },
    {
      ...{ id: tableId, name: 'defaultRouteTable', hub: hubId, labels: ['default'] },
      routes: [
        { name: 'all', destinations: [prefix('0.0.0.0/0')], nextHop: '/fw', nextHopType: 'ResourceId' },
        { name: '', destinations: [], nextHop: '', nextHopType: 'ResourceId' },
        { name: '', destinations: [prefix('10.0.0.0/8')], nextHop: '', nextHopType: '' },
      ],
      ...{ associatedConnections: [connectionId], propagatingConnections: [connectionId] },
    },
  ],
  [
    'a Point-to-Site gateway and its health',
    'p2sGateways',
    {
      id: p2sId,
      properties: {
        virtualHub: { id: hubId },
        vpnServerConfiguration: { id: configurationId },
        p2SConnectionConfigurations: [
          {
            name: 'users',
            properties: { vpnClientAddressPool: space('172.16.60.0/24'), enableInternetSecurity: true },
          },
          {},
        ],
        vpnClientConnectionHealth: {
          vpnClientConnectionsCount: 2,
          allocatedIpAddresses: ['172.16.60.2', '172.16.60.3'],
        },
      },
    },
    {
      ...{ id: p2sId, name: 'p2s', hub: hubId, serverConfiguration: configurationId },
      connections: [
        { name: 'users', pool: at('172.16.60.0/24'), enableInternetSecurity: true },
        { name: '', pool: [] },
      ],
      health: { connections: 2, allocated: ['172.16.60.2', '172.16.60.3'].map(address) },
    },
  ],
  ['a bare one', 'p2sGateways', { id: p2sId }, { id: p2sId, name: 'p2s', connections: [] }],
  [
    'what it offers',
    'serverConfigurations',
    { id: configurationId, properties: { vpnProtocols: ['OpenVPN', 'IkeV2'], vpnAuthenticationTypes: ['AAD'] } },
    { id: configurationId, name: 'c', protocols: ['OpenVPN', 'IkeV2'], authenticationTypes: ['AAD'] },
  ],
  [
    'a connection to a site',
    'connections',
    {
      id: vpnId,
      properties: {
        connectionType: 'IPsec',
        connectionStatus: 'Connected',
        localNetworkGateway2: { id: '/site' },
        trafficSelectorPolicies: [{ localAddressRanges: ['10.0.0.0/16'], remoteAddressRanges: ['10.101.0.0/16'] }, {}],
      },
    },
    {
      ...{ id: vpnId, name: 'branch', type: 'IPsec', status: 'Connected', localNetworkGateway: '/site' },
      trafficSelectors: [
        { local: [prefix('10.0.0.0/16')], remote: [prefix('10.101.0.0/16')] },
        { local: [], remote: [] },
      ],
    },
  ],
] as const)('%s is read into %s', (_, table, document, expected) => {
  const { topology, problems } = readTopology([artifactOf(document)]);
  expect(withoutOrigins(valuesOf(topology, table))).toEqual([expected]);
  expect(problems).toEqual([]);
});

test.each([
  [
    'learnedRoutes',
    gatewayId,
    { network: '10.0.0.0/16' },
    { prefix: prefix('10.0.0.0/16'), learnedBy: '', nextHop: '', sourcePeer: '', localAddress: '', asPath: '' },
  ],
  [
    'gatewayEffectiveRoutes',
    gatewayId,
    { addressPrefixes: ['10.0.0.0/16'] },
    { prefix: prefix('10.0.0.0/16'), nextHopType: '', nextHop: '' },
  ],
  [
    'bgpPeers',
    gatewayId,
    { neighbor: '10.0.0.1', asn: '65001' },
    { neighbor: '10.0.0.1', localAddress: '', asn: 65001 },
  ],
  [
    'sessions',
    gatewayId,
    { vpnConnectionId: 'SSTP_7', vpnConnectionTime: '2026-11-22T08:00:00+01:00' },
    { protocol: 'SSTP', connectedAt: '2026-11-22T08:00:00+01:00' },
  ],
  ['sessions', gatewayId, { privateIpAddress: '172.16.50.2' }, { privateAddress: address('172.16.50.2') }],
  ['sessions', gatewayId, { vpnConnectionId: 'odd' }, {}],
  [
    'effectiveRoutes',
    nicId,
    { addressPrefix: ['10.0.0.0/16'], nextHopType: 'None' },
    { prefixes: [prefix('10.0.0.0/16')], source: '', state: '', nextHopType: 'None', nextHops: [] },
  ],
  [
    'hubEffectiveRoutes',
    hubId,
    { addressPrefixes: ['10.0.0.0/16'] },
    { prefix: prefix('10.0.0.0/16'), nextHops: [], nextHopType: '', routeOrigin: '' },
  ],
] as const)('a bare row of %s tells no more than it holds', (table, resource, row, expected) => {
  const { topology, problems } = readTopology([
    artifactOf({ value: [row] }, { operation: operations[table], resource }),
  ]);
  expect(withoutOrigins(valuesOf(topology, table))).toEqual([[expected]]);
  expect(problems).toEqual([]);
});

test.each([
  ['learnedRoutes', gatewayId, { nextHop: '10.0.0.1' }],
  ['learnedRoutes', gatewayId, { network: '10.0.0.1/16' }],
  ['gatewayEffectiveRoutes', gatewayId, { nextHopType: 'Tunnel' }],
  ['bgpPeers', gatewayId, { asn: 65001 }],
  ['hubEffectiveRoutes', hubId, { nextHopType: 'Remote Hub' }],
] as const)('a row of %s that lacks what it is about is a problem', (table, resource, row) => {
  const { topology, problems } = readTopology([
    artifactOf({ value: [row] }, { operation: operations[table], resource }),
  ]);
  expect(valuesOf(topology, table)).toEqual([[]]);
  expect(problems).toHaveLength(1);
});

const operations = {
  learnedRoutes: 'virtualNetworkGateways.getLearnedRoutes',
  gatewayEffectiveRoutes: 'virtualNetworkGateways.getEffectiveRoutes',
  bgpPeers: 'virtualNetworkGateways.beginGetBgpPeerStatusAndWait',
  sessions: 'virtualNetworkGateways.getVpnclientConnectionHealth',
  effectiveRoutes: 'networkInterfaces.getEffectiveRouteTable',
  hubEffectiveRoutes: 'virtualHubs.getEffectiveVirtualHubRoutes',
} as const;

test.each([
  ['a connection that says nothing of its ends', { id: vpnId, properties: { connectionType: 'IPsec' } }, 1],
  ['a tie without an id', [{ type: 'Microsoft.Network/virtualHubs/hubVirtualNetworkConnections' }], 0],
  ['a route table without an id', [{ type: 'Microsoft.Network/virtualHubs/hubRouteTables' }], 0],
  ['a connection without an id', [{ type: 'Microsoft.Network/connections' }], 0],
  ['a tie whose id names no hub', { type: 'Microsoft.Network/virtualHubs/hubVirtualNetworkConnections', id: '/x' }, 0],
  ['a route table whose id names no hub', { type: 'Microsoft.Network/virtualHubs/hubRouteTables', id: '/x' }, 0],
] as const)('%s is a problem', (_, document, unread) => {
  const { topology, problems } = readTopology([artifactOf(document)]);
  expect(topology.connections.length + topology.hubConnections.length + topology.hubRouteTables.size).toBe(0);
  expect(problems).toHaveLength(1);
  expect(topology.unread).toHaveLength(unread);
});
