import { describe, expect, test } from 'vitest';
import { connection, gateway, gatewayRoute, localNetworkGateway, vnet } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, estate, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, type Wire } from '../../scripts/scenarios/wire.ts';
import { expectations, expectedRoutes } from './expectations.ts';

/* What lies behind the connections of a gateway: clients may have it, and Microsoft's table contradicts itself on when. */
const hubAlone: EstateSpec = {
  hub: { name: 'vnet-hub', space: ['10.20.0.0/16'] },
  gateway: { name: 'vpngw', pool: ['172.16.50.0/24'], publicAddress: '20.50.7.1' },
};
const ids = idsOf(hubAlone);
const id = (name: string) => ids.id('virtualNetworkGateways', name);
const site = (name: string) => ids.id('localNetworkGateways', name);

/** A gateway of another VNet, and the VNet. */
const farGateway = (name: string, space: string, properties: Wire = {}): readonly BundleArtifact[] => [
  arm(
    'virtualNetworkGateways.get',
    id(name),
    gateway(ids.place, { name, home: ids.vnet(`of-${name}`), pool: [], publicAddress: '20.50.7.9', properties }),
  ),
  arm('virtualNetworks.get', ids.vnet(`of-${name}`), vnet(ids.place, { name: `of-${name}`, space: [space] })),
];
const lng = (name: string, ...space: readonly string[]): BundleArtifact =>
  arm('localNetworkGateways.get', site(name), localNetworkGateway(ids.place, name, space));
const toSite = (from: string, name: string): Wire =>
  connection(ids.place, { name: `${from}-to-${name}`, type: 'IPsec', from: id(from), to: site(name) });
const toGateway = (from: string, to: string, properties: Wire = {}): Wire =>
  connection(ids.place, { name: `${from}-to-${to}`, type: 'Vnet2Vnet', from: id(from), to: id(to), properties });
const connected = (...value: readonly Wire[]): BundleArtifact =>
  arm('virtualNetworkGateways.listConnections', ids.gateway, { value });
const learnedBy = (name: string, ...value: readonly Wire[]): BundleArtifact =>
  arm('virtualNetworkGateways.getLearnedRoutes', id(name), { value });
const circuit = (home: string): BundleArtifact =>
  arm(
    'virtualNetworkGateways.get',
    id('ergw'),
    gateway(ids.place, {
      name: 'ergw',
      home,
      pool: [],
      publicAddress: '20.50.7.8',
      properties: { gatewayType: 'ExpressRoute', vpnClientConfiguration: null },
    }),
  );

const behind = (...extra: readonly BundleArtifact[]) => {
  const {
    [hubAlone.hub.space[0] ?? '']: _home,
    '172.16.50.0/24': _pool,
    ...rest
  } = expectations([...estate(hubAlone), ...extra]);
  return rest;
};
const ebgp = gatewayRoute('10.99.0.0/16', { origin: 'EBgp', nextHop: '10.9.0.4', sourcePeer: '10.9.0.4' });

