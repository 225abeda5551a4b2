import { describe, expect, it } from 'vitest';
import { linuxIpRoute } from '../../../src/sources/linux-ip-route.ts';
import { linuxIpRule } from '../../../src/sources/linux-ip-rule.ts';
import { linuxTracepath } from '../../../src/sources/linux-tracepath.ts';
import { linuxTraceroute } from '../../../src/sources/linux-traceroute.ts';
import { linuxXfrmPolicy } from '../../../src/sources/linux-xfrm-policy.ts';
import { mtrJson } from '../../../src/sources/mtr-json.ts';
import { toParseOutput } from '../../../src/sources/parse-output.ts';
import type { ReadingContext, Source } from '../../../src/sources/source.ts';

function printed(source: Source, text: string, context: Partial<ReadingContext> = {}): object {
  const whole = { artifact: source.id, ...context };
  return toParseOutput(source, source.parse(text, whole), whole);
}

describe('what the command line tells', () => {
  it('names the table of rows that name none', () => {
    const text = '10.1.0.4 via 192.168.29.1 dev wlan0 proto static src 172.16.50.130 \n';
    const argv = ['ip', 'route', 'show', 'table', '220'];
    expect(printed(linuxIpRoute, text, { argv })).toMatchObject({ routes: [{ prefix: '10.1.0.4/32', table: '220' }] });
    expect(printed(linuxIpRoute, text, { argv: ['ip', 'route', 'show', 'table', 'all'] })).toMatchObject({
      routes: [{ table: 'main' }],
    });
  });

  it.each(['default dev tun0', '[{"dst":"default","dev":"tun0","flags":[]}]'])('names the family of %s', (text) => {
    expect(printed(linuxIpRoute, text, { family: 6 })).toMatchObject({ routes: [{ prefix: '::/0', metric: 1024 }] });
    expect(printed(linuxIpRoute, text)).toMatchObject({ routes: [{ prefix: '0.0.0.0/0', metric: 0 }] });
  });

  it('names the family of rules', () => {
    const rule = linuxIpRule.parse('0:	from all lookup local', { artifact: 'x', family: 6 }).facts.rules?.[0];
    expect(rule?.family).toBe(6);
  });

  it('names the target, which no heading can overrule', () => {
    const text = 'traceroute to 10.9.9.9 (10.9.9.9), 8 hops max, 60 byte packets\n 1  10.1.0.4  28.1 ms\n';
    expect(printed(linuxTraceroute, text, { target: '10.1.0.4' })).toMatchObject({ target: '10.1.0.4', reached: true });
  });

  it('tells arrival of a tracepath in any language', () => {
    const text =
      ' 1?: [LOCALHOST]   pmtu 1500\n 1:  10.1.0.4    28.514ms erreicht\n     Resume: pmtu 1500 hops 1 back 1\n';
    expect(printed(linuxTracepath, text, { target: '10.1.0.4' })).toMatchObject({ reached: true, problems: [] });
    expect(printed(linuxTracepath, text, { target: '10.2.0.4' })).toMatchObject({ reached: false });
  });
});

