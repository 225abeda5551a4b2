import { describe, expect, test } from 'vitest';
import {
  connection,
  gateway,
  gatewayRoute,
  localNetworkGateway,
  vnet,
  vnetId,
} from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, type Wire } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, bothAnswer, type Change, linux, plain, told, windows, without } from '../diagnosis/conclude.ts';

/* What the gateway knows by its connections, and clients are not given. */
const code = 'branch-route-not-pushed';
const ids = idsOf(plain);
const saysOf = (capture: Capture) => told(capture, code).map(({ says }) => says);
const lng = (name: string) => ids.id('localNetworkGateways', name);
const far = (name: string) => ids.id('virtualNetworkGateways', name);

interface Site {
  readonly name: string;
  readonly space: readonly string[];
  readonly enableBgp?: boolean;
  readonly properties?: Wire;
}
const toSite = ({ name, enableBgp = false, properties = {} }: Site) =>
  connection(ids.place, { name: `to-${name}`, type: 'IPsec', from: ids.gateway, to: lng(name), enableBgp, properties });
const having = (connections: readonly Wire[], ...more: readonly BundleArtifact[]): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, customRoutes: ['10.55.0.0/16'] },
  extra: () => [arm('virtualNetworkGateways.listConnections', ids.gateway, { value: connections }), ...more],
});
const sites = (...list: readonly Site[]): EstateSpec =>
  having(
    list.map(toSite),
    ...list.map(({ name, space }) =>
      arm('localNetworkGateways.get', lng(name), localNetworkGateway(ids.place, name, space)),
    ),
  );
const learned = (network: string): BundleArtifact =>
  arm('virtualNetworkGateways.getLearnedRoutes', ids.gateway, {
    value: [gatewayRoute(network, { origin: 'EBgp', nextHop: '10.101.0.250', sourcePeer: '10.101.0.250' })],
  });
const hq: Site = { name: 'hq', space: ['10.101.0.0/16'] };
const routes = [...all, '10.55.0.0/16'];

describe('native Windows', () => {
  const of = (estate: EstateSpec, change?: Change) => windows(estate, { routes }, change);

  test('is not given a site: the same prefix as a custom route is, beside those that are there', () => {
    const [finding] = told(of(sites(hq)), code);
    expect(finding?.says).toBe('info proven 10.101.0.0/16');
    expect(finding?.commands).toEqual([
      expect.stringMatching(/^az network vnet-gateway update .* --custom-routes 10\.55\.0\.0\/16 10\.101\.0\.0\/16$/),
      expect.stringMatching(/-CustomRoute 10\.55\.0\.0\/16,10\.101\.0\.0\/16$/),
      'Add-VpnConnectionRoute -ConnectionName vnet-hub -DestinationPrefix 10.101.0.0/16 -PassThru',
    ]);
    expect(analyze(of(sites(hq))).findings.find((one) => one.code === code)?.summary).toMatch(
      /but native Windows clients are not given what lies behind its connections\.$/,
    );
  });

  test('takes the name of the tunnel where nobody told the connection’s', () => {
    const { commands } = told(of(sites(hq), without('windows-vpn-connection')), code)[0] ?? { commands: [] };
    expect(commands.at(-1)).toMatch(/-ConnectionName 172\.16\.50\.2 /);
  });

  test('is offered eight routes to add by hand, and four places where they are configured', () => {
    const space = Array.from({ length: 9 }, (_, index) => `10.${101 + index}.0.0/16`);
    const capture = of(sites({ name: 'hq', space }));
    expect(told(capture, code)[0]?.commands.filter((one) => one.startsWith('Add-Vpn'))).toHaveLength(8);
    expect(analyze(capture).findings.find((one) => one.code === code)?.evidence).toHaveLength(4);
  });

  test.each<[string, EstateSpec, readonly string[]]>([
    ['a site', sites(hq), ['info proven 10.101.0.0/16']],
    ['what BGP taught the gateway', having([], learned('10.103.0.0/16')), ['info proven 10.103.0.0/16']],
    [
      "the address of a site's router, which BGP has listed",
      sites({ ...hq, space: ['10.101.0.250/32'], enableBgp: true }),
      [],
    ],
    ['a single machine of which BGP tells', having([], learned('10.103.0.9/32')), ['info proven 10.103.0.9/32']],
    ['a VNet behind another gateway, with BGP', behind(true), ['info proven 10.41.0.0/16']],
    ['one without BGP, where the far end does not know the pool', behind(false), []],
    ['a VNet two gateways away, with BGP all the way', chain(true, true), ['info proven 10.41.0.0/16 10.42.0.0/16']],
    ['one with BGP on the first stretch alone', chain(true, false), ['info proven 10.41.0.0/16']],
    [
      'a spoke that its peering withholds',
      { ...plain, spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], far: { useRemoteGateways: false } }] },
      [],
    ],
  ])('%s', (_, estate, says) => {
    expect(saysOf(of(estate))).toEqual(says);
  });

  test('that has the route all the same lacks nothing', () => {
    expect(saysOf(windows(sites(hq), { routes: [...routes, '10.101.0.0/16'] }))).toEqual([]);
  });
});

