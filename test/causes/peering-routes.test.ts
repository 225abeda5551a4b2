import { describe, expect, test } from 'vitest';
import { type EstateSpec, idsOf, routeTableRead, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import type { Hops } from '../../scripts/scenarios/windows-client.ts';
import { linux, plain, told } from '../diagnosis/conclude.ts';
import { findingsOf } from './explained.ts';

/* A route table that takes a peering's own route away: at the target's end, or at the gateway's. */
const code = 'peering-route-disabled';
const ids = idsOf(plain);
const [spoke, db] = ['10.21.0.0/16', '10.22.0.0/16'];
const disabled = { disablePeeringRoute: 'All' };
type Rows = readonly (readonly [prefix: string, nextHopType: string])[];

const table = (name: string, rows: Rows = [], properties: object = {}) =>
  routeTableRead(ids.place, {
    name,
    routes: rows.map(([prefix, nextHopType], at) => ({
      name: `r${at}`,
      prefix,
      nextHopType,
      ...(nextHopType === 'VirtualAppliance' && { nextHop: '10.20.3.4' }),
    })),
    properties: { ...properties },
  });
const says = (estate: EstateSpec, traces: Readonly<Record<string, Hops>> = {}) =>
  told(linux(estate, { traces }), code).map(({ says: text }) => text);

describe("on the target's subnet", () => {
  const rt = ids.id('routeTables', 'rt-app');
  const app: SpokeSpec = {
    name: 'spoke-app',
    space: [spoke],
    subnets: [
      { name: 'app', prefix: '10.21.1.0/24', routeTable: rt },
      { name: 'open', prefix: '10.21.2.0/24' },
    ],
  };
  const of = (more: Partial<EstateSpec> = {}): EstateSpec => ({
    ...plain,
    spokes: [app],
    machines: [],
    extra: () => [table('rt-app', [], disabled)],
    ...more,
  });
  const routes = null;
  const vm = { name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'] as const };

  test('is told with the table to change', () => {
    const [finding, ...others] = findingsOf(linux(of({ machines: [{ ...vm, routes }] }), { traces: {} }), code);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      resource: rt,
      property: 'disablePeeringRoute',
      actual: 'All',
      expected: 'None',
      confidence: 'proven',
    });
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(
      /route-table update .* -n rt-app --set disablePeeringRoute=None$/,
    );
    expect(finding?.summary).toContain('out of the subnets of 10.21.0.0/16 (spoke-app)');
  });

  test.each([
    [
      'where a machine still leads to the gateway: clients are served',
      of({ machines: [vm] }),
      {},
      `warning proven ${spoke}`,
    ],
    [
      'where something answers',
      of({ machines: [{ ...vm, user: [] }] }),
      { '10.21.1.4': 'answers' },
      `warning likely ${spoke}`,
    ],
    [
      'of a range that the peering does not know yet',
      of({ spokes: [{ ...app, near: { remoteAddressSpace: { addressPrefixes: ['10.29.0.0/16'] } } }] }),
      {},
      `error proven ${spoke}`,
    ],
  ] as const)('%s it is told', (_, estate, traces, expected) => {
    expect(says(estate, traces)).toEqual([expected]);
  });

  test('of two VNets with one table it is told once, an error where one of them is cut off', () => {
    const second: SpokeSpec = {
      name: 'spoke-db',
      space: [db],
      subnets: [{ name: 'db', prefix: '10.22.1.0/24', routeTable: rt }],
    };
    const cut = { name: 'db', address: '10.22.1.4', in: ['spoke-db', 'db'] as const, routes: [] };
    expect(says(of({ spokes: [app, second], machines: [vm, cut] }))).toEqual([`error proven ${spoke} ${db}`]);
    expect(says(of({ spokes: [app, second], machines: [vm, cut] }), { '10.21.1.4': 'answers' })).toEqual([
      `error likely ${spoke} ${db}`,
    ]);
  });

  test.each([
    ['of a table that leaves them in', of({ extra: () => [table('rt-app', [], { disablePeeringRoute: 'None' })] })],
    ['of a table that nobody read', of({ extra: () => [] })],
    [
      "of a table of the gateway's own VNet",
      of({ hub: { ...plain.hub, subnets: [{ name: 'shared', prefix: '10.20.2.0/24', routeTable: rt }] }, spokes: [] }),
    ],
    [
      'of a subnet in another range of the VNet, which nobody is given',
      of({
        spokes: [
          {
            ...app,
            space: [spoke, 'fd00:21::/48'],
            subnets: [{ name: 'six', prefix: 'fd00:21:0:1::/64', routeTable: rt }],
          },
        ],
      }),
    ],
  ])('is not told %s', (_, estate) => {
    expect(says(estate)).toEqual([]);
  });
});