describe('a command that failed', () => {
  it('says nothing, and never an empty table', () => {
    const context = { artifact: 'x', exitCode: 1, stderr: 'RTNETLINK answers: Operation not permitted\n' };
    expect(linuxXfrmPolicy.parse('', context).facts).toEqual({});
    expect(linuxXfrmPolicy.parse('', context).problems).toHaveLength(1);
  });

  it('and so does one that printed nothing, where it prints its frame even of an empty list', () => {
    const silent = (argv: readonly string[], family: 4 | 6 = 4) =>
      linuxIpRoute.parse('', { artifact: 'x', exitCode: 0, argv, family });
    for (const argv of [
      ['ip', '-j', 'route'],
      ['ip', 'route', 'show', 'table', 'all'],
    ])
      expect(silent(argv)).toMatchObject({ facts: {}, problems: [{ why: 'the command printed nothing' }] });
    // A cable that is out, and a computer without IPv6: no rows, and nothing amiss.
    expect(silent(['ip', 'route'])).toEqual({ facts: { routes: [] }, problems: [] });
    expect(silent(['ip', '-6', 'route', 'show', 'table', 'all'], 6).problems).toEqual([]);
    expect(linuxIpRule.parse('', { artifact: 'x', exitCode: 0 }).facts).toEqual({});
    expect(linuxIpRule.parse('', { artifact: 'x', exitCode: 0, family: 6 }).problems).toEqual([]);
  });

  it('after printing rows keeps them and tells of it', () => {
    const reading = linuxIpRoute.parse('default via 192.168.29.1 dev wlan0\n', { artifact: 'x', exitCode: 1 });
    expect(reading.facts.routes).toHaveLength(1);
    expect(reading.problems).toHaveLength(1);
  });

  it.each([
    ['connect: Network is unreachable', 'no-route'],
    ['connect: No route to host', 'host-unreachable'],
    ['connect: Invalid argument', 'blackhole'],
    ['traceroute: sendto: Permission denied', 'prohibit'],
    ['connect: Das Netzwerk ist nicht erreichbar', 'general-failure'],
  ])('by this host’s own refusal: %s', (stderr, error) => {
    const text = 'traceroute to 10.1.0.4 (10.1.0.4), 8 hops max, 60 byte packets\n';
    expect(printed(linuxTraceroute, text, { stderr, exitCode: 1 })).toMatchObject({
      reached: false,
      refused: { error },
    });
  });

  it('as mtr does, with nothing on stdout', () => {
    const context = { stderr: 'mtr: udp socket connect failed: Permission denied', target: '10.1.0.4' };
    expect(printed(mtrJson, '', context)).toMatchObject({
      reached: false,
      refused: { error: 'prohibit' },
      problems: [],
    });
  });
});

describe('next hops of one route', () => {
  it('share a number that no other route has', () => {
    const text =
      '10.1.0.0/16 \n\tnexthop dev tun0 weight 1 \n\tnexthop dev tun1 weight 2 \n10.2.0.0/16 \n\tnexthop dev tun0 weight 1 \n';
    const routes = linuxIpRoute.parse(text, { artifact: 'x' }).facts.routes ?? [];
    expect(routes.map(({ multipath, weight }) => [multipath, weight])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
    ]);
    expect(routes.map(({ origin }) => origin)).toEqual([2, 3, 5].map((line) => ({ artifact: 'x', line })));
  });

  it('are cited by pointer in JSON', () => {
    const hops = [
      { dev: 'tun0', weight: 1 },
      { dev: 'tun1', weight: 1 },
    ];
    const routes = linuxIpRoute.parse(JSON.stringify([{ dst: '10.1.0.0/16', nexthops: hops }]), { artifact: 'x' }).facts
      .routes;
    expect(routes?.map(({ origin }) => origin)).toEqual([
      { artifact: 'x', pointer: '/0/nexthops/0' },
      { artifact: 'x', pointer: '/0/nexthops/1' },
    ]);
  });

  it('never pass to another route when a head is not understood', () => {
    const text = '10.1.0.0/16 \n\tnexthop dev tun0 weight 1 \n10.2.0.300/16 \n\tnexthop dev tun1 weight 1 \n';
    const { facts, problems } = linuxIpRoute.parse(text, { artifact: 'x' });
    expect(facts.routes).toHaveLength(1);
    expect(problems.map(({ origin }) => origin)).toEqual([3, 4].map((line) => ({ artifact: 'x', line })));
  });
});

it('does not take an answer of `ip route get` for a table', () => {
  const text = '10.1.0.4 via 172.16.50.129 dev tun0 src 172.16.50.130 uid 1000 \n    cache \n';
  const json = '[{"dst":"10.1.0.4","dev":"tun0","prefsrc":"172.16.50.130","flags":[],"uid":0,"cache":[]}]';
  for (const answer of [text, json]) {
    expect(linuxIpRoute.recognise?.(answer)).toBe(0);
    expect(linuxIpRoute.parse(answer, { artifact: 'x' })).toMatchObject({ facts: {}, problems: [{}] });
  }
});
