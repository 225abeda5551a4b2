import { describe, expect, test } from 'vitest';
import { connection, localNetworkGateway, vnet } from '../../scripts/scenarios/azure-network.ts';
import {
  defaultTableId,
  hubConnection,
  hubEffectiveRoute,
  hubRouteTable,
  p2sGateway,
  serverConfiguration,
  virtualHub,
} from '../../scripts/scenarios/azure-wan.ts';
import { type EstateSpec, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { arm, type BundleArtifact, guid, networkId, type Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';
import { all, plain, spokeLost, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* A gateway that is being changed, has failed, or hands out less than its settings say. */
const ids = idsOf(plain);
const [hub, spoke, pool] = all as [string, string, string];

describe('gateway-not-ready', () => {
  const code = 'gateway-not-ready';
  const failed = (more: Partial<EstateSpec> = {}): EstateSpec => ({
    ...plain,
    ...more,
    gateway: { ...plain.gateway, properties: { provisioningState: 'Failed' } },
  });
  const withSpoke = (more: Partial<SpokeSpec>) => ({ spokes: [{ name: 'spoke-app', space: [spoke], ...more }] });
  const withoutSpoke = { routes: [hub, pool], traces: spokeLost };

  test('is a warning as long as all works, and offers the reset as the last resort', () => {
    const of = windows(failed());
    expect(told(of, code)).toEqual([
      {
        says: 'warning proven',
        actual: 'Failed',
        commands: [
          expect.stringMatching(/^az network vnet-gateway reset .* -n vpngw-hub$/),
          expect.stringContaining('Reset-AzVirtualNetworkGateway'),
        ],
      },
    ]);
    expect(findingsOf(of, code)[0]).toMatchObject({
      resource: ids.gateway,
      property: 'provisioningState',
      expected: 'Succeeded',
      rung: 'offered',
      fixes: [{ verify: expect.stringMatching(/^az network vnet-gateway show .* --query provisioningState$/) }],
    });
  });

  test.each<[string, Capture, string]>([
    [
      'is an error where what it offers is broken',
      windows(failed({ issued: [hub, pool] }), withoutSpoke),
      `error proven ${spoke}`,
    ],
    [
      'is an error where replies are lost on their way to it',
      windows(failed({ machines: [{ name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'], disabled: true }] }), {
        traces: {},
      }),
      `error proven ${spoke}`,
    ],
    [
      'is not what withholds a spoke whose peering does',
      windows(failed(withSpoke({ far: { useRemoteGateways: false } })), withoutSpoke),
      'warning proven',
    ],
    ['is not what a stale package lacks', windows(failed(), withoutSpoke), 'warning proven'],
  ])('%s', (_, of, says) => {
    expect(told(of, code).map((one) => one.says)).toEqual([says]);
  });

  describe('is likely where a profile made now lacks what all settings offer:', () => {
    test('one prefix', () => {
      const of = windows({ ...plain, issued: [hub, pool] }, withoutSpoke);
      const [finding] = findingsOf(of, code);
      expect(told(of, code)[0]?.says).toBe(`error likely ${spoke}`);
      expect(finding).toMatchObject({ resource: ids.gateway, property: 'vpnClientConfiguration', rung: 'issued' });
      expect(finding?.actual).toBeUndefined();
      expect(finding?.summary).toMatch(/lacks it\.$/);
      expect(finding && cited(finding)).toContain(`a profile generated now does not list ${spoke}`);
    });

    test('one prefix, whatever a local network takes of another', () => {
      const extra = [{ prefix: '10.20.7.0/24', interface: '192.168.29.37', metric: 281 }];
      const of = windows({ ...plain, issued: [hub, pool] }, { ...withoutSpoke, extra });
      expect(told(of, code)[0]?.says).toBe(`error likely ${spoke}`);
    });

    test('several', () => {
      const of = windows({ ...plain, issued: [pool] }, { routes: [pool], traces: {} });
      const [finding] = findingsOf(of, code);
      expect(told(of, code)[0]?.says).toBe(`error likely ${hub} ${spoke}`);
      expect(finding?.summary).toMatch(/lacks them\.$/);
    });
  });

  const site = ids.id('localNetworkGateways', 'site');
  const withSite: EstateSpec = {
    ...plain,
    extra: ({ gateway: from, place }) => [
      arm('virtualNetworkGateways.listConnections', from, {
        value: [connection(place, { name: 'to-site', type: 'IPsec', from, to: site })],
      }),
      arm('localNetworkGateways.get', site, localNetworkGateway(place, 'site', ['10.101.0.0/16'])),
    ],
  };
  test.each<[string, Capture]>([
    ['all is well', windows(plain)],
    ['the profile lacks a prefix that is there all the same', windows({ ...plain, issued: [hub, pool] })],
    [
      'the profile lacks a prefix that the peering withholds',
      windows({ ...plain, ...withSpoke({ near: { allowGatewayTransit: false } }) }, withoutSpoke),
    ],
    ['the profile lacks a site, which no package lists', windows(withSite)],
    [
      'the profile lacks a custom route, which is told apart',
      windows(
        { ...plain, gateway: { ...plain.gateway, customRoutes: ['10.99.0.0/16'] }, issued: all },
        { routes: all },
      ),
    ],
    [
      'the profile lacks the pool',
      windows({ ...plain, issued: [hub, spoke] }, { routes: [hub, spoke] }, (artifacts) =>
        artifacts.map((one) =>
          one.id === 'issued-profile' ? { ...one, text: (one.text ?? '').replace(`>${pool}<`, '><') } : one,
        ),
      ),
    ],
  ])('is not told where %s', (_, of) => {
    expect(told(of, code)).toEqual([]);
  });

  describe('in Virtual WAN', () => {
    const place = { subscription: guid('subscription', 'wan'), group: 'rg-wan' };
    const wan = networkId(place, 'virtualHubs', 'hub-west');
    const configuration = networkId(place, 'vpnServerConfigurations', 'staff');
    const [point, app] = [
      networkId(place, 'p2sVpnGateways', 'hub-west-p2s'),
      networkId(place, 'virtualNetworks', 'app'),
    ];
    const ofHub = (
      properties: Wire,
      document: readonly BundleArtifact[] = [
        arm('virtualHubs.get', wan, virtualHub(place, 'hub-west', '10.61.0.0/23', properties)),
      ],
    ) =>
      captureOf(
        'linux',
        linuxClient({
          kind: 'openvpn',
          tunnelAddress: '10.60.0.5',
          server: 'hub-west.vpn.azure.com',
          gatewayAddress: '20.7.7.7',
          routes: ['10.62.0.0/16', '10.60.0.0/24'],
          traces: { '10.62.1.4': 'answers' },
        }),
        [
          arm(
            'p2sVpnGateways.get',
            point,
            p2sGateway(place, {
              name: 'hub-west-p2s',
              hub: wan,
              serverConfiguration: configuration,
              clients: [{ name: 'staff', pool: ['10.60.0.0/24'] }],
            }),
          ),
          arm('vpnServerConfigurations.get', configuration, serverConfiguration(place, 'staff', ['OpenVPN'])),
          ...document,
          arm('hubVirtualNetworkConnections.list', wan, { value: [hubConnection(wan, { name: 'app', vnet: app })] }),
          arm('hubRouteTables.get', defaultTableId(wan), hubRouteTable(wan, 'defaultRouteTable')),
          arm('virtualHubs.getEffectiveVirtualHubRoutes', defaultTableId(wan), {
            value: [
              hubEffectiveRoute(
                ['10.62.0.0/16'],
                'Virtual Network Connection',
                `${wan}/hubVirtualNetworkConnections/app`,
              ),
            ],
          }),
          arm('virtualNetworks.get', app, vnet(place, { name: 'app', space: ['10.62.0.0/16'] })),
        ],
      );

    test.each([
      ['routingState', 'Failed', 'Provisioned'],
      ['provisioningState', 'Updating', 'Succeeded'],
    ])('the hub’s %s may be %s; no command resets it', (property, actual, expected) => {
      expect(findingsOf(ofHub({ [property]: actual }), code)).toMatchObject([
        {
          severity: 'warning',
          resource: wan,
          property,
          actual,
          expected,
          fixes: [
            { commands: [], verify: expect.stringMatching(/^az network p2s-vpn-gateway show .* -n hub-west-p2s /) },
          ],
        },
      ]);
    });

    test.each([
      ['is ready', ofHub({})],
      ['routes nothing by itself', ofHub({ routingState: 'None' })],
      ['was not read', ofHub({}, [])],
    ])('nothing is told of a hub that %s', (_, of) => {
      expect(told(of, code)).toEqual([]);
    });
  });
});
