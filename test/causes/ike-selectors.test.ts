import { describe, expect, test } from 'vitest';
import { connection, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import {
  defaultTableId,
  hubConnection,
  hubEffectiveRoute,
  hubRouteTable,
  p2sGateway,
  serverConfiguration,
  virtualHub,
} from '../../scripts/scenarios/azure-wan.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { type LinuxSpec, linuxClient } from '../../scripts/scenarios/linux-client.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';
import { all, bothAnswer, linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* A route that leads into an IKEv2 tunnel, and no traffic selector that carries it. */
const code = 'ike-selector-missing';
const ids = idsOf(plain);
const [hub, spoke, pool, site] = [...all, '10.101.0.0/16'] as [string, string, string, string];
const says = (capture: Capture) => told(capture, code).map((one) => one.says);

describe('on Linux, where the selectors are read', () => {
  const ikev2: EstateSpec = {
    ...plain,
    gateway: { ...plain.gateway, protocols: ['IkeV2'], customRoutes: ['10.99.0.0/16'] },
    issued: null,
  };
  const dial = (selectors: readonly string[], client: Partial<LinuxSpec> = {}, of = ikev2) =>
    linux(of, {
      kind: 'strongswan',
      routes: [...all, '10.99.0.0/16'],
      remoteSelectors: selectors,
      traces: { '10.20.2.4': 'answers', '10.21.1.4': 'silent' },
      ...client,
    });
  const others = [hub, pool, '10.99.0.0/16'];

  test('it is proven, with what the tunnel carries instead; a custom route brings the selector', () => {
    const [finding] = findingsOf(dial(others), code);
    expect(told(dial(others), code)).toEqual([
      {
        says: `error proven ${spoke}`,
        actual: 'none of the selectors holds it',
        commands: [
          expect.stringMatching(
            /^az network vnet-gateway update .* --custom-routes 10\.99\.0\.0\/16 10\.21\.0\.0\/16$/,
          ),
          expect.stringContaining("-CustomRoute '10.99.0.0/16','10.21.0.0/16'"),
        ],
      },
    ]);
    expect(finding && cited(finding)).toEqual([
      `${spoke} leads to wlp2s0, metric 0`,
      `azure carries ${others.join(', ')}`,
      ...others.map((prefix) => `an xfrm policy carries ${prefix}`),
      'no answer from 10.21.1.4',
    ]);
    expect(finding?.fixes.at(-1)?.steps[0]).toMatch(/remote_ts \(rightsubnet\)/);
  });

  test('it is proven of a part of a prefix', () => {
    expect(says(dial([...others, '10.21.0.0/17']))).toEqual([`error proven ${spoke}`]);
  });

  test.each([
    ['the daemon’s list', 'linux-xfrm-policy'],
    ['the kernel’s policies', 'linux-swanctl-sas'],
  ])('%s is enough', (_, unread) => {
    const capture = dial(others);
    const artifacts = capture.artifacts.filter(({ source }) => source !== unread);
    const [finding] = findingsOf({ ...capture, artifacts }, code);
    expect(finding?.confidence).toBe('proven');
  });

  test.each([
    ['a selector holds it', [...others, spoke]],
    ['two hold a half each', [...others, '10.21.0.0/17', '10.21.128.0/17']],
    ['one holds everything', ['0.0.0.0/0']],
  ])('nothing is missing where %s', (_, selectors) => {
    expect(says(dial(selectors))).toEqual([]);
  });

  test('a site that is silent is not suspected here: what the tunnel carries was read', () => {
    const of = withSite({ ...ikev2.gateway, customRoutes: [] });
    const client = { routes: [...all, site], traces: { '10.20.2.4': 'answers', '10.101.1.4': 'silent' } } as const;
    expect(says(dial([...all, site], client, { ...of, issued: null }))).toEqual([]);
  });

  test('in Virtual WAN there are no custom routes to set', () => {
    const { place, id } = ids;
    const [wan, configuration] = [id('virtualHubs', 'west'), id('vpnServerConfigurations', 'staff')];
    const client = linuxClient({
      kind: 'strongswan',
      tunnelAddress: '10.60.0.5',
      server: 'hub-west.vpn.azure.com',
      gatewayAddress: '20.7.7.7',
      routes: ['10.62.0.0/16', '10.60.0.0/24'],
      remoteSelectors: ['10.60.0.0/24'],
    });
    const azure = [
      arm(
        'p2sVpnGateways.get',
        id('p2sVpnGateways', 'west-p2s'),
        p2sGateway(place, {
          name: 'west-p2s',
          hub: wan,
          serverConfiguration: configuration,
          clients: [{ name: 'staff', pool: ['10.60.0.0/24'] }],
        }),
      ),
      arm('vpnServerConfigurations.get', configuration, serverConfiguration(place, 'staff', ['IkeV2'])),
      arm('virtualHubs.get', wan, virtualHub(place, 'west', '10.61.0.0/23')),
      arm('hubVirtualNetworkConnections.list', wan, {
        value: [hubConnection(wan, { name: 'app', vnet: id('virtualNetworks', 'app') })],
      }),
      arm('hubRouteTables.get', defaultTableId(wan), hubRouteTable(wan, 'defaultRouteTable')),
      arm('virtualHubs.getEffectiveVirtualHubRoutes', defaultTableId(wan), {
        value: [
          hubEffectiveRoute(['10.62.0.0/16'], 'Virtual Network Connection', `${wan}/hubVirtualNetworkConnections/app`),
        ],
      }),
    ];
    const [finding] = findingsOf(captureOf('linux', client, azure), code);
    expect(finding?.severity).toBe('error');
    expect(finding?.fixes.map(({ by }) => by)).toEqual(['user']);
  });
});

/** The plain estate with a site behind it. */
function withSite(gateway: EstateSpec['gateway'] = plain.gateway): EstateSpec {
  const far = ids.id('localNetworkGateways', 'site');
  return {
    ...plain,
    gateway,
    extra: ({ gateway: from, place }) => [
      arm('virtualNetworkGateways.listConnections', from, {
        value: [connection(place, { name: 'to-site', type: 'IPsec', from, to: far })],
      }),
      arm('localNetworkGateways.get', far, localNetworkGateway(place, 'site', [site])),
    ],
  };
}

describe('on Windows, which does not show them', () => {
  const traces = { '10.20.2.4': 'answers', '10.101.1.4': 'silent' } as const;
  const dial = (client: Partial<WindowsSpec> = {}, of: EstateSpec = withSite()) =>
    windows(of, { protocol: 'Ikev2', routes: [...all, site], installed: all, traces, ...client });

  test('a silent site that only this computer routes is suspected, and no more: its way back may be missing too', () => {
    const [finding] = findingsOf(dial(), code);
    expect(says(dial())).toEqual([`info likely ${site}`]);
    expect(finding?.actual).toBe('a route that only this computer made, and no answer');
    expect(finding?.explains).toEqual([]);
    expect(finding?.summary).toMatch(/IKEv2 probably has no traffic selector for it/);
    expect(finding?.fixes.at(-1)?.steps[0]).toBe('Reconnect once the gateway advertises the prefix.');
  });

  test('it is suspected where one machine of Azure answers, though another does not', () => {
    expect(says(dial({ traces: { ...traces, '10.20.2.5': 'silent' } }))).toEqual([`info likely ${site}`]);
  });

  test.each<[string, Capture]>([
    ['SSTP, which has no selectors', dial({ protocol: 'Sstp' })],
    ['a site that answers', dial({ traces: { ...traces, '10.101.1.4': 'answers' } })],
    ['a site of which one machine answers', dial({ traces: { ...traces, '10.101.1.5': 'answers' } })],
    ['a site that nobody asked', dial({ traces: { '10.20.2.4': 'answers' } })],
    ['a site that the package lists', dial({ installed: [...all, site] })],
    ['a site that has no route', dial({ routes: all })],
    ['a silence that is everybody’s', dial({ traces: { '10.20.2.4': 'silent', '10.101.1.4': 'silent' } })],
    [
      'a silence that only another client breaks',
      dial({ traces: { '10.20.2.4': 'silent', '172.16.50.9': 'answers', '10.101.1.4': 'silent' } }),
    ],
    [
      'a VNet, whose selector comes with its route',
      dial({ installed: [hub, pool], routes: all, traces: { ...bothAnswer, '10.21.1.4': 'silent' } }, plain),
    ],
  ])('nothing is suspected of %s', (_, capture) => {
    expect(says(capture)).toEqual([]);
  });
});
