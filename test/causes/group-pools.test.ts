import { describe, expect, test } from 'vitest';
import { effectiveRoute } from '../../scripts/scenarios/azure-machine.ts';
import { type EstateSpec, idsOf, routeTableRead, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import type { Wire } from '../../scripts/scenarios/wire.ts';
import { plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* Pools by user group, and a way back that names the pool of another. */
const code = 'group-pool-not-routed';
const ids = idsOf(plain);
const [hub, spoke] = ['10.20.0.0/16', '10.21.0.0/16'];
const [employees, mine, guests] = ['172.20.16.0/24', '172.20.17.0/24', '172.20.18.0/24'];
const table = (name: string) => ids.id('routeTables', name);

interface Route {
  readonly prefix: string;
  readonly type?: string;
  readonly hop?: string;
}
const toGateway = (prefix: string): Route => ({ prefix });

/** Three groups; this computer's address is of the second. The spoke's subnet has a table of its own. */
function grouped(
  routes: readonly Route[],
  more: Partial<EstateSpec> & { readonly propagates?: boolean; readonly spoke?: Partial<SpokeSpec> } = {},
): EstateSpec {
  const { propagates = false, spoke: changed, ...rest } = more;
  return {
    ...plain,
    gateway: {
      ...plain.gateway,
      pool: [employees],
      groups: [
        { name: 'contractors', pool: [mine] },
        { name: 'guests', pool: [guests] },
      ],
    },
    spokes: [
      {
        name: 'spoke-app',
        space: [spoke],
        subnets: [{ name: 'app', prefix: '10.21.1.0/24', routeTable: table('rt-app') }],
        ...changed,
      },
    ],
    machines: [],
    issued: null,
    extra: ({ place }) => [
      routeTableRead(place, {
        name: 'rt-app',
        disableBgpRoutePropagation: !propagates,
        routes: routes.map(({ prefix, type = 'VirtualNetworkGateway', hop }, index) => ({
          name: `r${index}`,
          prefix,
          nextHopType: type,
          ...(hop !== undefined && { nextHop: hop }),
        })),
      }),
    ],
    ...rest,
  };
}
const capture = (of: EstateSpec) =>
  windows(of, { tunnelAddress: '172.20.17.9', routes: [hub, spoke, mine], traces: {} });
const says = (of: EstateSpec) => told(capture(of), code).map((one) => one.says);

/** The same, as the machine's NIC has it. */
const byNic = (user: readonly Wire[], more: Partial<EstateSpec> = {}) =>
  grouped([], {
    machines: [{ name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'], disabled: true, user }],
    ...more,
  });
const userRoute = (prefix: string, type = 'VirtualNetworkGateway', more: Wire = {}) =>
  effectiveRoute(prefix, type, { source: 'User', disableBgpRoutePropagation: true, ...more });

describe('a way back for another group’s pool alone', () => {
  test('is one for each group to be told of: name this one’s in the same table', () => {
    const of = capture(grouped([toGateway(employees)]));
    expect(told(of, code)).toEqual([
      {
        says: `error proven ${spoke}`,
        actual: employees,
        commands: [
          expect.stringMatching(
            /route-table route create .* --route-table-name rt-app -n vpn-clients-of-group --address-prefix 172\.20\.17\.0\/24 --next-hop-type VirtualNetworkGateway$/,
          ),
          expect.stringMatching(
            /-AddressPrefix 172\.20\.17\.0\/24 -NextHopType VirtualNetworkGateway \| Set-AzRouteTable$/,
          ),
        ],
      },
    ]);
    const [finding] = findingsOf(of, code);
    expect(finding?.resource).toBe(table('rt-app'));
    expect(finding && cited(finding)).toEqual([
      `a user route for ${employees}, another group's pool`,
      expect.stringMatching(/^rt-app/),
      `${mine} is the pool of this computer's group`,
    ]);
  });

  test('by way of an appliance is to be one by way of the same', () => {
    const route = { prefix: employees, type: 'VirtualAppliance', hop: '10.20.9.4' };
    const [finding] = told(capture(grouped([{ ...route, prefix: 'Storage' }, route])), code);
    expect(finding?.commands).toEqual([
      expect.stringMatching(/--next-hop-type VirtualAppliance --next-hop-ip-address 10\.20\.9\.4$/),
      expect.stringMatching(/-NextHopType VirtualAppliance -NextHopIpAddress 10\.20\.9\.4 \| Set-AzRouteTable$/),
    ]);
  });

  test.each<[string, EstateSpec]>([
    ['on a machine’s NIC', byNic([userRoute(employees)])],
    ['on a NIC, beside one for something else', byNic([userRoute('10.99.0.0/16'), userRoute(guests)])],
  ])('shows %s too', (_, of) => {
    expect(says(of)).toEqual([`error proven ${spoke}`]);
  });

  test('in a table that is not known offers no command', () => {
    const subnets = [{ name: 'app', prefix: '10.21.1.0/24' }];
    const of = capture(byNic([userRoute(employees)], { spokes: [{ name: 'spoke-app', space: [spoke], subnets }] }));
    const [finding] = findingsOf(of, code);
    expect(finding?.resource).toBeUndefined();
    expect(finding?.fixes[0]).toMatchObject({
      role: "Network Contributor on the route table of the target's subnet",
      commands: [],
    });
  });

  test('is told once for each table, with all that the table cuts off', () => {
    const [third, fourth] = ['10.22.0.0/16', '10.23.0.0/16'];
    const subnet = (name: string, prefix: string, rt: string) => ({ name, prefix, routeTable: table(rt) });
    const estate = grouped([toGateway(employees)], {
      spoke: {
        space: [spoke, third, fourth],
        subnets: [
          subnet('app', '10.21.1.0/24', 'rt-app'),
          subnet('app2', '10.21.2.0/24', 'rt-app'),
          subnet('db', '10.22.1.0/24', 'rt-app'),
          subnet('web', '10.23.1.0/24', 'rt-web'),
        ],
      },
    });
    const web = routeTableRead(ids.place, {
      name: 'rt-web',
      disableBgpRoutePropagation: true,
      routes: [{ name: 'guests', prefix: guests, nextHopType: 'VirtualNetworkGateway' }],
    });
    expect(says({ ...estate, extra: (all) => [...(estate.extra?.(all) ?? []), web] })).toEqual([
      `error proven ${spoke} ${third}`,
      `error proven ${fourth}`,
    ]);
  });
});

describe('nothing is amiss with the groups where', () => {
  test.each<[string, EstateSpec]>([
    ['the gateway’s own routes arrive beside it', grouped([toGateway(employees)], { propagates: true })],
    ['this group’s pool is named too', grouped([toGateway(employees), toGateway(mine)])],
    ['no route names a pool: propagation is off, for all', grouped([])],
    [
      'a route is wide enough for all groups',
      grouped([{ prefix: '172.20.0.0/16', type: 'VirtualAppliance', hop: '10.20.9.4' }]),
    ],
    ['a route takes the other pool nowhere', grouped([{ prefix: employees, type: 'None' }])],
    ['a route names a part of the other pool', grouped([toGateway('172.20.16.0/25')])],
    [
      'the other pool’s route is the gateway’s own',
      byNic([effectiveRoute(employees, 'VirtualNetworkGateway', { disableBgpRoutePropagation: true })]),
    ],
    ['the pool is one for all', grouped([toGateway(employees)], { gateway: { ...plain.gateway, pool: [mine] } })],
  ])('%s', (_, of) => {
    expect(says(of)).toEqual([]);
  });

  test('it is a VNet that no client gets', () => {
    const of = grouped([toGateway(employees)], { spoke: { near: null, far: null } });
    expect(
      told(windows(of, { tunnelAddress: '172.20.17.9', routes: [hub, mine], traces: { '10.21.1.4': 'silent' } }), code),
    ).toEqual([]);
  });

  test('a route names one range of both families, of a pool that has both', () => {
    const of = grouped([{ prefix: '172.20.0.0/16', type: 'VirtualAppliance', hop: '10.20.9.4' }]);
    const dual = {
      ...of.gateway,
      groups: [{ name: 'contractors', pool: [mine, 'fd50::/64'] }],
    };
    expect(says({ ...of, gateway: dual })).toEqual([]);
  });
});
