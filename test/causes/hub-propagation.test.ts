import { describe, expect, test } from 'vitest';
import { effectiveRoutes, nic, nicId } from '../../scripts/scenarios/azure-machine.ts';
import {
  defaultTableId,
  hubConnection,
  hubRouteTable,
  routingConfiguration,
} from '../../scripts/scenarios/azure-wan.ts';
import type { Hops } from '../../scripts/scenarios/windows-client.ts';
import { arm, type Wire } from '../../scripts/scenarios/wire.ts';
import { plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, explained, findingsOf } from './explained.ts';
import { connectionId, hub, p2s, pool, vnetOf, type WanSpec, wanClient } from './virtual-wan.ts';

/* Virtual WAN: who propagates to whose table. */
const isolated = `${hub}/hubRouteTables/isolated`;
const table = defaultTableId(hub);
const [app, lab] = ['10.66.0.0/16', '10.67.0.0/16'];
const apart = routingConfiguration(hub, { ids: [isolated], labels: ['lab-only'] });
const untold = { routingConfiguration: undefined };
const subnets = [{ name: 'lab', prefix: '10.67.1.0/24' }];
/** A VNet that does as it should, and one of which the test tells. */
const wan = (of: Partial<WanSpec['vnets'][number]>, more: Partial<WanSpec> = {}): WanSpec => ({
  vnets: [
    { name: 'app', space: [app] },
    { name: 'lab', space: [lab], subnets, ...of },
  ],
  ...more,
});
const without = { routes: [app, pool], traces: {} };

describe('vwan-propagation-missing: a VNet that clients are not shown', () => {
  const code = 'vwan-propagation-missing';
  const says = (spec: WanSpec, client: object = without) =>
    told(wanClient(spec, client), code).map(({ says: text }) => text);

  test.each([
    ['a table of its own', apart, 'isolated, label lab-only', `${isolated} ${table} --labels lab-only default`],
    ['no table', routingConfiguration(hub, { ids: [], labels: [] }), 'no table', `${table} --labels default`],
  ])('propagates to %s', (_, routing, actual, tables) => {
    const capture = wanClient(wan({ routing }), without);
    const [finding, ...others] = findingsOf(capture, code);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'error',
      confidence: 'proven',
      rung: 'offered',
      resource: connectionId('lab'),
      actual,
    });
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(new RegExp(` -n lab --propagated-route-tables ${tables}$`));
    expect(explained(capture, code)).toEqual([[lab]]);
    expect(cited(capture, code)).toEqual([[`lab propagates to ${actual}`]]);
  });

  test.each([
    ['lacks it', [[app, 'app']], ['error likely 10.67.0.0/16']],
    [
      'lacks it but for a default',
      [
        [app, 'app'],
        ['0.0.0.0/0', 'app'],
        ['0.0.0.0/1', 'app'],
      ],
      ['error likely 10.67.0.0/16'],
    ],
    [
      'has it',
      [
        [app, 'app'],
        [lab, 'lab'],
      ],
      [],
    ],
    [
      'has a part of it',
      [
        [app, 'app'],
        ['10.67.1.0/24', 'lab'],
      ],
      [],
    ],
    ['was not read', undefined, []],
  ] as const)('of one whose tables were not told, the default table %s', (_, effective, expected) => {
    expect(says(wan({ connection: untold }, effective === undefined ? {} : { effective }))).toEqual(expected);
  });

  test.each([
    [
      'is on the client all the same',
      wan({ connection: untold }, { effective: [[app, 'app']] }),
      { routes: [app, lab, pool], traces: {} },
    ],
    [
      'has one range on the client',
      wan({ connection: untold, space: [lab, '10.68.0.0/16'] }, { effective: [[app, 'app']] }),
      { routes: [app, lab, pool], traces: {} },
    ],
    [
      'has one range in the table',
      wan({ connection: untold, space: [lab, '10.68.0.0/16'] }, { effective: [[lab, 'lab']] }),
      without,
    ],
    [
      'hangs on another hub',
      wan(
        {},
        {
          extra: [
            arm(
              'hubVirtualNetworkConnections.get',
              `${hub}-two/hubVirtualNetworkConnections/far`,
              hubConnection(`${hub}-two`, { name: 'far', vnet: vnetOf('lab').id, routing: apart }),
            ),
          ],
        },
      ),
      without,
    ],
  ])('nothing is told where it %s', (_, spec, client) => {
    expect(says(spec, client)).toEqual([]);
  });

  test('of a VNet that nobody read it is told by what the hub learned', () => {
    const spec = wan(
      { routing: apart, unread: true },
      {
        effective: [
          [app, 'app'],
          [lab, 'lab'],
        ],
      },
    );
    expect(explained(wanClient(spec, without), code)).toEqual([[lab]]);
  });

  test('two VNets of one name are two', () => {
    const other = vnetOf('lab').id.replace('rg-wan', 'rg-other');
    const spec: WanSpec = {
      vnets: [{ name: 'lab', space: [lab], routing: apart }],
      extra: [
        arm('virtualNetworks.get', other, {
          id: other,
          name: 'lab',
          properties: { addressSpace: { addressPrefixes: [app] }, subnets: [], virtualNetworkPeerings: [] },
        }),
        arm(
          'hubVirtualNetworkConnections.get',
          connectionId('second'),
          hubConnection(hub, { name: 'second', vnet: other }),
        ),
      ],
    };
    const capture = wanClient(spec, without);
    expect(findingsOf(capture, code).map(({ resource }) => resource)).toEqual([connectionId('lab')]);
    expect(explained(capture, code)).toEqual([[lab]]);
  });
});

