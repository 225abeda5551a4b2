import { describe, expect, test } from 'vitest';
import { gatewayRoute } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, estate, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { expectations, expectedRoutes } from './expectations.ts';

/* What a client is given beside its VNets: IPv6, custom routes, its pool; and a prefix that two rules speak of. */
const simple: EstateSpec = {
  hub: { name: 'hub', space: ['10.20.0.0/16'] },
  spokes: [{ name: 'spoke', space: ['10.21.0.0/16'] }],
  gateway: { name: 'gw', pool: ['172.16.50.0/24'], publicAddress: '20.50.7.1' },
};
const ids = idsOf(simple);

describe('IPv6 of the VNet', () => {
  const six = 'fd00:20::/48';
  const of = (gateway: Partial<EstateSpec['gateway']>) =>
    expectations(
      estate({
        ...simple,
        hub: { name: 'hub', space: ['10.20.0.0/16', six] },
        gateway: { ...simple.gateway, ...gateway },
      }),
    );
  const pool = ['172.16.50.0/24', 'fd00:50::/64'];

  test.each<[string, Partial<EstateSpec['gateway']>]>([
    ['by IKEv2', { pool, protocols: ['IkeV2'] }],
    ['by OpenVPN, beside SSTP', { pool, protocols: ['SSTP', 'OpenVPN'] }],
    ['where the protocols are not told', { pool, pointToSite: { vpnClientProtocols: null } }],
    ['by the pool of a group', { groups: [{ name: 'staff', pool: ['172.16.51.0/24', 'fd00:51::/64'] }] }],
  ])('reaches clients %s', (_, gateway) => {
    expect(of(gateway)[six]).toBe('must home-vnet hub: held');
  });

  test.each<[string, Partial<EstateSpec['gateway']>]>([
    ['by SSTP', { pool, protocols: ['sstp'] }],
    ['from a pool of IPv4 alone', {}],
    ['from a gateway of the Basic SKU', { pool, sku: 'basic' }],
  ])('reaches none %s, and IPv4 does', (_, gateway) => {
    expect(of(gateway)).toMatchObject({
      [six]: 'never home-vnet hub: lost (ipv6-unsupported)',
      '10.20.0.0/16': 'must home-vnet hub: held',
    });
  });

  test('is told with the gateway that does not carry it', () => {
    const routes = expectedRoutes(estate({ ...simple, hub: { name: 'hub', space: [six] } }));
    expect(routes.find(({ expectation }) => expectation === 'never')?.offered).toMatchObject({
      evidence: [{ says: 'gw carries no IPv6 to clients', origin: { artifact: 'arm:virtualNetworkGateways.get.gw' } }],
      obstacles: [{ kind: 'ipv6-unsupported', resource: ids.gateway }],
    });
  });
});

describe('a custom route', () => {
  const withheld: EstateSpec = {
    ...simple,
    spokes: [{ name: 'spoke', space: ['10.21.0.0/16'], far: { useRemoteGateways: false } }],
  };
  const of = (customRoutes: readonly string[], base = withheld) =>
    expectations(estate({ ...base, gateway: { ...base.gateway, customRoutes } }));

  test.each([['10.21.0.0/16'], ['10.16.0.0/12'], ['10.0.0.0/8']])(
    '%s carries a spoke that its peering withholds',
    (route) => {
      expect(of([route])['10.21.0.0/16']).toBe('must gateway-transit spoke: held (remote-gateways-off)');
    },
  );

  test.each([
    ['a part of it', ['10.21.0.0/17']],
    ['another range', ['10.22.0.0/16']],
    ['the internet', ['0.0.0.0/1', '128.0.0.0/1']],
    ['all', ['0.0.0.0/0']],
  ])('for %s does not', (_, routes) => {
    expect(of(routes)['10.21.0.0/16']).toBe('must gateway-transit spoke: lost (remote-gateways-off)');
  });

  test('is the evidence that a withheld spoke is offered all the same, before what withholds it', () => {
    const routes = expectedRoutes(
      estate({ ...withheld, gateway: { ...withheld.gateway, customRoutes: ['10.0.0.0/8'] } }),
    );
    expect(routes.find(({ owner }) => owner === 'spoke')?.offered.evidence.map(({ says }) => says)).toEqual([
      '10.0.0.0/8 is a custom route of the gateway',
      "spoke's half to-hub: useRemoteGateways is false",
    ]);
  });

  test('says nothing new of a spoke that is offered', () => {
    const routes = expectedRoutes(estate({ ...simple, gateway: { ...simple.gateway, customRoutes: ['10.0.0.0/8'] } }));
    expect(routes.find(({ owner }) => owner === 'spoke')?.offered.evidence.map(({ says }) => says)).toEqual([
      "hub's half to-spoke: peeringState Connected, allowGatewayTransit true",
      "spoke's half to-hub: peeringState Connected, useRemoteGateways true",
    ]);
  });

  test('is what clients must have, by itself', () => {
    expect(of(['20.60.1.0/24'], simple)['20.60.1.0/24']).toBe('must custom-route custom route: held');
  });
});

