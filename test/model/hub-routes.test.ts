import { describe, expect, test } from 'vitest';
import { expectations, expectedRoutes } from './expectations.ts';
import { connectionId, effectiveRead, everyone, type HubSpec, hub, hubEstate, otherHub, route } from './hub-estate.ts';

/*
 * What a hub routes beside its VNets. The default reaches only clients whose configuration hands it on:
 * https://learn.microsoft.com/azure/virtual-wan/how-to-forced-tunnel
 */
const pool = '10.77.9.0/24';
const of = (spec: HubSpec = {}) => {
  const { [pool]: _pool, '10.65.0.0/23': _hub, ...rest } = expectations(hubEstate(spec));
  return rest;
};
const space = '10.66.0.0/16';

describe('the default of the hub', () => {
  const [on, off] = [true, false].map((enableInternetSecurity) => ({ ...everyone, enableInternetSecurity })) as [
    typeof everyone,
    typeof everyone,
  ];
  const gateway = (...flags: readonly (boolean | null)[]) => ({
    p2SConnectionConfigurations: flags.map((enableInternetSecurity, index) => ({
      name: `users-${index}`,
      properties: { vpnClientAddressPool: { addressPrefixes: [pool] }, enableInternetSecurity },
    })),
  });
  const table = [route('10.99.0.0/16', '0.0.0.0/0')];
  const inEffect: HubSpec['effective'] = [
    [[space], 'Virtual Network Connection', connectionId('app')],
    [['0.0.0.0/0'], 'Azure Firewall', '/a/firewalls/fw'],
  ];

  test.each<[string, HubSpec, string]>([
    [
      'is handed on where the table routes it',
      { table, clients: [on] },
      'must hub-route default route of the hub: held',
    ],
    [
      'is handed on where it is in effect',
      { effective: inEffect, clients: [on] },
      'must hub-route default route of the hub: held',
    ],
    [
      'is withheld by the switch',
      { table, clients: [off] },
      'may hub-route default route of the hub: lost (default-route-off)',
    ],
    [
      'is withheld from some',
      { table, clients: [on, off] },
      'may hub-route default route of the hub: lost (default-route-off)',
    ],
    [
      'is in doubt where the switch is not told',
      { table, gateway: gateway(null) },
      'may hub-route default route of the hub: unknown',
    ],
    [
      'is in doubt where the switch is not told of some',
      { table, gateway: gateway(true, null) },
      'may hub-route default route of the hub: unknown',
    ],
  ])('%s', (_, spec, says) => {
    expect(of(spec)['0.0.0.0/0']).toBe(says);
  });

  test('is none where neither table nor effect has one', () => {
    expect(of({ table: [route('10.99.0.0/16')], effective: [], clients: [on] })).not.toHaveProperty(['0.0.0.0/0']);
  });

  test('beside its table comes first as evidence', () => {
    const found = expectedRoutes(hubEstate({ table, effective: inEffect, clients: [on] })).find(
      ({ prefix }) => prefix.length === 0,
    );
    expect(found?.configured.evidence[0]?.origin).toMatchObject({
      artifact: 'arm:hubRouteTables.get.defaultRouteTable',
    });
  });
});

describe('what else the hub routes, clients may have', () => {
  test('by static routes of the default table', () => {
    expect(of({ table: [route('10.99.0.0/16', '10.98.0.0/16')] })).toMatchObject({
      '10.98.0.0/16': 'may hub-route by-firewall: held',
      '10.99.0.0/16': 'may hub-route by-firewall: held',
    });
  });

  test('in the order of their addresses, however Azure lists them', () => {
    const effective: HubSpec['effective'] = [
      [['10.99.0.0/16', '10.9.0.0/16'], 'VPN_S2S_Gateway', '/a/vpnGateways/s2s'],
      [['10.42.0.0/16'], 'Remote Hub', otherHub],
    ];
    expect(Object.entries(of({ effective }))).toEqual([
      [space, 'must hub-connection vnet-app: held'],
      ['10.9.0.0/16', 'may hub-route VPN_S2S_Gateway: held'],
      ['10.42.0.0/16', 'may hub-route Remote Hub: held'],
      ['10.99.0.0/16', 'may hub-route VPN_S2S_Gateway: held'],
    ]);
  });

  test('by the routes of the default table rather than those asked of the hub', () => {
    const [ofTable, ofHub] = [
      [['10.9.0.0/16'], 'Remote Hub', otherHub],
      [['10.8.0.0/16'], 'Remote Hub', otherHub],
    ] as const;
    expect(of({ effective: [ofTable], extra: [effectiveRead(hub, [ofHub])] })).not.toHaveProperty(['10.8.0.0/16']);
    expect(of({ extra: [effectiveRead(hub, [ofHub])] })).toHaveProperty(['10.8.0.0/16']);
    expect(
      of({ extra: [effectiveRead(otherHub, [ofHub]), effectiveRead(`${hub}/hubRouteTables/apart`, [ofTable])] }),
    ).toEqual(of());
  });
});

test('a gateway that does not tell its hub promises its pool alone', () => {
  const spec: HubSpec = {
    gateway: { virtualHub: null },
    table: [route('10.99.0.0/16')],
    effective: [[['10.9.0.0/16'], 'Remote Hub', otherHub]],
  };
  expect(expectations(hubEstate(spec))).toEqual({ [pool]: 'must pool client pool: held' });
});

test('a hub that was not read tells no range of its own', () => {
  const artifacts = hubEstate().filter(({ operation }) => operation !== 'virtualHubs.get');
  expect(Object.keys(expectations(artifacts))).toEqual([space, pool]);
});

test('IPv6 does not reach clients of a hub', () => {
  const clients = [{ ...everyone, pool: [pool, 'fd00:77::/64'] }];
  expect(of({ space: ['fd00:66::/48'], clients })['fd00:66::/48']).toBe(
    'never hub-connection vnet-app: lost (ipv6-unsupported)',
  );
});
