import { describe, expect, test } from 'vitest';
import type { Route, Rule } from '../../src/facts/route.ts';
import { address } from '../../src/net/address.ts';
import { prefix } from '../../src/net/prefix.ts';
import { forwardingOf } from '../../src/routing/forwarding.ts';
import type { RoutingFacts } from '../../src/routing/ground.ts';
import { defaults, linux, row, rule, way } from './state.ts';

const spoke = '10.10.0.4';
const viaLan = row('0.0.0.0/0', 'wlan0', { via: '192.168.29.1', table: '100' });
const rows = [row('0.0.0.0/0', 'wlan0', { via: '192.168.29.1', metric: 600 }), row('10.10.0.0/16', 'tun0'), viaLan];

function ask(client: RoutingFacts, text = spoke) {
  const decision = forwardingOf(client).decide(address(text));
  return { way: way(decision), doubts: decision?.doubts.map(({ kind }) => kind) };
}

const withRule = (one: Rule, more: readonly Route[] = []): RoutingFacts =>
  linux([...rows, ...more], [...defaults, one]);
const certainly = (chosen: string) => ({ way: chosen, doubts: [] });
const discard = { kind: 'discard', type: 'prohibit' } as const;

describe('which packets a rule takes', () => {
  test('none but the defaults: the longest prefix of main', () => {
    expect(ask(linux(rows))).toEqual(certainly('tun0'));
    expect(ask(linux(rows), '172.16.50.130')).toEqual(certainly('lo'));
  });

  test('the lowest priority first, equals as listed', () => {
    expect(ask(withRule(rule(100, '100')))).toEqual(certainly('wlan0'));
    expect(ask(withRule(rule(40_000, '100')))).toEqual(certainly('tun0'));
    expect(ask(linux(rows, [rule(5, 'main'), rule(5, '100')]))).toEqual(certainly('tun0'));
  });

  test('to: only these destinations, and with `not` all others', () => {
    const to = prefix('10.10.0.0/24');
    expect(ask(withRule(rule(100, '100', { to })))).toEqual(certainly('wlan0'));
    expect(ask(withRule(rule(100, '100', { to })), '10.10.1.4')).toEqual(certainly('tun0'));
    expect(ask(withRule(rule(100, '100', { to, not: true })))).toEqual(certainly('tun0'));
    expect(ask(withRule(rule(100, '100', { to, not: true })), '10.10.1.4')).toEqual(certainly('wlan0'));
  });

  test('from: not a packet whose source is unset, unless the prefix holds 0.0.0.0', () => {
    expect(ask(withRule(rule(100, '100', { from: prefix('192.168.29.0/24') })))).toEqual(certainly('tun0'));
    expect(ask(withRule(rule(100, '100', { from: prefix('0.0.0.0/0') })))).toEqual(certainly('wlan0'));
    expect(ask(withRule(rule(100, '100', { from: prefix('0.0.0.0/8') }))).way).toBe('wlan0');
    expect(ask(withRule(rule(100, '100', { from: prefix('10.0.0.0/8'), not: true }))).way).toBe('wlan0');
  });

  test('from: a connection asks again with the source it was given', () => {
    expect(ask(withRule(rule(100, '100', { from: prefix('172.16.50.0/24') })))).toEqual({
      way: 'tun0',
      doubts: ['source'],
    });
  });

  test('iif: own packets come from lo; oif and l3mdev: never a plain packet', () => {
    expect(ask(withRule(rule(100, '100', { iif: 'lo' })))).toEqual(certainly('wlan0'));
    expect(ask(withRule(rule(100, '100', { iif: 'eth0' })))).toEqual(certainly('tun0'));
    expect(ask(withRule(rule(100, '100', { oif: 'wlan0' })))).toEqual(certainly('tun0'));
    expect(ask(withRule(rule(100, '100', { l3mdev: true })))).toEqual(certainly('tun0'));
  });

  test('fwmark: our mark is 0, and a doubt only where another mark would make a difference', () => {
    const fwmark = { value: 0x10, mask: 0xff };
    expect(ask(withRule(rule(100, '100', { fwmark })))).toEqual({ way: 'tun0', doubts: ['mark'] });
    expect(ask(withRule(rule(100, '100', { fwmark })), '8.8.8.8')).toEqual(certainly('wlan0'));
    expect(ask(withRule(rule(100, 'main', { fwmark })))).toEqual(certainly('tun0'));
    expect(ask(withRule(rule(100, '51820', { fwmark })))).toEqual(certainly('tun0'));
    expect(ask(withRule(rule(100, '100', { fwmark: { value: 0, mask: 0xff } })))).toEqual(certainly('wlan0'));
  });

  test('fwmark with `not`, as WireGuard sets it: takes us, without doubt', () => {
    const fwmark = { value: 0xca6c, mask: 0xffff_ffff };
    const wireguard = row('0.0.0.0/0', 'wg0', { table: '51820' });
    expect(ask(withRule(rule(100, '51820', { fwmark, not: true }), [wireguard]))).toEqual(certainly('wg0'));
  });

  test('a mark that only unmarked traffic escapes', () => {
    const fwmark = { value: 0, mask: 0xff };
    expect(ask(withRule(rule(100, '100', { fwmark, not: true })))).toEqual({ way: 'tun0', doubts: ['mark'] });
  });

  test('uidrange: of our own user; unknown who we are is a doubt', () => {
    const uids = { first: 1000, last: 1005 };
    expect(ask(withRule(rule(100, '100', { uids })))).toEqual(certainly('wlan0'));
    expect(ask(withRule(rule(100, '100', { uids: { first: 0, last: 999 } })))).toEqual({
      way: 'tun0',
      doubts: ['user'],
    });
    const anonymous = { ...withRule(rule(100, '100', { uids })), host: undefined };
    expect(ask(anonymous)).toEqual({ way: 'tun0', doubts: ['user'] });
    expect(ask(anonymous, '8.8.8.8')).toEqual(certainly('wlan0'));
  });

  test('protocol and ports: not a plain packet, but such traffic goes elsewhere', () => {
    const tls = rule(100, '100', { protocol: 'tcp', destinationPorts: { first: 443, last: 443 } });
    expect(ask(withRule(tls))).toEqual({ way: 'tun0', doubts: ['transport'] });
    const said = forwardingOf(withRule(tls)).decide(address(spoke))?.doubts[0]?.says;
    expect(said).toContain('TCP traffic to port 443 goes elsewhere');
    expect(ask(withRule(rule(100, '100', { tos: '0x10' })))).toEqual({ way: 'tun0', doubts: ['transport'] });
  });

  test('a selector this program does not know', () => {
    const strange = rule(100, '100', { unknown: ['tun_id 5'] });
    expect(ask(withRule(strange))).toEqual({ way: 'tun0', doubts: ['unknown-selector'] });
    expect(ask(withRule(strange), '8.8.8.8')).toEqual(certainly('wlan0'));
  });
});

