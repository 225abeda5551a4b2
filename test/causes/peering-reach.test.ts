import { describe, expect, test } from 'vitest';
import { connection, gateway, peering, type SubnetSpec, vnet } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import type { Hops } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { all, type Change, linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './explained.ts';

/* What a peering does not reach: a subnet it leaves out, a VNet beyond, a VNet apart, a VNet behind another gateway. */
const ids = idsOf(plain);
const [spoke, beyond, apart] = [ids.vnet('spoke-app'), ids.vnet('beyond'), ids.vnet('apart')];
const quiet = { traces: {} };
const asking = (target: string, answer: Hops = 'silent') => ({ traces: { [target]: answer } });
const says = (capture: Parameters<typeof told>[0], code: string) => told(capture, code).map(({ says: text }) => text);
const readOf = (name: string, space: readonly string[], more = {}): BundleArtifact =>
  arm('virtualNetworks.get', ids.vnet(name), vnet(ids.place, { name, space, ...more }));

describe('subnet-not-peered', () => {
  const code = 'subnet-not-peered';
  const names = ['front', 'batch'];
  const subnets: readonly SubnetSpec[] = [
    { name: 'front', prefix: '10.21.1.0/24' },
    { name: 'batch', prefix: '10.21.2.0/24' },
    { name: 'store', prefix: '10.21.3.0/24' },
  ];
  const bySubnets = { peerCompleteVnets: false, remoteSubnetNames: names };
  const of = (more: Partial<SpokeSpec> = {}): EstateSpec => ({
    ...plain,
    machines: [],
    issued: null,
    spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], subnets, near: bySubnets, ...more }],
  });
  const [error, warning] = ['error proven 10.21.0.0/16', 'warning proven 10.21.0.0/16'];

  test.each([
    ['a subnet that somebody asks for', of(), asking('10.21.3.4'), error],
    ['a subnet that nobody asks for', of(), asking('10.21.1.4', 'answers'), warning],
    [
      'one of two subnets, asked for',
      of({ near: { ...bySubnets, remoteSubnetNames: ['front'] } }),
      asking('10.21.3.4'),
      error,
    ],
    ['a subnet, where the prefix is broken', of(), { ...quiet, routes: ['10.20.0.0/16'] }, error],
  ])('of %s', (_, estate, client, expected) => {
    expect(says(linux(estate, client), code)).toEqual([expected]);
  });

  test('names what is left out, and adds it in the half that lists it', () => {
    const [finding] = findingsOf(linux(of(), quiet), code);
    expect(finding?.summary).toMatch(/; store is left out\.$/);
    expect(finding).toMatchObject({
      property: 'remoteSubnetNames',
      actual: 'front, batch',
      expected: 'front, batch, store',
    });
    expect(finding?.fixes[0]?.commands[0]?.command).toContain('--vnet-name vnet-hub -n to-spoke-app --set');
    expect(finding?.fixes[0]?.commands[0]?.command).toContain(`remoteSubnetNames=["front","batch","store"]`);
    const more = { ...bySubnets, remoteSubnetNames: ['front'] };
    expect(findingsOf(linux(of({ near: more }), quiet), code)[0]?.summary).toMatch(/; batch, store are left out\.$/);
  });

  test("where the spoke's half alone is by subnets, it lists them as its own", () => {
    const far = { peerCompleteVnets: false, localSubnetNames: names, remoteSubnetNames: ['shared'] };
    const [finding] = findingsOf(linux(of({ near: {}, far }), quiet), code);
    expect(finding?.resource).toMatch(/spoke-app\/virtualNetworkPeerings\/to-vnet-hub$/);
    expect(finding).toMatchObject({
      property: 'localSubnetNames',
      actual: 'front, batch',
      expected: 'front, batch, store',
    });
    expect(finding?.fixes[0]?.commands[0]?.command).toContain(`localSubnetNames=["front","batch","store"]`);
    expect(finding?.evidence[0].says).toMatch(/peers only front, batch$/);
  });

  test('packets to a subnet that is left out are dropped, by whatever route they come', () => {
    const estate = of();
    const withRoute = { ...estate, gateway: { ...estate.gateway, customRoutes: ['10.21.0.0/16'] } };
    expect(says(linux(withRoute, asking('10.21.3.4')), code)).toEqual([error]);
  });

  test('of a VNet of both families only ranges that clients are given count', () => {
    const dual = (ranges: readonly string[]) => [
      ...subnets.slice(0, 2),
      { name: 'store', prefix: '', properties: { addressPrefix: undefined, addressPrefixes: ranges } },
    ];
    const estate = (ranges: readonly string[]) =>
      of({ space: ['10.21.0.0/16', 'fd00:21::/48'], subnets: dual(ranges) });
    expect(says(linux(estate(['fd00:21:0:3::/64']), quiet), code)).toEqual([]);
    const both = linux(estate(['10.21.3.0/24', 'fd00:21:0:3::/64']), asking('10.21.3.4'));
    expect(says(both, code)).toEqual([error]);
  });

  test('a subnet of two ranges is named once', () => {
    const wide = {
      name: 'store',
      prefix: '',
      properties: { addressPrefix: undefined, addressPrefixes: ['10.21.3.0/24', '10.31.3.0/24'] },
    };
    const estate = of({ space: ['10.21.0.0/16', '10.31.0.0/16'], subnets: [...subnets.slice(0, 2), wide] });
    expect(findingsOf(linux(estate, quiet), code)[0]?.expected).toBe('front, batch, store');
  });

  test.each([
    [
      'all subnets are named, and the prefix is broken for another reason',
      of({ near: { ...bySubnets, remoteSubnetNames: [...names, 'store'] } }),
      { ...quiet, routes: ['10.20.0.0/16'] },
      [],
    ],
    ['the VNet was not read, and nothing is broken', of({ unread: true }), quiet, []],
    [
      'the VNet was not read, and the prefix is broken',
      of({ unread: true }),
      { ...quiet, routes: ['10.20.0.0/16'], traces: {} },
      [],
    ],
    [
      'the subnets were not told, and the prefix is broken',
      of({ subnets: [] }),
      { ...quiet, routes: ['10.20.0.0/16'] },
      ['error likely 10.21.0.0/16'],
    ],
    ['the subnets were not told, and nothing is broken', of({ subnets: [] }), quiet, []],
  ])('where %s', (_, estate, client, expected) => {
    expect(says(linux(estate, client), code)).toEqual(expected);
  });
});