describe('the pool of a client', () => {
  const pool = ['172.16.50.0/25', '172.16.50.128/25', 'fd00:50::/64'];
  const groups = [
    { name: 'staff', pool: ['172.16.51.0/24', '172.16.52.0/24'] },
    { name: 'guests', pool: ['172.16.53.0/24'] },
  ];
  const of = (tunnel: string | undefined) =>
    expectedRoutes(
      estate({ ...simple, gateway: { ...simple.gateway, pool, groups } }),
      tunnel === undefined ? {} : { tunnel },
    )
      .filter(({ reason }) => reason === 'pool')
      .map(({ configured }) => configured.evidence[0]?.says);

  test.each([
    ['172.16.52.9', ['172.16.52.0/24 is the client address pool of staff']],
    ['172.16.53.9', ['172.16.53.0/24 is the client address pool of guests']],
    ['172.16.50.200', ['172.16.50.128/25 is the client address pool', 'fd00:50::/64 is the client address pool']],
    [
      'fd00:50::9',
      [
        '172.16.50.0/25 is the client address pool',
        '172.16.50.128/25 is the client address pool',
        'fd00:50::/64 is the client address pool',
      ],
    ],
  ])('at %s is the range that holds its address, and those of the other family', (tunnel, says) => {
    expect(of(tunnel)).toEqual(says);
  });

  test.each([['172.16.99.9'], [undefined]])('at %s may be any', (tunnel) => {
    expect(of(tunnel)).toHaveLength(6);
  });
});

describe('a prefix that is told twice', () => {
  const learned = (network: string, ...peers: readonly string[]) =>
    arm('virtualNetworkGateways.getLearnedRoutes', ids.gateway, {
      value: peers.map((sourcePeer) => gatewayRoute(network, { origin: 'EBgp', nextHop: sourcePeer, sourcePeer })),
    });
  const told = (network: string, customRoutes: readonly string[], ...peers: readonly string[]) =>
    expectedRoutes(
      estate({ ...simple, gateway: { ...simple.gateway, customRoutes }, extra: () => [learned(network, ...peers)] }),
    )
      .filter(({ prefix: { length }, reason }) => length === 16 && reason !== 'home-vnet')
      .map(({ expectation, reason, configured }) => [
        `${expectation} ${reason}`,
        ...configured.evidence.map(({ says }) => says),
      ]);
  const spoke = ['must gateway-transit', '10.21.0.0/16 is address space of spoke'];

  test('is one that must be there if either says so, with what each of them says', () => {
    expect(told('10.99.0.0/16', ['10.99.0.0/16'], '10.9.0.4')).toEqual([
      spoke,
      ['must custom-route', '10.99.0.0/16 is a custom route of the gateway', '10.99.0.0/16 is learned by EBgp'],
    ]);
    expect(told('10.21.0.0/16', [], '10.9.0.4')).toEqual([[...spoke, '10.21.0.0/16 is learned by EBgp']]);
  });

  test('in the same words is told once', () => {
    expect(told('10.99.0.0/16', [], '10.9.0.4', '10.9.0.5')).toEqual([
      spoke,
      ['may bgp', '10.99.0.0/16 is learned by EBgp'],
    ]);
    expect(told('10.99.0.0/16', ['10.99.0.0/16'], '10.9.0.4', '10.9.0.5')[1]).toHaveLength(3);
  });
});
