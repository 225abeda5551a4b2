import { describe, expect, test } from 'vitest';
import { effectiveRoute, nicId } from '../../scripts/scenarios/azure-machine.ts';
import { type EstateSpec, idsOf, routeTableRead } from '../../scripts/scenarios/estate.ts';
import { type BundleArtifact, unanswered, type Wire } from '../../scripts/scenarios/wire.ts';
import { linux, plain } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* The way back as the NICs of the spoke show it; for subnets where none was read, as their tables have it. */
const ids = idsOf(plain);
const [spoke, pool] = ['10.21.0.0/16', '172.16.50.0/24'] as const;
type Machine = NonNullable<EstateSpec['machines']>[number];

const app = (more: Partial<Machine> = {}): Machine => ({
  name: 'app',
  address: '10.21.1.4',
  in: ['spoke-app', 'app'],
  ...more,
});
const db = (more: Partial<Machine> = {}): Machine => ({
  name: 'db',
  address: '10.21.2.4',
  in: ['spoke-app', 'db'],
  ...more,
});
const twoSubnets = (tables: { readonly app?: string; readonly db?: string } = {}) => [
  {
    name: 'spoke-app',
    space: [spoke],
    subnets: (['app', 'db'] as const).map((name, index) => {
      const routeTable = tables[name];
      return {
        name,
        prefix: `10.21.${index + 1}.0/24`,
        ...(routeTable !== undefined && { routeTable: ids.id('routeTables', routeTable) }),
      };
    }),
  },
];
const offTable = routeTableRead(ids.place, { name: 'rt-off', disableBgpRoutePropagation: true });
const plainTable = routeTableRead(ids.place, { name: 'rt-on' });
const refused = (name: string, code = 'AuthorizationFailed', operation = 'getEffectiveRouteTable'): BundleArtifact =>
  unanswered(`networkInterfaces.${operation}`, nicId({ ...ids.place, group: 'rg-workloads' }, name), {
    status: 403,
    code,
    message: '',
  });

const back = (more: Partial<EstateSpec>, ...extra: readonly BundleArtifact[]) =>
  rungText(linux({ ...plain, ...more, extra: () => extra }, { traces: {} }), 'returned', spoke).split(' | ');
const leads = (nic: string) => `${nic}: the pool goes to VirtualNetworkGateway by ${pool} (VirtualNetworkGateway)`;
const dies = (nic: string) => `${nic}: the pool goes to None by 172.16.0.0/12 (Default)`;

describe('with a NIC in each of two subnets', () => {
  const spokes = twoSubnets();

  test.each<[string, Machine[], string[]]>([
    ['both lead to the gateway', [app(), db()], ['held', leads('app'), leads('db')]],
    ['one does', [app({ disabled: true }), db()], ['partial', dies('app'), leads('db')]],
    ['none does', [app({ disabled: true }), db({ disabled: true })], ['lost', dies('app'), dies('db')]],
    [
      'one leads to an appliance',
      [app({ user: [effectiveRoute(pool, 'VirtualAppliance', { nextHopIpAddress: ['10.20.9.4'] })] }), db()],
      [
        'partial',
        `app: the pool goes to VirtualAppliance 10.20.9.4 by ${pool} (User)`,
        'the GatewaySubnet has no route table: the way there does not pass the appliance',
        leads('db'),
      ],
    ],
  ])('%s', (_, machines, says) => {
    expect(back({ spokes, machines })).toEqual(says);
  });

  test('a NIC in another range of the VNet says nothing of this one', () => {
    const ranges = [{ name: 'spoke-app', space: [spoke, '10.22.0.0/16'] }];
    const other = { ...db({ disabled: true }), address: '10.22.1.4', in: ['spoke-app', 'app2'] as const };
    expect(back({ spokes: ranges, machines: [app(), other] })).toEqual(['held', leads('app')]);
  });

  test('a subnet that reaches into both ranges counts for both, and so does a NIC in it', () => {
    const properties = { addressPrefix: undefined, addressPrefixes: ['10.22.1.0/24', '10.21.1.0/24'] };
    const subnet = { name: 'app', prefix: '', routeTable: ids.id('routeTables', 'rt-off'), properties };
    const ranges = [{ name: 'spoke-app', space: [spoke, '10.22.0.0/16'], subnets: [subnet] }];
    expect(back({ spokes: ranges, machines: [] }, offTable)[0]).toBe('lost');
    const machines = [app({ properties: severalAddresses('10.21.1.4', '10.22.1.4') })];
    expect(back({ spokes: ranges, machines }, offTable)).toEqual(['held', leads('app')]);
    const capture = linux({ ...plain, spokes: ranges, machines, extra: () => [offTable] }, { traces: {} });
    expect(rungText(capture, 'returned', '10.22.0.0/16')).toBe(`held | ${leads('app')}`);
  });
});

