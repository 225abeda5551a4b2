import { describe, expect, test } from 'vitest';
import { effectiveRoute, nic, nicId } from '../../scripts/scenarios/azure-machine.ts';
import { vnet, vnetId } from '../../scripts/scenarios/azure-network.ts';
import {
  defaultTableId,
  hubConnection,
  hubEffectiveRoute,
  hubRouteTable,
  p2sGateway,
  routingConfiguration,
  serverConfiguration,
  virtualHub,
} from '../../scripts/scenarios/azure-wan.ts';
import { linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { arm, type BundleArtifact, forbidden, guid, networkId, type Wire } from '../../scripts/scenarios/wire.ts';
import { captureOf } from '../capture-of.ts';
import { conclude } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* What the hub of a Virtual WAN tells of its clients' routes, and of their way back. */
const place = { subscription: guid('subscription', 'vwan-rungs'), group: 'rg-wan' };
const hub = networkId(place, 'virtualHubs', 'hub-east');
const config = networkId(place, 'vpnServerConfigurations', 'users');
const p2s = networkId(place, 'p2sVpnGateways', 'hub-east-p2s');
const app = vnetId(place, { name: 'vnet-app' });
const [space, pool, stray] = ['10.66.0.0/16', '10.77.9.0/24', '10.99.0.0/16'] as const;
const connections = 'hubVirtualNetworkConnections.list';
const effective = 'virtualHubs.getEffectiveVirtualHubRoutes';
const isolated = `${hub}/hubRouteTables/isolated`;

const gateway = arm(
  'p2sVpnGateways.get',
  p2s,
  p2sGateway(place, {
    name: 'hub-east-p2s',
    hub,
    serverConfiguration: config,
    clients: [{ name: 'all', pool: [pool] }],
  }),
);
const appVNet = arm(
  'virtualNetworks.get',
  app,
  vnet(place, { name: 'vnet-app', space: [space], subnets: [{ name: 'app', prefix: '10.66.1.0/24' }] }),
);
const listed = (...of: readonly Wire[]) => arm(connections, hub, { value: of });
const toApp = (routing?: Wire) => hubConnection(hub, { name: 'app', vnet: app, ...(routing && { routing }) });
const taught = arm(effective, defaultTableId(hub), {
  value: [hubEffectiveRoute([space], 'Virtual Network Connection', `${hub}/hubVirtualNetworkConnections/app`)],
});
const table = (...routes: Parameters<typeof hubRouteTable>[2] & object) =>
  arm('hubRouteTables.get', defaultTableId(hub), hubRouteTable(hub, 'defaultRouteTable', routes));

/** An OpenVPN client of the hub, and what was read of Azure beside gateway and hub. */
const wan = (azure: readonly BundleArtifact[], routes: readonly string[] = [space, pool]) =>
  captureOf(
    'linux',
    linuxClient({
      kind: 'openvpn',
      tunnelAddress: '10.77.9.5',
      server: 'hub-east.vpn.azure.com',
      gatewayAddress: '20.7.7.7',
      routes,
    }),
    [
      gateway,
      arm('vpnServerConfigurations.get', config, serverConfiguration(place, 'users', ['OpenVPN'])),
      arm('virtualHubs.get', hub, virtualHub(place, 'hub-east', '10.65.0.0/23')),
      ...azure,
    ],
  );

describe('issued is borne out', () => {
  test.each<[string, BundleArtifact[], string]>([
    ["by the hub's effective routes", [taught], `held | ${space} is an effective route of the hub`],
    [
      'by a static route of the default table',
      [table({ name: 'to-app', destinations: ['10.66.0.0/17', '10.66.128.0/17'], nextHop: app })],
      'held | 10.66.0.0/17 is a route of the default table | 10.66.128.0/17 is a route of the default table',
    ],
    [
      'in part by a part',
      [table({ name: 'to-app', destinations: ['10.66.0.0/17'], nextHop: app })],
      'partial | 10.66.0.0/17 is a route of the default table',
    ],
    ["not by the hub's default route", [table({ name: 'all', destinations: ['0.0.0.0/0'], nextHop: app })], 'unknown'],
    ['by nothing that was read', [], 'unknown'],
  ])('%s', (_, azure, says) => {
    expect(rungText(wan([listed(toApp()), appVNet, ...azure]), 'issued', space)).toBe(says);
  });
});

describe('a route that no document of the hub lists', () => {
  const routes = [space, pool, stray];
  const of = (...azure: readonly BundleArtifact[]) => conclude(wan([listed(toApp()), appVNet, ...azure], routes));

  test.each<[string, BundleArtifact]>([
    ["hub's effective routes", taught],
    ["hub's default table", table()],
  ])('is a stray where the %s were read', (_, azure) => {
    expect(of(azure).prefixes[stray]).toBe('never not-expected configured');
    expect(of(azure).warnings).toContain('stray-route');
  });

  test('may be known to the hub where its routes were not read', () => {
    expect(of().prefixes[stray]).toBe('never not-expected -');
    expect(of().warnings).not.toContain('stray-route');
    expect(rungText(wan([listed(toApp()), appVNet], routes), 'configured', stray)).toBe(
      "unknown | the hub's routes were not read",
    );
    const half = [listed(toApp()), appVNet, taught, forbidden('hubRouteTables.list', hub, 'read')];
    expect(rungText(wan(half, routes), 'configured', stray)).toBe(
      'unknown | hubRouteTables.list was not read: AuthorizationFailed',
    );
  });
});

describe('that all is there, nobody can say', () => {
  const answered = [taught, table()];

  test('where it can: what the connection leads to was read', () => {
    expect(conclude(wan([listed(toApp()), appVNet, ...answered]))).toMatchObject({ errors: [], verdict: 'ok' });
  });

  test.each<[string, BundleArtifact[]]>([
    ["while the hub's connections were not read", [forbidden(connections, hub, 'read'), appVNet, ...answered]],
    ['while what a connection leads to was not read', [listed(toApp(), toLab()), appVNet, ...answered]],
  ])('%s', (_, azure) => {
    expect(conclude(wan(azure))).toMatchObject({ errors: [], verdict: 'undetermined' });
  });

  test("but a connection of another hub is another hub's", () => {
    const west = networkId(place, 'virtualHubs', 'hub-west');
    const other = arm(connections, west, { value: [toLab(west)] });
    expect(conclude(wan([listed(toApp()), other, appVNet, ...answered])).verdict).toBe('ok');
  });

  test('and what else was not read hides no VNet', () => {
    const refused = forbidden('p2SVpnGateways.getP2SVpnConnectionHealth', p2s, 'read');
    expect(conclude(wan([listed(toApp()), appVNet, refused, ...answered])).verdict).toBe('ok');
  });

  function toLab(of = hub): Wire {
    return hubConnection(of, { name: 'lab', vnet: vnetId(place, { name: 'vnet-lab' }) });
  }
});

test('a VNet that hangs on no hub is no part of it', () => {
  const id = vnetId(place, { name: 'vnet-apart' });
  const apart = arm('virtualNetworks.get', id, vnet(place, { name: 'vnet-apart', space: [stray] }));
  const { prefixes } = conclude(wan([listed(toApp()), appVNet, apart, taught], [space, pool, stray]));
  expect(prefixes[stray]).toBe('never not-expected -');
});

describe('the way back', () => {
  const own = routingConfiguration(hub, { associated: isolated });
  const deaf = listed(toApp(own));
  const isolatedTable = arm('hubRouteTables.get', isolated, hubRouteTable(hub, 'isolated'));
  const elsewhere = 'app looks up isolated, to which no client configuration propagates';
  const machine = nicId(place, 'app');
  const interfaces = (...rows: readonly Wire[]) => [
    arm(
      'networkInterfaces.get',
      machine,
      nic(place, { name: 'app', address: '10.66.1.4', subnet: `${app}/subnets/app` }),
    ),
    arm('networkInterfaces.getEffectiveRouteTable', machine, { value: rows }),
  ];
  const back = (...azure: readonly BundleArtifact[]) =>
    rungText(wan([appVNet, ...azure]), 'returned', space).split(' | ');

  test('is there where the VNet looks up a table that hears of clients', () => {
    expect(back(listed(toApp()), table())).toEqual(['held', "app has no route table: the gateway's routes reach it"]);
  });

  test('is not where it looks up one that no client propagates to', () => {
    expect(back(deaf, isolatedTable)).toEqual(['lost', elsewhere]);
  });

  test('cannot be told while the labels of that table were not read', () => {
    expect(back(deaf)).toEqual(['unknown', elsewhere]);
  });

  test('is what a NIC shows, whatever the tables say', () => {
    const shown = interfaces(effectiveRoute(pool, 'VirtualNetworkGateway'));
    expect(back(deaf, isolatedTable, ...shown)[0]).toBe('held');
    const subnets = ['app', 'db'].map((name, index) => ({ name, prefix: `10.66.${index + 1}.0/24` }));
    const two = arm('virtualNetworks.get', app, vnet(place, { name: 'vnet-app', space: [space], subnets }));
    expect(back(two, deaf, isolatedTable, ...shown)[0]).toBe('held');
    const none = interfaces(effectiveRoute('10.0.0.0/8', 'None'));
    expect(back(deaf, isolatedTable, ...none)[0]).toBe('lost');
  });

  test('does not end at an appliance: a hub has no GatewaySubnet that could send the way there by it', () => {
    const shown = interfaces(effectiveRoute(pool, 'VirtualAppliance', { nextHopIpAddress: ['10.66.9.4'] }));
    expect(back(listed(toApp()), ...shown)).toEqual([
      'lost',
      `app: the pool goes to VirtualAppliance 10.66.9.4 by ${pool} (User)`,
    ]);
  });

  test("is told by the VNet's own connection to this hub, not by its neighbours'", () => {
    const lab = hubConnection(hub, { name: 'lab', vnet: vnetId(place, { name: 'vnet-lab' }), routing: own });
    const west = networkId(place, 'virtualHubs', 'hub-west');
    const far = arm(connections, west, { value: [hubConnection(west, { name: 'app', vnet: app, routing: own })] });
    expect(back(far, listed(lab, toApp()), isolatedTable)[0]).toBe('held');
  });
});
