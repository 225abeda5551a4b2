import { expect, test } from 'vitest';
import { connection, localNetworkGateway, session, vnet, vnetId } from '../../scripts/scenarios/azure-network.ts';
import {
  defaultTableId,
  hubConnection,
  hubEffectiveRoute,
  hubRouteTable,
  p2sGateway,
  routingConfiguration,
  serverConfiguration,
  virtualHub,
} from '../../scripts/scenarios/azure-wan.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { arm, guid, networkId } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';
import { all, bothAnswer, conclude, linux, plain, rewritten, spokeLost, windows } from './conclude.ts';

const ids = idsOf(plain);
const ikev2: EstateSpec = { ...plain, gateway: { ...plain.gateway, protocols: ['IkeV2'] }, issued: null };
const [hub, pool] = ['10.20.0.0/16', '172.16.50.0/24'] as const;
const site = (space: readonly string[], properties: object, of: Partial<EstateSpec['gateway']> = {}): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, ...of },
  extra: () => [
    arm('virtualNetworkGateways.listConnections', ids.gateway, {
      value: [
        connection(ids.place, {
          name: 'to-site',
          type: 'IPsec',
          from: ids.gateway,
          to: ids.id('localNetworkGateways', 'site'),
          properties: { ...properties },
        }),
      ],
    }),
    arm(
      'localNetworkGateways.get',
      ids.id('localNetworkGateways', 'site'),
      localNetworkGateway(ids.place, 'site', space),
    ),
  ],
});

const place = { subscription: guid('subscription', 'wan-west'), group: 'rg-wan' };
const wan = networkId(place, 'virtualHubs', 'hub-west');
const configuration = networkId(place, 'vpnServerConfigurations', 'staff');
const app = vnetId(place, { name: 'vnet-app' });
/** A hub whose one VNet looks up a table that the clients' configuration does not propagate to. */
const deafHub = captureOf(
  'linux',
  linuxClient({
    kind: 'openvpn',
    tunnelAddress: '10.60.0.5',
    server: 'hub-west.vpn.azure.com',
    gatewayAddress: '20.7.7.7',
    routes: ['10.62.0.0/16', '10.60.0.0/24'],
    traces: { '10.62.1.4': 'silent' },
  }),
  [
    arm(
      'p2sVpnGateways.get',
      networkId(place, 'p2sVpnGateways', 'hub-west-p2s'),
      p2sGateway(place, {
        name: 'hub-west-p2s',
        hub: wan,
        serverConfiguration: configuration,
        clients: [{ name: 'staff', pool: ['10.60.0.0/24'] }],
      }),
    ),
    arm('vpnServerConfigurations.get', configuration, serverConfiguration(place, 'staff', ['OpenVPN'])),
    arm('virtualHubs.get', wan, virtualHub(place, 'hub-west', '10.61.0.0/23')),
    arm('hubVirtualNetworkConnections.list', wan, {
      value: [
        hubConnection(wan, {
          name: 'app',
          vnet: app,
          routing: routingConfiguration(wan, { associated: `${wan}/hubRouteTables/apart` }),
        }),
      ],
    }),
    arm('hubRouteTables.get', defaultTableId(wan), hubRouteTable(wan, 'defaultRouteTable')),
    arm('hubRouteTables.get', `${wan}/hubRouteTables/apart`, hubRouteTable(wan, 'apart')),
    arm('virtualHubs.getEffectiveVirtualHubRoutes', defaultTableId(wan), {
      value: [
        hubEffectiveRoute(['10.62.0.0/16'], 'Virtual Network Connection', `${wan}/hubVirtualNetworkConnections/app`),
      ],
    }),
    arm(
      'virtualNetworks.get',
      app,
      vnet(place, { name: 'vnet-app', space: ['10.62.0.0/16'], subnets: [{ name: 'app', prefix: '10.62.1.0/24' }] }),
    ),
  ],
);

interface Conclusions {
  readonly name: string;
  readonly capture: Capture;
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[];
  readonly prefixes?: Readonly<Record<string, string>>;
}

const cases: readonly Conclusions[] = [
  {
    name: 'a stale package beside a peering that withholds: both, each with its own prefix',
    capture: windows(
      {
        ...plain,
        spokes: [
          { name: 'spoke-app', space: ['10.21.0.0/16'], far: { useRemoteGateways: false } },
          { name: 'spoke-db', space: ['10.25.0.0/16'] },
        ],
      },
      { routes: [hub, pool], traces: { '10.20.2.4': 'answers', '10.25.1.4': 'lost-outside' } },
    ),
    errors: ['client-profile-stale', 'spoke-remote-gateway-off'],
    prefixes: { '10.21.0.0/16': 'must broken offered', '10.25.0.0/16': 'must broken installed' },
  },
  {
    name: 'a selector without the route that would give packets the sender it asks for',
    capture: linux(ikev2, { kind: 'strongswan', traces: spokeLost }, (artifacts) =>
      rewritten('linux-ip-route', (rows) =>
        rows.filter(({ table, dst }) => !(table === '220' && dst === '10.21.0.0/16')),
      )(artifacts),
    ),
    errors: ['client-routes-not-installed'],
    prefixes: { '10.21.0.0/16': 'must broken selected' },
  },
  {
    name: 'a VNet of a hub whose own table hears of no client',
    capture: deafHub,
    errors: ['vwan-propagation-missing'],
    prefixes: { '10.62.0.0/16': 'must broken returned' },
  },
  {
    name: 'a custom route that leads to a silent site',
    capture: windows(
      site(
        ['10.101.0.0/16'],
        {
          usePolicyBasedTrafficSelectors: true,
          trafficSelectorPolicies: [{ localAddressRanges: [hub], remoteAddressRanges: ['10.101.0.0/16'] }],
        },
        { customRoutes: ['10.101.0.0/16'] },
      ),
      { traces: { ...bothAnswer, '10.101.1.4': 'silent' } },
    ),
    warnings: ['onprem-return-missing'],
    prefixes: { '10.101.0.0/16': 'must undetermined -' },
  },
  {
    name: 'a small pool that is full before its last address',
    capture: windows(
      {
        ...plain,
        gateway: { ...plain.gateway, pool: ['172.16.50.0/29'] },
        extra: () => [
          arm('virtualNetworkGateways.getVpnclientConnectionHealth', ids.gateway, {
            value: [1, 2, 3, 4, 5, 6].map((last) => session(`172.16.50.${last}`)),
          }),
        ],
      },
      { tunnelAddress: null, traces: {} },
    ),
    errors: ['pool-exhausted', 'vpn-not-connected'],
  },
  {
    name: 'a route taken out of Azure that the package still carries',
    capture: windows(plain, { routes: [...all, '10.66.0.0/16'] }),
    warnings: ['stray-route'],
    prefixes: { '10.66.0.0/16': 'never not-expected configured' },
  },
];

test.each(cases)('$name', ({ capture, errors = [], warnings = [], prefixes = {} }) => {
  const concluded = conclude(capture);
  expect({ errors: concluded.errors, warnings: concluded.warnings }).toEqual({ errors, warnings });
  expect(concluded.prefixes).toMatchObject(prefixes);
});

test("a pool inside a site's wider range is worth a word, and no fault while nobody is silent", () => {
  const { errors, warnings, infos } = conclude(windows(site(['172.16.0.0/16'], {})));
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
  expect(infos).toContain('pool-overlap');
});
