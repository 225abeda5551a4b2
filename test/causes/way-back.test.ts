import { describe, expect, test } from 'vitest';
import { effectiveRoute, effectiveRoutes } from '../../scripts/scenarios/azure-machine.ts';
import { type EstateSpec, idsOf, routeTableRead, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import type { Wire } from '../../scripts/scenarios/wire.ts';
import { linux, plain, told } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './explained.ts';

/* Replies that do not find the gateway: its routes are kept out of the subnet, or a user route beats them. */
type Table = Omit<Parameters<typeof routeTableRead>[1], 'name'>;
type Machine = NonNullable<EstateSpec['machines']>[number];
const ids = idsOf(plain);
const pool = '172.16.50.0/24';
const rt = ids.id('routeTables', 'rt-app');
const quiet = { traces: {} };
const app: SpokeSpec = {
  name: 'spoke-app',
  space: ['10.21.0.0/16'],
  subnets: [{ name: 'app', prefix: '10.21.1.0/24', routeTable: rt }],
};
const vm = (more: Partial<Machine> = {}): Machine => ({
  name: 'app',
  address: '10.21.1.4',
  in: ['spoke-app', 'app'],
  ...more,
});
/** The spoke's subnet has a route table (null: nobody read it) and perhaps machines. */
const estate = (
  table: Table | null,
  machines: readonly Machine[] = [],
  more: Partial<EstateSpec> = {},
): EstateSpec => ({
  ...plain,
  spokes: [app],
  machines,
  extra: () => (table === null ? [] : [routeTableRead(ids.place, { name: 'rt-app', ...table })]),
  ...more,
});
const route = (prefix: string, nextHopType: string, nextHop?: string) => ({
  routes: [{ name: 'own', prefix, nextHopType, ...(nextHop !== undefined && { nextHop }) }],
});
const off = { disableBgpRoutePropagation: true };
/** Effective routes without a route of the gateway, whose rows tell nothing of propagation. */
const bare = effectiveRoutes({ local: app.space, peered: ['10.20.0.0/16'] }).map(
  ({ disableBgpRoutePropagation: _told, ...row }): Wire => row,
);
const [spoke, hub] = ['10.21.0.0/16', '10.20.0.0/16'];

describe('return-propagation-disabled', () => {
  const code = 'return-propagation-disabled';
  const of = (spec: EstateSpec, client = quiet) =>
    findingsOf(linux(spec, client), code).map(({ severity, confidence, actual, prefixes }) =>
      [severity, confidence, actual, prefixes.length].join(' '),
    );
  const unsure = 'not read; no route of the gateway is left';

  test.each([
    ['the table says so, and no machine runs', estate(off), 'error proven true 1'],
    ['a machine shows it, of a table nobody read', estate(null, [vm({ disabled: true })]), 'error proven true 1'],
    ['a machine lacks the routes, and the table says why', estate(off, [vm({ routes: bare })]), 'error proven true 1'],
    [
      'a machine lacks the routes, and nobody read the table',
      estate(null, [vm({ routes: bare })]),
      `error likely ${unsure} 1`,
    ],
    [
      'of two machines one shows it',
      estate(null, [vm({ disabled: true }), vm({ name: 'app2', address: '10.21.1.5', routes: bare })]),
      `error likely ${unsure} 1`,
    ],
    [
      'a machine whose widest route of all is a user’s',
      estate(null, [
        vm({
          disabled: true,
          user: [effectiveRoute('172.16.0.0/12', 'VirtualAppliance', { nextHopIpAddress: ['10.21.9.9'], ...off })],
        }),
      ]),
      'error proven true 1',
    ],
  ])('is told where %s', (_, spec, says) => {
    expect(of(spec)).toEqual([says]);
  });

  test.each([
    ['the table lets them in', estate({ disableBgpRoutePropagation: false })],
    ['the table has a route to the gateway of its own', estate({ ...off, ...route(pool, 'VirtualNetworkGateway') })],
    ['a user route beats them anyway', estate({ ...off, ...route(pool, 'None') })],
    [
      'a machine shows such a user route',
      estate(null, [vm({ disabled: true, user: [effectiveRoute(pool, 'None', { source: 'User', ...off })] })]),
    ],
    [
      'a machine lacks the routes, and its subnet has no table',
      estate(null, [vm({ routes: bare })], {
        spokes: [{ ...app, subnets: [{ name: 'app', prefix: '10.21.1.0/24' }] }],
      }),
    ],
    ['a machine lacks the routes, and the table lets them in', estate({}, [vm({ routes: bare })])],
    ['it is a VNet that nobody is given', estate(off, [], { spokes: [], extra: () => [] })],
  ])('is not told where %s', (_, spec) => {
    expect(of(spec)).toEqual([]);
  });

  test('names the table to change', () => {
    const [finding] = findingsOf(linux(estate(null, [vm({ disabled: true })]), quiet), code);
    expect(finding).toMatchObject({ resource: rt, property: 'disableBgpRoutePropagation', expected: 'false' });
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(
      /route-table update .* -n rt-app --disable-bgp-route-propagation false$/,
    );
    expect(cited(linux(estate(off), quiet), code)[0]).toEqual([
      'rt-app has disableBgpRoutePropagation on: no gateway route is left',
    ]);
  });

  test.each([
    ['of a subnet that shows no table', { subnets: [{ name: 'app', prefix: '10.21.1.0/24' }] }],
    ['of a subnet that the VNet does not list', { subnets: [] }],
  ])('a machine %s tells it all the same; the table is to be found', (_, subnets) => {
    const [finding] = findingsOf(
      linux(estate(null, [vm({ disabled: true })], { spokes: [{ ...app, ...subnets }] }), quiet),
      code,
    );
    expect(finding).toMatchObject({ confidence: 'proven', actual: 'true' });
    expect(finding?.resource).toBeUndefined();
    expect(finding?.fixes.map(({ commands, steps }) => [commands.length, steps.length])).toEqual([[0, 1]]);
  });

  test('a table that two VNets share is told once, with both', () => {
    const other = {
      name: 'spoke-db',
      space: ['10.22.0.0/16'],
      subnets: [{ name: 'db', prefix: '10.22.1.0/24', routeTable: rt }],
    };
    const machines = [vm({ disabled: true }), vm({ name: 'app2', address: '10.21.1.5', disabled: true })];
    const [finding, ...others] = findingsOf(linux(estate(off, machines, { spokes: [app, other] }), quiet), code);
    expect(finding?.explains.map(({ owner }) => owner)).toEqual(['spoke-app', 'spoke-db']);
    expect(others).toEqual([]);
    const own = ids.id('routeTables', 'rt-db');
    const apart = estate(off, [], {
      spokes: [app, { ...other, subnets: [{ name: 'db', prefix: '10.22.1.0/24', routeTable: own }] }],
      extra: () => ['rt-app', 'rt-db'].map((name) => routeTableRead(ids.place, { name, ...off })),
    });
    expect(findingsOf(linux(apart, quiet), code).map(({ resource }) => resource)).toEqual([rt, own]);
  });

  test('a pool of two ranges needs two routes of different names', () => {
    const gateway = { ...plain.gateway, pool: [pool, 'fd00:50::/64'] };
    const [finding] = findingsOf(linux(estate(off, [], { gateway }), quiet), code);
    expect(
      finding?.fixes[0]?.steps.slice(1).map((step) => / -n (\S+) --address-prefix (\S+)/.exec(step)?.slice(1)),
    ).toEqual([
      ['vpn-clients', pool],
      ['vpn-clients-2', 'fd00:50::/64'],
    ]);
  });
});

describe('return-route-overridden', () => {
  const code = 'return-route-overridden';
  const says = (spec: EstateSpec, traces = {}) => told(linux(spec, { traces }), code).map(({ says: text }) => text);
  const shown = (prefix: string, nextHopType: string, hops: readonly string[] = []) =>
    estate(null, [vm({ user: [effectiveRoute(prefix, nextHopType, { source: 'User', nextHopIpAddress: hops })] })]);
  const error = `error proven ${spoke}`;

  test.each([
    ['the very pool to nothing', estate(route(pool, 'None')), `${pool} leads to None`],
    [
      'a part of the pool to the internet',
      estate(route('172.16.50.128/25', 'Internet')),
      '172.16.50.128/25 leads to Internet',
    ],
    [
      'the pool to an appliance nobody knows',
      estate(route(pool, 'VirtualAppliance', '10.21.9.9')),
      `${pool} leads to VirtualAppliance 10.21.9.9`,
    ],
    [
      'the pool to two appliances',
      estate(route(pool, 'VirtualApplianceEcmp', '10.21.9.8, 10.21.9.9')),
      `${pool} leads to VirtualApplianceEcmp 10.21.9.8, 10.21.9.9`,
    ],
    ['the pool to nothing, as a machine shows it', shown(pool, 'None'), `${pool} leads to None`],
    [
      'the pool to an appliance, as a machine shows it',
      shown(pool, 'VirtualAppliance', ['10.21.9.9']),
      `${pool} leads to VirtualAppliance 10.21.9.9`,
    ],
    [
      'the pool to nothing, with propagation off beside it',
      estate({ ...off, ...route(pool, 'None') }),
      `${pool} leads to None`,
    ],
    [
      'a part of the pool to nothing, beside one of the pool to the gateway and one of a service',
      estate({
        routes: [
          ...route('AzureCloud', 'Internet').routes,
          { name: 'back', prefix: pool, nextHopType: 'VirtualNetworkGateway' },
          { name: 'drop', prefix: '172.16.50.128/25', nextHopType: 'None' },
        ],
      }),
      '172.16.50.128/25 leads to None',
    ],
    [
      'one range of the pool',
      { ...estate(route(pool, 'None')), gateway: { ...plain.gateway, pool: [pool, 'fd00:50::/64'] } },
      `${pool} leads to None`,
    ],
  ])('is told of a route of %s', (_, spec, actual) => {
    expect(says(spec)).toEqual([error]);
    expect(told(linux(spec, quiet), code)[0]?.actual).toBe(actual);
  });

  test.each([
    ['that is wider than the pool', route('172.16.0.0/12', 'None')],
    ['to the gateway', route(pool, 'VirtualNetworkGateway')],
    ['of another range', route('172.16.51.0/24', 'None')],
    ['of a service, not of a prefix', route('AzureCloud', 'Internet')],
  ])('is not told of a route %s', (_, table) => {
    expect(says(estate(table))).toEqual([]);
  });

  test('is a warning where all of them answer: then it works, however odd it looks', () => {
    expect(says(shown(pool, 'None'), { '10.21.1.4': 'answers' })).toEqual([`warning proven ${spoke}`]);
    const inBoth = {
      ...shown(pool, 'None'),
      hub: { ...plain.hub, subnets: [{ name: 'shared', prefix: '10.20.2.0/24', routeTable: rt }] },
      extra: () => [routeTableRead(ids.place, { name: 'rt-app', ...route(pool, 'None') })],
    };
    expect(says(inBoth, { '10.21.1.4': 'answers' })).toEqual([`error proven ${hub} ${spoke}`]);
  });

  test('names the table and leads the pool back', () => {
    const [finding] = findingsOf(linux(estate(route(pool, 'None')), quiet), code);
    expect(finding).toMatchObject({ resource: rt, property: 'routes' });
    expect(finding?.summary).toContain(`the user route ${pool} of rt-app sends them to None`);
    expect(finding?.fixes[0]?.commands.map(({ command }) => command)).toEqual([
      expect.stringMatching(
        /route create .* --route-table-name rt-app -n vpn-clients --address-prefix 172\.16\.50\.0\/24 --next-hop-type VirtualNetworkGateway$/,
      ),
    ]);
    expect(finding?.fixes[0]?.steps[0]).toMatch(/same prefix exists/);
  });

  test('as a machine shows it, of a subnet whose table nobody knows', () => {
    const spec = { ...shown(pool, 'None'), spokes: [{ ...app, subnets: [{ name: 'app', prefix: '10.21.1.0/24' }] }] };
    const [finding] = findingsOf(linux(spec, quiet), code);
    expect(finding?.resource).toBeUndefined();
    expect(finding?.summary).toContain(`the user route ${pool} sends them to None`);
    expect(finding?.fixes[0]).toMatchObject({ commands: [], steps: [expect.stringContaining(pool)] });
  });
});
