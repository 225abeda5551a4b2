import { describe, expect, test } from 'vitest';
import { nic, nicId, privateEndpoint } from '../../scripts/scenarios/azure-machine.ts';
import { vnet } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf, routeTableRead, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, type Wire } from '../../scripts/scenarios/wire.ts';
import { all, linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, explained, findingsOf } from './explained.ts';
import { vnetOf, wanClient } from './virtual-wan.ts';

/* A private endpoint's own /32 goes past the firewall, or stands where clients have no route to. */
const code = 'private-endpoint-route';
const ids = idsOf(plain);
const address = '10.21.9.5';
const firewall = '10.20.3.4';
const rt = ids.id('routeTables', 'rt-gw');
const endpointNic = 'pe-lake-nic';
const place = ids.place;

/** The endpoint by its document and its NIC's, or as a test wants it. */
const endpointRead = (
  subnet: string | undefined = ids.subnet('spoke-app', 'endpoints'),
  properties: Wire = {},
  at = address,
): readonly BundleArtifact[] => [
  arm(
    'privateEndpoints.get',
    ids.id('privateEndpoints', 'pe-lake'),
    privateEndpoint(place, {
      name: 'pe-lake',
      subnet: subnet ?? '',
      nic: nicId(place, endpointNic),
      properties: { ...(subnet === undefined && { subnet: undefined }), ...properties },
    }),
  ),
  nicRead(subnet ?? ids.subnet('spoke-app', 'endpoints'), at),
];
const nicRead = (subnet: string, at = address): BundleArtifact =>
  arm(
    'networkInterfaces.get',
    nicId(place, endpointNic),
    nic(place, {
      name: endpointNic,
      address: at,
      subnet,
      properties: { virtualMachine: null, privateEndpoint: { id: ids.id('privateEndpoints', 'pe-lake') } },
    }),
  );
const spokeWith = (policies: string | undefined, more: Partial<SpokeSpec> = {}): SpokeSpec => ({
  name: 'spoke-app',
  space: ['10.21.0.0/16'],
  subnets: [
    { name: 'app', prefix: '10.21.1.0/24' },
    { name: 'endpoints', prefix: '10.21.9.0/24', properties: { privateEndpointNetworkPolicies: policies } },
  ],
  ...more,
});
type Rows = readonly (readonly [prefix: string, nextHopType?: string])[];

