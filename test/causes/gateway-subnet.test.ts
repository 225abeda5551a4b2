import { describe, expect, test } from 'vitest';
import { type EstateSpec, idsOf, routeTableRead } from '../../scripts/scenarios/estate.ts';
import { all, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* A route table that a gateway cannot live with, on the subnet of the gateway itself. */
const code = 'gateway-subnet-route-table';
const ids = idsOf(plain);
const [hub, spoke] = all as [string, string];
const silent = { '10.20.2.4': 'silent', '10.21.1.4': 'silent' } as const;
type Table = Omit<Parameters<typeof routeTableRead>[1], 'name'>;
const routes = (...list: readonly (readonly [string, string, string?])[]): Table => ({
  routes: list.map(([prefix, nextHopType, nextHop], index) => ({
    name: `r${index}`,
    prefix,
    nextHopType,
    ...(nextHop !== undefined && { nextHop }),
  })),
});

const withTable = (table: Table, more: Partial<EstateSpec> = {}): EstateSpec => ({
  ...plain,
  hub: {
    ...plain.hub,
    subnets: [
      { name: 'GatewaySubnet', prefix: '10.20.1.0/27', routeTable: ids.id('routeTables', 'rt-gw') },
      { name: 'shared', prefix: '10.20.2.0/24' },
    ],
  },
  extra: ({ place }) => [routeTableRead(place, { name: 'rt-gw', ...table })],
  ...more,
});
const noPropagation: Table = { disableBgpRoutePropagation: true };
const says = (of: EstateSpec, traces: object = silent) =>
  told(windows(of, { traces: { ...traces } }), code).map((one) => one.says);

describe('without propagation', () => {
  test('every VNet is cut off', () => {
    const of = windows(withTable(noPropagation), { traces: silent });
    expect(told(of, code)).toEqual([
      {
        says: `error proven ${hub} ${spoke}`,
        actual: 'true',
        commands: [
          expect.stringMatching(/^az network route-table update .* -n rt-gw --disable-bgp-route-propagation false$/),
          expect.stringContaining('$rt.DisableBgpRoutePropagation = $false'),
        ],
      },
    ]);
  });

  test('it is a warning as long as something answers, and no matter of what does', () => {
    expect(says(withTable(noPropagation), { '10.20.2.4': 'answers', '10.21.1.4': 'silent' })).toEqual([
      `warning proven ${spoke}`,
    ]);
  });

  test('it is a warning where one machine answers, though another of the same VNet does not', () => {
    expect(says(withTable(noPropagation), { ...silent, '10.20.2.5': 'answers' })).toEqual([`warning proven ${spoke}`]);
  });

  test('it is no matter of what a peering withholds', () => {
    const spokes = [{ name: 'spoke-app', space: [spoke], far: { useRemoteGateways: false } }];
    expect(says(withTable(noPropagation, { spokes }))).toEqual([`error proven ${hub}`]);
  });

  test('it is no matter of a range that clients need not have: the peering keeps what the VNet gave up', () => {
    const snapshot = { remoteAddressSpace: { addressPrefixes: [spoke, '10.22.0.0/16'] } };
    const spokes = [{ name: 'spoke-app', space: [spoke], near: { ...snapshot } }];
    expect(says(withTable(noPropagation, { spokes }))).toEqual([`error proven ${hub} ${spoke}`]);
  });
});

describe('with a default route', () => {
  test.each([
    [
      'by way of an appliance',
      routes(['0.0.0.0/0', 'VirtualAppliance', '10.20.9.4']),
      '0.0.0.0/0 to VirtualAppliance 10.20.9.4',
      'r0',
    ],
    ['to nowhere', routes(['10.99.0.0/16', 'None'], ['0.0.0.0/0', 'None']), '0.0.0.0/0 to None', 'r1'],
  ])('%s everything is lost: take that one out', (_, table, actual, name) => {
    const of = windows(withTable(table), { traces: silent });
    expect(told(of, code)).toEqual([
      {
        says: `error proven ${hub} ${spoke}`,
        actual,
        commands: [
          expect.stringMatching(
            new RegExp(`^az network route-table route delete .* --route-table-name rt-gw -n ${name}$`),
          ),
        ],
      },
    ]);
    const [finding] = findingsOf(of, code);
    expect(finding?.resource).toBe(ids.id('routeTables', 'rt-gw'));
    expect(finding && cited(finding)).toEqual([
      expect.stringMatching(/^rt-gw is the GatewaySubnet's table: 0\.0\.0\.0\/0 goes to /),
    ]);
  });

  test('and without propagation, both are told', () => {
    const table = { ...noPropagation, ...routes(['0.0.0.0/0', 'Internet']) };
    expect(findingsOf(windows(withTable(table), { traces: silent }), code).map(({ property }) => property)).toEqual([
      'disableBgpRoutePropagation',
      'routes',
    ]);
  });
});

describe('is fine', () => {
  test.each<[string, EstateSpec]>([
    ['without a table', plain],
    ['with one that was not read', withTable(noPropagation, { extra: () => [] })],
    ['with routes to single networks', withTable(routes(['10.21.0.0/16', 'VirtualAppliance', '10.20.9.4']))],
    ['with a route for a service', withTable(routes(['Storage', 'Internet']))],
  ])('%s', (_, of) => {
    expect(says(of)).toEqual([]);
  });
});
