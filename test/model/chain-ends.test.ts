import { describe, expect, test } from 'vitest';
import { connection, gateway, gatewayRoute, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, type Wire } from '../../scripts/scenarios/wire.ts';
import { all, conclude, linux, plain } from '../diagnosis/conclude.ts';

/*
 * A route into the tunnel that nothing lists, and a chain of VNet-to-VNet connections: only where somebody read the
 * chain to its end is the route a stray. What lies beyond may be given to clients, rows R3 and R7 of
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing
 */
const ids = idsOf(plain);
const stray = '10.99.0.0/16';
const id = (name: string) => (name === 'near' ? ids.gateway : ids.id('virtualNetworkGateways', name));
const group = ids.gateway.replace(/\/providers\/.*$/, '');
const listOf = 'virtualNetworkGatewayConnections.list';

const joined = (from: string, to: string, enableBgp = false): Wire =>
  connection(ids.place, { name: `${from}-${to}`, type: 'Vnet2Vnet', from: id(from), to: id(to), enableBgp });
const listed = (of: string, ...value: readonly Wire[]): BundleArtifact =>
  arm('virtualNetworkGateways.listConnections', id(of), { value });
const far = arm(
  'virtualNetworkGateways.get',
  id('far'),
  gateway(ids.place, { name: 'far', home: ids.vnet('vnet-far'), pool: [], publicAddress: '20.50.7.9' }),
);
const learned = arm('virtualNetworkGateways.getLearnedRoutes', ids.gateway, {
  value: [gatewayRoute('10.20.0.0/16', {})],
});
const toSite = connection(ids.place, {
  name: 'far-lab',
  type: 'IPsec',
  from: id('far'),
  to: ids.id('localNetworkGateways', 'lab'),
});
const lab = arm(
  'localNetworkGateways.get',
  ids.id('localNetworkGateways', 'lab'),
  localNetworkGateway(ids.place, 'lab', ['192.168.60.0/24']),
);

function toldOf(...extra: readonly BundleArtifact[]): string | undefined {
  const estate: EstateSpec = { ...plain, extra: () => [far, ...extra] };
  return conclude(linux(estate, { routes: [...all, stray] })).prefixes[stray];
}

describe('a route that nothing lists is a stray', () => {
  test.each<[string, readonly BundleArtifact[]]>([
    ['where the far gateway was asked for its connections', [listed('near', joined('near', 'far')), listed('far')]],
    [
      'where the connections of its group were listed',
      [listed('near', joined('near', 'far')), arm(listOf, group, { value: [] })],
    ],
    [
      'where the connections of its subscription were listed',
      [
        listed('near', joined('near', 'far')),
        arm(`${listOf}All`, `/subscriptions/${ids.place.subscription}`, { value: [] }),
      ],
    ],
    ['where another connection of the far gateway was read', [listed('near', joined('near', 'far'), toSite), lab]],
    ['where BGP is on, and what it taught was read', [listed('near', joined('near', 'far', true)), learned]],
    [
      'where BGP is on all along a chain, and what it taught was read',
      [listed('near', joined('near', 'far', true), joined('far', 'third', true)), learned],
    ],
  ])('%s', (_, extra) => {
    expect(toldOf(...extra)).toBe('never not-expected configured');
  });
});

describe('a route that nothing lists may belong to what lies beyond', () => {
  test.each<[string, readonly BundleArtifact[]]>([
    ['where only the near gateway was asked', [listed('near', joined('near', 'far'))]],
    ['where the far end of the connection is told first', [listed('near', joined('far', 'near'))]],
    [
      'where the connection back is the only other one that was read',
      [listed('near', joined('near', 'far'), joined('far', 'near'))],
    ],
    [
      'where the last gateway of a chain was not asked',
      [listed('near', joined('near', 'far')), listed('far', joined('far', 'near'), joined('far', 'third'))],
    ],
    [
      'where the listed group only begins with the same letters',
      [listed('near', joined('near', 'far')), arm(listOf, group.slice(0, -2), { value: [] })],
    ],
    [
      'where what was listed in its group are connections of a hub',
      [
        listed('near', joined('near', 'far')),
        arm('hubVirtualNetworkConnections.list', `${group}/providers/Microsoft.Network/virtualHubs/hub`, { value: [] }),
      ],
    ],
    [
      'where a list of connections does not tell whose',
      [listed('near', joined('near', 'far')), arm(listOf, '', { value: [] })],
    ],
    [
      'where gateways of its group were listed',
      [listed('near', joined('near', 'far')), arm('virtualNetworkGateways.list', group, { value: [] })],
    ],
    ['where BGP is on, and nobody asked what it taught', [listed('near', joined('near', 'far', true))]],
    ['where BGP taught something, and is off on the connection', [listed('near', joined('near', 'far')), learned]],
    [
      'where BGP is on for a part of the chain',
      [listed('near', joined('near', 'far', true), joined('far', 'third')), learned],
    ],
  ])('%s', (_, extra) => {
    expect(toldOf(...extra)).toBe('may undetermined -');
  });

  test('of a site none does', () => {
    const hq = {
      ...toSite,
      properties: { ...(toSite['properties'] as Wire), virtualNetworkGateway1: { id: ids.gateway } },
    };
    expect(toldOf(listed('near', hq), lab)).toBe('never not-expected configured');
  });
});