describe("a NIC's routes", () => {
  const row = (prefix: string, nextHopType: string, more: Wire = {}) => effectiveRoute(prefix, nextHopType, more);

  test.each<[string, Wire[], string[]]>([
    [
      'that Azure calls invalid decide nothing',
      [row(pool, 'None', { source: 'User', state: 'Invalid' }), row(pool, 'VirtualNetworkGateway')],
      ['held', leads('app')],
    ],
    [
      "of the user win over the gateway's",
      [row(pool, 'VirtualNetworkGateway'), row(pool, 'None', { source: 'User' })],
      ['lost', `app: the pool goes to None by ${pool} (User)`],
    ],
    [
      "of the gateway win over the system's, where the pool is as wide as a reserved range",
      [row(pool, 'None'), row(pool, 'VirtualNetworkGateway')],
      ['held', leads('app')],
    ],
    [
      'that take half the pool elsewhere leave a half',
      [row(pool, 'VirtualNetworkGateway'), row('172.16.50.128/25', 'Internet', { source: 'User' })],
      ['partial', 'app: the pool goes to Internet by 172.16.50.128/25 (User)', leads('app')],
    ],
    ['may have none to the pool', [row('10.21.0.0/16', 'VnetLocal')], ['lost', 'app has no route to the pool']],
    [
      'to an appliance of no address',
      [row(pool, 'VirtualAppliance')],
      [
        'lost',
        `app: the pool goes to VirtualAppliance by ${pool} (User)`,
        'the GatewaySubnet has no route table: the way there does not pass the appliance',
      ],
    ],
  ])('%s', (_, routes, says) => {
    expect(back({ machines: [app({ routes })] })).toEqual(says);
  });

  test('are asked about the whole pool, each range of it', () => {
    const gateway = { ...plain.gateway, pool: [pool, '172.16.60.0/24'] };
    const machines = [app({ routes: [row(pool, 'VirtualNetworkGateway')] })];
    // The client has an address of the first range: the second is another client's.
    expect(back({ gateway, machines })).toEqual(['held', leads('app')]);
  });
});