describe('past the firewall that the GatewaySubnet uses', () => {
  const estate = (
    rows: Rows,
    read: readonly BundleArtifact[] = endpointRead(),
    spoke = spokeWith('Disabled'),
  ): EstateSpec => ({
    ...plain,
    hub: {
      ...plain.hub,
      subnets: [
        { name: 'GatewaySubnet', prefix: '10.20.1.0/27', routeTable: rt },
        { name: 'shared', prefix: '10.20.2.0/24' },
      ],
    },
    spokes: [spoke, { name: 'spoke-db', space: ['10.22.0.0/16'] }],
    extra: () => [
      routeTableRead(place, {
        name: 'rt-gw',
        routes: rows.map(([prefix, nextHopType = 'VirtualAppliance'], at) => ({
          name: `r${at}`,
          prefix,
          nextHopType,
          nextHop: firewall,
        })),
      }),
      ...read,
    ],
  });
  const byFirewall: Rows = [['10.21.0.0/16']];
  const says = (of: EstateSpec, client = {}) =>
    told(linux(of, { traces: {}, ...client }), code).map(({ says: text }) => text);
  const warning = [`warning proven ${address}/32`];

  test.each([
    ['by its NIC', endpointRead()],
    [
      'by its own document',
      endpointRead(undefined, {
        subnet: { id: ids.subnet('spoke-app', 'endpoints') },
        networkInterfaces: [],
        customDnsConfigs: [{ fqdn: 'lake.blob.core.windows.net', ipAddresses: [address] }],
      }).slice(0, 1),
    ],
    ['by a NIC that belongs to one', [nicRead(ids.subnet('spoke-app', 'endpoints'))]],
  ])('is told of an endpoint that is known %s', (_, read) => {
    expect(says(estate(byFirewall, read))).toEqual(warning);
  });

  test('names the subnet whose policies are off', () => {
    const capture = linux(estate(byFirewall), { traces: {} });
    const [finding] = findingsOf(capture, code);
    expect(finding).toMatchObject({
      resource: ids.subnet('spoke-app', 'endpoints'),
      property: 'privateEndpointNetworkPolicies',
      actual: 'Disabled',
      expected: 'RouteTableEnabled',
    });
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(
      /subnet update .* --vnet-name spoke-app -n endpoints --private-endpoint-network-policies RouteTableEnabled$/,
    );
    expect(finding?.summary).toContain(`passes the appliance ${firewall} by`);
    const twoRanges = spokeWith('Disabled', { space: ['10.31.0.0/16', '10.21.0.0/16'] });
    expect(says(estate(byFirewall, undefined, twoRanges))).toEqual(warning);
    expect(cited(capture, code)[0]).toEqual([
      'endpoints: privateEndpointNetworkPolicies is Disabled',
      `rt-gw of the GatewaySubnet: 10.21.0.0/16 goes to ${firewall}`,
    ]);
  });

  test.each([
    ['policies that only admit security groups', spokeWith('NetworkSecurityGroupEnabled'), 1],
    ['policies that admit route tables', spokeWith('RouteTableEnabled'), 0],
    ['all policies on', spokeWith('Enabled'), 0],
    ['policies that were not told', spokeWith(undefined), 0],
    ['no such subnet in the VNet', spokeWith('Disabled', { subnets: [{ name: 'app', prefix: '10.21.1.0/24' }] }), 0],
  ])('with %s: %s', (_, spoke, times) => {
    expect(says(estate(byFirewall, undefined, spoke))).toHaveLength(times);
  });

  test.each([
    ['a route of its subnet', [['10.21.9.0/24']], 1],
    ['a route of the very address: a user’s wins', [['10.21.0.0/16'], [`${address}/32`]], 0],
    ['a route that is wider than the VNet, and loses to the peering’s anyway', [['10.0.0.0/8']], 0],
    ['a route of other networks', [['10.29.0.0/16']], 0],
    ['a route that leads to no appliance', [['10.21.0.0/16', 'VnetLocal']], 0],
    ['a route of a service', [['AzureCloud'], ['10.21.0.0/16']], 1],
    ['no route', [], 0],
  ] as const)('with %s: %s', (_, rows, times) => {
    expect(says(estate(rows))).toHaveLength(times);
  });

  test('an endpoint in the hub goes past it too; one in a VNet apart is not near', () => {
    const inHub = endpointRead(ids.subnet('vnet-hub', 'shared'), {}, '10.20.2.9');
    expect(says(estate([['10.20.0.0/16']], inHub))).toEqual(['warning proven 10.20.2.9/32']);
    const apart = [
      ...endpointRead(ids.subnet('apart', 'endpoints'), {}, '10.30.9.5'),
      arm(
        'virtualNetworks.get',
        ids.vnet('apart'),
        vnet(place, {
          name: 'apart',
          space: ['10.30.0.0/16'],
          subnets: [{ name: 'endpoints', prefix: '10.30.9.0/24' }],
        }),
      ),
    ];
    expect(says(estate([['10.30.0.0/16']], apart))).toEqual([]);
  });

  test('accounts for what is broken around it, not for a default route', () => {
    const spec = estate([...byFirewall]);
    const forced = { ...spec, gateway: { ...spec.gateway, customRoutes: ['0.0.0.0/0', '10.20.0.0/15'] } };
    const capture = linux(forced, { routes: ['10.20.0.0/16'], traces: {} });
    expect(explained(capture, code)).toEqual([['10.21.0.0/16', '10.20.0.0/15']]);
    expect(explained(linux(spec, { traces: { '10.21.1.4': 'answers' } }), code)).toEqual([[]]);
  });
});

