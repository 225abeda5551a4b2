import { describe, expect, test } from 'vitest';
import { connection, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact, type Wire } from '../../scripts/scenarios/wire.ts';
import { all, linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf, routeRow } from './findings.ts';

/* Routes that somebody made for Azure's addresses, and that lead past the tunnel. */
const code = 'manual-route-misdirected';
const [hub, spoke, pool] = all as [string, string, string];
const [router, lan] = ['192.168.29.1', '192.168.29.37'];
const byHand = (prefix: string, gateway = router, metric = 26) => ({ prefix, gateway, interface: lan, metric });
const persistentLine = (prefix: string) => {
  const mask = { 16: '255.255.0.0', 24: '255.255.255.0' }[Number(prefix.split('/')[1])] ?? '';
  return `${prefix.split('/')[0]?.padStart(17)}${mask.padStart(17)}${router.padStart(17)}       1`;
};
const onWindows = (client: Partial<WindowsSpec>, of: EstateSpec = plain, more: readonly BundleArtifact[] = []) =>
  windows(of, { traces: {}, ...client }, (artifacts) => [...artifacts, ...more]);
const says = (...given: Parameters<typeof onWindows>) => told(onWindows(...given), code).map((one) => one.says);
const withoutSpoke = [hub, pool];

const byRouter = { gateway: '192.168.88.1', dev: 'wlp2s0' };

describe('a prefix that nothing leads into the tunnel', () => {
  test('was meant by the route that leads past it: take that one out, and give the connection its own', () => {
    const [finding] = told(onWindows({ routes: withoutSpoke, extra: [byHand('10.21.4.0/24')] }), code);
    expect(finding).toEqual({
      says: `error proven ${spoke}`,
      actual: `10.21.4.0/24 was sent to ${lan} by way of ${router}`,
      commands: [
        `route delete 10.21.4.0 mask 255.255.255.0 ${router}`,
        'Add-VpnConnectionRoute -ConnectionName vnet-hub -DestinationPrefix 10.21.4.0/24 -PassThru',
      ],
    });
  });

  test.each<[string, Partial<WindowsSpec>, string]>([
    ['a persistent entry that is not in effect', { persistent: [persistentLine(spoke)] }, `warning proven ${spoke}`],
    [
      'one that is both in effect and persistent, once',
      { extra: [byHand(spoke)], persistent: [persistentLine(spoke)] },
      `error proven ${spoke}`,
    ],
  ])('is told of %s', (_, client, expected) => {
    expect(says({ routes: withoutSpoke, ...client })).toEqual([expected]);
  });

  test.each([
    ['one that loses to the tunnel’s by its metric', all, byHand(spoke, router, 75)],
    ['one for a single host: VPN clients make these for servers', withoutSpoke, byHand('10.21.1.4/32')],
    ['one that ends on this computer itself', withoutSpoke, byHand(spoke, '127.0.0.1')],
    ['one for addresses that nothing in Azure has', withoutSpoke, byHand('10.99.0.0/16')],
  ])('is not told of %s', (_, routes, extra) => {
    expect(says({ routes, extra: [extra] })).toEqual([]);
  });

  test('a persistent entry is said to be out of effect', () => {
    const [finding] = findingsOf(onWindows({ routes: withoutSpoke, persistent: [persistentLine(spoke)] }), code);
    expect(finding?.actual).toMatch(/^10\.21\.0\.0\/16 was sent \(persistent entry, not in effect\)/);
  });

  test.each([
    ['the client pool, which nobody misses', [hub, spoke], pool, plain],
    [
      'a VNet two peerings away, which no client gets',
      all,
      '10.30.0.0/16',
      {
        ...plain,
        spokes: [
          {
            name: 'spoke-app',
            space: [spoke],
            peerings: [
              {
                id: `${idsOf(plain).vnet('spoke-app')}/virtualNetworkPeerings/to-far`,
                name: 'to-far',
                properties: {
                  peeringState: 'Connected',
                  remoteVirtualNetwork: { id: idsOf(plain).vnet('far') },
                  remoteAddressSpace: { addressPrefixes: ['10.30.0.0/16'] },
                },
              },
            ],
          },
        ],
      },
    ],
  ])('%s, is nobody’s loss', (_, routes, prefix, of) => {
    expect(says({ routes, extra: [byHand(prefix)] }, of)).toEqual([]);
  });

  test('half of the internet by way of the router was not meant for Azure, even where Azure advertises it', () => {
    const of = { ...plain, gateway: { ...plain.gateway, customRoutes: ['0.0.0.0/1', '128.0.0.0/1'] } };
    expect(says({ routes: all, extra: [byHand('0.0.0.0/1')] }, of)).toEqual([]);
  });

  test('a site that this client need not have is a warning', () => {
    const site = idsOf(plain).id('localNetworkGateways', 'site');
    const of: EstateSpec = {
      ...plain,
      extra: ({ gateway, place }) => [
        arm('virtualNetworkGateways.listConnections', gateway, {
          value: [connection(place, { name: 'to-site', type: 'IPsec', from: gateway, to: site })],
        }),
        arm('localNetworkGateways.get', site, localNetworkGateway(place, 'site', ['10.101.0.0/16'])),
      ],
    };
    expect(says({ extra: [byHand('10.101.0.0/16')] }, of)).toEqual(['warning proven 10.101.0.0/16']);
  });
});

