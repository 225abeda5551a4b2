import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import type { Wire } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { all, type Change, linux, plain, rewritten, windows, without } from '../diagnosis/conclude.ts';

/* What takes addresses from a tunnel that has a route for them: each kind of thing is a cause of its own. */
const kinds = [
  'local-route-discards',
  'another-vpn-owns-route',
  'policy-rule-bypass',
  'default-route-loses-metric',
  'manual-route-misdirected',
  'local-network-overlap',
];
/** `code of prefixes: the route that wins`. */
const detours = (capture: Capture) =>
  analyze(capture)
    .findings.filter((one) => kinds.includes(one.code))
    .map(({ code, prefixes, actual = '' }) => {
      const what = code === 'local-route-discards' ? actual : actual.replace(/ .*/, '');
      return `${code} of ${prefixes.map(formatPrefix).join(' ')}: ${what}`;
    });

const lan = { interface: '192.168.29.37', metric: 281 };
const router = '192.168.29.1';
type Rows = WindowsSpec['extra'] & object;
const onWindows = (extra: Rows, more: Partial<WindowsSpec> = {}) => windows(plain, { extra, ...more });
const route = (dst: string, more: Wire = {}): Wire => ({
  type: 'unicast',
  dst,
  dev: 'wlp2s0',
  table: 'main',
  protocol: 'boot',
  scope: 'link',
  flags: [],
  ...more,
});
const onLinux = (spec: Partial<LinuxSpec>, change?: Change) => linux(plain, spec, change);
const ikev2: EstateSpec = { ...plain, gateway: { ...plain.gateway, protocols: ['IkeV2'] }, issued: null };
const halves: EstateSpec = { ...plain, gateway: { ...plain.gateway, customRoutes: ['0.0.0.0/1', '128.0.0.0/1'] } };

describe('a part of a spoke', () => {
  test.each<[string, Capture, string]>([
    [
      'of a network that this computer is on, its own and its broadcast address included',
      windows(plain, { lan: { address: '10.21.9.37', router: '10.21.9.1' } }),
      'local-network-overlap of 10.21.0.0/16: 10.21.9.0/24',
    ],
    [
      'by way of a router',
      onWindows([{ prefix: '10.21.9.0/24', gateway: router, ...lan }]),
      'manual-route-misdirected of 10.21.0.0/16: 10.21.9.0/24',
    ],
    [
      'to a single host',
      onWindows([{ prefix: '10.21.9.4/32', ...lan }]),
      'manual-route-misdirected of 10.21.0.0/16: 10.21.9.4/32',
    ],
    [
      'that DHCP announced',
      onLinux({ extraRoutes: [route('10.21.9.0/24', { gateway: '192.168.88.1', protocol: 'dhcp' })] }),
      'local-network-overlap of 10.21.0.0/16: 10.21.9.0/24',
    ],
    [
      'that a table takes which a rule asks first',
      onLinux({
        extraRules: [{ priority: 90, src: 'all', table: '90' }],
        extraRoutes: [route('10.21.9.0/24', { table: '90' })],
      }),
      'policy-rule-bypass of 10.21.0.0/16: 10.21.9.0/24',
    ],
    [
      'that stands in the same table as one of the routes into the tunnel: its length decides, and no rule',
      onLinux({
        extraRules: [{ priority: 40_000, src: 'all', table: '90' }],
        extraRoutes: [
          route('10.21.9.0/24', { protocol: 'kernel' }),
          route('10.21.0.0/16', { dev: 'tun0', table: '90' }),
        ],
      }),
      'local-network-overlap of 10.21.0.0/16: 10.21.9.0/24',
    ],
    [
      'for which the table of the tunnel has no route, so that no rule is to blame',
      linux(ikev2, {
        kind: 'strongswan',
        routes: ['10.20.0.0/16', '10.21.0.0/17', '172.16.50.0/24'],
        remoteSelectors: all,
        extraRoutes: [route('10.21.200.0/24', { dev: 'docker0', protocol: 'kernel', prefsrc: '10.21.200.1' })],
      }),
      'local-network-overlap of 10.21.0.0/16: 10.21.200.0/24',
    ],
    [
      'while for the rest there is no route at all',
      onLinux(
        {
          routes: ['10.20.0.0/16', '10.21.0.0/17', '172.16.50.0/24'],
          extraRoutes: [route('10.21.9.0/24', { protocol: 'kernel' })],
        },
        rewritten('linux-ip-route', (rows) => rows.filter(({ dst }) => dst !== 'default')),
      ),
      'local-network-overlap of 10.21.0.0/16: 10.21.9.0/24',
    ],
  ])('%s', (_, capture, told) => {
    expect(detours(capture)).toEqual([told]);
  });
});

/** The table as `netsh interface ipv4 show route` lists it, with a route to the loopback, beside what systeminformation tells. */
const netsh: Change = (artifacts) => [
  ...without('windows-route-print')(artifacts),
  {
    id: 'windows-netsh-route',
    source: 'windows-netsh-route',
    half: 'client',
    text: [
      'No       Manual    0    0.0.0.0/0                  16  192.168.29.1',
      'No       System    256  10.20.0.0/16               41  vnet-hub',
      'No       System    256  10.21.0.0/16               41  vnet-hub',
      'No       System    256  172.16.50.0/24             41  vnet-hub',
      'No       Manual    1    10.21.9.0/24                1  Loopback Pseudo-Interface 1',
      '',
    ].join('\r\n'),
  },
  {
    id: 'interfaces',
    source: 'interfaces',
    half: 'client',
    text: JSON.stringify([
      { iface: 'vnet-hub', ifaceName: 'vnet-hub', ip4: '172.16.50.2', ip4subnet: '255.255.255.255' },
    ]),
  },
];

