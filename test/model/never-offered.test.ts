import { describe, expect, test } from 'vitest';
import { connection, gateway, peering, vnet } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, estate, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, forbidden, type Wire } from '../../scripts/scenarios/wire.ts';
import { expectations, expectedRoutes } from './expectations.ts';

/*
 * What no client is given: VNets two peering hops away, VNets without a tie to the gateway's, addresses that nothing
 * lists. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing, row R2
 */
const hubAndSpoke: EstateSpec = {
  hub: { name: 'hub', space: ['10.20.0.0/16'] },
  spokes: [{ name: 'spoke', space: ['10.21.0.0/16'] }],
  gateway: { name: 'gw', pool: ['172.16.50.0/24'], publicAddress: '20.50.7.1' },
};
const ids = idsOf(hubAndSpoke);
const always = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24'];

function besides(of: EstateSpec, client: Parameters<typeof expectations>[1] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(expectations(estate(of), client)).filter(([one]) => !always.includes(one)));
}
const half = (from: string, to: string, space: string, properties: Wire = {}): Wire =>
  peering({ from: ids.vnet(from), to: ids.vnet(to), remoteSpace: [space], properties });
const aVNet = (name: string, space: string, spec: Omit<Parameters<typeof vnet>[1], 'name' | 'space'> = {}) =>
  arm('virtualNetworks.get', ids.vnet(name), vnet(ids.place, { name, space: [space], ...spec }));

describe('two peering hops away', () => {
  const spokeWith = (...peerings: readonly Wire[]): EstateSpec => ({
    ...hubAndSpoke,
    spokes: [{ name: 'spoke', space: ['10.21.0.0/16'], peerings }],
  });
  const beyond = { '10.30.0.0/16': 'never second-hop far: lost' };

  test.each<[string, EstateSpec, Readonly<Record<string, string>>]>([
    ["is what the spoke's half leads to, by its snapshot", spokeWith(half('spoke', 'far', '10.30.0.0/16')), beyond],
    [
      'is what the VNet there says of itself, where it was read',
      { ...spokeWith(half('spoke', 'far', '10.99.0.0/16')), extra: () => [aVNet('far', '10.30.0.0/16')] },
      beyond,
    ],
    [
      'is a VNet whose own half leads to a spoke that was not read',
      {
        ...hubAndSpoke,
        spokes: [{ name: 'spoke', space: ['10.21.0.0/16'], unread: true }],
        extra: () => [aVNet('far', '10.30.0.0/16', { peerings: [half('far', 'spoke', '10.21.0.0/16')] })],
      },
      beyond,
    ],
    ['is nothing where no space is told', spokeWith(half('spoke', 'far', '', { remoteAddressSpace: null })), {}],
    ['is no VNet that holds a part of what is expected', spokeWith(half('spoke', 'far', '10.21.128.0/17')), {}],
    [
      'is no spoke that is peered with another spoke as well',
      {
        ...hubAndSpoke,
        spokes: [
          { name: 'spoke', space: ['10.21.0.0/16'], peerings: [half('spoke', 'two', '10.22.0.0/16')] },
          { name: 'two', space: ['10.22.0.0/16'], near: { allowGatewayTransit: false } },
        ],
      },
      { '10.22.0.0/16': 'must gateway-transit two: lost (hub-transit-off)' },
    ],
    [
      'is no spoke whose space another spoke tells first',
      {
        ...hubAndSpoke,
        spokes: [
          { name: 'spoke', space: ['10.21.0.0/16'], peerings: [half('spoke', 'two', '10.22.0.0/16')] },
          { name: 'two', space: [], unread: true, near: { remoteAddressSpace: null } },
        ],
      },
      {},
    ],
    [
      'is nothing of two VNets that are peered with each other alone',
      {
        ...hubAndSpoke,
        extra: () => [
          aVNet('far', '10.30.0.0/16', { peerings: [half('far', 'farther', '10.40.0.0/16')] }),
          aVNet('farther', '10.40.0.0/16', { peerings: [half('farther', 'far', '10.30.0.0/16')] }),
        ],
      },
      {},
    ],
  ])('%s', (_, of, told) => {
    expect(besides(of)).toEqual(told);
  });
});

