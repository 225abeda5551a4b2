import { describe, expect, test } from 'vitest';
import type { Route } from '../../src/facts/route.ts';
import { address, formatAddress } from '../../src/net/address.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { forwardingOf, sourceOf } from '../../src/routing/forwarding.ts';
import type { RoutingFacts } from '../../src/routing/ground.ts';
import { defaults, interfaces, linux, row, rule, way, windows } from './state.ts';

const decide = (client: RoutingFacts, text: string) => forwardingOf(client).decide(address(text));
const wayTo = (client: RoutingFacts, text: string) => way(decide(client, text));
const v6Rules = [rule(0, 'local', { family: 6 }), rule(32_766, 'main', { family: 6 })];

describe('within a table', () => {
  test('longest prefix, then metric, then as listed', () => {
    const rows = [
      row('10.0.0.0/8', 'a'),
      row('10.1.0.0/16', 'b', { metric: 50 }),
      row('10.1.0.0/16', 'c', { metric: 10 }),
      row('10.1.0.0/16', 'd', { metric: 10 }),
    ];
    expect(wayTo(linux(rows), '10.1.0.4')).toBe('c');
    expect(wayTo(linux(rows), '10.2.0.4')).toBe('a');
  });

  test('throw ends the table; blackhole and its kin end the packet', () => {
    const rows = [row('10.0.0.0/8', 'a'), row('10.1.0.0/16', '', { type: 'throw', table: '5' })];
    const rules = [...defaults, rule(5, '5')];
    expect(wayTo(linux([...rows, row('10.0.0.0/8', 'x', { table: '5' })], rules), '10.1.0.4')).toBe('a');
    for (const type of ['blackhole', 'unreachable', 'prohibit'] as const)
      expect(wayTo(linux([...rows, row('10.1.0.0/16', '', { type })]), '10.1.0.4')).toBe(type);
  });

  test('dead rows are skipped, linkdown ones used', () => {
    const rows = [
      row('10.1.0.0/16', 'a', { flags: ['dead', 'linkdown'] }),
      row('10.0.0.0/8', 'b', { flags: ['linkdown'] }),
    ];
    expect(wayTo(linux(rows), '10.1.0.4')).toBe('b');
  });

  test('a multipath route is one route with several next hops', () => {
    const hop = (dev: string, flags: readonly string[] = []): Route => row('10.1.0.0/16', dev, { multipath: 0, flags });
    const other = row('10.2.0.0/16', 'z', { multipath: 1 });
    const outcome = decide(linux([hop('a', ['dead']), hop('b'), hop('c'), other]), '10.1.0.4')?.outcome;
    expect(outcome?.kind === 'route' && outcome.nextHops.map((one) => one.interface)).toEqual(['b', 'c']);
  });

  test('tables by number are the same tables', () => {
    expect(wayTo(linux([row('10.1.0.0/16', 'a', { table: '254' })]), '10.1.0.4')).toBe('a');
    expect(wayTo(linux([row('10.1.0.0/16', 'a')], [rule(1, '254')]), '10.1.0.4')).toBe('a');
  });

  test('IPv6: metric before preference, preference before order', () => {
    const rows = [
      row('2001:db8::/32', 'a', { metric: 100, preference: 'low' }),
      row('2001:db8::/32', 'b', { metric: 100, preference: 'high' }),
      row('2001:db8::/32', 'c', { metric: 200, preference: 'high' }),
    ];
    expect(wayTo(linux(rows, v6Rules), '2001:db8::4')).toBe('b');
  });
});

describe('local and main', () => {
  const rows = [row('10.0.0.0/8', 'lo', { type: 'local', table: 'local' }), row('10.1.0.0/16', 'tun0')];

  test('kept as one while no rule was ever added: the longer prefix wins, but history is not to be seen', () => {
    const decision = decide(linux(rows), '10.1.0.4');
    expect(way(decision)).toBe('tun0');
    expect(decision?.doubts.map(({ kind }) => kind)).toEqual(['rule-history']);
    expect(decision?.outcome.kind === 'route' && decision.outcome.rule?.priority).toBe(32_766);
    expect(decide(linux(rows), '10.2.0.4')?.doubts).toEqual([]);
  });

  test('split by any further rule: local first', () => {
    expect(wayTo(linux(rows, [...defaults, rule(100, '999')]), '10.1.0.4')).toBe('lo');
  });
});

