import { describe, expect, test } from 'vitest';
import { effectiveRoute } from '../../scripts/scenarios/azure-machine.ts';
import { gateway, gatewayRoute } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf, routeTableRead } from '../../scripts/scenarios/estate.ts';
import type { Hops, WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm, forbidden } from '../../scripts/scenarios/wire.ts';
import { all, linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './explained.ts';
import { wanClient } from './virtual-wan.ts';

/* Addresses that nothing hands out: private ones, public ones, and routes that Azure no longer knows. */
const ids = idsOf(plain);
const asking = (target: string, answer: Hops = 'lost-outside', more: Partial<WindowsSpec> = {}) => ({
  traces: { [target]: answer },
  ...more,
});
const custom = (...customRoutes: readonly string[]): Partial<EstateSpec> => ({
  gateway: { ...plain.gateway, customRoutes },
});

describe('prefix-not-advertised', () => {
  const code = 'prefix-not-advertised';
  const target = '10.241.3.3';
  const hop = '10.20.9.4';
  const table = (prefix: string, nextHopType = 'VirtualAppliance', nextHop?: string) =>
    routeTableRead(ids.place, {
      name: 'rt',
      routes: [{ name: 'far', prefix, nextHopType, ...(nextHop !== undefined && { nextHop }) }],
    });
  const of = (...extra: ReturnType<EstateSpec['extra'] & object>): EstateSpec => ({
    ...plain,
    issued: null,
    extra: () => extra,
  });
  const says = (estate: EstateSpec, client: Partial<WindowsSpec> = asking(target)) =>
    told(windows(estate, client), code).map(({ says: text, actual }) => `${text}, ${actual}`);
  const info = [`info likely ${target}/32, none`];

  test('a private address that nothing lists is worth a word', () => {
    expect(says(of())).toEqual(info);
    expect(says({ ...of(), ...custom('10.98.0.0/16', '10.99.0.0/16') })).toEqual([
      `info likely ${target}/32, 10.98.0.0/16, 10.99.0.0/16`,
    ]);
    const [finding] = findingsOf(windows({ ...of(), ...custom('10.98.0.0/16') }, asking(target)), code);
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(/ --custom-routes 10\.98\.0\.0\/16 10\.241\.3\.3\/32$/);
    expect(finding?.summary).toMatch(/^Nothing the gateway hands out covers 10\.241\.3\.3\/32/);
  });

  const far = effectiveRoute('10.240.0.0/13', 'VirtualAppliance', { nextHopIpAddress: [hop] });
  const machine = (row: object): EstateSpec => ({
    ...of(),
    machines: [{ name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'], user: [{ ...far, ...row }] }],
  });
  test.each([
    ['a route table', of(table('10.240.0.0/13', 'VirtualAppliance', hop)), `rt sends 10.240.0.0/13 to ${hop}`],
    [
      'a route table, by an appliance of unknown address',
      of(table('10.240.0.0/13')),
      'rt sends 10.240.0.0/13 to VirtualAppliance',
    ],
    [
      'the effective routes of a machine',
      machine({}),
      "a machine's effective route sends 10.240.0.0/13 to VirtualAppliance",
    ],
  ])('is a warning where %s knows the range', (_, estate, evidence) => {
    const [finding] = findingsOf(windows(estate, asking(target)), code);
    expect(finding).toMatchObject({ severity: 'warning', confidence: 'proven', expected: '10.240.0.0/13' });
    expect(finding?.evidence[0].says).toBe(evidence);
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(/ --custom-routes 10\.240\.0\.0\/13$/);
  });

  test.each([
    ['of all private addresses of its kind', of(table('10.0.0.0/8'))],
    ['of everything', of(table('0.0.0.0/0'))],
    ['of half of everything', of(table('0.0.0.0/1'))],
    ['of another range', of(table('10.248.0.0/13'))],
    ['to the gateway', of(table('10.240.0.0/13', 'VirtualNetworkGateway'))],
    ['of a service', of(table('AzureCloud', 'VirtualAppliance'))],
    ['that a machine learned by itself', machine({ source: 'VirtualNetworkGateway' })],
    ['of a machine to the gateway', machine({ nextHopType: 'VirtualNetworkGateway' })],
    ['of a machine to another range', machine({ addressPrefix: ['10.248.0.0/13'] })],
  ])('a route %s does not make it known', (_, estate) => {
    expect(says(estate)).toEqual(info);
  });

  test('a range that begins where all private addresses of its kind do may be known all the same', () => {
    const [finding] = findingsOf(windows(of(table('10.0.0.0/9')), asking('10.1.2.3')), code);
    expect(finding).toMatchObject({ severity: 'warning', expected: '10.0.0.0/9' });
  });

  const row = (prefix: string, name: string, gatewayAddress?: string) => ({
    extra: [{ prefix, interface: name, metric: 50, ...(gatewayAddress !== undefined && { gateway: gatewayAddress }) }],
  });
  test.each([
    [
      'the address is in a network of this computer',
      asking(target, 'lost-outside', row('10.241.0.0/16', '192.168.29.37')),
      0,
    ],
    ['a router leads there', asking(target, 'lost-outside', row('10.241.0.0/16', '192.168.29.37', '192.168.29.1')), 1],
    ['everything is on this computer’s link', asking(target, 'lost-outside', row('0.0.0.0/1', '192.168.29.37')), 1],
    ['it goes into the tunnel', asking(target, 'silent', { routes: [...all, '10.241.0.0/16'] }), 0],
    ['it goes into the tunnel and answers', asking(target, 'answers', { routes: [...all, '10.241.0.0/16'] }), 0],
    ['it is public', asking('8.8.8.8'), 0],
    ['a VNet lists it', asking('10.21.7.7'), 0],
  ])('where %s it is told %s', (_, client, times) => {
    expect(says(of(), client)).toHaveLength(times);
  });

  test('a network of this computer may be of IPv6', () => {
    const six = {
      type: 'unicast',
      dst: 'fd00:99::/64',
      dev: 'wlp2s0',
      table: 'main',
      protocol: 'kernel',
      scope: 'link',
      flags: [],
    };
    const traces = { 'fd00:99::7': 'silent' } as const;
    expect(findingsOf(linux(of(), { traces }), code)).toHaveLength(1);
    expect(findingsOf(linux(of(), { traces, extraRoutes: [six] }), code)).toEqual([]);
  });

  const circuit = ids.id('virtualNetworkGateways', 'er');
  const expressRoute = arm(
    'virtualNetworkGateways.get',
    circuit,
    gateway(ids.place, {
      name: 'er',
      pool: [],
      home: ids.hub,
      publicAddress: '20.50.7.9',
      properties: { gatewayType: 'ExpressRoute', vpnClientConfiguration: null },
    }),
  );
  const learned = arm('virtualNetworkGateways.getLearnedRoutes', circuit, {
    value: [gatewayRoute('10.88.0.0/16', { origin: 'EBgp', nextHop: '10.20.1.9' })],
  });
  test.each([
    ['connections that nobody may read', of(forbidden('virtualNetworkGateways.listConnections', ids.gateway, 'x')), 0],
    ['a circuit that nobody asked what it learned', of(expressRoute), 0],
    ['a circuit that learned other things', of(expressRoute, learned), 1],
  ])('with %s it is told %s', (_, estate, times) => {
    expect(says(estate)).toHaveLength(times);
  });

  test('Virtual WAN has no custom routes: nothing is said', () => {
    const spec = { vnets: [{ name: 'app', space: ['10.66.0.0/16'] }], effective: [['10.66.0.0/16', 'app']] } as const;
    expect(findingsOf(wanClient(spec, { traces: { [target]: 'lost-outside' } }), code)).toEqual([]);
  });
});

describe('public-service-not-advertised', () => {
  const code = 'public-service-not-advertised';
  const storage = '104.211.109.42';
  const says = (client: Partial<WindowsSpec>, estate: EstateSpec = plain) => told(windows(estate, client), code);

  test('offers a custom route for what may be Azure’s, and for that alone', () => {
    const [finding] = says(
      { traces: { [storage]: 'lost-outside', '8.8.8.8': 'lost-outside' } },
      { ...plain, ...custom('10.99.0.0/16') },
    );
    expect(finding?.says).toBe(`info proven ${storage}/32 8.8.8.8/32`);
    expect(finding?.commands[0]).toMatch(/ --custom-routes 10\.99\.0\.0\/16 104\.211\.109\.42\/32$/);
    expect(says(asking('8.8.8.8')).map(({ commands }) => commands)).toEqual([[]]);
    const vnets = [{ name: 'app', space: ['10.66.0.0/16'] }];
    expect(
      told(wanClient({ vnets }, { traces: { [storage]: 'lost-outside' } }), code).map(({ commands }) => commands),
    ).toEqual([[]]);
  });

  test.each([
    ['a private address', asking('10.241.3.3'), plain],
    ["the gateway's own address, which must stay outside", asking('20.50.7.1'), plain],
    ['an address that goes into the tunnel', asking(storage, 'silent', { routes: [...all, `${storage}/32`] }), plain],
    ['an address that is advertised', asking(storage), { ...plain, ...custom(`${storage}/32`) }],
  ])('is not told of %s', (_, client, estate) => {
    expect(says(client, estate)).toEqual([]);
  });
});

describe('stray-route', () => {
  const code = 'stray-route';
  const stray = { routes: [...all, '10.66.0.0/16'], traces: {} };
  const listed = arm('virtualNetworks.listAll', `/subscriptions/${ids.place.subscription}`, { value: [] });

  test.each([
    ['of which no more was read than the gateway', { ...plain, issued: null }, 'likely'],
    ['of which every VNet was listed', { ...plain, issued: null, extra: () => [listed] }, 'proven'],
    ['that issues a profile without it', plain, 'proven'],
  ])('in an Azure %s it is %s', (_, estate, confidence) => {
    const [finding] = findingsOf(windows(estate, stray), code);
    expect(finding).toMatchObject({ severity: 'warning', confidence });
    expect(finding?.fixes.map(({ by }) => by)).toEqual(['client-owner', 'user', 'network-admin']);
  });

  test('what answers in it shows that our view of Azure is incomplete', () => {
    const capture = windows(plain, { ...stray, traces: { '10.66.1.4': 'answers' } });
    const [finding] = findingsOf(capture, code);
    expect(finding).toMatchObject({ confidence: 'likely' });
    expect(finding?.fixes.map(({ by }) => by)).toEqual(['network-admin']);
    expect(cited(capture, code)[0]).toContain('10.66.1.4 answered at hop 1');
    expect(cited(windows(plain, stray), code)[0]).not.toContain('10.66.1.4 answered at hop 1');
  });

  test('cites the profile that lacks it, where one was made', () => {
    const made = /generated|issued|profile|lacks/i;
    expect(cited(windows(plain, stray), code)[0]?.some((text) => made.test(text))).toBe(true);
    expect(
      cited(windows({ ...plain, issued: [...all, '10.66.0.0/16'] }, stray), code)[0]?.some((text) => made.test(text)),
    ).toBe(false);
  });
});