describe('what this computer throws away', () => {
  const viaLoopback = { gateway: '127.0.0.1', interface: '127.0.0.1', metric: 51 };
  const discards = (what: string) => [`local-route-discards of 10.21.0.0/16: ${what}`];

  test.each<[string, Capture, string]>([
    [
      'by way of 127.0.0.1',
      onWindows([{ prefix: '10.21.9.0/24', ...viaLoopback }]),
      '10.21.9.0/24 leads to this host itself',
    ],
    [
      'on-link on 127.0.0.1',
      onWindows([{ prefix: '10.21.9.0/24', interface: '127.0.0.1', metric: 51 }]),
      '10.21.9.0/24 leads to this host itself',
    ],
    [
      'on the loopback, as Get-NetRoute calls it',
      onWindows([{ prefix: '10.21.9.0/24', interface: '127.0.0.1', metric: 51 }], { lists: 'net-route' }),
      '10.21.9.0/24 leads to this host itself',
    ],
    [
      'on the first interface, as netsh counts them',
      windows(plain, {}, netsh),
      '10.21.9.0/24 leads to this host itself',
    ],
    [
      'on the loopback of Linux',
      onLinux({ extraRoutes: [route('10.21.9.0/24', { dev: 'lo' })] }),
      '10.21.9.0/24 leads to this host itself',
    ],
    ...['blackhole', 'unreachable', 'prohibit'].map((type): [string, Capture, string] => [
      `by a route of type ${type}`,
      onLinux({ extraRoutes: [{ type, dst: '10.21.9.0/24', table: 'main', protocol: 'boot', flags: [] }] }),
      `10.21.9.0/24 is ${type}`,
    ]),
    [
      'by a rule',
      onLinux({ extraRules: [{ priority: 80, src: 'all', dst: '10.21.9.0', dstlen: 24, action: 'prohibit' }] }),
      'rule 80 is prohibit',
    ],
  ])('%s', (_, capture, what) => {
    expect(detours(capture)).toEqual(discards(what));
  });

  test('by two rules, each for a network of its own: two faults, two commands', () => {
    const refusing = (priority: number, dst: string) => ({
      priority,
      src: 'all',
      dst,
      dstlen: 16,
      action: 'unreachable',
    });
    const capture = onLinux({ extraRules: [refusing(80, '10.20.0.0'), refusing(81, '10.21.0.0')] });
    expect(detours(capture)).toEqual([
      'local-route-discards of 10.20.0.0/16: rule 80 is unreachable',
      'local-route-discards of 10.21.0.0/16: rule 81 is unreachable',
    ]);
  });

  test('by an IPsec policy that blocks, whatever route the packet had found: no route is to be deleted for it', () => {
    const block = ['src 0.0.0.0/0 dst 10.21.9.0/24 ', '\tdir out action block priority 100 ptype main ', ''].join('\n');
    const capture = linux(ikev2, { kind: 'strongswan' }, (artifacts) =>
      artifacts.map((one) => (one.source === 'linux-xfrm-policy' ? { ...one, text: `${block}${one.text}` } : one)),
    );
    expect(detours(capture)).toEqual(discards('an xfrm policy blocks 10.21.9.0/24'));
    const [finding] = analyze(capture).findings;
    expect(finding?.evidence[0].origin).toEqual({ artifact: 'linux-xfrm-policy', line: 1 });
    expect(finding?.fixes.flatMap(({ commands }) => commands)).toEqual([]);
  });
});

test('two routes that take from one network each are two faults', () => {
  const capture = onWindows(['10.20.9.0/24', '10.21.9.0/24'].map((prefix) => ({ prefix, ...lan })));
  expect(detours(capture)).toEqual([
    'local-network-overlap of 10.20.0.0/16: 10.20.9.0/24',
    'local-network-overlap of 10.21.0.0/16: 10.21.9.0/24',
  ]);
});

test('one route that takes from two networks is one fault, with both', () => {
  const routes = ['10.20.0.0/15', '172.16.50.0/24'];
  const capture = onWindows([{ prefix: '10.20.0.0/15', gateway: router, interface: lan.interface, metric: 11 }], {
    routes,
    installed: all,
  });
  expect(detours(capture)).toEqual(['manual-route-misdirected of 10.20.0.0/16 10.21.0.0/16: 10.20.0.0/15']);
});

describe('no detour', () => {
  const local = { prefix: '10.21.9.0/24', ...lan };

  test.each<[string, Capture]>([
    ['of the pool, whose loss is client to client', onWindows([{ prefix: '172.16.50.128/25', ...lan }])],
    [
      'of a route that Azure does not know',
      onWindows([{ prefix: '10.66.9.0/24', ...lan }], { routes: [...all, '10.66.0.0/16'] }),
    ],
    [
      'where the rules were not read, broken as the prefix is for another reason',
      linux(
        {
          ...plain,
          machines: [{ name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'], disabled: true }],
        },
        { extraRoutes: [route('10.21.9.0/24', { protocol: 'kernel' })] },
        without('linux-ip-rule'),
      ),
    ],
    [
      'by a persistent route to 127.0.0.1 that is not in force, where the package is old',
      windows(plain, {
        routes: ['10.20.0.0/16', '172.16.50.0/24'],
        persistent: ['        10.21.9.0    255.255.255.0        127.0.0.1       1'],
      }),
    ],
    [
      'of the own networks and single hosts beside a default into the tunnel',
      windows(halves, { extra: [{ prefix: '40.1.2.3/32', gateway: router, ...lan }] }),
    ],
  ])('%s', (_, capture) => {
    expect(detours(capture)).toEqual([]);
  });

  test('there is one where the same network lies in a spoke', () => {
    expect(detours(onWindows([local]))).toHaveLength(1);
  });
});
