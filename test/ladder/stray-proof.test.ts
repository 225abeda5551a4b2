import { describe, expect, test } from 'vitest';
import { connection, gatewayRoute, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, forbidden, type Wire } from '../../scripts/scenarios/wire.ts';
import { all, conclude, linux, plain, told } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* When nothing in Azure knows a route into the tunnel, and when nobody can say so. */
const ids = idsOf(plain);
const stray = '10.99.0.0/16';
const routes = [...all, stray];
const withAzure = (extra: readonly BundleArtifact[], more: Partial<EstateSpec> = {}): EstateSpec => ({
  ...plain,
  ...more,
  extra: () => extra,
});
const judged = (...extra: readonly BundleArtifact[]) => conclude(linux(withAzure(extra), { routes }));
const configured = (...extra: readonly BundleArtifact[]) =>
  rungText(linux(withAzure(extra), { routes }), 'configured', stray);

const toHeadquarters = (enableBgp: boolean): Wire => {
  const to = ids.id('localNetworkGateways', 'hq');
  return connection(ids.place, { name: 'to-hq', type: 'IPsec', from: ids.gateway, to, enableBgp });
};
const headquarters = arm(
  'localNetworkGateways.get',
  ids.id('localNetworkGateways', 'hq'),
  localNetworkGateway(ids.place, 'hq', ['192.168.60.0/24']),
);

const lost = `lost | nothing in Azure that was read lists ${stray}`;
const gatewayHas = (operation: string, row: Wire) =>
  arm(`virtualNetworkGateways.${operation}`, ids.gateway, { value: [row] });
const effective = (addressPrefix: string, nextHopType: string) =>
  gatewayHas('getEffectiveRoutes', { addressPrefix, nextHopType, nextHopIpAddress: '' });

describe('a route to what the gateway itself has is no stray', () => {
  test.each<[string, BundleArtifact]>([
    ['it forwards by it', effective(stray, 'VNetPeering')],
    ['it forwards by a wider one', effective('10.96.0.0/12', 'VNetPeering')],
    ['it learned it', gatewayHas('getLearnedRoutes', gatewayRoute(stray, {}))],
  ])('%s', (_, extra) => {
    expect(judged(extra).prefixes[stray]).toBeUndefined();
    expect(judged(extra).warnings).not.toContain('stray-route');
  });

  test.each<[string, BundleArtifact]>([
    ['the default it has', effective('0.0.0.0/0', 'Internet')],
    ['half of a default', effective('0.0.0.0/1', 'VirtualAppliance')],
    ["a reserved range's None", effective('10.0.0.0/8', 'None')],
  ])('%s lists nothing', (_, extra) => {
    expect(configured(extra)).toBe(lost);
  });
});

describe('it is not proven while', () => {
  const tied = (name: string, from: string, to: string, enableBgp?: boolean) =>
    connection(ids.place, { name, type: 'Vnet2Vnet', from, to, ...(enableBgp !== undefined && { enableBgp }) });
  const list = (gateway: string, ...value: readonly Wire[]) =>
    arm('virtualNetworkGateways.listConnections', gateway, { value });
  const [near, far] = ['vpngw-near', 'vpngw-far'].map((name) => ids.id('virtualNetworkGateways', name)) as [
    string,
    string,
  ];

  test.each<[string, BundleArtifact[], string]>([
    [
      'a VNet may not be read',
      [forbidden('virtualNetworks.get', ids.vnet('other'), 'read')],
      'virtualNetworks.get was not read: AuthorizationFailed',
    ],
    [
      "the gateway's effective routes may not be read",
      [forbidden('virtualNetworkGateways.getEffectiveRoutes', ids.gateway, 'read')],
      'virtualNetworkGateways.getEffectiveRoutes was not read: AuthorizationFailed',
    ],
    [
      'what lies beyond the last gateway of a chain was not read',
      [list(ids.gateway, tied('first', ids.gateway, near)), list(near, tied('second', near, far))],
      'what lies beyond second was not read',
    ],
    [
      'nobody asked what a site taught by BGP',
      [list(ids.gateway, toHeadquarters(true)), headquarters],
      'what vpngw-hub learned by BGP was not read',
    ],
    [
      'nobody asked what a gateway taught by BGP',
      [list(ids.gateway, tied('first', ids.gateway, near, true)), list(near)],
      'what vpngw-hub learned by BGP was not read',
    ],
  ])('%s', (_, extra, says) => {
    expect(configured(...extra)).toBe(`unknown | ${says}`);
    expect(judged(...extra).warnings).not.toContain('stray-route');
  });

  test.each<[string, BundleArtifact[]]>([
    [
      'sessions, which list no networks, may not be read',
      [forbidden('virtualNetworkGateways.getVpnclientConnectionHealth', ids.gateway, 'read')],
    ],
    [
      'rules of a NIC may not be read',
      [forbidden('networkInterfaces.listEffectiveNetworkSecurityGroups', ids.gateway, 'read')],
    ],
    ['a site without BGP', [list(ids.gateway, toHeadquarters(false)), headquarters]],
    [
      'a site whose teaching was asked for',
      [
        list(ids.gateway, toHeadquarters(true)),
        headquarters,
        gatewayHas('getLearnedRoutes', gatewayRoute('192.168.60.0/24', {})),
      ],
    ],
    [
      'a site whose teaching shows in the effective routes',
      [list(ids.gateway, toHeadquarters(true)), headquarters, effective('192.168.60.0/24', 'VirtualNetworkGateway')],
    ],
    [
      'gateways further on may speak BGP among themselves',
      [list(ids.gateway, tied('first', ids.gateway, near)), list(near, tied('second', near, far, true)), list(far)],
    ],
  ])('(it is all the same: %s)', (_, extra) => {
    expect(configured(...extra)).toBe(lost);
  });

  test('a peered VNet tells its space nowhere; then nobody knows either whether all is there', () => {
    const more = (remoteAddressSpace?: object): Partial<EstateSpec> => ({
      spokes: [
        ...(plain.spokes ?? []),
        {
          name: 'spoke-x',
          space: ['10.22.0.0/16'],
          near: { remoteAddressSpace, remoteVirtualNetworkAddressSpace: undefined },
          unread: true,
        },
      ],
    });
    const silent = linux(withAzure([], more()), { routes });
    expect(rungText(silent, 'configured', stray)).toBe('unknown | what to-spoke-x leads to was not read');
    const complete = withAzure([], more());
    expect(conclude(linux(complete, { routes: all })).verdict).toBe('undetermined');
    const told = more({ addressPrefixes: ['10.22.0.0/16'] });
    expect(rungText(linux(withAzure([], told), { routes }), 'configured', stray)).toBe(lost);
  });
});

