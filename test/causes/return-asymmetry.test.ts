import { describe, expect, test } from 'vitest';
import { effectiveRoute, effectiveRoutes, nic, nicId } from '../../scripts/scenarios/azure-machine.ts';
import { type EstateSpec, idsOf, routeTableRead, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { linux, plain, told } from '../diagnosis/conclude.ts';
import { findingsOf } from './explained.ts';
import { vnetOf, wanClient, pool as wanPool } from './virtual-wan.ts';

/* A firewall in the hub, and only one direction passes it. */
const code = 'return-path-asymmetric';
const ids = idsOf(plain);
const pool = '172.16.50.0/24';
const spoke = '10.21.0.0/16';
const firewall = '10.20.3.4';
const quiet = { traces: {} };
const rtGateway = ids.id('routeTables', 'rt-gateway');
type Routes = readonly (readonly [prefix: string, nextHopType?: string])[];

interface Path {
  /** What the GatewaySubnet's table sends by the firewall; null: it has no table. */
  readonly there: Routes | null;
  /** Whether the spoke's machine answers by the firewall. */
  readonly back?: boolean;
  readonly forwards?: boolean;
  readonly more?: Partial<EstateSpec>;
}

const estate = ({ there, back = true, forwards = true, more = {} }: Path): EstateSpec => ({
  ...plain,
  hub: {
    ...plain.hub,
    subnets: [
      { name: 'GatewaySubnet', prefix: '10.20.1.0/27', ...(there !== null && { routeTable: rtGateway }) },
      { name: 'firewall', prefix: '10.20.3.0/26' },
    ],
  },
  machines: [
    { name: 'fw', address: firewall, in: ['vnet-hub', 'firewall'], properties: { enableIPForwarding: forwards } },
    {
      name: 'app',
      address: '10.21.1.4',
      in: ['spoke-app', 'app'],
      ...(back && { user: [effectiveRoute(pool, 'VirtualAppliance', { nextHopIpAddress: [firewall] })] }),
    },
  ],
  extra: () =>
    there === null
      ? []
      : [
          routeTableRead(ids.place, {
            name: 'rt-gateway',
            routes: there.map(([prefix, nextHopType = 'VirtualAppliance'], index) => ({
              name: `r${index}`,
              prefix,
              nextHopType,
              ...(nextHopType.startsWith('VirtualAppliance') && { nextHop: firewall }),
            })),
          }),
        ],
  ...more,
});
const says = (path: Path, traces = {}) => told(linux(estate(path), { traces }), code).map(({ says: text }) => text);

describe('replies pass the firewall, packets do not', () => {
  test.each([
    ['the GatewaySubnet has no table', null],
    ['its table knows other networks only', [['10.29.0.0/16']]],
    ['its table leads there past the firewall', [[spoke, 'VnetLocal']]],
  ] as const)('where %s', (_, there) => {
    expect(says({ there })).toEqual([`error proven ${spoke}`]);
    expect(says({ there }, { '10.21.1.4': 'answers' })).toEqual([`warning proven ${spoke}`]);
  });

  test('is a warning only where every network concerned answers', () => {
    const db: SpokeSpec = { name: 'spoke-db', space: ['10.22.0.0/16'] };
    const base = estate({ there: null });
    const user = [effectiveRoute(pool, 'VirtualAppliance', { nextHopIpAddress: [firewall] })];
    const both: EstateSpec = {
      ...base,
      spokes: [...(plain.spokes ?? []), db],
      machines: [...(base.machines ?? []), { name: 'db', address: '10.22.1.4', in: ['spoke-db', 'app'], user }],
    };
    const of = (traces: Parameters<typeof linux>[1]) => told(linux(both, traces), code).map(({ says: text }) => text);
    expect(of({ traces: { '10.21.1.4': 'answers' } })).toEqual([`error proven ${spoke} 10.22.0.0/16`]);
  });

  test('the way there gets a route in the table that the GatewaySubnet has, or a table', () => {
    const [withTable] = findingsOf(linux(estate({ there: [['10.29.0.0/16']] }), quiet), code);
    expect(withTable).toMatchObject({
      resource: rtGateway,
      property: 'routes',
      expected: `${spoke} by way of ${firewall}`,
      actual: 'straight to the target',
    });
    expect(withTable?.summary).toContain('but the GatewaySubnet sends packets there past it');
    expect(withTable?.fixes[0]?.commands[0]?.command).toMatch(
      /route create .* --route-table-name rt-gateway -n by-appliance-1 --address-prefix 10\.21\.0\.0\/16 --next-hop-type VirtualAppliance --next-hop-ip-address 10\.20\.3\.4$/,
    );
    const [without] = findingsOf(linux(estate({ there: null }), quiet), code);
    expect(without?.resource).toBe(ids.subnet('vnet-hub', 'GatewaySubnet'));
    expect(without?.fixes[0]?.commands).toEqual([]);
    expect(without?.fixes[0]?.steps[0]).toMatch(
      /^Make a route table for the GatewaySubnet with 10\.21\.0\.0\/16 to VirtualAppliance 10\.20\.3\.4/,
    );
    // Or the way back goes straight as well.
    expect(without?.fixes[1]?.steps.join()).toContain(pool);
  });

  test('a firewall that does not forward is the fault itself', () => {
    const [finding] = findingsOf(linux(estate({ there: [[spoke]], forwards: false }), quiet), code);
    expect(finding).toMatchObject({
      severity: 'error',
      resource: nicId({ ...ids.place, group: 'rg-workloads' }, 'fw'),
      property: 'enableIPForwarding',
      expected: 'true',
      actual: 'false',
    });
    expect(finding?.summary).toMatch(/network interface does not forward packets\.$/);
    expect(finding?.fixes).toHaveLength(1);
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(/^az network nic update .* -n fw --ip-forwarding true$/);
    expect(finding?.fixes[0]?.steps).toEqual(['The operating system of the appliance must forward as well.']);
  });

  test('an appliance that nobody knows is no path that is meant', () => {
    const unknown = estate({ there: null });
    const alone = { ...unknown, machines: (unknown.machines ?? []).filter(({ name }) => name !== 'fw') };
    expect(findingsOf(linux(alone, quiet), code)).toEqual([]);
    expect(findingsOf(linux(alone, quiet), 'return-route-overridden')).toHaveLength(1);
    expect(findingsOf(linux(unknown, quiet), 'return-route-overridden')).toEqual([]);
  });

  test('in Virtual WAN it is the hub that sends packets past it', () => {
    const address = '10.66.9.4';
    const place = vnetOf('app').place;
    const machine = (name: string, at: string, more = {}) =>
      arm(
        'networkInterfaces.get',
        nicId(place, name),
        nic(place, { name, address: at, subnet: vnetOf('app').subnet('app'), properties: more }),
      );
    const routes = effectiveRoutes({
      local: ['10.66.0.0/16'],
      gateway: [wanPool],
      user: [effectiveRoute(wanPool, 'VirtualAppliance', { nextHopIpAddress: [address] })],
    });
    const capture = wanClient({
      vnets: [{ name: 'app', space: ['10.66.0.0/16'], subnets: [{ name: 'app', prefix: '10.66.0.0/20' }] }],
      extra: [
        machine('nva', address, { enableIPForwarding: true }),
        machine('srv', '10.66.1.4'),
        arm('networkInterfaces.getEffectiveRouteTable', nicId(place, 'srv'), { value: routes }),
      ],
    });
    const [finding] = findingsOf(capture, code);
    expect(finding?.summary).toContain('but the hub sends packets there past it');
    expect(finding?.resource).toBeUndefined();
    expect(finding?.fixes[0]?.steps[0]).toMatch(/^Give the hub a static route for 10\.66\.0\.0\/16/);
  });
});

describe('packets pass the firewall, replies do not', () => {
  test.each([
    ['nobody asked', {}, 'error likely'],
    ['something answers', { '10.21.1.4': 'answers' }, 'warning proven'],
  ])('where %s', (_, traces, expected) => {
    expect(says({ there: [[spoke]], back: false }, traces)).toEqual([`${expected} ${spoke}`]);
  });

  test('names the table, and what to add at the other end', () => {
    const [finding] = findingsOf(linux(estate({ there: [['10.21.1.0/24']], back: false }), quiet), code);
    expect(finding).toMatchObject({
      resource: rtGateway,
      property: 'routes',
      actual: `10.21.1.0/24 by ${firewall}; the client pool straight to the gateway`,
    });
    expect(finding?.evidence[0].says).toBe(`rt-gateway of the GatewaySubnet: 10.21.1.0/24 goes to ${firewall}`);
    expect(finding?.fixes[0]?.commands).toEqual([]);
    expect(finding?.fixes[0]?.steps[0]).toContain(`lead ${pool} to VirtualAppliance ${firewall}`);
  });

  test.each([
    ['both directions pass it', { there: [[spoke]] }],
    ['neither does', { there: [], back: false }],
    ['a wider route loses to that of the peering', { there: [['10.0.0.0/8']], back: false }],
    ['the route leads to another network', { there: [['10.29.0.0/16']], back: false }],
    ["it is the firewall's own VNet", { there: [['10.20.3.0/26']], back: false }],
    ['the way back is cut for another reason', { there: [[spoke]], back: false, more: { propagated: [] } }],
  ] as const)('is not told where %s', (_, path) => {
    expect(says(path)).toEqual([]);
  });
});
