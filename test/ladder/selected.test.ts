import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import type { Row } from '../../scripts/scenarios/table.ts';
import type { Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, type Change, conclude, linux, plain, rewritten, windows } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* Whether the host's own choice is the tunnel, for every address of the prefix. */
const [hub, spoke, pool, lan] = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24', '192.168.29.37'] as const;
const half = [hub, '10.21.0.0/17', pool];
const selected = (capture: Capture, prefix: string = spoke) => rungText(capture, 'selected', prefix);
const advertising = (...customRoutes: readonly string[]): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, customRoutes },
});
const row = (dst: string, more: Wire = {}): Wire => ({
  type: 'unicast',
  dst,
  dev: 'wlp2s0',
  table: 'main',
  protocol: 'boot',
  scope: 'link',
  flags: [],
  ...more,
});
const onLinux = (client: Partial<LinuxSpec>, change?: Change) => linux(plain, { traces: {}, ...client }, change);

describe('a prefix that the tunnel has', () => {
  test.each<[string, Capture, string]>([
    ['wins', windows(plain), `held | ${spoke} wins, to 172.16.50.2, metric 43`],
    [
      'loses a part to a local network',
      windows(plain, { extra: [{ prefix: '10.21.9.0/24', interface: lan, metric: 281 }] }),
      `partial | 10.21.9.0/24 wins, to ${lan}, metric 281`,
    ],
    [
      'loses all of it',
      windows(plain, { extra: [{ prefix: spoke, interface: lan, metric: 11 }] }),
      `lost | ${spoke} wins, to ${lan}, metric 11`,
    ],
    [
      'is discarded here',
      onLinux({ extraRoutes: [row(spoke, { type: 'unreachable', dev: undefined, table: 'local' })] }),
      `lost | ${spoke} wins and is unreachable`,
    ],
    [
      'is refused by a rule',
      onLinux({ extraRules: [{ priority: 100, src: 'all', dst: '10.21.0.0', dstlen: 16, action: 'prohibit' }] }),
      'lost | rule 100 refuses it: prohibit',
    ],
  ])('%s', (_, capture, says) => {
    expect(selected(capture)).toBe(says);
  });

  test('is not told lost to a metric that nobody told', () => {
    const untold = rewritten('windows-net-route', (rows) => rows.map(({ RouteMetric: _, ...one }) => one));
    const extra = [{ prefix: '10.21.9.0/24', interface: lan, metric: 281 }];
    expect(selected(windows(plain, { lists: 'net-route', extra }, untold))).toBe(
      'partial | 10.21.9.0/24 wins, to Wi-Fi',
    );
  });
});

describe('of a prefix that the tunnel has half of', () => {
  test.each<[string, Capture, string]>([
    ['the rest goes by the default, as what has no route does', windows(plain, { routes: half }), 'held'],
    [
      'the rest has no route at all',
      onLinux(
        { routes: half },
        rewritten('linux-ip-route', (rows) => rows.filter(({ dst }) => dst !== 'default')),
      ),
      'held',
    ],
    [
      'a local network takes a part of the rest',
      windows(plain, { routes: half, extra: [{ prefix: '10.21.200.0/24', interface: lan, metric: 281 }] }),
      'partial',
    ],
    [
      'a rule refuses the rest',
      onLinux({
        routes: half,
        extraRules: [{ priority: 100, src: 'all', dst: '10.21.128.0', dstlen: 17, action: 'blackhole' }],
      }),
      'partial',
    ],
    [
      'this computer discards the rest',
      onLinux({ routes: half, extraRoutes: [row('10.21.128.0/17', { type: 'blackhole', dev: undefined })] }),
      'partial',
    ],
  ])('%s: the half is %s', (_, capture, state) => {
    expect(rungText(capture, 'active', spoke)).toMatch(/^partial/);
    expect(selected(capture).split(' ')[0]).toBe(state);
  });

  test('an IPsec policy blocks the rest', () => {
    const policies = [
      'src 172.16.50.2/32 dst 10.21.0.0/17 ',
      '\tdir out priority 1 ptype main ',
      '\ttmpl src 192.168.88.21 dst 20.50.7.1',
      'src 0.0.0.0/0 dst 10.21.128.0/17 ',
      '\tdir out action block priority 2 ptype main ',
      '',
    ].join('\n');
    const capture = onLinux({ kind: 'strongswan', routes: half }, (artifacts) =>
      artifacts
        .filter(({ source }) => source !== 'linux-swanctl-sas')
        .map((one) => (one.source === 'linux-xfrm-policy' ? { ...one, text: policies } : one)),
    );
    expect(rungText(capture, 'active', spoke)).toMatch(/^partial/);
    expect(selected(capture)).toBe('partial | an xfrm policy takes 10.21.128.0/17');
  });
});

