import { describe, expect, test } from 'vitest';
import { connection, localNetworkGateway, peering, vnet } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type Wire } from '../../scripts/scenarios/wire.ts';
import { all, bothAnswer, linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { explained, findingsOf } from './explained.ts';
import { p2s, type WanSpec, wanClient } from './virtual-wan.ts';

/* The addresses that clients are given are in use elsewhere. */
const ids = idsOf(plain);
const pool = '172.16.50.0/24';
const wider = '172.16.0.0/12';
const withGateway = (gateway: Partial<EstateSpec['gateway']>): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, ...gateway },
});

describe('pool-overlap in Azure', () => {
  const of = (estate: EstateSpec, client = {}) => told(linux(estate, client), 'pool-overlap').map(({ says }) => says);
  const spoke = (more: Partial<NonNullable<EstateSpec['spokes']>[number]>): EstateSpec => ({
    ...plain,
    spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16', wider], ...more }],
  });
  const site = (space: string, isConnected = true, more: readonly string[] = []): EstateSpec => ({
    ...plain,
    extra: ({ place, gateway, id }) => {
      const far = id('localNetworkGateways', 'hq');
      const value = [connection(place, { name: 'cn-hq', type: 'IPsec', from: gateway, to: far })];
      return [
        arm('virtualNetworkGateways.listConnections', gateway, { value: isConnected ? value : [] }),
        arm('localNetworkGateways.get', far, localNetworkGateway(place, 'hq', [space, ...more])),
      ];
    },
  });
  const unpeered = (name: string): Pick<EstateSpec, 'extra'> => ({
    extra: ({ place }) => [arm('virtualNetworks.get', ids.vnet(name), vnet(place, { name, space: [wider] }))],
  });
  const half = peering({ from: ids.vnet('spoke-app'), to: ids.vnet('beyond'), remoteSpace: [wider] });
  const twoHops = { ...spoke({ space: ['10.21.0.0/16'], peerings: [half] }), ...unpeered('beyond') };
  test.each([
    ["the gateway's own VNet", { ...plain, hub: { ...plain.hub, space: ['10.20.0.0/16', wider] } }, 'error'],
    ['a peered VNet', spoke({}), 'error'],
    ['a peered VNet that nobody read, by the half in the hub', spoke({ unread: true }), 'error'],
    ['a site that is wider than the pool: longer prefixes win', site(wider), 'info'],
  ])('is told of %s', (_, estate, severity) => {
    expect(of(estate)).toEqual([`${severity} proven ${pool} ${wider}`]);
  });

  test.each([
    ['a site inside the pool takes replies, whatever is longest', '172.16.50.128/25'],
    ['a site that has the very pool', pool],
  ])('%s', (_, range) => {
    expect(of(site(range))).toEqual([`error proven ${pool} ${range}`]);
  });

  test.each([
    ['a VNet that is not peered', { ...plain, ...unpeered('apart') }],
    ['a VNet two peering hops away', twoHops],
    ['a site that no connection leads to', site(wider, false)],
    [
      'a peered VNet that nobody read, of a range that the half does not tell',
      spoke({ unread: true, near: { remoteAddressSpace: undefined } }),
    ],
  ])('is not told of %s', (_, estate) => {
    expect(of(estate)).toEqual([]);
  });

  test('a wider site is to blame where it was asked and gave no answer, not where one came', () => {
    const routes = [...all, wider];
    const asked = (answer: 'silent' | 'answers', target = '172.20.1.1') =>
      of(site(wider), { routes, traces: { ...bothAnswer, [target]: answer } });
    expect(asked('silent')).toEqual([`error proven ${pool} ${wider}`]);
    expect(asked('answers')).toEqual([`info proven ${pool} ${wider}`]);
    // Nobody asked it; other places stay silent.
    const both = site(wider, true, ['10.88.0.0/16']);
    const silent = { routes: [...routes, '10.88.0.0/16'], traces: { ...bothAnswer, '10.88.1.1': 'silent' } };
    expect(of(both, silent)).toEqual([`info proven ${pool} ${wider}`]);
    expect(asked('silent', '10.20.2.9')).toEqual([`info proven ${pool} ${wider}`]);
    expect(of(site(wider), { traces: { ...bothAnswer, '172.20.1.1': 'silent' } })).toEqual([
      `info proven ${pool} ${wider}`,
    ]);
  });

  test('accounts for what is broken and touches the pool, not for what a peering withholds', () => {
    const estate = (far: Wire): EstateSpec => ({
      ...plain,
      spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16', wider], far }],
    });
    const client = { routes: ['10.20.0.0/16', '10.21.0.0/16'] };
    expect(explained(linux(estate({}), client), 'pool-overlap')).toEqual([[wider, pool]]);
    expect(explained(linux(estate({ useRemoteGateways: false }), client), 'pool-overlap')).toEqual([[pool]]);
    expect(explained(linux(estate({})), 'pool-overlap')).toEqual([[]]);
  });

  test.each([
    ["the gateway's own ranges but that one stay", { pool: [pool, '10.250.0.0/24'] }, '10.250.0.0/24 NEW-POOL'],
    [
      "pools of user groups are no part of the gateway's own",
      { pool: [pool], groups: [{ name: 'staff', pool: ['10.251.0.0/24'] }] },
      'NEW-POOL',
    ],
  ])('%s: the list is replaced', (_, gateway, ranges) => {
    const estate = { ...withGateway(gateway), spokes: spoke({}).spokes ?? [] };
    const [finding] = told(linux(estate), 'pool-overlap');
    expect(finding?.commands[0]).toMatch(new RegExp(`vnet-gateway update .* --address-prefixes ${ranges}$`));
    expect(finding?.commands[1]).toMatch(new RegExp(`-VpnClientAddressPool ${ranges.replace(' ', ',')}$`));
  });

  test('of a user group it is the group that needs another range, not the gateway', () => {
    const estate = {
      ...withGateway({ pool: ['10.250.0.0/24'], groups: [{ name: 'staff', pool: [pool] }] }),
      spokes: spoke({}).spokes ?? [],
    };
    const [finding] = findingsOf(linux(estate), 'pool-overlap');
    expect(finding?.property).toBe('vpnClientConfiguration.vngClientConnectionConfigurations');
    expect(finding?.fixes.map(({ commands }) => commands)).toEqual([[]]);
    expect(finding?.fixes[0]?.steps[0]).toContain('the pool of staff');
  });

  test('in Virtual WAN it is told of the VNets of the hub', () => {
    const spec: WanSpec = { vnets: [{ name: 'app', space: ['10.77.0.0/16'] }] };
    const [finding] = findingsOf(wanClient(spec), 'pool-overlap');
    expect(finding).toMatchObject({ severity: 'error', resource: p2s, property: 'p2SConnectionConfigurations' });
    expect(finding?.fixes[0]?.commands).toEqual([]);
    expect(finding?.fixes[0]?.verify).toBeUndefined();
    const elsewhere = { ...spec, vnets: [{ name: 'app', space: ['10.66.0.0/16'] }] };
    expect(findingsOf(wanClient(elsewhere), 'pool-overlap')).toEqual([]);
    // A VNet that hangs on the hub by nothing.
    const nowhere: WanSpec = {
      vnets: [{ name: 'app', space: ['10.77.0.0/16'], connection: { remoteVirtualNetwork: undefined } }],
    };
    expect(findingsOf(wanClient(nowhere), 'pool-overlap')).toEqual([]);
  });
});