describe('what a rule does', () => {
  test('goto jumps over rules; without its target it does nothing', () => {
    const jump = { kind: 'goto', priority: 200 } as const;
    const rules = [...defaults, rule(50, jump), rule(100, discard), rule(200, 'main')];
    expect(ask(linux(rows, rules))).toEqual(certainly('tun0'));
    expect(ask(linux(rows, [...defaults, rule(50, { ...jump, priority: 300 }), rule(100, discard)])).way).toBe(
      'rule prohibit',
    );
  });

  test('nop, and a table that does not exist: the next rule', () => {
    expect(ask(linux(rows, [...defaults, rule(50, { kind: 'nop' }), rule(60, '999')]))).toEqual(certainly('tun0'));
  });

  test('a refusal is final', () => {
    expect(ask(withRule(rule(100, discard, { to: prefix('10.10.0.0/16') }))).way).toBe('rule prohibit');
  });

  test('suppress_prefixlength ignores short routes, but never a refusal', () => {
    const action = { kind: 'lookup', table: '100', suppressPrefixLength: 0 } as const;
    expect(ask(withRule(rule(100, action)))).toEqual(certainly('tun0'));
    expect(
      ask(withRule(rule(100, { ...action, suppressPrefixLength: 15 }), [row('10.0.0.0/8', 'x', { table: '100' })])).way,
    ).toBe('tun0');
    const refusing = row('0.0.0.0/0', '', { table: '100', type: 'unreachable', metric: -1 });
    expect(ask(withRule(rule(100, action), [refusing]))).toEqual(certainly('unreachable'));
  });

  test('suppress_ifgroup is a doubt where it matters', () => {
    const action = { kind: 'lookup', table: '100', suppressGroup: 'lan' } as const;
    expect(ask(withRule(rule(100, action)))).toEqual({ way: 'wlan0', doubts: ['interface-group'] });
  });

  test('no rule answers', () => {
    expect(ask(linux([]))).toEqual(certainly('none'));
  });
});

describe('what was not read', () => {
  test('rules: the default order is assumed, and a table beside it is named', () => {
    expect(ask({ ...linux(rows.slice(0, 2)), rules: undefined })).toEqual({ way: 'tun0', doubts: ['rules-unread'] });
    const hinted = forwardingOf({
      ...linux([...rows, row('10.0.0.0/8', 'wlan0', { table: '220' })]),
      rules: undefined,
    });
    expect(hinted.decide(address(spoke))?.doubts[0]?.says).toContain('tables 100, 220');
  });

  test('rules of IPv4 only tell nothing of IPv6', () => {
    const client = linux([row('2001:db8:1::/48', 'tun0')]);
    expect(ask(client, '2001:db8:1::4')).toEqual({ way: 'tun0', doubts: ['rules-unread'] });
  });

  test('a dump of main alone leaves other tables open', () => {
    const client = linux(rows.slice(0, 2), [...defaults, rule(220, '220')]);
    const main = { ...client, routes: { v4: rows.slice(0, 2), v6: undefined } };
    expect(ask(main)).toEqual({ way: 'tun0', doubts: ['table-unread'] });
    expect(ask(client)).toEqual(certainly('tun0'));
  });

  test('no table of the family: no answer', () => {
    const client = { ...linux(rows), routes: { v4: rows, v6: undefined } };
    expect(forwardingOf(client).decide(address('fd00::1'))).toBeUndefined();
    expect(forwardingOf(client).across(prefix('fd00::/8'))).toEqual([]);
    expect(forwardingOf(client).beaten(address('fd00::1'))).toEqual([]);
  });
});