describe('Windows', () => {
  const lan = row('0.0.0.0/0', '192.168.29.37', { via: '192.168.29.1', metric: 35 });

  test('one table, no rules, own and broadcast rows among the rest', () => {
    const client = windows([
      lan,
      row('10.1.0.0/16', '172.16.50.130', { metric: 43 }),
      row('10.1.255.255/32', '172.16.50.130', { metric: 281 }),
    ]);
    expect(wayTo(client, '10.1.0.4')).toBe('172.16.50.130');
    expect(decide(client, '10.1.0.4')?.doubts).toEqual([]);
    expect(decide(client, '10.1.0.4')?.outcome).not.toHaveProperty('rule');
    expect(wayTo(client, '8.8.8.8')).toBe('192.168.29.37');
    expect(wayTo(client, 'fd00::1')).toBeUndefined();
  });

  test('an unknown metric is a doubt where it decides', () => {
    const client = windows([
      lan,
      row('10.1.0.0/16', 'a', { metric: null }),
      row('10.1.0.0/16', 'b', { metric: 5 }),
      row('10.2.0.0/16', 'a', { metric: null }),
    ]);
    expect(decide(client, '10.1.0.4')?.doubts.map(({ kind }) => kind)).toEqual(['metric']);
    expect(decide(client, '10.2.0.4')?.doubts).toEqual([]);
  });
});

describe('what was beaten', () => {
  const told = (client: RoutingFacts, text: string) =>
    forwardingOf(client)
      .beaten(address(text))
      .map(({ route, why }) => `${formatPrefix(route.prefix)} ${route.interface} ${why}`);

  test('in the same table, best first', () => {
    const rows = [
      row('0.0.0.0/0', 'd'),
      row('10.0.0.0/8', 'c'),
      row('10.1.0.0/16', 'b', { metric: 9 }),
      row('10.1.0.0/16', 'a'),
    ];
    expect(told(linux(rows), '10.1.0.4')).toEqual([
      '10.1.0.0/16 b higher-metric',
      '10.0.0.0/8 c shorter-prefix',
      '0.0.0.0/0 d shorter-prefix',
    ]);
  });

  test('in tables that later rules ask', () => {
    const rows = [
      row('10.1.0.0/24', 'lan'),
      row('10.1.0.0/16', 'tun0', { table: '220' }),
      row('0.0.0.0/0', 'x', { table: '7' }),
    ];
    expect(told(linux(rows, [...defaults, rule(220, '220')]), '10.1.0.4')).toEqual(['10.1.0.0/24 lan later-rule']);
  });

  test('a suppressed default is asked again by a later rule; a rule that refuses beats what comes after', () => {
    const rows = [row('0.0.0.0/0', 'lan'), row('0.0.0.0/0', 'wg0', { table: '51820' })];
    const quick = [rule(1, { kind: 'lookup', table: 'main', suppressPrefixLength: 0 }), rule(2, '51820')];
    expect(told(linux(rows, [...defaults, ...quick]), '10.1.0.4')).toEqual(['0.0.0.0/0 lan later-rule']);
    expect(told(linux(rows, quick), '10.1.0.4')).toEqual(['0.0.0.0/0 lan shorter-prefix']);
    const refusing = [rule(1, { kind: 'discard', type: 'blackhole' }), ...defaults];
    expect(told(linux(rows, refusing), '10.1.0.4')).toEqual(['0.0.0.0/0 lan later-rule']);
  });
});

