import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import { keyOf } from '../../src/facts/resource-id.ts';
import { prefix } from '../../src/net/prefix.ts';
import { artifactOf, capitalised, flattened, withoutOrigins } from './artifact-of.ts';
import { estateOf, gatewayId, home, hubId, idIn, nicIdOf } from './estate-of.ts';

const { resources } = estateOf(2);
const documents = [...resources, ...wanDocuments(), ...otherDocuments()];
const read = (documents: readonly unknown[]) =>
  readTopology(documents.map((document, index) => artifactOf(document, { id: `arm:${index}` })));

test.each([
  ['flattened', flattened],
  ['capitalised', capitalised],
] as const)('reads a %s document as it reads the wire', (_, rewrite) => {
  const wire = read(documents);
  expect(wire.problems).toEqual([]);
  expect(wire.topology.gateways.get(keyOf(gatewayId))?.customRoutes).toHaveLength(1);
  expect(withoutOrigins(read(documents.map(rewrite)).topology)).toEqual(withoutOrigins(wire.topology));
});

test.each([
  ['a list', (all: readonly unknown[]) => [{ value: all }]],
  ['a bare list', (all: readonly unknown[]) => [all]],
  ['a wrapped result', (all: readonly unknown[]) => [{ status: 'Succeeded', properties: { output: { value: all } } }]],
] as const)('reads %s as it reads single documents', (_, arrange) => {
  expect(withoutOrigins(read(arrange(documents)).topology)).toEqual(withoutOrigins(read(documents).topology));
});

test('points at the very value', () => {
  const { topology } = read([{ value: [resources.find(({ id }) => id === hubId)] }]);
  const [peering] = topology.peerings;
  const origin = topology.vnets.get(keyOf(hubId))?.addressSpace[0]?.origin;
  expect(origin).toEqual({ artifact: 'arm:0', pointer: '/value/0/properties/addressSpace/addressPrefixes/0' });
  expect(peering?.remoteAddressSpace?.[0]?.origin).toEqual({
    artifact: 'arm:0',
    pointer: '/value/0/properties/virtualNetworkPeerings/0/properties/remoteAddressSpace/addressPrefixes/0',
  });
});

test('host bits and garbage are problems with their place, and the rest is read', () => {
  const space = { addressPrefixes: ['10.1.0.4/16', '10.2.0.0/16', 'nonsense', 7] };
  const { topology, problems } = read([{ id: hubId, properties: { addressSpace: space } }]);
  expect(topology.vnets.get(keyOf(hubId))?.addressSpace.map((at) => at.prefix)).toEqual([prefix('10.2.0.0/16')]);
  expect(problems.map(({ origin, text }) => [origin, text])).toEqual(
    [0, 2, 3].map((index) => [
      { artifact: 'arm:0', pointer: `/properties/addressSpace/addressPrefixes/${index}` },
      String(space.addressPrefixes[index]),
    ]),
  );
  // The ranges that were not understood may be the very ones that are looked for.
  expect(topology.unread).toMatchObject([{ operation: 'virtualNetworks.get', resource: hubId }]);
});

test('never throws, whatever the document', () => {
  const operations = ['virtualNetworks.get', 'networkInterfaces.getEffectiveRouteTable', 'virtualHubs.list', undefined];
  const names = [
    'id',
    'properties',
    'value',
    'addressSpace',
    'subnets',
    'virtualNetworkPeerings',
    'ipConfigurations',
    'status',
    'error',
  ];
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, '', hubId, gatewayId, '10.0.0.0/8', 3, true),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, fc.constantFrom(...operations), fc.boolean(), (document, operation, isCut) => {
      const text = JSON.stringify(document);
      const more = { resource: hubId, ...(operation !== undefined && { operation }) };
      readTopology([artifactOf(isCut ? text.slice(0, text.length / 2) : text, more)]);
    }),
    { numRuns: 300 },
  );
});

