import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import type { Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, type Change, linux, plain, rewritten, windows } from '../diagnosis/conclude.ts';
import { ladderOf, rungText } from './rung-text.ts';

/* Whether some route leads every address into the tunnel, whoever wins. */
const [hub, spoke, pool] = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24'] as const;
const active = (capture: Capture, prefix: string = spoke) => rungText(capture, 'active', prefix);
const advertising = (...customRoutes: readonly string[]): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, customRoutes },
});

describe('a route into the tunnel', () => {
  test('is cited with its device, and with its metric where it has one', () => {
    expect(active(windows(plain, { tunnelAddress: '172.16.50.130' }))).toBe(
      `held | ${spoke} leads to 172.16.50.130, metric 43`,
    );
    expect(active(linux(plain))).toBe(`held | ${spoke} leads to tun0, metric 0`);
    const untold = rewritten('windows-net-route', (rows) => rows.map(({ RouteMetric: _, ...row }) => row));
    expect(active(windows(plain, { lists: 'net-route' }, untold))).toBe(`held | ${spoke} leads to vnet-hub`);
  });

  test('counts where it is wider, and where several make the whole', () => {
    expect(active(linux(plain, { routes: ['10.0.0.0/8', pool] }))).toBe('held | 10.0.0.0/8 leads to tun0, metric 0');
    expect(active(linux(plain, { routes: [hub, '10.21.0.0/17', '10.21.128.0/17'] }))).toMatch(/^held/);
    expect(active(linux(plain, { routes: [hub, '10.21.0.0/17', '10.21.192.0/18'] }))).toMatch(/^partial/);
  });

  test('may leave out the address of this computer, which no route has to lead anywhere', () => {
    const small = { ...plain, gateway: { ...plain.gateway, pool: ['172.16.50.0/30'] } };
    const around = (...of: readonly string[]) => linux(small, { routes: [hub, spoke, ...of] });
    expect(active(around('172.16.50.0/31', '172.16.50.3/32'), '172.16.50.0/30')).toMatch(/^held/);
    expect(active(around('172.16.50.0/31'), '172.16.50.0/30')).toMatch(/^partial/);
  });

  test('is lost where there is none: own addresses and broadcast rows are none', () => {
    const asked = linux(plain, { traces: { '192.168.88.21': 'silent' } });
    expect(active(asked, '192.168.88.21/32')).toBe('lost | no route leads 192.168.88.21/32 into the tunnel');
    const row = { prefix: '10.21.255.255/32', interface: '172.16.50.2', metric: 281 };
    expect(active(windows(plain, { routes: [hub, pool], extra: [row] }))).toMatch(/^partial|^lost/);
  });

  test('is lost with the tunnel, and what answers all the same did not come through it', () => {
    const down = windows(plain, { tunnelAddress: null, traces: { '10.21.1.4': 'answers' } });
    expect(active(down)).toBe('lost | there is no tunnel that a route could lead into');
    expect(rungText(down, 'delivered', spoke)).toBe('lost | 10.21.1.4 answered, but not through the tunnel');
    expect(ladderOf(down, spoke)?.parts.map(({ intoTunnel }) => intoTunnel)).toEqual([false]);
  });

  test('is not told lost where only table main was listed and the tunnel has a table of its own', () => {
    const mainOnly: Change = (artifacts) =>
      rewritten('linux-ip-route', (rows) => rows.filter(({ table }) => table === 'main'))(
        artifacts.filter(({ source }) => source !== 'linux-xfrm-policy' && source !== 'linux-swanctl-sas'),
      );
    const swan = (routes: readonly string[], change: Change) =>
      linux(plain, { kind: 'strongswan', routes, traces: { '10.21.1.4': 'answers' } }, change);
    expect(active(swan([hub, spoke, pool], mainOnly))).toBe('unknown | only table main was listed');
    expect(rungText(swan([hub, spoke, pool], mainOnly), 'delivered', spoke)).toBe(
      'unknown | 10.21.1.4 answered, and which way it went was not read',
    );
    // OpenVPN has no other table: what main lacks is lost.
    expect(active(linux(plain, { routes: [hub, pool] }, mainOnly))).toMatch(/^lost/);
    const unlisted: Change = (artifacts) =>
      artifacts.filter(({ source }) => source !== 'linux-xfrm-policy' && source !== 'linux-swanctl-sas');
    expect(active(swan([hub, pool], unlisted))).toMatch(/^lost/);
  });
});

