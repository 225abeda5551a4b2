import { describe, expect, test } from 'vitest';
import { gateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { type Change, linux, plain, rewritten, told, windows } from '../diagnosis/conclude.ts';

/* A tunnel stands, and it is another gateway's: the person connected to the wrong one. */
const code = 'another-vpn-owns-route';
const ids = idsOf(plain);
const second: EstateSpec = {
  ...plain,
  spokes: [
    { name: 'spoke-app', space: ['10.21.0.0/16'] },
    { name: 'spoke-db', space: ['10.25.0.0/16'], far: { useRemoteGateways: false } },
  ],
  extra: ({ place }) => [
    arm(
      'virtualNetworkGateways.get',
      ids.id('virtualNetworkGateways', 'vpngw-dev'),
      gateway(place, {
        name: 'vpngw-dev',
        pool: ['172.16.60.0/24'],
        home: ids.vnet('vnet-dev'),
        publicAddress: '20.50.7.99',
      }),
    ),
  ],
};
/** As `--gateway-name vpngw-hub` asks. */
const askedForHub = (capture: Capture): Capture => ({ ...capture, request: { gatewayName: 'vpngw-hub' } });
const otherServer = 'azuregateway-11111111-2222-3333-4444-555555555555-abcdef012345.vpn.azure.com';
const elsewhere: Partial<WindowsSpec> = {
  connection: 'vnet-dev',
  server: otherServer,
  tunnelAddress: '172.16.60.7',
  routes: ['10.40.0.0/16', '172.16.60.0/24'],
  gatewayAddress: '20.50.7.99',
  traces: {},
};

describe("an address of another gateway's pool", () => {
  const capture = askedForHub(windows(second, elsewhere));

  test('proves it, for all that this gateway offers', () => {
    expect(told(capture, code)).toEqual([
      {
        says: 'error proven 10.20.0.0/16 10.21.0.0/16 172.16.50.0/24',
        actual: "172.16.60.7 is of vpngw-dev's client pool 172.16.60.0/24",
        commands: [],
      },
    ]);
  });

  test('names the gateway, where the client should connect to, and cites both', () => {
    const finding = analyze(capture).findings.find((one) => one.code === code);
    expect(finding?.summary).toBe('This computer is connected to another gateway (vpngw-dev), not to vpngw-hub.');
    expect(finding?.resource).toBe(ids.gateway);
    expect(finding?.fixes.flatMap(({ steps }) => steps)).toEqual([
      'Disconnect, and connect with the profile of vpngw-hub.',
    ]);
    expect(finding?.evidence.map(({ origin }) => origin.artifact)).toEqual([
      'windows-route-print',
      'arm:virtualNetworkGateways.get.vpngw-hub',
    ]);
  });

  test('is no fault where nobody asked for this gateway: then the other one is meant', () => {
    expect(told(windows(second, elsewhere), code)).toEqual([]);
  });

  test("is none where the tunnel is this gateway's", () => {
    expect(told(askedForHub(windows(second)), code)).toEqual([]);
  });
});

test("a LAN whose range is this gateway's pool is no connection to another", () => {
  const card: BundleArtifact = {
    id: 'interfaces',
    source: 'interfaces',
    half: 'client',
    text: JSON.stringify([
      { iface: 'Wi-Fi', ifaceName: 'Wi-Fi', ip4: '172.16.50.37', ip4subnet: '255.255.255.0', mac: '9c:29:76:0e:41:5a' },
    ]),
  };
  const lan = { address: '172.16.50.37', router: '172.16.50.1' };
  const capture = windows(plain, { tunnelAddress: null, lan, traces: {} }, (artifacts) => [...artifacts, card]);
  expect(analyze(capture).tunnel).toBeNull();
  expect(told(capture, code)).toEqual([]);
});

describe('an address of no pool that was read, on a connection to another server', () => {
  type Connections = readonly Record<string, unknown>[];
  const of = (change: (list: Connections) => Connections, estate: EstateSpec = plain) =>
    told(windows(estate, elsewhere, rewritten('windows-vpn-connection', change)), code).map(
      ({ says, actual }) => `${says}: ${actual}`,
    );
  const asIs = (list: Connections) => list;
  const likely = `error likely 10.20.0.0/16 10.21.0.0/16 172.16.50.0/24: vnet-dev dials ${otherServer}, and this gateway is ${ids.server.toLowerCase()}`;
  const server = (ServerAddress: string) => (list: Connections) => list.map((one) => ({ ...one, ServerAddress }));

  test('makes another gateway likely', () => {
    expect(of(asIs)).toEqual([likely]);
  });

  test.each<[string, (list: Connections) => Connections, EstateSpec?]>([
    ['the connection is down', (list) => list.map((one) => ({ ...one, ConnectionStatus: 'Disconnected' }))],
    ["it dials somebody else's server", server('vpn.contoso.example')],
    ['it dials this gateway, however spelled', server(ids.server.toUpperCase())],
    [
      'another connection is up and dials this gateway',
      (list) => [...list, ...list.map((one) => ({ ...one, Name: 'vnet-hub', ServerAddress: ids.server }))],
    ],
    ["nobody told this gateway's server", asIs, { ...plain, issued: null }],
  ])('says nothing where %s', (_, change, estate) => {
    expect(of(change, estate)).toEqual([]);
  });

  const unnamed: Change = (artifacts) =>
    artifacts.map((one) =>
      one.id === 'issued-profile' && one.text !== undefined
        ? { ...one, text: one.text.replace(/<VpnServer>.*<\/VpnServer>/, '') }
        : one,
    );
  test('says nothing where the profile that this gateway issues names no server', () => {
    expect(told(windows(plain, elsewhere, unnamed), code)).toEqual([]);
  });
});

test('a Linux client without a tunnel has no connections to judge by', () => {
  const capture = linux(plain, { kind: 'strongswan', tunnelAddress: '172.16.60.7' });
  const codes = analyze(capture).findings.map((one) => one.code);
  expect(codes).toContain('vpn-not-connected');
  expect(codes).not.toContain(code);
});
