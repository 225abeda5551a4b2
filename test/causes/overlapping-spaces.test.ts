import { describe, expect, test } from 'vitest';
import {
  connection,
  gateway,
  localNetworkGateway,
  peering,
  vnet,
  vnetId,
} from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { windowsClient } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact, type Wire } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { address } from '../../src/net/address.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { captureOf } from '../capture-of.ts';
import { bothAnswer, dialled, plain, windows } from '../diagnosis/conclude.ts';
import { hubEstate } from './hub-estate.ts';

/* Two networks that clients should tell apart use the same addresses. */
const code = 'address-spaces-overlap';
const ids = idsOf(plain);
const findingsOf = (capture: Capture) => analyze(capture).findings.filter((one) => one.code === code);
/** `what overlaps what, and which of them is to be renumbered`. */
const saysOf = (capture: Capture) =>
  findingsOf(capture).map(
    ({ prefixes, resource = '' }) => `${prefixes.map(formatPrefix).join(' ')}: ${resource.replace(/.*\//, '')}`,
  );

const apart = (name: string, ...space: readonly string[]): BundleArtifact =>
  arm('virtualNetworks.get', vnetId(ids.place, { name }), vnet(ids.place, { name, space }));
const lng = (name: string) => ids.id('localNetworkGateways', name);
const site = (name: string, ...space: readonly string[]): BundleArtifact =>
  arm('localNetworkGateways.get', lng(name), localNetworkGateway(ids.place, name, space));
const connected = (...list: readonly Wire[]): BundleArtifact =>
  arm('virtualNetworkGateways.listConnections', ids.gateway, { value: list });
const toSite = (name: string) =>
  connection(ids.place, { name: `to-${name}`, type: 'IPsec', from: ids.gateway, to: lng(name) });
const toGateway = (name: string) =>
  connection(ids.place, {
    name: `to-${name}`,
    type: 'Vnet2Vnet',
    from: ids.gateway,
    to: ids.id('virtualNetworkGateways', name),
  });
const farGateway = (name: string, home: string): BundleArtifact =>
  arm(
    'virtualNetworkGateways.get',
    ids.id('virtualNetworkGateways', name),
    gateway(ids.place, {
      name,
      pool: [],
      home: vnetId(ids.place, { name: home }),
      publicAddress: '20.50.9.9',
      properties: { vpnClientConfiguration: undefined },
    }),
  );
const adding = (...more: readonly BundleArtifact[]): EstateSpec => ({ ...plain, extra: () => more });
const spokes = (...list: readonly SpokeSpec[]): EstateSpec => ({
  ...plain,
  spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'] }, ...list],
});

describe('overlap', () => {
  test.each<[string, EstateSpec, readonly string[]]>([
    [
      'two peered VNets',
      spokes({ name: 'spoke-db', space: ['10.21.128.0/17'] }),
      ['10.21.0.0/16 10.21.128.0/17: spoke-db'],
    ],
    [
      "a peered VNet and a part of the gateway's own",
      spokes({ name: 'spoke-db', space: ['10.20.64.0/18', '10.25.0.0/16'] }),
      ['10.20.0.0/16 10.20.64.0/18: spoke-db'],
    ],
    [
      "a peered VNet that is wider than the gateway's own",
      { ...plain, spokes: [{ name: 'spoke-wide', space: ['10.16.0.0/12'] }] },
      ['10.20.0.0/16 10.16.0.0/12: spoke-wide'],
    ],
    [
      'a VNet behind another gateway',
      adding(connected(toGateway('gw-two')), farGateway('gw-two', 'vnet-two'), apart('vnet-two', '10.21.0.0/20')),
      ['10.21.0.0/16 10.21.0.0/20: vnet-two'],
    ],
    [
      'a site of the same range',
      adding(connected(toSite('hq')), site('hq', '10.21.0.0/16')),
      ['10.21.0.0/16 10.21.0.0/16: hq'],
    ],
    [
      'a site that uses a part',
      adding(connected(toSite('hq')), site('hq', '10.101.0.0/16', '10.21.4.0/24')),
      ['10.21.0.0/16 10.21.4.0/24: hq'],
    ],
  ])('%s', (_, estate, says) => {
    expect(saysOf(windows(estate))).toEqual(says);
  });

  test('a VNet that nobody ties to the gateway, once somebody asks for an address of it', () => {
    const estate = adding(apart('vnet-twin', '10.77.0.0/16', '10.21.0.0/16'));
    const asking = (target: string) => windows(estate, { traces: { [target]: 'lost-outside' } });
    expect(saysOf(asking('10.77.0.4'))).toEqual(['10.21.0.0/16 10.21.0.0/16: vnet-twin']);
    expect(saysOf(asking('10.78.0.4'))).toEqual([]);
    // An address of both is the spoke's, unless the person named it.
    expect(saysOf(asking('10.21.1.4'))).toEqual([]);
    expect(saysOf({ ...windows(estate), request: { targets: [address('10.21.1.4')] } })).toEqual([
      '10.21.0.0/16 10.21.0.0/16: vnet-twin',
    ]);
  });

  test('is the fault of the one further from the gateway, whichever was read first', () => {
    const estate = {
      ...spokes({ name: 'spoke-db', space: ['10.20.64.0/18'] }),
      extra: () => [
        connected(toSite('hq'), toGateway('gw-two')),
        site('hq', '10.20.64.0/24'),
        farGateway('gw-two', 'vnet-two'),
        apart('vnet-two', '10.20.64.0/20'),
      ],
    };
    const expected = [
      '10.20.0.0/16 10.20.64.0/18: spoke-db',
      '10.20.0.0/16 10.20.64.0/20: vnet-two',
      '10.20.0.0/16 10.20.64.0/24: hq',
      '10.20.64.0/18 10.20.64.0/20: vnet-two',
      '10.20.64.0/18 10.20.64.0/24: hq',
      '10.20.64.0/20 10.20.64.0/24: hq',
    ];
    expect(saysOf(windows(estate))).toEqual(expected);
    expect(saysOf(windows(estate, {}, (artifacts) => artifacts.toReversed()))).toEqual(expected);
  });
});