test.each([
  '',
  'null',
  '{}',
  '<html>Sign in</html>',
  '{"value":',
  '{"error":{"code":"AuthorizationFailed","message":"no"}}',
  '{"status":"InProgress"}',
])('takes %j for no answer', (text) => {
  const operation = 'networkInterfaces.getEffectiveRouteTable';
  const { topology, problems } = readTopology([artifactOf(text, { operation, resource: nicIdOf(1) })]);
  expect(topology.effectiveRoutes.size).toBe(0);
  expect(topology.unread).toMatchObject([{ operation, resource: nicIdOf(1) }]);
  expect(problems).toHaveLength(1);
});

test('what az said on the side is told, and the document below it is read', () => {
  const [hub] = resources.filter(({ id }) => id === hubId);
  const warning = 'WARNING: [Warning] This output may compromise security by showing the following secrets: sharedKey.';
  const { topology, problems } = readTopology([artifactOf(`${warning}\r\n${JSON.stringify([hub], null, 2)}\r\n`)]);
  expect([...topology.vnets.keys()]).toEqual([keyOf(hubId)]);
  expect(problems).toEqual([
    { origin: { artifact: 'arm:001' }, text: warning, why: 'no part of the document below it' },
  ]);
});

test('a list read in full says so, a page of it does not', () => {
  const listing = (more: object) =>
    readTopology([
      artifactOf(
        { value: [], ...more },
        { operation: 'virtualNetworks.listAll', resource: `/subscriptions/${home.toUpperCase()}` },
      ),
    ]).topology;
  expect(listing({}).vnetsListedIn).toEqual(new Set([home]));
  expect(listing({}).listed).toEqual(new Set([`virtualnetworks.listall|/subscriptions/${home}`]));
  expect(listing({ nextLink: 'https://arm.example/next' }).vnetsListedIn.size).toBe(0);
});

test('a resource met twice keeps the fuller document and the peerings of both', () => {
  const [hub] = resources.filter(({ id }) => id === hubId);
  const trimmed = { id: hubId, name: 'hub', properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } };
  const { topology } = read([hub, trimmed]);
  expect(topology.vnets.get(keyOf(hubId))).toMatchObject({
    subnets: [{ name: 'GatewaySubnet' }],
    peeringsListed: true,
  });
  expect(topology.peerings).toHaveLength(2);
});

test.each([
  ['Storage.WestEurope', true],
  ['AzureCloud', true],
  ['10.1.0.0/16', true],
  ['::/0', true],
  ['10.1.0.4/16', false],
  ['10.1.0.0 / 16', false],
  ['10.1.0.0-10.1.0.255', false],
  ['fd00::/129', false],
  ['Microsoft.Azure.Commands/x', false],
])('a route to %s is read: %s', (addressPrefix, isRead) => {
  const id = idIn(home, 'rg', 'routeTables/rt');
  const routes = [{ name: 'r', properties: { addressPrefix, nextHopType: 'None' } }];
  const { topology, problems } = read([{ id, properties: { routes } }]);
  expect(topology.routeTables.get(keyOf(id))?.routes.map(({ destination }) => destination)).toEqual(
    isRead ? [addressPrefix] : undefined,
  );
  expect(problems.map(({ text }) => text)).toEqual(isRead ? [] : [addressPrefix]);
  expect(topology.unread).toHaveLength(isRead ? 0 : 1);
});

test('an unanswered question stays one', () => {
  const why = { kind: 'unanswered', status: 403, code: 'AuthorizationFailed', message: 'no' } as const;
  const { topology, problems } = readTopology([
    artifactOf('', { operation: 'virtualNetworks.get', resource: hubId, outcome: why }),
  ]);
  expect(topology.unread).toEqual([
    { operation: 'virtualNetworks.get', resource: hubId, why, origin: { artifact: 'arm:001' } },
  ]);
  expect(problems).toEqual([]);
});