describe('a VNet without a tie to the gateway', () => {
  const gatewaySubnet = [
    { name: 'app', prefix: '10.30.1.0/24' },
    { name: 'gatewaysubnet', prefix: '10.30.0.0/27' },
  ];
  const none = { '10.30.0.0/16': 'never unpeered-vnet far: lost' };
  const perhaps = { '10.30.0.0/16': 'may vnet-to-vnet far: unknown' };
  const list = 'virtualNetworkGateways.listConnections';
  const refused = (of: string, operation = list) => forbidden(operation, ids.id('virtualNetworkGateways', of), 'read');
  const tied = arm(list, ids.gateway, {
    value: [
      connection(ids.place, {
        name: 'gw-two',
        type: 'Vnet2Vnet',
        from: ids.gateway,
        to: ids.id('virtualNetworkGateways', 'two'),
      }),
    ],
  });
  const two = arm(
    'virtualNetworkGateways.get',
    ids.id('virtualNetworkGateways', 'two'),
    gateway(ids.place, { name: 'two', home: ids.vnet('of-two'), pool: [], publicAddress: '20.50.7.2' }),
  );
  const homeless = { ...hubAndSpoke.gateway, properties: { ipConfigurations: [] } };

  const asked = { asked: ['10.30.1.4'] };
  const led = { present: ['10.30.1.0/24'] };
  const far = aVNet('far', '10.30.0.0/16', { subnets: gatewaySubnet.slice(0, 1) });
  const withGateway = aVNet('far', '10.30.0.0/16', { subnets: gatewaySubnet });

  test.each<[string, readonly BundleArtifact[], Parameters<typeof besides>[1], Readonly<Record<string, string>>]>([
    ['is told to whom asks for it', [far], asked, none],
    ['is told where a route leads into it', [far], led, none],
    ['is told where a route leads around it', [far], { present: ['10.0.0.0/8'] }, none],
    [
      "is nobody's business else",
      [far],
      { asked: ['10.31.1.4'], present: ['10.31.0.0/16'] },
      { '10.31.1.4/32': 'never asked-for asked for: lost' },
    ],
    ['is not meant by a default into the tunnel', [far], { present: ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'] }, {}],
    [
      'is not told beside one with the same range that is peered',
      [aVNet('far', '10.21.0.0/16')],
      { asked: ['10.21.1.4'] },
      {},
    ],

    ['may hang on connections that were refused, if a route leads there', [far, refused('gw')], led, perhaps],
    ['may hang on them if it has a gateway', [withGateway, refused('gw')], asked, perhaps],
    ['hangs on no connection without a gateway', [far, refused('gw')], asked, none],
    ["does not hang on another gateway's connections", [withGateway, refused('two')], led, none],
    [
      'does not hang on what else was refused of the gateway',
      [withGateway, refused('gw', 'virtualNetworkGateways.getLearnedRoutes')],
      led,
      none,
    ],

    ['may hang on a gateway that was not read', [withGateway, tied], asked, perhaps],
    ['may hang on one further on, if a route leads there', [withGateway, tied, two], led, perhaps],
    ['is not thought to hang on one further on for the asking', [withGateway, tied, two], asked, none],
    ['hangs on none further on without a gateway', [far, tied, two], led, none],
    [
      'hangs on none where the chain was read to its end',
      [withGateway, tied, two, arm(list, ids.id('virtualNetworkGateways', 'two'), { value: [] })],
      led,
      none,
    ],
  ])('%s', (_, extra, client, told) => {
    expect(besides({ ...hubAndSpoke, extra: () => extra }, client)).toEqual(told);
  });

  test('does not hide one with the same range that may have one, whichever was read first', () => {
    const twin = aVNet('twin', '10.30.0.0/16');
    for (const extra of [
      [withGateway, twin, refused('gw')],
      [twin, withGateway, refused('gw')],
    ])
      expect(besides({ ...hubAndSpoke, extra: () => extra }, asked)).toEqual(perhaps);
  });

  test('may be the home of a gateway that does not tell its VNet', () => {
    expect(besides({ ...hubAndSpoke, gateway: homeless, extra: () => [far] }, led)).toEqual(perhaps);
  });

  test.each<[string, EstateSpec]>([
    ["the gateway's connections were not read", { ...hubAndSpoke, extra: () => [withGateway, refused('gw')] }],
    ['the gateway at the other end of gw-two was not read', { ...hubAndSpoke, extra: () => [withGateway, tied] }],
    ['what lies beyond gw-two was not read', { ...hubAndSpoke, extra: () => [withGateway, tied, two] }],
    ['which VNet holds gw was not told', { ...hubAndSpoke, gateway: homeless, extra: () => [withGateway] }],
  ])('is left open because %s', (says, of) => {
    const route = expectedRoutes(estate(of), led).find(({ owner }) => owner === 'far');
    expect(route?.configured.evidence.map((one) => one.says)).toEqual([says, '10.30.0.0/16 is address space of far']);
    expect(route?.configured.evidence[0]?.origin).toHaveProperty('artifact');
    expect(route?.vnet?.name).toBe('far');
  });
});

describe('an address that nothing lists', () => {
  test('is told for itself, once, and by the first who asked', () => {
    const routes = expectedRoutes(estate(hubAndSpoke), { asked: ['10.20.2.4', '192.0.2.1', '192.0.2.1', 'fd00::1'] });
    const told = routes.filter(({ reason }) => reason === 'asked-for');
    expect(told.map(({ owner, offered }) => [owner, ...offered.evidence.map(({ origin }) => origin)])).toEqual([
      ['asked for', { artifact: 'question 2' }],
      ['asked for', { artifact: 'question 4' }],
    ]);
  });
});