describe('where a NIC was not read', () => {
  const machines = [app({ routes: null })];

  test('a refusal leaves it open, whatever lets the routes through', () => {
    const why = 'effective routes of app were not read: AuthorizationFailed';
    expect(back({ machines }, refused('app'))).toEqual(['unknown', why]);
    expect(back({ machines, spokes: twoSubnets({ app: 'rt-on' }) }, plainTable, refused('app'))).toEqual([
      'unknown',
      why,
    ]);
  });

  test("its subnet's table that keeps the gateway's routes out is enough", () => {
    const spokes = twoSubnets({ app: 'rt-off', db: 'rt-on' });
    expect(back({ machines, spokes }, offTable, plainTable, refused('app'))).toEqual([
      'partial',
      'rt-off has disableBgpRoutePropagation on: no gateway route is left',
      "rt-on lets the gateway's routes through",
    ]);
    expect(back({ machines, spokes: twoSubnets({ app: 'rt-off', db: 'rt-off' }) }, offTable, refused('app'))[0]).toBe(
      'lost',
    );
  });

  test('another subnet that keeps them out says nothing of it', () => {
    const says = back(
      { machines, spokes: twoSubnets({ app: 'rt-on', db: 'rt-off' }) },
      plainTable,
      offTable,
      refused('app'),
    );
    expect(says).toEqual(['partial', 'rt-off has disableBgpRoutePropagation on: no gateway route is left']);
  });

  test("another subnet's NIC that leads to the gateway does not vouch for it", () => {
    expect(back({ machines: [...machines, db()], spokes: twoSubnets() }, refused('app'))[0]).toBe('unknown');
  });

  test.each(['NetworkInterfaceNotAttachedToRunningVM', 'VMNotRunning', 'VirtualMachineDeallocated'])(
    'because its machine does not run (%s), its subnet speaks for it',
    (code) => {
      expect(back({ machines }, refused('app', code))).toEqual([
        'held',
        "app has no route table: the gateway's routes reach it",
      ]);
    },
  );

  test('what else was refused of it is another matter, and so is what was refused of others', () => {
    const subnet = "app has no route table: the gateway's routes reach it";
    const rules = refused('app', 'AuthorizationFailed', 'listEffectiveNetworkSecurityGroups');
    expect(back({ machines }, rules)).toEqual(['held', subnet]);
    expect(back({ machines }, refused('somebody-elses'))).toEqual(['held', subnet]);
  });
});

describe('where no NIC runs', () => {
  test('the tables count only as far as the peering is known to let the routes through', () => {
    const unread = [{ name: 'spoke-app', space: [spoke], far: { useRemoteGateways: undefined } }];
    expect(back({ spokes: unread, machines: [] })).toEqual(['unknown']);
    expect(back({ spokes: unread, machines: [app()] })).toEqual(['held', leads('app')]);
    const [two] = twoSubnets().map((one) => ({ ...one, far: { useRemoteGateways: undefined } }));
    expect(two && back({ spokes: [two], machines: [app()] })[0]).toBe('held');
  });

  test('a VNet without a subnet in the range has nobody to ask', () => {
    expect(back({ spokes: [{ name: 'spoke-app', space: [spoke], subnets: [] }], machines: [] })).toEqual(['unknown']);
  });

  test('the GatewaySubnet is no place of a target', () => {
    const subnets = [{ name: 'GatewaySubnet', prefix: '10.20.1.0/27', routeTable: ids.id('routeTables', 'rt-off') }];
    const capture = linux(
      { ...plain, hub: { ...plain.hub, subnets }, machines: [], extra: () => [offTable] },
      { traces: {} },
    );
    expect(rungText(capture, 'returned', '10.20.0.0/16')).toBe('unknown');
  });

  test('a range of a VNet that nobody read is no less a place of Azure', () => {
    const near = { remoteVirtualNetworkAddressSpace: { addressPrefixes: [spoke, '10.22.0.0/16'] } };
    const capture = linux(
      { ...plain, spokes: [{ name: 'spoke-app', space: [spoke], near, unread: true }], machines: [] },
      { traces: {} },
    );
    for (const prefix of [spoke, '10.22.0.0/16']) expect(rungText(capture, 'returned', prefix)).toBe('unknown');
    expect(rungText(capture, 'returned', pool)).toBe('not-applicable');
  });
});

test('access that a peering denies is no way back, whatever the NIC has', () => {
  const says = back({
    spokes: [{ name: 'spoke-app', space: [spoke], far: { allowVirtualNetworkAccess: false } }],
    machines: [app()],
  });
  expect(says[0]).toBe('lost');
  expect(says.join()).toContain('allowVirtualNetworkAccess is false');
});

/** Configurations of a NIC with several addresses, of which the first alone tells its subnet. */
function severalAddresses(...addresses: readonly string[]): Wire {
  const ipConfigurations = addresses.map((privateIPAddress, index) => ({
    name: `ipconfig${index}`,
    properties: { privateIPAddress, ...(index === 0 && { subnet: { id: ids.subnet('spoke-app', 'app') } }) },
  }));
  return { ipConfigurations };
}
