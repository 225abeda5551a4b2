import { expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import type { Topology } from '../../src/facts/topology.ts';
import { prefix } from '../../src/net/prefix.ts';
import { artifactOf, withoutOrigins } from './artifact-of.ts';
import { home, idIn } from './estate-of.ts';

const id = (rest: string) => idIn(home, 'rg', rest);
const space = (...addressPrefixes: readonly string[]) => ({ addressPrefixes });
const at = (...texts: readonly string[]) => texts.map((text) => ({ prefix: prefix(text) }));
const vnetId = id('virtualNetworks/hub');
const gatewayId = id('virtualNetworkGateways/gw');

type Row = readonly [what: string, table: keyof Topology, document: object, expected: unknown];

/** The least that a document may hold: nothing is made up for what it does not tell. */
const bare: readonly Row[] = [
  [
    'a gateway',
    'gateways',
    { id: gatewayId, properties: { sku: { tier: 'Basic' } } },
    {
      ...{
        id: gatewayId,
        name: 'gw',
        sku: 'Basic',
        bgpPeeringAddresses: [],
        publicAddresses: [],
        ipConfigurations: [],
      },
      ...{ pointToSite: null, customRoutes: [], natRules: 0 },
    },
  ],
  [
    'a gateway with a client configuration that tells nothing',
    'gateways',
    { id: gatewayId, properties: { vpnClientConfiguration: {} } },
    {
      ...{ id: gatewayId, name: 'gw', bgpPeeringAddresses: [], publicAddresses: [], ipConfigurations: [] },
      ...{ pointToSite: { pool: [], authenticationTypes: [], groups: [] }, customRoutes: [], natRules: 0 },
    },
  ],
  [
    'a VNet',
    'vnets',
    { id: vnetId, properties: { addressSpace: space('10.0.0.0/16') } },
    {
      ...{ id: vnetId, name: 'hub', addressSpace: at('10.0.0.0/16'), subnets: [], dnsServers: [] },
      ...{ summarizedGatewayPrefixes: [], peeringsListed: false },
    },
  ],
  [
    'a security group',
    'securityGroups',
    { id: id('networkSecurityGroups/nsg') },
    { id: id('networkSecurityGroups/nsg'), name: 'nsg', rules: [] },
  ],
  ['a route table', 'routeTables', { id: id('routeTables/rt') }, { id: id('routeTables/rt'), name: 'rt', routes: [] }],
  [
    'a network interface',
    'networkInterfaces',
    { id: id('networkInterfaces/nic') },
    { id: id('networkInterfaces/nic'), name: 'nic', addresses: [] },
  ],
  [
    'a private endpoint',
    'privateEndpoints',
    { id: id('privateEndpoints/pe') },
    { id: id('privateEndpoints/pe'), name: 'pe', networkInterfaces: [], addresses: [], serves: [], names: [] },
  ],
  [
    'a site',
    'localNetworkGateways',
    { id: id('localNetworkGateways/site') },
    { id: id('localNetworkGateways/site'), name: 'site', addressSpace: [] },
  ],
  ['a public address', 'publicIps', { id: id('publicIPAddresses/ip') }, { id: id('publicIPAddresses/ip') }],
];

test.each(bare)('%s is read into %s', (_, table, document, expected) => {
  const { topology, problems } = readTopology([artifactOf(document)]);
  expect(withoutOrigins([...(topology[table] as ReadonlyMap<string, unknown>).values()])).toEqual([expected]);
  expect(problems).toEqual([]);
  expect(topology.unread).toEqual([]);
});

test.each([
  ['a gateway', 'gateways', { type: 'Microsoft.Network/virtualNetworkGateways' }],
  ['a VNet', 'vnets', { type: 'Microsoft.Network/virtualNetworks', addressSpace: space('10.0.0.0/16') }],
  ['a public address', 'publicIps', { type: 'Microsoft.Network/publicIPAddresses' }],
  ['a security group', 'securityGroups', { type: 'Microsoft.Network/networkSecurityGroups' }],
  ['a route table', 'routeTables', { type: 'Microsoft.Network/routeTables' }],
  ['a network interface', 'networkInterfaces', { type: 'Microsoft.Network/networkInterfaces' }],
  ['a private endpoint', 'privateEndpoints', { type: 'Microsoft.Network/privateEndpoints' }],
  ['a site', 'localNetworkGateways', { type: 'Microsoft.Network/localNetworkGateways' }],
  ['a hub', 'hubs', { type: 'Microsoft.Network/virtualHubs' }],
  ['a Point-to-Site gateway', 'p2sGateways', { type: 'Microsoft.Network/p2sVpnGateways' }],
  ['a VPN server configuration', 'serverConfigurations', { type: 'Microsoft.Network/vpnServerConfigurations' }],
] as const)('%s without an id is that which was asked for; in a list it is a problem', (_, table, document) => {
  const asked = readTopology([artifactOf(document, { resource: '/asked' })]);
  expect([...asked.topology[table].keys()]).toEqual(['/asked']);
  const listed = readTopology([artifactOf([document], { resource: '/asked' })]);
  expect(listed.topology[table].size).toBe(0);
  expect(listed.problems).toHaveLength(1);
});