describe('peering-not-transitive', () => {
  const code = 'peering-not-transitive';
  const near = peering({ from: spoke, to: beyond, remoteSpace: ['10.30.0.0/16'] });
  const far = peering({ from: beyond, to: spoke, remoteSpace: ['10.21.0.0/16'] });
  const [app] = plain.spokes ?? [];
  const chain = (extra: readonly BundleArtifact[], ...peerings: readonly (typeof near)[]): EstateSpec => ({
    ...plain,
    spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], ...app, peerings }],
    extra: () => extra,
  });

  test.each([
    ["the spoke's half", chain([], near)],
    ["the far VNet's own half", chain([readOf('beyond', ['10.30.0.0/16'], { peerings: [far] })])],
    ['both', chain([readOf('beyond', ['10.30.0.0/16'], { peerings: [far] })], near)],
  ])('by %s it is the far VNet that needs a peering with the hub', (_, estate) => {
    const [finding] = findingsOf(linux(estate, asking('10.30.1.4')), code);
    expect(finding).toMatchObject({
      severity: 'info',
      resource: beyond,
      expected: 'a peering with vnet-hub',
      actual: 'a peering with spoke-app only',
    });
    expect(finding?.fixes[0]?.commands[0]?.command).toContain(`--remote-vnet ${beyond}`);
  });

  test('is told only when asked for, or where a route leads there', () => {
    expect(says(linux(chain([], near), quiet), code)).toEqual([]);
    expect(says(linux(chain([], near), { ...quiet, routes: [...all, '10.30.0.0/16'] }), code)).toEqual([
      'info proven 10.30.0.0/16',
    ]);
  });
});