describe("pool-overlap with this computer's own networks", () => {
  const of = (route: Wire, more: Wire[] = []) =>
    told(
      linux(plain, {
        extraRoutes: [{ type: 'unicast', table: 'main', protocol: 'kernel', scope: 'link', flags: [], ...route }],
        extraInterfaces: more,
      }),
      'pool-overlap',
    ).map(({ says }) => says);
  const bridge = { dev: 'docker0', prefsrc: '172.17.0.1' };

  test.each([
    ['a bridge', '172.16.0.0/12'],
    ['a network of class A', '172.0.0.0/8'],
    ['the smallest network there is', '172.16.50.4/30'],
  ])('is told of %s', (_, dst) => {
    expect(of({ ...bridge, dst })).toEqual([`warning proven ${pool} ${dst}`]);
  });

  test.each([
    ['a range wider than any network', { ...bridge, dst: '172.0.0.0/7' }],
    ['a link between two hosts', { ...bridge, dst: '172.16.50.4/31' }],
    ['a network behind a router', { dst: '172.16.0.0/12', dev: 'wlp2s0', gateway: '192.168.88.1' }],
    ['a range that goes nowhere', { type: 'blackhole', dst: '172.16.0.0/12' }],
    ['a network apart', { ...bridge, dst: '172.32.0.0/16' }],
    ['a route into the tunnel', { dst: '172.16.50.0/25', dev: 'tun0' }],
    [
      "a route with the tunnel's address as its source",
      { dst: '172.16.50.0/25', dev: 'wlp2s0', prefsrc: '172.16.50.2' },
    ],
  ])('is not told of %s', (_, route) => {
    expect(of(route)).toEqual([]);
  });

  test("is not told of another VPN's network", () => {
    const wireguard = { ifindex: 9, ifname: 'wg0', flags: ['UP'], linkinfo: { info_kind: 'wireguard' }, addr_info: [] };
    const route = { dst: '172.16.50.128/25', dev: 'wg0' };
    expect(of(route, [wireguard])).toEqual([]);
    expect(of(route, [{ ...wireguard, linkinfo: { info_kind: 'bridge' } }])).toHaveLength(1);
  });

  test('of a computer without a tunnel nobody can say which rows are its own', () => {
    const extra = [{ prefix: '172.16.50.128/25', interface: '192.168.29.37', metric: 281 }];
    expect(told(windows(plain, { extra }), 'pool-overlap')).toHaveLength(1);
    expect(told(windows(plain, { extra, tunnelAddress: null }), 'pool-overlap')).toEqual([]);
  });
});
