import { describe, expect, test } from 'vitest';
import type { Interface } from '../../src/facts/client.ts';
import type { Route, XfrmPolicy } from '../../src/facts/route.ts';
import { address } from '../../src/net/address.ts';
import { prefixesOf } from '../../src/net/address-set.ts';
import { formatPrefix, prefix } from '../../src/net/prefix.ts';
import { forwardingOf } from '../../src/routing/forwarding.ts';
import { defaults, linux, policy, row, rule } from './state.ts';

// As charon's kernel-netlink leaves it: the route looks like one of the LAN, only its source is the pool's.
const origin = { artifact: 'test' };
const rows = [
  row('0.0.0.0/0', 'wlan0', { via: '192.168.29.1', metric: 600 }),
  row('10.0.0.0/8', 'wlan0', { via: '192.168.29.1', src: '172.16.50.130', table: '220' }),
  row('10.66.0.0/16', '', { type: 'blackhole' }),
];
const rules = [...defaults, rule(220, '220')];
const forwarding = (...policies: readonly XfrmPolicy[]) => forwardingOf(linux(rows, rules, { policies }));

function taken(policies: readonly XfrmPolicy[], text = '10.1.0.4') {
  const decision = forwarding(...policies).decide(address(text));
  return { by: decision?.policy, doubts: decision?.doubts.map(({ kind }) => kind) };
}

test('a policy takes packets from its own source to its own destinations', () => {
  const tunnel = policy('10.1.0.0/16');
  expect(taken([tunnel])).toEqual({ by: tunnel, doubts: [] });
  expect(taken([tunnel], '10.2.0.4')).toEqual({ by: undefined, doubts: [] });
  expect(taken([policy('10.1.0.0/16', { from: prefix('172.16.50.7/32') })])).toEqual({ by: undefined, doubts: [] });
  expect(taken([policy('10.1.0.0/16', { direction: 'in' })]).by).toBeUndefined();
});

test('the lowest priority value decides, even when it lets packets pass in the clear', () => {
  const tunnel = policy('10.1.0.0/16');
  const block = policy('10.1.0.0/24', { action: 'block', priority: 5, hasTemplate: false });
  const clear = policy('10.1.0.0/24', { priority: 5, hasTemplate: false });
  expect(taken([tunnel, block]).by).toBe(block);
  expect(taken([tunnel, clear]).by).toBeUndefined();
  expect(taken([tunnel, { ...clear, priority: 400_000 }]).by).toBe(tunnel);
});

// The kernel lists the newest first and asks the oldest.
test('of equal priorities the oldest decides, which is listed last', () => {
  const block = policy('10.1.0.0/24', { action: 'block', hasTemplate: false });
  const tunnel = policy('10.1.0.0/16');
  expect(taken([block, tunnel]).by).toBe(tunnel);
  expect(taken([tunnel, block]).by).toBe(block);
});

test('what finds no route, or is refused, meets no policy', () => {
  const all = policy('0.0.0.0/0', { from: prefix('0.0.0.0/0') });
  expect(forwardingOf(linux([], rules, { policies: [all] })).decide(address('10.1.0.4'))?.policy).toBeUndefined();
  expect(forwardingOf(linux(rows, defaults, { policies: [all] })).decide(address('10.66.0.4'))?.policy).toBeUndefined();
  expect(taken([all], '172.16.50.130').by).toBeUndefined();
});

test('selectors by protocol, unknown senders and interface ids are doubts', () => {
  expect(taken([policy('10.1.0.0/16', { selector: 'proto tcp dport 443' })])).toEqual({
    by: undefined,
    doubts: ['policy'],
  });
  const nameless = forwardingOf(linux(rows, defaults, { policies: [policy('8.8.8.0/24')], interfaces: [] }));
  expect(nameless.decide(address('8.8.8.8'))?.doubts.map(({ kind }) => kind)).toEqual(['policy']);
  expect(taken([policy('10.1.0.0/16', { interfaceId: '0x2a' })])).toEqual({ by: undefined, doubts: [] });
});

// src 0.0.0.0/0 dst 10.1.0.0/16 dev wlan0
test('a policy bound to a device by name takes what leaves by it, from any sender', () => {
  const bound = (dev: string) => policy('10.1.0.0/16', { from: prefix('0.0.0.0/0'), interfaceId: dev });
  const [here, elsewhere] = [bound('wlan0'), bound('wlan1')];
  expect(taken([here])).toEqual({ by: here, doubts: [] });
  expect(taken([elsewhere])).toEqual({ by: undefined, doubts: [] });
});

describe('a policy bound to an xfrm interface', () => {
  // 7: nm-xfrm-3187: <NOARP,UP,LOWER_UP> … xfrm if_id 0x2a
  const through = row('10.1.0.0/16', 'nm-xfrm-3187', { src: '172.16.50.130' });
  const bound = policy('10.1.0.0/16', { interfaceId: '0x2a' });
  const decided = (link: Partial<Interface>) => {
    const one = { name: 'nm-xfrm-3187', index: 7, addresses: [], origin, ...link };
    const client = linux([through], defaults, { policies: [bound], interfaces: [one] });
    const decision = forwardingOf(client).decide(address('10.1.0.4'));
    return [decision?.policy === bound, decision?.doubts.length];
  };

  test.each<[string, Partial<Interface>, boolean, number]>([
    ['of its id takes packets', { kind: 'xfrm', xfrmId: 42 }, true, 0],
    ['of another id takes none', { kind: 'xfrm', xfrmId: 5 }, false, 0],
    ['whose id was not told is a doubt', { kind: 'xfrm' }, false, 1],
    ['that is no such interface takes none', { kind: 'tun' }, false, 0],
  ])('%s', (_, link, isTaken, doubts) => {
    expect(decided(link)).toEqual([isTaken, doubts]);
  });
});