test('of two VNets with one range the one is told that withholds it', () => {
  const vnets = [
    { name: 'lab', space: [lab], routing: apart },
    { name: 'app', space: [lab] },
  ];
  const findings = findingsOf(wanClient({ vnets }, without), 'vwan-propagation-missing');
  expect(findings.map(({ resource }) => resource)).toEqual([connectionId('lab')]);
});

describe('vwan-propagation-missing: a VNet without a way back', () => {
  const code = 'vwan-propagation-missing';
  const deaf = routingConfiguration(hub, { associated: isolated });
  const read = (labels: readonly string[]) =>
    arm('hubRouteTables.get', isolated, hubRouteTable(hub, 'isolated', [], { labels }));
  const machine = (routes: readonly Wire[]) => {
    const { place, subnet } = vnetOf('lab');
    return [
      arm(
        'networkInterfaces.get',
        nicId(place, 'vm'),
        nic(place, { name: 'vm', address: '10.67.1.4', subnet: subnet('lab') }),
      ),
      arm('networkInterfaces.getEffectiveRouteTable', nicId(place, 'vm'), { value: routes }),
    ];
  };

  test('hangs on a table that hears of no client', () => {
    const capture = wanClient(wan({ routing: deaf }, { extra: [read(['lab'])] }), { traces: {} });
    const [finding] = findingsOf(capture, code);
    expect(finding).toMatchObject({
      severity: 'error',
      confidence: 'proven',
      rung: 'returned',
      resource: p2s,
      expected: 'isolated',
      actual: 'defaultRouteTable, label default',
    });
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(
      new RegExp(
        `^az network p2s-vpn-gateway update --subscription \\S+ -g rg-wan -n hub-wan-p2s --propagated ${table} ${isolated}$`,
      ),
    );
    expect(cited(capture, code)).toEqual([
      ['lab is associated with isolated', 'everyone propagates to defaultRouteTable, label default'],
    ]);
  });

  const labelled = {
    clients: [
      { name: 'everyone', pool: [pool], routing: routingConfiguration(hub, { ids: [], labels: ['lab', 'default'] }) },
    ],
  };
  const silent: Readonly<Record<string, Hops>> = {};
  const answering: Readonly<Record<string, Hops>> = { '10.67.1.4': 'answers' };
  const back = (gateway: readonly string[]) => ({
    extra: [read([]), ...machine(effectiveRoutes({ local: [lab], gateway }))],
  });
  test.each([
    ['whose labels nobody read', {}, silent, ['error likely 10.67.0.0/16']],
    ['whose label the clients propagate to', { ...labelled, extra: [read(['lab'])] }, silent, []],
    ['from which an answer came', {}, answering, []],
    ['of which a machine shows the way back', back([pool]), silent, []],
    ['of which a machine shows none', back([]), silent, ['error proven 10.67.0.0/16']],
  ])('a table %s', (_, more, traces, expected) => {
    const capture = wanClient(wan({ routing: deaf }, more), { traces });
    expect(told(capture, code).map(({ says }) => says)).toEqual(expected);
  });

  test('one range that answers shows the way back of all', () => {
    const spec = wan({ routing: deaf, space: [lab, '10.68.0.0/16'] });
    expect(findingsOf(wanClient(spec, { traces: { '10.67.1.4': 'answers' } }), code)).toEqual([]);
    expect(findingsOf(wanClient(spec, { traces: {} }), code)).toHaveLength(1);
  });
});

describe('vwan-default-route-off', () => {
  const code = 'vwan-default-route-off';
  const routes = [{ name: 'all', destinations: ['0.0.0.0/0'], nextHop: `${hub}-fw` }];
  const of = (...security: readonly boolean[]) =>
    wanClient({
      vnets: [{ name: 'app', space: [app] }],
      routes,
      clients: security.map((enableInternetSecurity, at) => ({
        name: `group-${at}`,
        pool: [`10.77.${9 + at}.0/24`],
        enableInternetSecurity,
      })),
    });

  test('names the configurations that keep it from clients, and no others', () => {
    const [finding] = findingsOf(of(false, true), code);
    expect(finding).toMatchObject({ severity: 'info', confidence: 'proven', actual: 'false', resource: p2s });
    expect(finding?.summary).toContain('and group-0 does not hand it to clients');
    expect(cited(of(false, true), code)[0]).toContain('group-0: enableInternetSecurity is false');
    expect(cited(of(false, true), code)[0]?.join()).not.toContain('group-1');
  });

  test('is not told where all hand it out', () => {
    expect(findingsOf(of(true, true), code)).toEqual([]);
    expect(findingsOf(windows(plain), code)).toEqual([]);
  });
});