describe('OpenVPN', () => {
  const asked = { ...bothAnswer, '10.101.0.9': 'lost-outside' } as const;
  const of = (estate: EstateSpec, traces: Readonly<Record<string, 'answers' | 'lost-outside'>> = asked) =>
    linux({ ...estate, issued: null }, { routes, traces });

  test('is not handed a site without BGP that somebody asked for; each client has the route by a custom route alone', () => {
    const capture = of(sites(hq));
    expect(told(capture, code)).toMatchObject([
      { says: 'info proven 10.101.0.0/16', commands: [/^az /, /^\$gw/].map((one) => expect.stringMatching(one)) },
    ]);
    const finding = analyze(capture).findings.find((one) => one.code === code);
    expect(finding?.summary).toMatch(/but a connection without BGP is not handed to clients\.$/);
    expect(finding?.evidence.map(({ says }) => says)).toContain('10.101.0.9 was asked for');
  });

  test.each<[string, Capture]>([
    ['nobody asked for', of(sites(hq), bothAnswer)],
    ['by BGP, which is pushed', of(sites({ ...hq, enableBgp: true }))],
    [
      'beside one by BGP, from which it may be known',
      of(sites(hq, { name: 'lab', space: ['10.104.0.0/16'], enableBgp: true })),
    ],
    ['of which BGP was not told', of(sites({ ...hq, properties: { enableBgp: undefined } }))],
  ])('says nothing of a site %s', (_, capture) => {
    expect(saysOf(capture)).toEqual([]);
  });

  test('says nothing of what BGP taught the gateway, which is pushed', () => {
    expect(saysOf(of(having([], learned('10.101.0.0/16'))))).toEqual([]);
  });
});

/** A VNet by a VNet-to-VNet connection. */
function behind(enableBgp: boolean): EstateSpec {
  return having([tie('gw-two', ids.gateway, 'gw-two', enableBgp)], ...remote('gw-two', 'vnet-two', '10.41.0.0/16'));
}

/** Two of them, one behind the other. */
function chain(near: boolean, next: boolean): EstateSpec {
  return having(
    [tie('gw-two', ids.gateway, 'gw-two', near)],
    arm('virtualNetworkGateways.listConnections', far('gw-two'), {
      value: [tie('gw-three', far('gw-two'), 'gw-three', next)],
    }),
    ...remote('gw-two', 'vnet-two', '10.41.0.0/16'),
    ...remote('gw-three', 'vnet-three', '10.42.0.0/16'),
  );
}

function tie(name: string, from: string, to: string, enableBgp: boolean): Wire {
  return connection(ids.place, { name: `to-${name}`, type: 'Vnet2Vnet', from, to: far(to), enableBgp });
}

function remote(name: string, home: string, space: string): readonly BundleArtifact[] {
  const id = vnetId(ids.place, { name: home });
  const none = { vpnClientConfiguration: undefined };
  return [
    arm(
      'virtualNetworkGateways.get',
      far(name),
      gateway(ids.place, { name, pool: [], home: id, publicAddress: '20.50.9.9', properties: none }),
    ),
    arm('virtualNetworks.get', id, vnet(ids.place, { name: home, space: [space] })),
  ];
}
