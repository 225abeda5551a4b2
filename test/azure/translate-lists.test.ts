import { describe, expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import type { Artifact } from '../../src/facts/capture.ts';
import { keyOf } from '../../src/facts/resource-id.ts';
import { artifactOf } from './artifact-of.ts';
import { home, idIn, partner } from './estate-of.ts';

const subscription = `/subscriptions/${home}`;
const vnetId = idIn(home, 'rg', 'virtualNetworks/hub');
const hubId = idIn(home, 'rg', 'virtualHubs/h');
const gatewayId = idIn(home, 'rg', 'virtualNetworkGateways/gw');
const vnetIn = (one: string) => ({
  id: idIn(one, 'rg', 'virtualNetworks/v'),
  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
});
const listed = (operation: string | undefined, resource: string | undefined, ...value: readonly unknown[]) =>
  readTopology([artifactOf({ value }, { ...(operation && { operation }), ...(resource && { resource }) })]).topology;

describe('a list that was read to its end proves that nothing else is there', () => {
  test.each([
    ['virtualNetworks.listAll', subscription, [], [home]],
    ['virtualNetworks.list', subscription, [], [home]],
    ['virtualNetworks.list', `${subscription}/resourceGroups/rg`, [], []],
    ['virtualNetworks.listUsage', subscription, [], []],
    ['virtualNetworkGateways.list', subscription, [], []],
    ['virtualNetworks.listAll', undefined, [vnetIn(home), vnetIn(home.toUpperCase())], [home]],
    ['virtualNetworks.listAll', undefined, [vnetIn(home), vnetIn(partner)], []],
    ['virtualNetworks.listAll', undefined, [{ name: 'without an id' }], []],
    ['virtualNetworks.listAll', undefined, [], []],
    ['virtualNetworks.list', undefined, [vnetIn(home)], []],
    ['virtualNetworks.listAll', '/tenants/x', [], []],
    ['virtualNetworks.get', subscription, [], []],
    [undefined, subscription, [], []],
  ] as const)('VNets of a subscription: %s of %s', (operation, resource, value, expected) => {
    expect([...listed(operation, resource, ...value).vnetsListedIn]).toEqual(expected);
  });

  test.each([
    ['virtualNetworkPeerings.list', vnetId, true],
    ['virtualNetworkPeerings.list', subscription, false],
    ['virtualNetworkPeerings.get', vnetId, false],
    ['subnets.list', vnetId, false],
  ])('peerings of a VNet: %s', (operation, resource, expected) => {
    expect(listed(operation, resource).peeringsReadOf.has(keyOf(vnetId))).toBe(expected);
  });

  const hub = artifactOf({ id: hubId, properties: { addressPrefix: '10.60.0.0/23' } });
  const policy = { name: 'all', destinations: ['Internet', 'PrivateTraffic'], nextHop: '/fw' };
  const intentId = `${hubId}/routingIntent/i`;
  test.each([
    ['an empty list of it', [], 'routingIntentOperations.list', hubId, []],
    [
      'a list of one',
      [{ id: intentId, properties: { routingPolicies: [policy] } }],
      'routingIntent.list',
      hubId,
      [policy],
    ],
    ['an empty list of something else', [], 'hubRouteTables.list', hubId, undefined],
    ['an empty list of no hub', [], 'routingIntent.list', subscription, undefined],
  ])('routing intent of a hub: %s', (_, value, operation, resource, expected) => {
    const { topology } = readTopology([hub, artifactOf({ value }, { operation, resource })]);
    const wanted = expected?.map(({ destinations, nextHop }) => ({ destinations, nextHop }));
    expect(topology.hubs.get(keyOf(hubId))?.routingIntent).toEqual(wanted);
  });

  test('routing intent that names no hub is a problem', () => {
    const type = 'Microsoft.Network/virtualHubs/routingIntent';
    expect(readTopology([artifactOf([{ type, properties: {} }])]).problems).toHaveLength(1);
  });

  test('answers of actions are no such lists', () => {
    const operation = 'networkInterfaces.listEffectiveNetworkSecurityGroups';
    expect(listed(operation, idIn(home, 'rg', 'networkInterfaces/n')).listed.size).toBe(0);
    expect(listed('networkSecurityGroups.list', subscription).listed.size).toBe(1);
  });
});

describe('an empty answer', () => {
  const gateway = (enableBgp: boolean) => artifactOf({ id: gatewayId, properties: { gatewayType: 'Vpn', enableBgp } });
  test.each([
    ['virtualNetworkGateways.getLearnedRoutes', false, 'learnedRoutes', true],
    ['virtualNetworkGateways.getAdvertisedRoutes', false, 'advertisedRoutes', true],
    ['virtualNetworkGateways.getBgpPeerStatus', false, 'bgpPeers', true],
    ['virtualNetworkGateways.getLearnedRoutes', true, 'learnedRoutes', false],
    ['virtualNetworkGateways.getVpnclientConnectionHealth', false, 'sessions', false],
  ] as const)('of %s, BGP %s, is an answer: %s %s', (operation, bgp, table, isAnswer) => {
    const asked = artifactOf('', { id: 'arm:2', operation, resource: gatewayId });
    const { topology, problems } = readTopology([gateway(bgp), asked]);
    expect(topology[table].has(keyOf(gatewayId))).toBe(isAnswer);
    expect([topology.unread.length, problems.length]).toEqual(isAnswer ? [0, 0] : [1, 1]);
  });

  test('of nobody is none', () => {
    const { topology } = readTopology([
      gateway(false),
      artifactOf('', { operation: 'virtualNetworkGateways.getLearnedRoutes' }),
    ]);
    expect(topology.unread).toHaveLength(1);
  });
});

describe('of the artifacts of a capture', () => {
  const profile = '<VpnProfile><Routes>10.1.0.0/16</Routes></VpnProfile>';
  const issued = (more: Partial<Artifact>) => artifactOf(profile, { source: 'vpn-settings-xml', ...more });

  test('a profile in the half of Azure was issued for it', () => {
    const { topology, problems } = readTopology([issued({})]);
    expect(topology.issued).toHaveLength(1);
    expect([topology.unread, problems]).toEqual([[], []]);
  });
  test('one in the half of the client was not', () => {
    expect(readTopology([issued({ half: 'client' })]).topology.issued).toEqual([]);
  });
  test('a document of Azure is one in either half', () => {
    expect(readTopology([artifactOf(vnetIn(home), { half: 'client' })]).topology.vnets.size).toBe(1);
  });
  test('one of a source that nobody knows is a problem', () => {
    expect(readTopology([issued({ source: 'odd' })]).problems).toMatchObject([{ text: 'odd' }]);
  });
  test('one that holds no profile was not read', () => {
    const { outcome } = artifactOf('nothing of the kind');
    expect(readTopology([issued({ outcome })]).topology.unread).toMatchObject([{ why: { code: 'not-read' } }]);
  });
});

test.each([
  ['a resource nobody asks for', { id: idIn(home, 'rg', 'bastionHosts/b') }, 0],
  ['a resource group', { id: `${subscription}/resourceGroups/rg` }, 0],
  ['no resource at all', { id: '10.0.0.0/8' }, 1],
  ['no document', { hello: 'world' }, 1],
])('%s: %j', (_, document, count) => {
  expect(readTopology([artifactOf(document)]).problems).toHaveLength(count);
  expect(readTopology([artifactOf([document])]).problems).toHaveLength(count);
});