describe('on the GatewaySubnet', () => {
  const rt = ids.id('routeTables', 'rt-gw');
  const of = (rows: Rows, properties: object = {}): EstateSpec => ({
    ...plain,
    hub: {
      ...plain.hub,
      subnets: [
        { name: 'GatewaySubnet', prefix: '10.20.1.0/27', routeTable: rt },
        { name: 'shared', prefix: '10.20.2.0/24' },
      ],
    },
    spokes: [...(plain.spokes ?? []), { name: 'spoke-db', space: [db] }],
    extra: () => [table('rt-gw', rows, properties)],
  });

  test.each([
    ['every peered VNet is out of reach', [], [`error proven ${spoke} ${db}`]],
    ['but those that a route of its own leads to', [[spoke, 'VirtualAppliance']], [`error proven ${db}`]],
    [
      'also by two halves',
      [
        ['10.21.0.0/17', 'VirtualAppliance'],
        ['10.21.128.0/17', 'VirtualAppliance'],
      ],
      [`error proven ${db}`],
    ],
    ['a route to nowhere leads to none', [[spoke, 'None']], [`error proven ${spoke} ${db}`]],
    ['a route to a part leads to no more', [['10.21.1.0/24', 'VirtualAppliance']], [`error proven ${spoke} ${db}`]],
    ['a route of a service leads to none', [['AzureCloud', 'Internet']], [`error proven ${spoke} ${db}`]],
    ['and nothing where both have one', [['10.20.0.0/14', 'VirtualAppliance']], []],
  ] as const)('without peering routes %s', (_, rows, expected) => {
    expect(says(of(rows, disabled))).toEqual(expected);
  });

  test('a machine that leads back does not help: the way there is gone', () => {
    expect(says(of([], disabled), { '10.21.1.4': 'silent' })).toEqual([`error proven ${spoke} ${db}`]);
    const [finding] = findingsOf(linux(of([], disabled), { traces: {} }), code);
    expect(finding?.summary).toContain('out of the GatewaySubnet');
  });

  test.each([
    ['the very range', spoke, 'None'],
    ['the very range to the internet', spoke, 'Internet'],
    ['a part of it', '10.21.1.0/24', 'None'],
  ])('a route of %s to nowhere beats that of the peering', (_, prefix, nextHopType) => {
    const estate = of([[prefix, nextHopType]]);
    expect(says(estate)).toEqual([`error proven ${spoke}`]);
    expect(says(estate, { '10.21.1.4': 'answers' })).toEqual([`warning proven ${spoke}`]);
    const [finding] = findingsOf(linux(estate, { traces: {} }), code);
    expect(finding).toMatchObject({ resource: rt, property: 'routes', actual: `${prefix} to ${nextHopType}` });
    expect(finding?.fixes[0]?.commands.map(({ command }) => command)).toEqual([
      expect.stringMatching(/^az network route-table route delete .* --route-table-name rt-gw -n r0$/),
    ]);
  });

  test.each([
    ['that is wider: the peering’s is longer', [['10.0.0.0/8', 'None']]],
    ['of everything', [['0.0.0.0/0', 'None']]],
    ['that leads to an appliance', [[spoke, 'VirtualAppliance']]],
    ['of a service', [['AzureCloud', 'Internet']]],
    ['of another range', [['10.29.0.0/16', 'None']]],
  ] as const)('is not told of a route %s', (_, rows) => {
    expect(says(of(rows))).toEqual([]);
  });
});
