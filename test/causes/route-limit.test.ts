import { describe, expect, test } from 'vitest';
import { gatewayRoute } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { vpnSettings } from '../../scripts/scenarios/profiles.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { linux, plain, told, windows, without } from '../diagnosis/conclude.ts';
import { cited, explained, findingsOf } from './explained.ts';
import { wanClient } from './virtual-wan.ts';

/* More prefixes than a client takes: 25 of old Windows, 255 of IKEv2, 1,000 of OpenVPN. */
const code = 'route-limit-exceeded';
const ranges = (count: number) =>
  Array.from({ length: count }, (_, at) => `10.${100 + Math.floor(at / 250)}.${at % 250}.0/24`);
/** A profile made now that lists so many. */
const issuing = (count: number, gateway: Partial<EstateSpec['gateway']> = {}): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, ...gateway },
  issued: ranges(count),
});
const says = (capture: Parameters<typeof told>[0]) => told(capture, code).map(({ says: text }) => text);
const native = (of: EstateSpec, protocol: WindowsSpec['protocol'] = 'Ikev2') => windows(of, { protocol, traces: {} });
const untold = (of: EstateSpec) => windows(of, { traces: {} }, without('windows-vpn-connection', 'cmroute-routes'));

describe('with the hub, a VNet of many ranges and the pool', () => {
  const estate = (count: number): EstateSpec => ({
    ...plain,
    spokes: [{ name: 'spoke-app', space: ranges(count - 2), subnets: [] }],
    machines: [],
    issued: null,
  });

  test.each([
    [25, []],
    [26, ['warning proven']],
    [255, ['warning proven']],
    [256, ['error proven']],
  ])('%i by IKEv2: %j', (count, expected) => {
    expect(says(native(estate(count)))).toEqual(expected);
  });

  test('cites the first and the last of them', () => {
    expect(cited(native(estate(26)), code)[0]).toEqual([
      '10.20.0.0/16 is address space of vnet-hub',
      '172.16.50.0/24 is the client address pool',
    ]);
  });

  test('ranges of a peering by subnets count, those of one that is withheld do not', () => {
    const [spoke] = estate(26).spokes ?? [];
    const with26 = (near: object) =>
      native({ ...estate(26), spokes: [{ name: 'spoke-app', space: [], ...spoke, near: { ...near } }] });
    expect(says(with26({ peerCompleteVnets: false, remoteSubnetNames: ['a'] }))).toHaveLength(1);
    expect(says(with26({ allowGatewayTransit: false }))).toEqual([]);
  });

  test.each([
    ['learned by BGP count', '10.99.', 1],
    ['of IPv6, which it gives to nobody, do not', 'fd00:', 0],
  ])('prefixes %s', (_, first, times) => {
    const { gateway } = idsOf(plain);
    const network = (at: number) => (first === 'fd00:' ? `fd00:${at + 1}::/64` : `${first}${at}.0/24`);
    const value = Array.from({ length: 24 }, (__, at) =>
      gatewayRoute(network(at), { origin: 'EBgp', nextHop: '10.20.1.4' }),
    );
    const extra = () => [arm('virtualNetworkGateways.getLearnedRoutes', gateway, { value })];
    expect(says(native({ ...plain, issued: null, extra }))).toHaveLength(times);
  });
});

describe('with a profile that lists more', () => {
  test.each([
    ['OpenVPN', linux(issuing(1000), { traces: {} }), []],
    ['OpenVPN', linux(issuing(1001), { traces: {} }), ['error proven']],
    ['SSTP, of a gateway that speaks nothing else', native(issuing(2000, { protocols: ['SSTP'] }), 'Sstp'), []],
    ['SSTP, of a gateway that others dial by IKEv2', native(issuing(26), 'Sstp'), ['warning proven']],
    [
      'who knows what, of a gateway that may speak IKEv2',
      untold(issuing(26, { pointToSite: { vpnClientProtocols: undefined } })),
      ['warning proven'],
    ],
  ])('by %s', (_, capture, expected) => {
    expect(says(capture)).toEqual(expected);
  });

  test.each([
    [native(issuing(256)), /256 prefixes, more than the 255 that IKEv2 takes/, 'at most 255 prefixes'],
    [
      linux(issuing(1001), { traces: {} }),
      /1001 prefixes, more than the 1000 that OpenVPN takes/,
      'at most 1000 prefixes',
    ],
    [untold(issuing(1001)), /more than the 1000 that OpenVPN takes/, 'at most 1000 prefixes'],
    [native(issuing(26)), /builds before September 2021 take 25 by IKEv2/, 'at most 25 prefixes'],
  ])('names the limit', (capture, summary, expected) => {
    const [finding] = findingsOf(capture, code);
    expect(finding?.summary).toMatch(summary);
    expect(finding?.expected).toBe(expected);
  });

  test('cites the profile, the longest of several, and none that lists fewer', () => {
    const profile = (count: number) => ({
      ...vpnSettings({ server: idsOf(plain).server, routes: ranges(count), pool: plain.gateway.pool }),
      id: `profile-${count}`,
    });
    const capture = (own: number, ...others: readonly number[]) =>
      native({ ...issuing(own), extra: () => others.map(profile) });
    expect(cited(capture(26), code)[0]?.[0]).toBe('a profile generated now lists 26 routes');
    expect(told(capture(26, 30, 28), code).map(({ actual }) => actual)).toEqual(['30 prefixes']);
    const many = { ...plain, spokes: [{ name: 'spoke-app', space: ranges(24), subnets: [] }], machines: [] };
    expect(cited(native({ ...many, issued: ranges(3) }), code)[0]?.[0]).not.toMatch(/generated/);
    expect(cited(native({ ...many, issued: ranges(26) }), code)[0]?.[0]).not.toMatch(/generated/);
    expect(told(native({ ...many, issued: ranges(3) }), code).map(({ actual }) => actual)).toEqual(['26 prefixes']);
  });

  test('above the limit it accounts for what is broken on this computer, below it for nothing', () => {
    const routes = ['10.20.0.0/16', '172.16.50.0/24', '10.23.0.0/16'];
    const listed = ['10.20.0.0/16', '10.21.0.0/16', '10.23.0.0/16'];
    const withheld = { near: { allowGatewayTransit: false } };
    const spokes = [
      { name: 'spoke-app', space: ['10.21.0.0/16'] },
      { name: 'spoke-off', space: ['10.22.0.0/16'], ...withheld },
      { name: 'spoke-cut', space: ['10.23.0.0/16'] },
    ];
    const machines = [{ name: 'cut', address: '10.23.1.4', in: ['spoke-cut', 'app'] as const, routes: [] }];
    const of = (count: number) =>
      explained(
        windows({ ...plain, spokes, machines, issued: [...listed, ...ranges(count - 3)] }, { routes, traces: {} }),
        code,
      );
    expect(of(256)).toEqual([['10.21.0.0/16']]);
    expect(of(26)).toEqual([[]]);
  });

  test('moves clients to OpenVPN, where they are not there yet', () => {
    const commands = (capture: Parameters<typeof told>[0]) =>
      told(capture, code).map(({ commands: all }) => all.length);
    expect(told(native(issuing(26)), code)[0]?.commands[0]).toMatch(
      /vnet-gateway update .* --client-protocol OpenVPN$/,
    );
    expect(commands(linux(issuing(1001), { traces: {} }))).toEqual([0]);
    const vnets = [{ name: 'app', space: ranges(26) }];
    expect(commands(wanClient({ vnets, protocols: ['IkeV2'] }, { kind: 'strongswan', routes: [] }))).toEqual([0]);
  });
});
