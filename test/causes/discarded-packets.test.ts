import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { type BundleArtifact, pretty, type Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, only, routeRow } from './findings.ts';

/* What this computer throws away itself never enters the tunnel. */
const spoke = '10.21.0.0/16';
const row = (dst: string, more: Wire) => routeRow(dst, { protocol: 'kernel', scope: 'link', ...more });
const onWindows = (client: Partial<WindowsSpec>, ...more: readonly BundleArtifact[]) =>
  windows(plain, client, (artifacts) => [...artifacts, ...more]);

describe('local-route-discards', () => {
  const code = 'local-route-discards';
  const blackhole = (dst: string) => row(dst, { type: 'blackhole', protocol: 'boot', scope: 'global' });

  test('by a route to this host itself: Windows has no blackholes', () => {
    const capture = onWindows({
      extra: [{ prefix: '10.21.9.0/24', gateway: '127.0.0.1', interface: '127.0.0.1', metric: 75 }],
    });
    expect(told(capture, code)).toEqual([
      {
        says: `error proven ${spoke}`,
        actual: '10.21.9.0/24 leads to this host itself',
        commands: ['route delete 10.21.9.0 mask 255.255.255.0 127.0.0.1'],
      },
    ]);
  });

  test.each([
    ['a blackhole', { extraRoutes: [blackhole('10.21.9.0/24')] }, '10.21.9.0/24 is blackhole'],
    [
      'a rule that refuses',
      { extraRules: [{ priority: 90, src: 'all', dst: '10.21.0.0', dstlen: 16, action: 'prohibit' }] },
      'rule 90 is prohibit',
    ],
  ])('by %s', (_, client: Partial<LinuxSpec>, actual) => {
    expect(told(linux(plain, client), code).map((one) => one.actual)).toEqual([actual]);
  });

  test('by IPsec policies that block: each is named, and no route is to be deleted for them', () => {
    const of: EstateSpec = { ...plain, gateway: { ...plain.gateway, protocols: ['IkeV2'] }, issued: null };
    const block = ['10.21.8.0/24', '10.21.9.0/24']
      .map((to) => `src 0.0.0.0/0 dst ${to} \n\tdir out action block priority 100 ptype main \n`)
      .join('');
    const capture = linux(of, { kind: 'strongswan', traces: {} }, (artifacts) =>
      artifacts.map((one) => (one.source === 'linux-xfrm-policy' ? { ...one, text: `${block}${one.text}` } : one)),
    );
    const actual = 'an xfrm policy blocks 10.21.8.0/24, 10.21.9.0/24';
    expect(told(capture, code)).toEqual([{ says: `error proven ${spoke}`, actual, commands: [] }]);
    expect(only(capture, code).evidence[0].origin).toMatchObject({ artifact: 'linux-xfrm-policy', line: 1 });
  });

  test('offers to take out the rule that refuses, by its priority', () => {
    const extraRules = [{ priority: 90, src: 'all', dst: '10.21.0.0', dstlen: 16, action: 'blackhole' }];
    expect(told(linux(plain, { extraRules }), code)[0]?.commands).toEqual(['sudo ip rule del priority 90']);
  });

  test('offers to take out a rule of IPv6 as such: one of IPv4 may have the same priority', () => {
    const space = 'fd21:5::/48';
    const of: EstateSpec = {
      ...plain,
      hub: { ...plain.hub, space: [...plain.hub.space, space] },
      gateway: { ...plain.gateway, pool: ['172.16.50.0/24', 'fd50::/64'] },
    };
    const rules = [
      { priority: 0, src: 'all', table: 'local' },
      { priority: 90, src: 'all', dst: 'fd21:5::', dstlen: 48, action: 'unreachable' },
      { priority: 32766, src: 'all', table: 'main' },
    ];
    const client = { routes: [...all], extraRoutes: [row(space, { dev: 'tun0', metric: 1024 })] };
    const capture = linux(of, client, (artifacts) => [
      ...artifacts,
      {
        id: 'linux-ip-rule:6',
        source: 'linux-ip-rule',
        half: 'client',
        argv: ['ip', '-6', '-j', 'rule'],
        file: 'client/linux-ip-rule-6.json',
        text: pretty(rules),
        exitCode: 0,
      },
    ]);
    expect(told(capture, code)).toEqual([
      {
        says: `error proven ${space}`,
        actual: 'rule 90 is unreachable',
        commands: ['sudo ip -6 rule del priority 90'],
      },
    ]);
  });

  test('cites the refusal of a trace to the discarded addresses, and of no other trace', () => {
    const refused = (target: string, words: string): Capture['artifacts'][number] => ({
      id: `linux-traceroute:${target}`,
      source: 'linux-traceroute',
      half: 'client',
      target,
      stderr: `traceroute: ${words}\n`,
      outcome: {
        kind: 'answered',
        bytes: new TextEncoder().encode(`traceroute to ${target} (${target}), 8 hops max, 60 byte packets\n`),
        exitCode: 1,
      },
    });
    const of = linux(plain, { extraRoutes: [blackhole('10.21.9.0/24')], traces: {} });
    const traces = [
      refused('203.0.113.9', 'sendto: Network is unreachable'),
      refused('10.21.9.4', 'sendto: Invalid argument'),
    ];
    const capture = { ...of, artifacts: [...of.artifacts, ...traces] };
    expect(cited(only(capture, code))).toEqual([
      '10.21.9.0/24 is blackhole',
      `${spoke} leads into the tunnel`,
      'this host refuses to send: traceroute: sendto: Invalid argument',
    ]);
  });
});
