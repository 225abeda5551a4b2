import { describe, expect, test } from 'vitest';
import { bgpPeer, connection, gatewayRoute, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import { arm, type Wire } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, linux, plain, told } from '../diagnosis/conclude.ts';

/* The sessions by which the gateway learns what lies behind its sites. */
const code = 'bgp-peer-down';
const ids = idsOf(plain);
const [one, two] = ['10.101.0.250', '10.102.0.250'] as const;
const peer = (neighbor: string, state: string, routesReceived: number, more: Wire = {}) => ({
  ...bgpPeer(neighbor, { asn: 65_060, state, routesReceived, local: '10.20.1.30' }),
  ...more,
});
const up = (neighbor: string) => peer(neighbor, 'Connected', 3);

const estate = (peers: readonly Wire[]): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, enableBgp: true },
  issued: null,
  extra: () => [
    arm('virtualNetworkGateways.listConnections', ids.gateway, {
      value: [
        connection(ids.place, {
          name: 'to-hq',
          type: 'IPsec',
          from: ids.gateway,
          to: ids.id('localNetworkGateways', 'hq'),
          enableBgp: true,
        }),
      ],
    }),
    arm(
      'localNetworkGateways.get',
      ids.id('localNetworkGateways', 'hq'),
      localNetworkGateway(ids.place, 'hq', [`${one}/32`, '10.101.0.0/16']),
    ),
    arm('virtualNetworkGateways.getLearnedRoutes', ids.gateway, {
      value: [gatewayRoute('10.102.0.0/16', { origin: 'EBgp', nextHop: two, sourcePeer: two, asPath: '65060' })],
    }),
    arm('virtualNetworkGateways.getBgpPeerStatus', ids.gateway, { value: peers }),
  ],
});
const of = (peers: readonly Wire[], client: Partial<LinuxSpec> = {}) => linux(estate(peers), client);
const saysOf = (capture: Capture) => told(capture, code).map(({ says, actual }) => `${says.trim()}: ${actual}`);

test.each<[string, readonly Wire[], readonly string[]]>([
  ['one peer, which connects in vain', [peer(one, 'Connecting', 4)], ['error proven: Connecting, 4 routes']],
  ['one peer, which sends nothing', [peer(one, 'Connected', 0)], ['error proven: Connected, 0 routes']],
  ['one of two', [peer(one, 'Idle', 0), up(two)], ['warning proven: Idle, 0 routes']],
  [
    'both',
    [peer(one, 'Idle', 0), peer(two, 'Stopped', 0)],
    ['error proven: Idle, 0 routes', 'error proven: Stopped, 0 routes'],
  ],
  [
    'one, as both instances of the gateway see it',
    [peer(one, 'Idle', 0), peer(one, 'Connected', 0)],
    ['error proven: Idle, 0 routes; Connected, 0 routes'],
  ],
  ['one, while an instance has a session with it', [peer(one, 'Idle', 0), up(one)], []],
  [
    'one whose routes were not counted',
    [peer(one, 'Idle', 0, { routesReceived: undefined })],
    ['error proven: Idle, 0 routes'],
  ],
  ['none', [up(one), up(two)], []],
  ['nobody knows', [peer(one, 'Unknown', 0)], []],
  ['nobody says', [peer(one, 'Unknown', 0, { state: undefined })], []],
  ["the gateway's own address", [peer('10.20.1.30', 'Idle', 0)], []],
  ['the other instance, by the AS they share', [peer('10.20.1.29', 'Idle', 0, { asn: 65_515 })], []],
  ['a peer whose AS was not told', [peer(one, 'Idle', 0, { asn: undefined })], ['error proven: Idle, 0 routes']],
])('down: %s', (_, peers, says) => {
  expect(saysOf(of(peers))).toEqual(says);
});

describe('a peer that is down', () => {
  test.each([
    ['Idle', 'is not connected'],
    ['Connected', 'sends no routes'],
  ])('%s', (state, what) => {
    const finding = analyze(of([peer(one, state, 0)])).findings.find((each) => each.code === code);
    expect(finding?.summary).toBe(`The BGP peer ${one} of vpngw-hub ${what}: what lies behind it cannot be reached.`);
  });

  test('sends no routes, where one instance of the gateway has a session with it', () => {
    const finding = analyze(of([peer(one, 'Idle', 0), peer(one, 'Connected', 0)])).findings.find(
      (each) => each.code === code,
    );
    expect(finding?.summary).toMatch(/sends no routes/);
    expect(finding?.evidence.map(({ says }) => says)).toEqual([
      `${one}: Idle, 0 routes received`,
      `${one}: Connected, 0 routes received`,
    ]);
  });

  test('accounts for what the client was given and cannot reach: of sites and by BGP, not of VNets', () => {
    const unreachable = (target: string) => ({
      id: `linux-traceroute:${target}`,
      source: 'linux-traceroute',
      half: 'client' as const,
      target,
      text: `traceroute to ${target} (${target}), 4 hops max, 60 byte packets\n 1  10.20.1.4  28.1 ms !H\n`,
    });
    const capture = linux(
      estate([peer(one, 'Idle', 0)]),
      { routes: [...all, '10.101.0.0/16', '10.102.0.0/16'], traces: {} },
      (artifacts) => [...artifacts, ...['10.101.0.9', '10.102.0.9', '10.21.1.4'].map(unreachable)],
    );
    expect(told(capture, code).map(({ says }) => says)).toEqual(['error proven 10.101.0.0/16 10.102.0.0/16']);
  });

  test('is asked for again by az and by PowerShell', () => {
    const [finding] = told(of([peer(one, 'Idle', 0)]), code);
    expect(finding?.commands).toEqual([
      expect.stringMatching(/^az network vnet-gateway list-bgp-peer-status .* -n vpngw-hub -o table$/),
      expect.stringMatching(/^Get-AzVirtualNetworkGatewayBGPPeerStatus .* -VirtualNetworkGatewayName vpngw-hub$/),
    ]);
  });
});