describe('the mark of a policy', () => {
  const marked = (value: number, mask: number): XfrmPolicy => policy('10.1.0.0/16', { mark: { value, mask } });
  const device = (name: string, kind: string): Interface => ({ name, index: null, addresses: [], kind, origin });
  const decided = (one: XfrmPolicy, route: Route, ...interfaces: readonly Interface[]) => {
    const client = linux([route], defaults, { policies: [one], interfaces });
    const decision = forwardingOf(client).decide(address('10.1.0.4'));
    return { isTaken: decision?.policy === one, doubts: decision?.doubts.map(({ says }) => says) };
  };
  const lan = row('0.0.0.0/0', 'wlan0', { via: '192.168.29.1', src: '172.16.50.130' });
  const vti = device('vti0', 'vti');

  test('a packet without a mark meets those that ask for none of its bits', () => {
    expect(decided(marked(0, 0), lan)).toEqual({ isTaken: true, doubts: [] });
    expect(decided(marked(0, 0xff), lan)).toEqual({ isTaken: true, doubts: [] });
  });

  test('a mark that a firewall may give is a doubt', () => {
    const says = expect.stringContaining('mark 0x2a');
    expect(decided(marked(0x2a, 0xffff_ffff), lan)).toEqual({ isTaken: false, doubts: [says] });
    expect(decided(marked(0x2a, 0xffff_ffff), lan, device('wlan0', 'veth'))).toEqual({
      isTaken: false,
      doubts: [says],
    });
  });

  test('beside a VTI device it is that device’s own: it concerns what leaves by it, and nothing else', () => {
    const one = marked(0x2a, 0xffff_ffff);
    expect(decided(one, lan, vti)).toEqual({ isTaken: false, doubts: [] });
    const through = row('10.1.0.0/16', 'vti0', { src: '172.16.50.130' });
    const doubts = [expect.stringContaining('mark 0x2a')];
    expect(decided(one, through, vti)).toEqual({ isTaken: false, doubts });
    expect(decided(one, through, { ...vti, kind: 'vti6' })).toEqual({ isTaken: false, doubts });
    // What the device marks is not without a mark.
    expect(decided(marked(0, 0xff), through, vti).isTaken).toBe(false);
  });
});

describe('of IPv6', () => {
  const eth0 = (...addresses: readonly string[]): readonly Interface[] => [
    { name: 'eth0', index: null, addresses: addresses.map((text) => ({ address: address(text), length: 64 })), origin },
  ];
  const rows = [
    row('2000::/3', 'eth0', { via: 'fe80::1' }),
    row('fd00::2/128', 'eth0', { type: 'local', table: 'local' }),
  ];
  const six = (to: string, one: XfrmPolicy, interfaces: readonly Interface[]) => {
    const rules = [rule(0, 'local', { family: 6 }), rule(32_766, 'main', { family: 6 })];
    const decision = forwardingOf(linux(rows, rules, { policies: [one], interfaces })).decide(address(to));
    return { isTaken: decision?.policy === one, doubts: decision?.doubts.map(({ says }) => says) };
  };
  const ours = policy('2001:db8::/32', { from: prefix('fd00::/64') });

  test('any global address of the interface may be the sender', () => {
    expect(six('2001:db8::7', ours, eth0('fe80::5', 'fd00::2', 'fd00::99'))).toEqual({ isTaken: true, doubts: [] });
    expect(six('2001:db8::7', ours, eth0('fe80::5', '2001:db8:1::2'))).toEqual({ isTaken: false, doubts: [] });
    const doubts = [expect.stringContaining('the sender’s address may be another')];
    expect(six('2001:db8::7', ours, eth0('fd00::2', '2001:db8:1::2'))).toEqual({ isTaken: false, doubts });
  });

  test('even packets to itself meet policies', () => {
    const block = policy('::/0', { from: prefix('::/0'), action: 'block', hasTemplate: false });
    expect(six('fd00::2', block, eth0('fd00::2')).isTaken).toBe(true);
  });
});

test('parts of a prefix are split by selectors', () => {
  const parts = forwarding(policy('10.1.0.0/16'), policy('10.1.7.0/24', { action: 'block', priority: 1 })).across(
    prefix('10.0.0.0/14'),
  );
  expect(parts.map(({ space, decision }) => [prefixesOf(space).map(formatPrefix), decision.policy?.action])).toEqual([
    [['10.0.0.0/16', '10.2.0.0/15'], undefined],
    [expect.arrayContaining(['10.1.0.0/22']), 'allow'],
    [['10.1.7.0/24'], 'block'],
  ]);
});