describe('the internet into the tunnel', () => {
  const halves = ['0.0.0.0/1', '128.0.0.0/1'] as const;

  test.each<[string, readonly string[], readonly string[], string[]]>([
    ['one default does for both halves', halves, ['0.0.0.0/0'], ['held', 'held']],
    ['two halves do for the default', ['0.0.0.0/0'], halves, ['held']],
    ['one half is a part', ['0.0.0.0/0'], ['0.0.0.0/1'], ['partial']],
    ['a network in it is no part of it', ['0.0.0.0/0'], [], ['lost']],
    ['a network in a half is no part of that either', halves, [], ['lost', 'lost']],
  ])('%s', (_, customRoutes, leading, states) => {
    const capture = linux(advertising(...customRoutes), { routes: [...all, ...leading] });
    expect(customRoutes.map((prefix) => active(capture, prefix).split(' ')[0])).toEqual(states);
  });
});

describe('IPv6', () => {
  const [space6, pool6] = ['fd00:21::/48', 'fd00:50::/64'] as const;
  const dual: EstateSpec = {
    ...plain,
    spokes: [{ name: 'spoke-app', space: [spoke, space6], subnets: [{ name: 'app', prefix: '10.21.1.0/24' }] }],
    gateway: { ...plain.gateway, pool: [pool, pool6] },
    issued: null,
  };
  const tunnel6 = [
    {
      ifname: 'tun0',
      ifindex: 7,
      addr_info: [{ family: 'inet6', local: 'fd00:50::2', prefixlen: 64, scope: 'global' }],
    },
  ];
  const routed = (...dsts: readonly string[]): Partial<LinuxSpec> => ({
    routes: all,
    extraInterfaces: tunnel6,
    extraRoutes: dsts.map(
      (dst): Wire => ({ type: 'unicast', dst, dev: 'tun0', table: 'main', metric: 1024, flags: [] }),
    ),
    traces: {},
  });

  test.each<[string, readonly string[], string]>([
    ['a route of its own', [space6], `held | ${space6} leads to tun0, metric 1024`],
    ['a default', ['::/0'], 'held | ::/0 leads to tun0, metric 1024'],
    ['two halves of a default', ['::/1', '8000::/1'], 'held | 8000::/1 leads to tun0, metric 1024'],
    ['half the space', ['fd00:21::/49'], 'partial | fd00:21::/49 leads to tun0, metric 1024'],
    ['none of its own', ['fd00:99::/48'], `lost | no route leads ${space6} into the tunnel`],
  ])('goes by %s', (_, dsts, says) => {
    expect(active(linux(dual, routed(...dsts)), space6)).toBe(says);
  });

  test('of which nobody listed the table is not known; of an empty table all is lost, on no line', () => {
    expect(active(linux(dual, { routes: all, traces: {} }), space6)).toBe('unknown');
    const empty: Change = (artifacts) => [
      ...artifacts,
      {
        id: 'linux-ip-route-6',
        source: 'linux-ip-route',
        half: 'client',
        argv: ['ip', '-6', '-j', '-d', 'route', 'show', 'table', 'all'],
        text: '[]',
        exitCode: 0,
      },
    ];
    expect(active(linux(dual, { routes: all, traces: {} }, empty), space6)).toBe('lost');
    expect(active(linux(dual, { routes: all, traces: {} }, empty), spoke)).toMatch(/^held/);
  });
});
