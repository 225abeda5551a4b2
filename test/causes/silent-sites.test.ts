import { describe, expect, test } from 'vitest';
import { bgpPeer, connection, gatewayRoute, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { traceroute } from '../../scripts/scenarios/linux-client.ts';
import { arm, type BundleArtifact, type Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { address } from '../../src/net/address.ts';
import { all, dialled, linux, plain, told } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* Azure answers through the tunnel, and a site behind it does not. */
const code = 'onprem-return-missing';
const ids = idsOf(plain);
const pool = '172.16.50.0/24';
const [graz, linz] = ['10.101.0.0/16', '10.102.0.0/16'];

interface Site {
  readonly name: string;
  /** Null: its local network gateway was not read. */
  readonly space: readonly string[] | null;
  readonly properties?: Wire;
}

/** The plain estate, with sites behind its gateway and what the gateway advertises and learns. */
function withSites(
  sites: readonly Site[],
  more: {
    readonly advertised?: readonly string[];
    readonly learned?: readonly string[];
    readonly customRoutes?: readonly string[];
  } = {},
): EstateSpec {
  const id = (name: string) => ids.id('localNetworkGateways', name);
  return {
    ...plain,
    gateway: { ...plain.gateway, ...(more.customRoutes !== undefined && { customRoutes: more.customRoutes }) },
    extra: ({ gateway, place }) => [
      arm('virtualNetworkGateways.listConnections', gateway, {
        value: sites.map(({ name, properties = {} }) =>
          connection(place, { name: `to-${name}`, type: 'IPsec', from: gateway, to: id(name), properties }),
        ),
      }),
      ...sites.flatMap(({ name, space }) =>
        space === null ? [] : [arm('localNetworkGateways.get', id(name), localNetworkGateway(place, name, space))],
      ),
      ...(more.advertised === undefined
        ? []
        : [
            arm('virtualNetworkGateways.getAdvertisedRoutes', gateway, {
              value: more.advertised.map((prefix) => gatewayRoute(prefix, {})),
            }),
          ]),
      ...(more.learned === undefined
        ? []
        : [
            arm('virtualNetworkGateways.getLearnedRoutes', gateway, {
              value: more.learned.map((prefix) =>
                gatewayRoute(prefix, { origin: 'EBgp', nextHop: '10.101.0.254', sourcePeer: '10.101.0.254' }),
              ),
            }),
          ]),
    ],
  };
}

const azureAnswers = { '10.20.2.4': 'answers' } as const;
/** A client whose routes lead all of these into the tunnel, and that asked one address in each. */
const asking = (of: EstateSpec, sites: readonly string[] = [graz], traces: object = {}): Capture =>
  linux(of, {
    routes: [...all, ...sites],
    traces: {
      ...azureAnswers,
      ...Object.fromEntries(sites.map((site) => [site.replace(/0\.0\/\d+$/, '1.4'), 'silent' as const])),
      ...traces,
    },
  });
const says = (capture: Capture) => told(capture, code).map((one) => one.says);
const site = (more: Partial<Site> = {}): Site => ({ name: 'graz', space: [graz], ...more });
const selecting = (...local: readonly string[]): Wire => ({
  usePolicyBasedTrafficSelectors: true,
  trafficSelectorPolicies: [{ localAddressRanges: local, remoteAddressRanges: [graz] }],
});

describe('a silent site', () => {
  test('is told where one machine of Azure answers, though others keep silent', () => {
    expect(says(asking(withSites([site()]), [graz], { '10.20.2.5': 'silent' }))).toEqual([`warning likely ${graz}`]);
  });

  test.each<[string, EstateSpec, string]>([
    ['with nothing to prove it', withSites([site()]), 'warning likely'],
    ['where the gateway advertises no pool', withSites([site()], { advertised: ['10.20.0.0/16'] }), 'warning proven'],
    ['where the gateway advertises it', withSites([site()], { advertised: ['10.20.0.0/16', pool] }), 'warning likely'],
    [
      'where it is advertised in a wider range',
      withSites([site()], { advertised: ['172.16.0.0/12'] }),
      'warning likely',
    ],
    ['where half of it is', withSites([site()], { advertised: ['172.16.50.0/25'] }), 'warning likely'],
    ['where selectors lack the pool', withSites([site({ properties: selecting('10.20.0.0/16') })]), 'warning proven'],
    ['where selectors have it', withSites([site({ properties: selecting('10.20.0.0/16', pool) })]), 'warning likely'],
  ])('%s is told as the likely one without a way back', (_, of, expected) => {
    expect(says(asking(of))).toEqual([`${expected} ${graz}`]);
  });

  test('is told though it lists a range around Azure’s own, where Azure answers', () => {
    const wide = '10.0.0.0/8';
    const of = withSites([site({ space: [wide] })]);
    const client = { routes: [...all, wide], traces: { ...azureAnswers, '10.101.1.4': 'silent' } } as const;
    expect(says(linux(of, client))).toEqual([`warning likely ${wide}`]);
  });

  test('is told alone, though everything goes into the tunnel', () => {
    const [home, halves] = ['192.168.66.0/24', ['0.0.0.0/1', '128.0.0.0/1']];
    const of = withSites([site({ space: [home] })], { customRoutes: halves });
    const client = {
      routes: [...all, home, ...halves],
      traces: { ...azureAnswers, '192.168.66.9': 'silent' },
    } as const;
    expect(says(linux(of, client))).toEqual([`warning likely ${home}`]);
  });

  test('of two pools must know the way to both', () => {
    const of = withSites([site()], { advertised: [pool] });
    const two = { ...of, gateway: { ...of.gateway, pool: [pool, 'fd50::/64'] } };
    expect(says(asking(two))).toEqual([`warning proven ${graz}`]);
  });

  test('is an error where something on the way reports it unreachable, and the pool is proven to be lacking', () => {
    const unreachable: BundleArtifact = {
      ...traceroute('10.101.1.4', 'silent', { ...dialled(plain), kind: 'openvpn', tunnelAddress: '172.16.50.2' }),
      text: 'traceroute to 10.101.1.4 (10.101.1.4), 4 hops max, 60 byte packets\n 1  10.20.1.4  28.1 ms !H\n',
    };
    const both = [site(), site({ name: 'linz', space: [linz] })];
    const capture = (advertised: readonly string[]) =>
      linux(
        withSites(both, { advertised }),
        { routes: [...all, graz, linz], traces: { ...azureAnswers, '10.102.1.4': 'silent' } },
        (artifacts) => [...artifacts, unreachable],
      );
    expect(says(capture([]))).toEqual([`warning likely ${graz} ${linz}`]);
    expect(says(capture(['10.20.0.0/16']))).toEqual([`error proven ${graz} ${linz}`]);
  });

  test('is told with its own connection, of several', () => {
    const sites = [site({ name: 'linz', space: [linz] }), site()];
    const [finding] = findingsOf(asking(withSites(sites)), code);
    expect(finding?.resource).toBe(ids.id('connections', 'to-graz'));
    expect(finding && cited(finding)).toEqual([
      'no answer from 10.101.1.4',
      `${graz} leads to tun0, metric 0`,
      `graz lists ${graz}`,
    ]);
  });

  test('names a BGP peer to ask for what it is told', () => {
    const of = withSites([site()]);
    const peers = arm('virtualNetworkGateways.getBgpPeerStatus', ids.gateway, {
      value: [bgpPeer('10.101.0.254', { asn: 65010 })],
    });
    const [finding] = findingsOf(asking({ ...of, extra: (all) => [...(of.extra?.(all) ?? []), peers] }), code);
    expect(finding?.fixes[0]?.verify).toMatch(/list-advertised-routes .* --peer 10\.101\.0\.254 -o table$/);
  });

  test.each([
    ['that BGP taught the gateway', withSites([site({ space: [] })], { learned: [graz] })],
    ['that BGP taught it, while its connections were not read', withSites([], { learned: [graz] })],
    ['that a custom route carries', withSites([site()], { customRoutes: [graz] })],
    ['that lies within a custom route', withSites([site({ space: ['10.101.1.0/24'] })], { customRoutes: [graz] })],
    ['that a custom route carries a part of', withSites([site({ space: ['10.96.0.0/12'] })], { customRoutes: [graz] })],
    ['that is one of several ranges', withSites([site({ space: ['10.110.0.0/16', graz] })], { customRoutes: [graz] })],
  ])('%s is told too', (_, of) => {
    expect(says(asking(of))[0]).toMatch(/^warning likely .*10\.101\.0\.0\/16/);
  });
});

describe('a site is not blamed', () => {
  const down = { connectionStatus: 'NotConnected' };
  test.each<[string, Capture]>([
    ['where nothing in Azure answers either', asking(withSites([site()]), [graz], { '10.20.2.4': 'silent' })],
    [
      'where only another client answers',
      asking(withSites([site()]), [graz], { '10.20.2.4': 'silent', '172.16.50.9': 'answers' }),
    ],
    [
      'where only another site answers',
      asking(withSites([site(), site({ name: 'linz', space: [linz] })]), [graz, linz], {
        '10.20.2.4': 'silent',
        '10.102.1.4': 'answers',
      }),
    ],
    ['that answers', asking(withSites([site()]), [graz], { '10.101.1.4': 'answers' })],
    ['of which one machine answers', asking(withSites([site()]), [graz], { '10.101.1.5': 'answers' })],
    [
      'that nobody asked, though it lists a range around Azure’s own',
      linux(withSites([site({ space: ['10.0.0.0/8'] })]), { routes: [...all, '10.0.0.0/8'], traces: azureAnswers }),
    ],
    [
      'that somebody named, and no packet was sent to',
      {
        ...linux(withSites([site()]), { routes: [...all, graz], traces: azureAnswers }),
        request: { targets: [address('10.101.1.4')] },
      },
    ],
    ['that nobody asked', linux(withSites([site()]), { routes: [...all, graz], traces: azureAnswers })],
    [
      'that the client does not send into the tunnel',
      linux(withSites([site()]), { traces: { ...azureAnswers, '10.101.1.4': 'silent' } }),
    ],
    ['whose connection is down', asking(withSites([site({ properties: down })]))],
    [
      'whose connection is down, though another site’s stands',
      asking(withSites([site({ properties: down }), site({ name: 'linz', space: [linz] })])),
    ],
    [
      'for a custom route that leads to no site',
      asking(withSites([site({ space: [linz] })], { customRoutes: [graz] })),
    ],
  ])('%s', (_, capture) => {
    expect(says(capture)).toEqual([]);
  });

  test.each([
    ['one of two connections to it stands', [site({ properties: down }), site({ name: 'graz-2' })]],
    ['whether its connection stands was not told', [site({ properties: { connectionStatus: undefined } })]],
    [
      'it may be behind the one that stands: that one’s site was not read',
      [site({ properties: down }), site({ name: 'linz', space: null })],
    ],
    [
      'it may be behind the one that stands: that one tells by BGP what it has',
      [site({ properties: down }), site({ name: 'linz', space: [] })],
    ],
  ])('for its connection alone, where %s', (_, sites) => {
    expect(says(asking(withSites(sites)))).toEqual([`warning likely ${graz}`]);
  });

  test('for the connection of a site of several ranges, one of which is asked', () => {
    const sites = [site({ properties: down, space: [graz, '10.110.0.0/16'] }), site({ name: 'linz', space: [linz] })];
    expect(says(asking(withSites(sites)))).toEqual([]);
  });
});