function wanDocuments(): readonly unknown[] {
  const hub = idIn(home, 'rg-wan', 'virtualHubs/hub1');
  const table = { id: `${hub}/hubRouteTables/defaultRouteTable` };
  const routingConfiguration = {
    associatedRouteTable: table,
    propagatedRouteTables: { labels: ['default'], ids: [table] },
  };
  return [
    {
      id: hub,
      name: 'hub1',
      properties: {
        addressPrefix: '10.60.0.0/23',
        routingState: 'Provisioned',
        azureFirewall: { id: idIn(home, 'rg-wan', 'azureFirewalls/fw') },
      },
    },
    {
      id: table.id,
      name: 'defaultRouteTable',
      properties: {
        labels: ['default'],
        routes: [
          {
            name: 'all',
            destinationType: 'CIDR',
            destinations: ['0.0.0.0/0'],
            nextHopType: 'ResourceId',
            nextHop: '/x',
          },
        ],
      },
    },
    {
      id: `${hub}/hubVirtualNetworkConnections/spoke`,
      name: 'spoke',
      properties: { remoteVirtualNetwork: { id: hubId }, enableInternetSecurity: true, routingConfiguration },
    },
    {
      id: `${hub}/routingIntent/intent`,
      name: 'intent',
      properties: { routingPolicies: [{ name: 'private', destinations: ['PrivateTraffic'], nextHop: '/x' }] },
    },
    {
      id: idIn(home, 'rg-wan', 'p2sVpnGateways/p2s'),
      name: 'p2s',
      properties: {
        virtualHub: { id: hub },
        p2SConnectionConfigurations: [
          {
            name: 'users',
            properties: {
              vpnClientAddressPool: { addressPrefixes: ['172.16.60.0/24'] },
              enableInternetSecurity: false,
              routingConfiguration,
            },
          },
        ],
        vpnClientConnectionHealth: { vpnClientConnectionsCount: 1, allocatedIpAddresses: ['172.16.60.2'] },
      },
    },
    {
      id: idIn(home, 'rg-wan', 'vpnServerConfigurations/config'),
      name: 'config',
      properties: { vpnProtocols: ['OpenVPN'], vpnAuthenticationTypes: ['AAD'] },
    },
  ];
}

function otherDocuments(): readonly unknown[] {
  const rule = {
    priority: 100,
    direction: 'Inbound',
    access: 'Deny',
    protocol: '*',
    sourceAddressPrefix: '172.16.50.0/24',
    destinationAddressPrefixes: ['*'],
    sourcePortRange: '*',
    destinationPortRange: '*',
  };
  return [
    {
      id: idIn(home, 'rg', 'networkSecurityGroups/nsg'),
      name: 'nsg',
      properties: { securityRules: [{ name: 'deny', properties: rule }] },
    },
    {
      id: idIn(home, 'rg', 'routeTables/rt'),
      name: 'rt',
      properties: {
        disableBgpRoutePropagation: true,
        routes: [{ name: 'tag', properties: { addressPrefix: 'Storage.WestEurope', nextHopType: 'Internet' } }],
      },
    },
    {
      id: idIn(home, 'rg', 'localNetworkGateways/site'),
      name: 'site',
      properties: { localNetworkAddressSpace: { addressPrefixes: ['10.101.0.0/16'] }, bgpSettings: { asn: 65010 } },
    },
    {
      id: idIn(home, 'rg', 'connections/branch'),
      name: 'branch',
      properties: {
        connectionType: 'IPsec',
        enableBgp: true,
        virtualNetworkGateway1: { id: gatewayId },
        localNetworkGateway2: { id: '/x' },
        sharedKey: 'hunter2',
      },
    },
    {
      id: idIn(home, 'rg', 'privateEndpoints/pe'),
      name: 'pe',
      properties: {
        subnet: { id: `${hubId}/subnets/pe` },
        networkInterfaces: [{ id: '/n' }],
        customDnsConfigs: [{ fqdn: 'a', ipAddresses: ['10.0.2.5'] }],
      },
    },
  ];
}
