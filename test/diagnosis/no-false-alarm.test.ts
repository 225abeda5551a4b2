import { describe, expect, test } from 'vitest';
import { connection, vnet, vnetId } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, conclude, linux, plain, rewritten, windows, without } from './conclude.ts';

const gateway = (change: Partial<EstateSpec['gateway']>): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, ...change },
});
const ikev2: EstateSpec = { ...gateway({ protocols: ['IkeV2'] }), issued: null };
const openVpn: EstateSpec = { ...gateway({ protocols: ['OpenVPN'] }), issued: null };
const ids = idsOf(plain);
const userRoute = (prefix: string, more: object = {}) => ({
  name: 'by-hand',
  source: 'User',
  state: 'Active',
  addressPrefix: [prefix],
  nextHopType: 'VirtualAppliance',
  nextHopIpAddress: ['10.20.5.4'],
  disableBgpRoutePropagation: false,
  ...more,
});
const spokeWith = (...user: readonly object[]): EstateSpec => ({
  ...plain,
  machines: (plain.machines ?? []).map((one) => (one.name === 'app' ? { ...one, user: user as never } : one)),
});
/** A chain of three VNets by VNet-to-VNet connections without BGP; of the second gateway nobody read the connections. */
const chain: EstateSpec = {
  ...openVpn,
  spokes: [],
  machines: (plain.machines ?? []).slice(0, 1),
  extra: () => [
    arm('virtualNetworks.get', vnetId(ids.place, { name: 'vnet-three' }), {
      ...vnet(ids.place, {
        name: 'vnet-three',
        space: ['10.43.0.0/16'],
        subnets: [{ name: 'GatewaySubnet', prefix: '10.43.1.0/27' }],
      }),
    }),
    arm('virtualNetworkGateways.listConnections', ids.gateway, {
      value: [
        connection(ids.place, {
          name: 'to-two',
          type: 'Vnet2Vnet',
          from: ids.gateway,
          to: ids.id('virtualNetworkGateways', 'gw-two'),
        }),
      ],
    }),
  ],
};

const healthy: readonly (readonly [name: string, capture: Capture])[] = [
  [
    'half of the pool, where SSTP and IKEv2 share it',
    windows(gateway({ protocols: ['IkeV2', 'SSTP'] }), {
      tunnelAddress: '172.16.50.130',
      routes: ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.128/25'],
    }),
  ],
  [
    'routes to the other pool of the same gateway',
    windows(gateway({ pool: ['172.16.50.0/24', '172.16.51.0/24'] }), { tunnelAddress: '172.16.51.9' }),
  ],
  [
    'two halves of a prefix',
    windows(plain, { routes: ['10.20.0.0/16', '10.21.0.0/17', '10.21.128.0/17', '172.16.50.0/24'], installed: all }),
  ],
  [
    'a custom route that covers hub and spoke',
    windows(gateway({ customRoutes: ['10.0.0.0/8'] }), { routes: ['10.0.0.0/8', '172.16.50.0/24'] }),
  ],
  ['a user route too wide to beat the pool', windows(spokeWith(userRoute('172.16.0.0/12')))],
  ['a default route to an appliance', windows(spokeWith(userRoute('0.0.0.0/0')))],
  ['a user route that Azure calls invalid', windows(spokeWith(userRoute('172.16.50.0/24', { state: 'Invalid' })))],
  [
    'effective routes in the wrapped form',
    windows(plain, {}, (artifacts) =>
      artifacts.map((one) =>
        one.operation === 'networkInterfaces.getEffectiveRouteTable'
          ? {
              ...one,
              text: JSON.stringify({ status: 'Succeeded', properties: { output: JSON.parse(one.text ?? '') } }),
            }
          : one,
      ),
    ),
  ],
  [
    '30 prefixes by SSTP, which knows no limit',
    windows(
      {
        ...gateway({ protocols: ['SSTP'] }),
        spokes: Array.from({ length: 30 }, (_, index) => ({ name: `s${index}`, space: [`10.${100 + index}.0.0/16`] })),
        machines: [],
      },
      { protocol: 'Sstp', traces: {} },
    ),
  ],
  [
    'table 220 before a longer LAN route',
    linux(ikev2, {
      kind: 'strongswan',
      extraRoutes: [
        {
          type: 'unicast',
          dst: '10.21.1.0/24',
          dev: 'wlp2s0',
          table: 'main',
          protocol: 'kernel',
          scope: 'link',
          prefsrc: '10.21.1.77',
          flags: [],
        },
      ],
    }),
  ],
  [
    'a blackhole wider than the tunnel routes',
    linux(openVpn, {
      extraRoutes: [
        { type: 'blackhole', dst: '10.0.0.0/8', table: 'main', protocol: 'static', scope: 'global', flags: [] },
      ],
    }),
  ],
  ['OpenVPN without a list of addresses', linux(openVpn, {}, without('linux-ip-addr'))],
  ['strongSwan without a list of addresses', linux(ikev2, { kind: 'strongswan' }, without('linux-ip-addr'))],
  [
    'strongSwan of which only table main was listed',
    linux(ikev2, { kind: 'strongswan' }, (artifacts) =>
      rewritten('linux-ip-route', (rows) => rows.filter(({ table }) => table === 'main'))(
        without('linux-xfrm-policy', 'linux-swanctl-sas')(artifacts),
      ),
    ),
  ],
  [
    'routes to what may lie beyond an unread gateway',
    linux(chain, {
      routes: ['10.20.0.0/16', '10.43.0.0/16', '10.101.0.0/16', '172.16.50.0/24'],
      traces: { '10.20.2.4': 'answers' },
    }),
  ],
];

describe('what is in order raises nothing above an info', () => {
  test.each(healthy)('%s', (_, capture) => {
    const { errors, warnings, verdict } = conclude(capture);
    expect({ errors, warnings, broken: verdict === 'broken' }).toEqual({ errors: [], warnings: [], broken: false });
  });

  test('a route beyond a chain that nobody followed may be right', () => {
    const found = healthy.find(([name]) => name.startsWith('routes to what may'));
    expect(found === undefined ? {} : conclude(found[1]).prefixes).toMatchObject({
      '10.43.0.0/16': expect.stringMatching(/^may (undetermined|ok) -$/),
      '10.101.0.0/16': 'may undetermined -',
    });
  });
});
