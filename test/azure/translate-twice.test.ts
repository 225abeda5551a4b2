import { describe, expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import type { Artifact } from '../../src/facts/capture.ts';
import { keyOf } from '../../src/facts/resource-id.ts';
import { prefix } from '../../src/net/prefix.ts';
import { artifactOf } from './artifact-of.ts';
import { home, idIn } from './estate-of.ts';

const id = (rest: string) => idIn(home, 'rg', rest);
const vnetId = id('virtualNetworks/hub');
const otherId = id('virtualNetworks/hub2');
const spoke = { id: id('virtualNetworks/spoke') };
const vnet = (id: string, more: object = {}) => ({
  id,
  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, ...more },
});
const read = (...artifacts: readonly Artifact[]) => readTopology(artifacts);

describe('a half of a peering that stands alone', () => {
  const peering = (more: object = {}) => ({ ...more, properties: { remoteVirtualNetwork: spoke } });
  const own = `${vnetId}/virtualNetworkPeerings/to-spoke`;
  const operation = 'virtualNetworkPeerings.get';

  test.each([
    ['names itself', peering({ id: own }), {}],
    ['is that which was asked for', peering(), { operation, resource: own }],
    ['is named in the list of its VNet', [peering({ name: 'to-spoke' })], { operation, resource: vnetId }],
    [
      'names itself, whatever was asked for',
      [peering({ id: own, name: 'to-spoke' })],
      { operation, resource: otherId },
    ],
  ])('%s', (_, document, more) => {
    const { topology, problems } = read(artifactOf(document, more));
    expect(topology.peerings).toMatchObject([{ id: own, name: 'to-spoke', from: vnetId, to: spoke.id }]);
    expect([problems, topology.unread]).toEqual([[], []]);
  });

  test('is of the VNet that was asked where its own id names none', () => {
    const { topology } = read(artifactOf(vnet(vnetId, { virtualNetworkPeerings: [peering({ id: '/odd/p' })] })));
    expect(topology.peerings).toMatchObject([{ id: '/odd/p', name: 'p', from: vnetId }]);
  });

  test.each([
    ['no VNet of its own', peering({ name: 'p' }), { operation }, 0],
    ['an odd id and no VNet', peering({ id: '/odd' }), { operation, resource: vnetId }, 0],
    ['no remote VNet', { id: own, properties: {} }, {}, 1],
    ['neither id nor name in a list', [peering()], { operation, resource: vnetId }, 1],
  ])('with %s is a problem', (_, document, more, unread) => {
    const { topology, problems } = read(artifactOf(document, more));
    expect(topology.peerings).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(topology.unread).toHaveLength(unread);
  });
});

describe('a subnet that stands alone', () => {
  const operation = 'subnets.get';
  const own = `${vnetId}/subnets/vms`;
  const subnet = (more: object = {}) => ({ ...more, properties: { addressPrefix: '10.0.1.0/24' } });

  test.each([
    ['names itself', subnet({ id: own, name: 'vms' }), {}],
    ['is that which was asked for', subnet(), { operation, resource: own }],
  ])('%s, and goes to its VNet alone', (_, document, more) => {
    const known = [artifactOf(vnet(vnetId)), artifactOf(vnet(otherId))];
    const { topology, problems } = read(...known, artifactOf(document, more));
    expect(topology.vnets.get(keyOf(vnetId))?.subnets).toMatchObject([{ id: own, prefixes: [prefix('10.0.1.0/24')] }]);
    expect(topology.vnets.get(keyOf(otherId))?.subnets).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('replaces what its VNet told of it', () => {
    const before = { id: own, properties: { addressPrefix: '10.0.9.0/24' } };
    const { topology } = read(artifactOf(subnet({ id: own })), artifactOf(vnet(vnetId, { subnets: [before] })));
    expect(topology.vnets.get(keyOf(vnetId))?.subnets.map(({ prefixes }) => prefixes)).toEqual([
      [prefix('10.0.1.0/24')],
    ]);
  });

  test('without an id or a name is a problem', () => {
    expect(read(artifactOf([subnet()], { operation })).problems).toHaveLength(1);
  });
});

test('a VNet without an address space is a problem, and counts as not read', () => {
  const { topology, problems } = read(artifactOf({ id: vnetId, properties: { subnets: [] } }));
  expect(topology.vnets.size).toBe(0);
  expect([problems.length, topology.unread.length]).toEqual([1, 1]);
});

describe('a gateway that two documents tell of', () => {
  const gatewayId = id('virtualNetworkGateways/gw');
  const gateway = (properties: object) => artifactOf({ id: gatewayId, properties });
  const readOf = (...documents: readonly Artifact[]) => read(...documents).topology.gateways.get(keyOf(gatewayId));
  const full = gateway({
    gatewayType: 'Vpn',
    vpnType: 'RouteBased',
    provisioningState: 'Succeeded',
    customRoutes: { addressPrefixes: ['10.5.0.0/16'] },
    vpnClientConfiguration: { vpnClientProtocols: ['OpenVPN'] },
  });
  const poor = gateway({ vpnType: 'PolicyBased', enableBgp: false, gatewayDefaultSite: { id: '/site' } });
  // As much as the full one, lists and what is not configured left out.
  const newer = gateway({
    gatewayType: 'Vpn',
    vpnType: 'PolicyBased',
    provisioningState: 'Updating',
    activeActive: false,
    enableBgp: true,
  });

  test.each([
    ['the fuller first', [full, poor]],
    ['the fuller last', [poor, full]],
  ])('%s: it counts, and the other fills its gaps', (_, documents) => {
    expect(readOf(...documents)).toMatchObject({
      vpnType: 'RouteBased',
      provisioningState: 'Succeeded',
      enableBgp: false,
      gatewayDefaultSite: '/site',
      customRoutes: [{ prefix: prefix('10.5.0.0/16') }],
      pointToSite: { protocols: ['OpenVPN'] },
    });
  });

  test('of two that are as full the later counts', () => {
    expect(readOf(full, newer)).toMatchObject({
      vpnType: 'PolicyBased',
      provisioningState: 'Updating',
      customRoutes: [{ prefix: prefix('10.5.0.0/16') }],
      pointToSite: { protocols: ['OpenVPN'] },
    });
    expect(readOf(newer, full)).toMatchObject({ vpnType: 'RouteBased', enableBgp: true });
  });
});