describe('the sender’s address', () => {
  const sourceTo = (client: RoutingFacts, text: string): string | undefined => {
    const decision = decide(client, text);
    const source = decision && sourceOf(client, decision);
    return source === undefined ? undefined : formatAddress(source);
  };

  test('what the route asks for, else an address of its interface', () => {
    const rows = [
      row('10.1.0.0/16', 'wlan0', { src: '172.16.50.130' }),
      row('10.2.0.0/16', 'tun0'),
      row('10.3.0.0/16', 'x'),
    ];
    expect(sourceTo(linux(rows), '10.1.0.4')).toBe('172.16.50.130');
    expect(sourceTo(linux(rows), '10.2.0.4')).toBe('172.16.50.130');
    expect(sourceTo(linux(rows), '10.3.0.4')).toBeUndefined();
    expect(sourceTo(windows([row('10.1.0.0/16', '172.16.50.131')]), '10.1.0.4')).toBe('172.16.50.131');
  });

  test('the address that shares a prefix with the gateway', () => {
    const [wlan] = interfaces;
    const two = { ...linux([row('10.1.0.0/16', 'wlan0', { via: '10.9.0.1' })]) };
    const addresses = [...(wlan?.addresses ?? []), { address: address('10.9.0.7'), length: 24 }];
    const client = { ...two, interfaces: wlan === undefined ? [] : [{ ...wlan, addresses }] };
    expect(sourceTo(client, '10.1.0.4')).toBe('10.9.0.7');
  });

  describe('of an interface with addresses of both families', () => {
    const held = (...texts: readonly string[]) => texts.map((text) => ({ address: address(text), length: null }));
    const both = [
      { name: 'lo', index: 1, addresses: held('127.0.0.1', '::1'), origin: { artifact: 'test' } },
      {
        name: 'Ethernet',
        index: 12,
        addresses: held('fe80::5', '2001:db8::5', '192.168.29.37'),
        origin: { artifact: 'test' },
      },
    ];
    const from = (to: string, link: string, interfaces = both) =>
      sourceTo({ ...windows([row(to, link)], [row(to, link)]), interfaces }, to.replace(/\/.*/, ''));

    test.each([
      ['10.1.0.0/16', 'Ethernet', '192.168.29.37'],
      ['2001:db8:1::/48', 'Ethernet', '2001:db8::5'],
      ['fe80::/64', 'Ethernet', 'fe80::5'],
      // `route print` numbers the interface of IPv6 rows.
      ['2001:db8:1::/48', '12', '2001:db8::5'],
      // A row of IPv6 that names its interface by an address of IPv4 is of no tool, and still of that interface.
      ['2001:db8:1::/48', '192.168.29.37', '2001:db8::5'],
      ['10.1.0.0/16', '13', undefined],
    ])('to %s by %s: %s', (to, link, expected) => {
      expect(from(to, link)).toBe(expected);
    });

    // inet6 2001:db8::5/64 scope global tentative
    test('none that the kernel still asks about', () => {
      const addresses = held('fe80::5', '2001:db8::5', '2001:db8::6');
      const asking = addresses.map((one, at) => (at === 1 ? { ...one, isTentative: true as const } : one));
      const young = both.map((one) => ({ ...one, addresses: asking }));
      expect(from('2001:db8:1::/48', 'Ethernet', young)).toBe('2001:db8::6');
    });

    test('link-local where there is nothing wider', () => {
      const narrow = both.map((one) => ({ ...one, addresses: held('fe80::5', '192.168.29.37') }));
      expect(from('2001:db8:1::/48', 'Ethernet', narrow)).toBe('fe80::5');
    });
  });

  // inet 172.16.50.6 peer 172.16.50.5/32 (OpenVPN net30), beside another address of the device
  test('the address whose far end is the gateway', () => {
    const rows = [row('10.1.0.0/16', 'tun0', { via: '172.16.50.5' }), row('10.2.0.0/16', 'tun0')];
    const addresses = [
      { address: address('10.8.0.2'), length: 32 },
      { address: address('172.16.50.6'), length: 32, peer: address('172.16.50.5') },
    ];
    const client = linux(rows, defaults, {
      interfaces: [{ name: 'tun0', index: null, addresses, origin: { artifact: 'test' } }],
    });
    expect(sourceTo(client, '10.1.0.4')).toBe('172.16.50.6');
    expect(sourceTo(client, '10.2.0.4')).toBe('10.8.0.2');
  });
});