describe('behind the gateway may be', () => {
  test.each<[string, readonly BundleArtifact[], Readonly<Record<string, string>>]>([
    [
      'a site, with each of its ranges',
      [connected(toSite('vpngw', 'hq')), lng('hq', '10.99.0.0/16', '192.168.7.0/24')],
      { '10.99.0.0/16': 'may branch hq: unknown', '192.168.7.0/24': 'may branch hq: unknown' },
    ],
    [
      'a VNet by a VNet-to-VNet connection',
      [connected(toGateway('vpngw', 'two')), ...farGateway('two', '10.2.0.0/16')],
      { '10.2.0.0/16': 'may vnet-to-vnet of-two: unknown' },
    ],
    [
      'a VNet whose own connection leads here',
      [connected(toGateway('two', 'vpngw')), ...farGateway('two', '10.2.0.0/16')],
      { '10.2.0.0/16': 'may vnet-to-vnet of-two: unknown' },
    ],
    [
      'a VNet by a connection that does not tell its type',
      [connected(toGateway('vpngw', 'two', { connectionType: null })), ...farGateway('two', '10.2.0.0/16')],
      { '10.2.0.0/16': 'may vnet-to-vnet of-two: unknown' },
    ],
    [
      'a chain of VNets, and a site at its end',
      [
        connected(toGateway('vpngw', 'two'), toGateway('three', 'two'), toSite('three', 'lab')),
        ...farGateway('two', '10.2.0.0/16'),
        ...farGateway('three', '10.3.0.0/16'),
        lng('lab', '10.99.0.0/16'),
      ],
      {
        '10.2.0.0/16': 'may vnet-to-vnet of-two: unknown',
        '10.3.0.0/16': 'may vnet-to-vnet of-three: unknown',
        '10.99.0.0/16': 'may branch lab: unknown',
      },
    ],
    [
      'a site of a gateway whose VNet was not read',
      [connected(toGateway('vpngw', 'two'), toSite('two', 'lab')), lng('lab', '10.99.0.0/16')],
      { '10.99.0.0/16': 'may branch lab: unknown' },
    ],
    ['what a BGP peer taught', [learnedBy('vpngw', ebgp)], { '10.99.0.0/16': 'may bgp BGP peer 10.9.0.4: unknown' }],
    [
      'what BGP taught without saying which peer',
      [learnedBy('vpngw', { ...ebgp, sourcePeer: '' })],
      { '10.99.0.0/16': 'may bgp BGP: unknown' },
    ],
    [
      'a network of another gateway, told with its next hop',
      [learnedBy('vpngw', gatewayRoute('10.99.0.0/16', { nextHop: '10.9.0.4', sourcePeer: '10.9.0.4' }))],
      { '10.99.0.0/16': 'may bgp BGP peer 10.9.0.4: unknown' },
    ],
    [
      'what the ExpressRoute gateway beside it learned',
      [circuit(ids.hub), learnedBy('ergw', gatewayRoute('10.5.0.0/16', {}), ebgp)],
      { '10.99.0.0/16': 'may expressroute ExpressRoute: unknown' },
    ],
  ])('%s', (_, extra, told) => {
    expect(behind(...extra)).toEqual(told);
  });
});

describe('nothing is told to be behind the gateway', () => {
  test.each<[string, readonly BundleArtifact[]]>([
    ['of a site whose ranges were not read', [connected(toSite('vpngw', 'hq'))]],
    [
      "of another gateway's connections in the list of a group",
      [
        connected(toSite('two', 'lab'), toGateway('two', 'three')),
        lng('lab', '10.99.0.0/16'),
        ...farGateway('three', '10.3.0.0/16'),
      ],
    ],
    ['of a gateway that was not read', [connected(toGateway('vpngw', 'two'))]],
    [
      'of a gateway whose VNet was not read',
      [connected(toGateway('vpngw', 'two')), ...farGateway('two', '10.2.0.0/16').slice(0, 1)],
    ],
    [
      'of a connection that is no VNet-to-VNet one',
      [connected(toGateway('vpngw', 'two', { connectionType: 'ExpressRoute' })), ...farGateway('two', '10.2.0.0/16')],
    ],
    ['of the own networks among the learned routes', [learnedBy('vpngw', gatewayRoute('10.99.0.0/16', {}))]],
    ['of an ExpressRoute gateway of another VNet', [circuit(ids.vnet('vnet-other')), learnedBy('ergw', ebgp)]],
    ['of an ExpressRoute gateway whose routes were not read', [circuit(ids.hub)]],
  ])('%s', (_, extra) => {
    expect(behind(...extra)).toEqual({});
  });
});

describe('the way there is told', () => {
  const saysOf = (...extra: readonly BundleArtifact[]) =>
    expectedRoutes([...estate(hubAlone), ...extra])
      .filter(({ reason }) => reason === 'branch' || reason === 'vnet-to-vnet')
      .flatMap(({ configured, vnet: home }) => configured.evidence.map(({ says }) => `${says}; ${home?.name}`));

  test('by the site itself, and by every connection of a chain', () => {
    const chain = [
      connected(
        toSite('vpngw', 'hq'),
        toGateway('vpngw', 'two'),
        toGateway('two', 'three', {}),
        toSite('three', 'lab'),
      ),
      lng('hq', '10.98.0.0/16'),
      lng('lab', '10.99.0.0/16'),
      ...farGateway('two', '10.2.0.0/16'),
      ...farGateway('three', '10.3.0.0/16'),
    ];
    expect(saysOf(...chain)).toEqual([
      'hq lists 10.98.0.0/16; undefined',
      '10.2.0.0/16 is behind vpngw-to-two; of-two',
      '10.3.0.0/16 is behind vpngw-to-two, two-to-three; of-three',
      '10.99.0.0/16 is a site behind vpngw-to-two, two-to-three; undefined',
    ]);
  });
});