describe('do not overlap', () => {
  test.each<[string, EstateSpec]>([
    ['two ranges of one VNet', { ...plain, hub: { ...plain.hub, space: ['10.20.0.0/16', '10.20.0.0/20'] } }],
    ['a VNet and a site that is merely wider', adding(connected(toSite('hq')), site('hq', '10.0.0.0/8'))],
    [
      'a VNet and a site that no connection uses',
      adding(connected(toSite('hq')), site('hq', '10.101.0.0/16'), site('old', '10.21.0.0/16')),
    ],
    [
      'two sites',
      adding(connected(toSite('hq'), toSite('lab')), site('hq', '10.101.0.0/16'), site('lab', '10.101.4.0/24')),
    ],
    ['a VNet that nobody ties to the gateway', adding(apart('vnet-twin', '10.21.0.0/16'))],
    [
      'a VNet that a spoke alone is peered with',
      {
        ...spokes({
          name: 'spoke-db',
          space: ['10.25.0.0/16'],
          peerings: [
            peering({
              from: ids.vnet('spoke-db'),
              to: vnetId(ids.place, { name: 'vnet-twin' }),
              remoteSpace: ['10.21.0.0/16'],
            }),
          ],
        }),
        extra: () => [apart('vnet-twin', '10.21.0.0/16')],
      },
    ],
  ])('%s', (_, estate) => {
    expect(saysOf(windows(estate))).toEqual([]);
  });

  test('the VNets of a Virtual WAN hub: none holds the gateway', () => {
    const client = {
      ...dialled(plain),
      connection: 'hub-east',
      tunnelAddress: '172.16.50.2',
      routes: ['10.20.0.0/16'],
    };
    expect(saysOf(captureOf('windows', windowsClient(client), hubEstate, [apart('twin', '10.20.0.0/16')]))).toEqual([]);
  });
});

describe('accounts for', () => {
  const overlapping = adding(connected(toSite('hq')), site('hq', '10.21.4.0/24'));
  const explained = (capture: Capture) =>
    findingsOf(capture).flatMap(({ explains }) => explains.map(({ prefix }) => formatPrefix(prefix)));
  const unreachable = (target: string): BundleArtifact => ({
    id: `windows-tracert:${target}`,
    source: 'windows-tracert',
    half: 'client',
    target,
    text: [
      '',
      `Tracing route to ${target} over a maximum of 8 hops`,
      '',
      '  1  10.20.1.4  reports: Destination host unreachable.',
      '',
      'Trace complete.',
      '',
    ].join('\r\n'),
  });

  test('a network that answers: nothing', () => {
    const capture = windows(overlapping);
    expect(explained(capture)).toEqual([]);
    expect(findingsOf(capture)[0]?.evidence.map(({ says }) => says)).toEqual([
      '10.21.0.0/16 belongs to spoke-app',
      '10.21.4.0/24 belongs to hq',
    ]);
  });

  test('a network whose packets come to nothing', () => {
    const capture = windows(overlapping, { traces: { '10.20.2.4': 'answers' } }, (artifacts) => [
      ...artifacts,
      unreachable('10.21.4.9'),
    ]);
    expect(explained(capture)).toEqual(['10.21.0.0/16', '10.21.4.0/24']);
  });

  test('nothing of the spoke that the site leaves alone', () => {
    const estate = { ...overlapping, gateway: { ...plain.gateway, customRoutes: ['10.21.200.0/24'] } };
    const capture = windows(estate, { traces: { '10.20.2.4': 'answers' } }, (artifacts) => [
      ...artifacts,
      unreachable('10.21.200.9'),
    ]);
    expect(explained(capture)).toEqual(['10.21.0.0/16']);
  });

  test('a network whose machines reply another way', () => {
    const estate = {
      ...overlapping,
      machines: [{ name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'] as const, disabled: true }],
    };
    expect(explained(windows(estate, { traces: {} }))).toEqual(['10.21.0.0/16']);
  });

  test('a network that its peering withholds', () => {
    const estate = {
      ...overlapping,
      spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], far: { useRemoteGateways: false } }],
    };
    expect(explained(windows(estate, { traces: { '10.20.2.4': 'answers' } }))).toEqual(['10.21.0.0/16']);
  });

  test.each([
    ['a package without it', { routes: ['10.20.0.0/16', '172.16.50.0/24'] }],
    ['a local network', { extra: [{ prefix: '10.21.9.0/24', interface: '192.168.29.37', metric: 281 }] }],
  ])('nothing that %s takes from the client', (_, client) => {
    expect(explained(windows(overlapping, { traces: bothAnswer, ...client }))).toEqual([]);
  });

  test('nothing outside both ranges', () => {
    const estate = {
      ...overlapping,
      spokes: [
        ...(plain.spokes ?? []),
        { name: 'spoke-db', space: ['10.25.0.0/16'], far: { useRemoteGateways: false } },
      ],
    };
    expect(explained(windows(estate))).toEqual([]);
  });
});