describe('on Linux', () => {
  const onLinux = (extraRoutes: readonly Wire[], routes = withoutSpoke) =>
    linux(plain, { routes, extraRoutes, traces: {} });
  const [tunnelRow, half] = [{ gateway: '172.16.50.1', dev: 'tun0' }, '10.21.0.0/17'];

  test.each<[string, readonly Wire[], readonly string[]]>([
    ['a route by way of the router', [routeRow(spoke, byRouter)], [`error proven ${spoke}`]],
    [
      'the same with this computer’s own address as its source',
      [routeRow(spoke, { ...byRouter, prefsrc: '192.168.88.21' })],
      [`error proven ${spoke}`],
    ],
    ['a route that the router announced by DHCP', [routeRow(spoke, { ...byRouter, protocol: 'dhcp' })], []],
    ['a half that does lead into the tunnel', [routeRow(half, tunnelRow)], []],
  ])('told of %s', (_, extra, expected) => {
    expect(told(onLinux(extra), code).map((one) => one.says)).toEqual(expected);
  });

  test('it is taken out with ip, and no command of Windows is offered', () => {
    const [finding] = findingsOf(onLinux([routeRow(spoke, byRouter)]), code);
    expect(finding?.fixes.map(({ commands, verify }) => [commands.map(({ command }) => command), verify])).toEqual([
      [[`sudo ip route del ${spoke} via 192.168.88.1 dev wlp2s0`], 'ip route show table all'],
    ]);
  });

  test('what strongSwan routes by way of the router, with the tunnel’s address as its source, is the tunnel', () => {
    const capture = linux(
      { ...plain, issued: null },
      { kind: 'strongswan', routes: [hub, half, pool], traces: { '10.21.1.4': 'silent' } },
    );
    expect(told(capture, code)).toEqual([]);
  });
});

describe('a prefix that the tunnel has', () => {
  test('is taken in part by two routes: each is told once, with what it takes', () => {
    const taken = ['10.21.5.0/24', '10.21.6.0/24'];
    const capture = onWindows({ routes: [hub, '10.21.4.0/22', pool], extra: taken.map((prefix) => byHand(prefix)) });
    expect(findingsOf(capture, code).map(({ actual }) => actual)).toEqual(
      taken.map((prefix) => `${prefix} was sent to ${lan} by way of ${router}`),
    );
  });

  test('is taken for one host by a route without a next hop', () => {
    const [finding] = findingsOf(onWindows({ extra: [{ prefix: '10.21.1.4/32', interface: lan, metric: 26 }] }), code);
    expect(finding?.actual).toBe(`10.21.1.4/32 was sent to ${lan}`);
    expect(finding && cited(finding)).toContain(`${spoke} leads into the tunnel, metric 43`);
    // The tunnel's own route is there already.
    expect(finding?.fixes).toHaveLength(1);
  });

  test('beside another, of which the tunnel has none: the first is taken, the second was meant', () => {
    const capture = onWindows({
      routes: [hub, pool],
      extra: [byHand('10.20.4.0/24'), byHand('10.21.4.0/24')],
    });
    expect(told(capture, code).map((one) => one.says)).toEqual([`error proven ${hub}`, `error proven ${spoke}`]);
  });

  test('is kept out of the tunnel on purpose, by the profile: that explains, and is no error', () => {
    const profile: BundleArtifact = {
      id: 'azurevpn-xml',
      source: 'azurevpn-xml',
      half: 'client',
      file: 'client/azurevpnconfig.xml',
      text: `<AzVpnProfile><clientconfig><excluderoutes><route><destination>10.21.4.0</destination><mask>24</mask></route></excluderoutes></clientconfig></AzVpnProfile>`,
    };
    const [finding] = findingsOf(onWindows({ extra: [byHand('10.21.4.0/24')] }, plain, [profile]), code);
    expect(finding?.severity).toBe('info');
    expect(finding && cited(finding)).toContain('the profile excludes 10.21.4.0/24 from the tunnel');
  });
});

describe('a next hop on the far side', () => {
  const summary = (gateway: string, of: EstateSpec = plain, traces: WindowsSpec['traces'] = {}) =>
    findingsOf(onWindows({ extra: [byHand('10.21.4.0/24', gateway)], traces }, of), code)[0]?.summary;

  test.each([
    ['an address of the hub', '10.20.1.1'],
    ['an address of the pool', '172.16.50.1'],
  ])('%s is no next hop here', (_, gateway) => {
    expect(summary(gateway)).toMatch(/that address lies behind the tunnel and is no next hop here/);
  });

  test.each<[string, EstateSpec, WindowsSpec['traces']]>([
    ['the local router', plain, {}],
    ['the local router, though somebody traced it', plain, { [router]: 'silent' }],
    [
      'the local router, though clients are to send everything into the tunnel',
      { ...plain, gateway: { ...plain.gateway, customRoutes: ['0.0.0.0/1', '128.0.0.0/1'] } },
      {},
    ],
  ])('%s is one', (_, of, traces) => {
    expect(summary(router, of, traces)).toMatch(/past the tunnel\. It concerns 10\.21\.0\.0\/16/);
  });
});