describe('vnet-not-peered', () => {
  const code = 'vnet-not-peered';
  const of = (more: Partial<EstateSpec> = {}): EstateSpec => ({
    ...plain,
    extra: () => [readOf('apart', ['10.30.0.0/16'])],
    ...more,
  });

  test.each([
    ['with others', of(), 'spoke-app'],
    ['with none', of({ spokes: [], machines: [] }), 'no other VNet'],
  ])('says what the hub is peered with: %s', (_, estate, actual) => {
    const [finding] = findingsOf(windows(estate, asking('10.30.1.4')), code);
    expect(finding).toMatchObject({
      severity: 'warning',
      confidence: 'proven',
      actual,
      expected: 'a peering with apart',
    });
    expect(finding?.fixes[0]?.commands[0]?.command).toContain(`--remote-vnet ${apart}`);
  });

  test('is not told of what nobody asked for, nor where the peerings of the hub were not read', () => {
    expect(says(windows(of(), quiet), code)).toEqual([]);
    const untold = of({ hub: { ...plain.hub, properties: { virtualNetworkPeerings: undefined } } });
    expect(says(windows(untold, asking('10.30.1.4')), code)).toEqual([]);
  });

  test('by the list of peerings alone, where the VNet itself was not read', () => {
    const listed: Change = (artifacts) => [
      ...artifacts.filter(({ id }) => id !== 'arm:virtualNetworks.get.vnet-hub'),
      arm('virtualNetworkPeerings.list', ids.hub, {
        value: [
          peering({
            from: ids.hub,
            to: spoke,
            remoteSpace: ['10.21.0.0/16'],
            properties: { allowGatewayTransit: true },
          }),
        ],
      }),
    ];
    expect(cited(windows(of(), asking('10.30.1.4'), listed), code)[0]).toContain('vnet-hub is peered with spoke-app');
  });
});

describe('vnet-to-vnet-without-pool', () => {
  const code = 'vnet-to-vnet-without-pool';
  const farGateway = ids.id('virtualNetworkGateways', 'gw-apart');
  const of = (enableBgp: boolean | undefined): EstateSpec => ({
    ...plain,
    extra: () => [
      arm('virtualNetworkGateways.listConnections', ids.gateway, {
        value: [
          connection(ids.place, {
            name: 'cn-apart',
            type: 'Vnet2Vnet',
            from: ids.gateway,
            to: farGateway,
            properties: { enableBgp },
          }),
        ],
      }),
      arm(
        'virtualNetworkGateways.get',
        farGateway,
        gateway(ids.place, { name: 'gw-apart', pool: [], home: apart, publicAddress: '20.50.7.8' }),
      ),
      readOf('apart', ['10.30.0.0/16']),
    ],
  });
  const led = { routes: [...all, '10.30.0.0/16'] };

  test.each([
    ['asked for', of(false), asking('10.30.1.4'), 1],
    ['with a route that leads there', of(false), { ...quiet, ...led }, 1],
    ['that nobody asks for', of(false), quiet, 0],
    ['that answers', of(false), { ...asking('10.30.1.4', 'answers'), ...led }, 0],
    ['with BGP', of(true), asking('10.30.1.4'), 0],
    ['of which nobody knows whether it has BGP', of(undefined), asking('10.30.1.4'), 0],
  ])('of a VNet behind a connection without BGP, %s', (_, estate, client, times) => {
    expect(findingsOf(linux(estate, client), code)).toHaveLength(times);
  });

  test('a peered VNet that stays silent is none', () => {
    expect(says(linux(of(false), asking('10.21.1.4')), code)).toEqual([]);
  });
});