describe('no stray is', () => {
  const of = (tunnelRoutes: readonly string[], more: Parameters<typeof linux>[1] = {}, estate = plain) =>
    conclude(linux(estate, { ...more, routes: tunnelRoutes })).prefixes;

  test('half of the internet that holds nothing of Azure', () => {
    const tens = { ...plain, gateway: { ...plain.gateway, pool: ['10.55.0.0/24'] } };
    const halves = [...all.slice(0, 2), '10.55.0.0/24', '0.0.0.0/1', '128.0.0.0/1'];
    expect(Object.keys(of(halves, { tunnelAddress: '10.55.0.2' }, tens))).not.toContain('128.0.0.0/1');
  });

  test('the far end of the link, which OpenVPN names as a host or as a pair', () => {
    const peer = (text: string, ifname = 'tun0') => [
      {
        ifindex: ifname === 'tun0' ? 9 : 10,
        ifname,
        flags: ['POINTOPOINT'],
        addr_info: [{ family: 'inet', local: '172.16.50.2', address: text, prefixlen: 32, scope: 'global' }],
      },
    ];
    for (const link of ['10.99.0.1/32', '10.99.0.0/31'])
      expect(
        of([...all, link], { extraInterfaces: [...peer('10.99.0.1'), ...peer('10.98.0.1', 'tun1')] }),
      ).not.toHaveProperty([link]);
    for (const other of ['10.99.0.7/32', '10.99.0.0/30', '10.99.0.0/24'])
      expect(of([...all, other], { extraInterfaces: peer('10.99.0.1') })).toHaveProperty([other]);
  });
});

describe('how sure a stray is: something that would list branches was read, or nobody looked', () => {
  const sure = (extra: readonly BundleArtifact[], more: Partial<EstateSpec> = {}) =>
    told(linux(withAzure(extra, { issued: null, ...more }), { routes }), 'stray-route').map(({ says }) => says);
  const list = arm('virtualNetworkGateways.listConnections', ids.gateway, { value: [] });

  test.each<[string, string, BundleArtifact[], Partial<EstateSpec>]>([
    ['likely', 'nobody looked', [], {}],
    [
      'likely',
      'other lists were read',
      [arm('virtualNetworkGateways.list', `/subscriptions/${ids.place.subscription}`, { value: [] })],
      {},
    ],
    ['proven', 'a fresh profile was read', [], { issued: all }],
    ['proven', 'the list of connections was read, and is empty', [list], {}],
    [
      'proven',
      'a connection was read by itself',
      [
        arm('virtualNetworkGatewayConnections.get', ids.id('connections', 'to-hq'), toHeadquarters(false)),
        headquarters,
      ],
      {},
    ],
    ['proven', 'learned routes were read', [gatewayHas('getLearnedRoutes', gatewayRoute('10.20.0.0/16', {}))], {}],
    ['proven', 'effective routes were read', [effective('10.20.0.0/16', 'VnetLocal')], {}],
  ])('%s: %s', (confidence, _, extra, more) => {
    expect(sure(extra, more)).toEqual([`warning ${confidence} ${stray}`]);
  });
});