describe('without a route', () => {
  const withheld = { far: { useRemoteGateways: false } };
  const estate = (more: Partial<EstateSpec> = {}): EstateSpec => ({
    ...plain,
    spokes: [spokeWith('Disabled', withheld)],
    machines: [],
    extra: () => endpointRead(),
    ...more,
  });
  const asked = (target = address, answer: 'silent' | 'answers' = 'silent') => ({
    traces: { [target]: answer },
    routes: ['10.20.0.0/16', '172.16.50.0/24'],
  });

  test('of an endpoint that somebody asks for, a custom route may be enough', () => {
    const [finding, ...others] = findingsOf(
      windows(estate({ gateway: { ...plain.gateway, customRoutes: ['10.99.0.0/16'] } }), asked()),
      code,
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'info', confidence: 'likely', actual: 'none', explains: [] });
    expect(finding?.summary).toContain(`The private endpoint pe-lake (${address}) stands in spoke-app`);
    expect(finding?.evidence[0].says).toBe(`${address} is of the private endpoint pe-lake`);
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(/ --custom-routes 10\.99\.0\.0\/16 10\.21\.9\.5\/32$/);
    expect(finding?.fixes[0]?.steps).toHaveLength(2);
    const both = { ...asked(), traces: { '10.20.2.4': 'answers', [address]: 'silent' } } as const;
    expect(told(windows(estate(), both), code).map(({ says }) => says)).toEqual([`info likely ${address}/32`]);
  });

  test('of IPv6 it is a /128', () => {
    const six = 'fd00:21:0:9::5';
    const gateway = { ...plain.gateway, pool: ['172.16.50.0/24', 'fd00:50::/64'] };
    const spokes = [spokeWith('Disabled', { ...withheld, space: ['10.21.0.0/16', 'fd00:21::/48'] })];
    const extra = () => endpointRead(undefined, {}, six);
    const row = { type: 'unicast', dst: 'fe80::/64', dev: 'wlp2s0', table: 'main', protocol: 'kernel', scope: 'link' };
    const client = { ...asked(six), extraRoutes: [row] };
    const [finding] = findingsOf(linux(estate({ gateway, spokes, extra }), client), code);
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(/ --custom-routes fd00:21:0:9::5\/128$/);
  });

  test('in a VNet that nobody read it is named by what holds it', () => {
    const [finding] = findingsOf(
      windows(
        estate({
          spokes: [spokeWith('Disabled', { ...withheld, unread: true, near: { allowGatewayTransit: false } })],
        }),
        asked(),
      ),
      code,
    );
    expect(finding?.summary).toContain('stands in spoke-app');
  });

  test.each([
    ['nobody asks for it', estate(), asked('10.20.2.4')],
    ['nobody asks for it, but for its neighbour', estate(), asked('10.21.9.6')],
    ['a route leads there', estate(), { ...asked(), routes: all }],
    [
      'Azure gives the VNet to clients: then the client is at fault',
      estate({ spokes: [spokeWith('Disabled')] }),
      asked(),
    ],
  ])('is not told where %s', (_, spec, client) => {
    expect(told(windows(spec, client), code)).toEqual([]);
  });

  test('in Virtual WAN there are no custom routes to add', () => {
    const at = '10.66.9.5';
    const subnet = vnetOf('app').subnet('endpoints');
    const own = (routing: Wire) =>
      wanClient(
        {
          vnets: [
            {
              name: 'app',
              space: ['10.66.0.0/16'],
              subnets: [{ name: 'endpoints', prefix: '10.66.9.0/24' }],
              connection: { routingConfiguration: routing },
            },
          ],
          extra: endpointRead(subnet, {}, at),
        },
        { routes: ['10.77.9.0/24'], traces: { [at]: 'silent' } },
      );
    const apart = { propagatedRouteTables: { labels: ['none'], ids: [] } };
    const [finding] = findingsOf(own(apart), code);
    expect(finding?.fixes).toEqual([]);
  });
});