describe('the internet into the tunnel', () => {
  const all0 = '0.0.0.0/0';
  const forced = (extra: readonly Row[], metric = 4500, routes: readonly string[] = all) =>
    windows(advertising(all0), {
      routes: [...routes, all0],
      lan: { address: lan, router: '192.168.29.1', metric },
      traces: {},
      extra,
    });

  test('leaves the computer its own links, and single hosts by way of its router', () => {
    expect(selected(forced([]), all0)).toMatch(/^held/);
    const host = { prefix: '203.0.113.9/32', gateway: '192.168.29.1', interface: lan, metric: 26 };
    expect(selected(forced([host]), all0)).toMatch(/^held/);
  });

  test.each<[string, Row[], number, string]>([
    ['another default that is cheaper', [], 25, `partial | ${all0} wins, to ${lan}, metric 25`],
    [
      'another default, on-link',
      [{ prefix: all0, interface: '10.64.1.7', metric: 2 }],
      4500,
      `partial | ${all0} wins, to 10.64.1.7, metric 2`,
    ],
    [
      'half of it, on-link on another VPN',
      [{ prefix: '128.0.0.0/1', interface: '10.64.1.7', metric: 5 }],
      4500,
      'partial | 128.0.0.0/1 wins, to 10.64.1.7, metric 5',
    ],
    [
      'a network by way of the router',
      [{ prefix: '198.51.100.0/24', gateway: '192.168.29.1', interface: lan, metric: 26 }],
      4500,
      `partial | 198.51.100.0/24 wins, to ${lan}, metric 26`,
    ],
  ])('loses to %s', (_, extra, metric, says) => {
    expect(selected(forced(extra, metric), all0)).toBe(says);
  });

  test('is lost where nothing else leads there: that own links stay here is no gain', () => {
    expect(selected(forced([], 25, []), all0)).toMatch(/^lost/);
  });

  test('is refused in part by a rule', () => {
    const capture = linux(advertising(all0), {
      routes: [...all, '0.0.0.0/1', '128.0.0.0/1'],
      traces: {},
      extraRules: [{ priority: 100, src: 'all', dst: '198.51.100.0', dstlen: 24, action: 'prohibit' }],
    });
    expect(selected(capture, all0)).toBe('partial | rule 100 refuses it: prohibit');
  });
});

describe('nobody expects in the tunnel', () => {
  test("the gateway's own address, even where a custom route reaches around it", () => {
    const estate = advertising('20.50.0.0/16');
    expect(selected(windows(estate), '20.50.0.0/16')).toMatch(/^held/);
    const other = { prefix: '20.50.9.9/32', gateway: '192.168.29.1', interface: lan, metric: 26 };
    expect(selected(windows(estate, { extra: [other] }), '20.50.0.0/16')).toMatch(/^partial \| 20\.50\.9\.9\/32/);
  });

  test("this computer's own addresses, and a transparent proxy's catch-all in a table of its own makes none of all others", () => {
    const proxy = row('default', { type: 'local', dev: 'lo', table: '100', scope: 'host' });
    const taken = row('10.21.9.0/24', { scope: 'link' });
    expect(selected(onLinux({ extraRoutes: [proxy, taken] }))).toMatch(/^partial/);
    expect(selected(onLinux({ extraRoutes: [row('10.21.9.7/32', { type: 'local', table: 'local' })] }))).toMatch(
      /^held/,
    );
  });
});

describe('a route by several ways at once', () => {
  const hop = (dev: string, gateway: string) => ({ dev, gateway, weight: 1, flags: [] });
  const shared = (...nexthops: readonly Wire[]) =>
    linux(plain, {
      routes: [hub, pool],
      extraRoutes: [row(spoke, { dev: undefined, scope: 'global', nexthops })],
      traces: { '10.21.1.4': 'answers' },
    });

  test('of which one passes the tunnel loses a part of all flows', () => {
    const capture = shared(hop('tun0', '172.16.50.1'), hop('wlp2s0', '192.168.88.1'));
    expect(selected(capture)).toBe(`partial | ${spoke} wins, to wlp2s0, metric 0`);
    expect(rungText(capture, 'delivered', spoke)).toBe(
      'unknown | 10.21.1.4 answered, and which way it went was not read',
    );
    expect(conclude(capture)).toMatchObject({ errors: ['manual-route-misdirected'], verdict: 'broken' });
  });

  test('that all lead into the tunnel is the tunnel', () => {
    const capture = shared(hop('tun0', '172.16.50.1'), hop('tun0', '172.16.50.9'));
    expect(selected(capture)).toMatch(/^held/);
  });

  test('that all lead past it is lost', () => {
    const both = [hop('wlp2s0', '192.168.88.1'), hop('wlp2s0', '192.168.88.2')];
    const capture = onLinux({
      extraRoutes: [row('10.21.0.0/17', { dev: undefined, nexthops: both }), row('10.21.128.0/17')],
    });
    expect(selected(capture)).toMatch(/^lost/);
  });
});

describe('what is in doubt', () => {
  const marked = { priority: 100, src: 'all', dst: '10.21.128.0', dstlen: 17, fwmark: '0x1', table: '77' };
  const aside = row('default', { table: '77', gateway: '192.168.88.1', scope: 'global' });

  test('leaves the choice open', () => {
    const capture = onLinux({ extraRules: [marked], extraRoutes: [aside] });
    expect(selected(capture)).toMatch(/^unknown \| By rule 100, /);
  });

  test('hides nothing that surely goes elsewhere', () => {
    const taken = row('10.21.9.0/24');
    const capture = onLinux({ extraRules: [marked], extraRoutes: [aside, taken] });
    expect(selected(capture)).toBe('partial | 10.21.9.0/24 wins, to wlp2s0, metric 0');
    // All that is not marked goes past the tunnel; of the upper half, what is marked goes into it.
    const into = row('default', { table: '77', dev: 'tun0', scope: 'global' });
    const halves = [row('10.21.0.0/17'), row('10.21.128.0/17')];
    expect(selected(onLinux({ extraRules: [marked], extraRoutes: [into, ...halves] }))).toMatch(
      /^partial \| 10\.21\.0\.0\/17 wins, to wlp2s0/,
    );
    expect(selected(onLinux({ extraRoutes: halves }))).toMatch(/^lost/);
  });
});
