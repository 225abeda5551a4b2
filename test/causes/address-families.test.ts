import { describe, expect, test } from 'vitest';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact, Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* Addresses of a family that the gateway, the tunnel or a peering does not carry. */
const code = 'ipv6-not-supported';
const ids = idsOf(plain);
const [hub, spoke, pool] = all as [string, string, string];
const [six, six2, poolOfSix] = ['fd20:1::/48', 'fd21:1::/48', 'fd50::/64'];

/** The plain estate with an IPv6 range in its hub, and more ranges of the pool. */
const dual = (pools: readonly string[] = [pool], gateway: Partial<EstateSpec['gateway']> = {}): EstateSpec => ({
  ...plain,
  hub: { ...plain.hub, space: [hub, six] },
  gateway: { ...plain.gateway, pool: pools, ...gateway },
});
const asking = (of: EstateSpec, ...addresses: readonly string[]): Capture =>
  linux(of, {
    routes: all,
    traces: { '10.20.2.4': 'answers', ...Object.fromEntries(addresses.map((one) => [one, 'silent' as const])) },
  });
const tableOfSix: BundleArtifact = {
  id: 'windows-route-print:6',
  source: 'windows-route-print',
  half: 'client',
  argv: ['route', 'print', '-6'],
  file: 'client/windows-route-print-6.txt',
  text: [
    'IPv6 Route Table',
    '='.repeat(75),
    'Active Routes:',
    ' If Metric Network Destination      Gateway',
    '  1    331 ::1/128                  On-link',
    '='.repeat(75),
    '',
  ].join('\r\n'),
  exitCode: 0,
};
const onWindows = (of: EstateSpec, client: Partial<WindowsSpec>, address = 'fd20:1::4'): Capture =>
  windows(of, { routes: all, traces: { '10.20.2.4': 'answers', [address]: 'silent' }, ...client }, (artifacts) => [
    ...artifacts,
    tableOfSix,
  ]);
const bySstp = (of: EstateSpec, client: Partial<WindowsSpec> = {}, address = 'fd20:1::4'): Capture =>
  onWindows(of, { protocol: 'Sstp', ...client }, address);
const reason = (of: Capture) => findingsOf(of, code)[0]?.summary.replace(/.* does not come through this VPN: /, '');
const says = (of: Capture) => told(of, code).map((one) => one.says);

describe('an IPv6 address that somebody asks for', () => {
  test.each<[string, Capture, string]>([
    ['the pool has no range of', asking(dual(), 'fd20:1::4'), 'the client pool has no IPv6 range.'],
    [
      'a Basic gateway does not carry',
      asking(dual([pool, poolOfSix], { sku: 'Basic' }), 'fd20:1::4'),
      'this gateway carries no IPv6 to clients.',
    ],
    [
      'a Basic gateway does not carry, for any of its groups',
      asking(
        dual([pool], { sku: 'Basic', groups: [{ name: 'staff', pool: ['172.16.51.0/24', poolOfSix] }] }),
        'fd20:1::4',
      ),
      'this gateway carries no IPv6 to clients.',
    ],
    ['SSTP does not carry', bySstp(dual([pool, poolOfSix])), 'SSTP carries no IPv6.'],
  ])('is one that %s', (_, of, why) => {
    expect(says(of)).toEqual([expect.stringMatching(/proven fd20:1::\/48$/)]);
    expect(reason(of)).toBe(why);
  });

  test('explains, and errs only where the prefix should be there', () => {
    expect(says(asking(dual(), 'fd20:1::4'))).toEqual([`info proven ${six}`]);
    expect(says(bySstp(dual([pool, poolOfSix])))).toEqual([`error proven ${six}`]);
  });

  test('may be one that nothing lists', () => {
    const of = asking(plain, 'fd99::4');
    expect(says(of)).toEqual(['info proven fd99::4/128']);
    expect(findingsOf(of, code)[0]?.resource).toBe(ids.gateway);
  });

  test('is told with where it is listed, and why it is not offered', () => {
    const [finding] = findingsOf(asking(dual(), 'fd20:1::4'), code);
    expect(finding?.resource).toBe(ids.gateway);
    expect(finding && cited(finding)).toEqual([
      `${six} is address space of vnet-hub`,
      'vpngw-hub carries no IPv6 to clients',
      'fd20:1::4 was asked for',
    ]);
  });
});

describe('is not told', () => {
  const row: Wire = { type: 'unicast', dst: six, dev: 'tun0', table: 'main', metric: 1024, flags: [], pref: 'medium' };
  test.each<[string, Capture]>([
    ['where nobody asks for IPv6', asking(dual())],
    ['of an IPv4 address that nothing lists', asking(dual(), '10.99.1.4')],
    ['where the gateway carries it', asking(dual([pool, poolOfSix]), 'fd20:1::4')],
    ['over SSTP of IPv4', bySstp(plain, { routes: [hub, pool], installed: all }, '10.21.1.4')],
    [
      'over SSTP of the pool’s own IPv6 range',
      bySstp({ ...plain, gateway: { ...plain.gateway, pool: [pool, poolOfSix] } }, {}, '10.21.1.4'),
    ],
    ['over IKEv2 of a prefix that is just missing', onWindows(dual([pool, poolOfSix]), { protocol: 'Ikev2' })],
  ])('%s', (_, of) => {
    expect(says(of)).toEqual([]);
  });

  test('of what is there in the tunnel, whatever SSTP is said to carry', () => {
    const of = linux(dual([pool, poolOfSix], { protocols: ['SSTP', 'OpenVPN'] }), {
      routes: all,
      extraRoutes: [row],
      traces: { 'fd20:1::4': 'silent' },
    });
    expect(says(of)).toEqual([]);
  });

  test('but is, of what is in the tunnel though the gateway does not carry it', () => {
    expect(says(linux(dual(), { routes: all, extraRoutes: [row] }))).toEqual([`info proven ${six}`]);
  });
});

describe('a peering for IPv6 only', () => {
  const spokes = [{ name: 'spoke-app', space: [spoke, six2], near: { enableOnlyIPv6Peering: true } }];
  const client = { routes: [hub, pool], installed: [hub, pool] };

  test('carries no IPv4: an error, for it should be there', () => {
    const of = windows({ ...plain, spokes }, { ...client, traces: { '10.20.2.4': 'answers' } });
    expect(says(of)).toEqual([`error proven ${spoke}`]);
    expect(reason(of)).toBe('its peering is for IPv6 only.');
    expect(findingsOf(of, code)[0]?.resource).toBe(`${ids.hub}/virtualNetworkPeerings/to-spoke-app`);
  });

  test('errs by the one, though the IPv6 that somebody asks for is explained too', () => {
    const of = windows({ ...plain, spokes }, { ...client, traces: { 'fd21:1::4': 'silent' } });
    expect(says(of)).toEqual([`error proven ${spoke} ${six2}`]);
  });
});
