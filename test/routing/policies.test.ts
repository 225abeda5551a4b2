import { expect, test } from 'vitest';
import type { XfrmPolicy } from '../../src/facts/route.ts';
import { address } from '../../src/net/address.ts';
import { prefixesOf } from '../../src/net/address-set.ts';
import { formatPrefix, prefix } from '../../src/net/prefix.ts';
import { forwardingOf } from '../../src/routing/forwarding.ts';
import { defaults, linux, policy, row, rule } from './state.ts';

// As charon's kernel-netlink leaves it: the route looks like one of the LAN, only its source is the pool's.
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
