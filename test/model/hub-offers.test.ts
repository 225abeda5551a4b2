import { describe, expect, test } from 'vitest';
import { routingConfiguration } from '../../scripts/scenarios/azure-wan.ts';
import { forbidden } from '../../scripts/scenarios/wire.ts';
import { told } from '../diagnosis/conclude.ts';
import { expectations, expectedRoutes } from './expectations.ts';
import {
  connectionId,
  defaultTable,
  type HubSpec,
  hub,
  hubCapture,
  hubEstate,
  intent,
  otherHub,
  toApp,
} from './hub-estate.ts';

/*
 * Clients of a hub learn what its default route table holds: VNets whose connection propagates to it, what else it
 * routes, and the default where their configuration hands it on.
 * https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
 */
const pool = '10.77.9.0/24';
const of = (spec: HubSpec = {}) => {
  const { [pool]: _pool, '10.65.0.0/23': _hub, ...rest } = expectations(hubEstate(spec));
  return rest;
};
const space = '10.66.0.0/16';
const apart = { ids: [`${hub}/hubRouteTables/apart`], labels: [] };
const routed = (propagation: Parameters<typeof routingConfiguration>[1]) => [
  toApp({ routingConfiguration: routingConfiguration(hub, propagation) }),
];

test('clients have the VNet, and may have the range of the hub itself', () => {
  expect(expectations(hubEstate())).toEqual({
    [space]: 'must hub-connection vnet-app: held',
    '10.65.0.0/23': 'may hub hub: held',
    [pool]: 'must pool client pool: held',
  });
});

describe('a VNet is shown to clients', () => {
  test.each<[string, HubSpec]>([
    [
      'by the id of the default table, in any letters',
      { connections: routed({ ids: [defaultTable.toUpperCase()], labels: [] }) },
    ],
    ['by the label of the default table', { connections: routed({ ids: [], labels: ['Default'] }) }],
    [
      'by another label that the default table carries',
      {
        connections: routed({ ids: [], labels: ['shared'] }),
        labels: ['default', 'Shared'],
      },
    ],
    [
      'by one table among others',
      { connections: routed({ ids: [...apart.ids, defaultTable], labels: ['apart', 'none'] }) },
    ],
    [
      'by a routing intent for private traffic',
      { connections: routed(apart), extra: [intent(['Internet'], ['PrivateTraffic'])] },
    ],
    [
      'by a routing intent for all traffic',
      { connections: routed(apart), extra: [intent(['Internet', 'privateTraffic'])] },
    ],
  ])('%s', (_, spec) => {
    expect(of(spec)).toEqual({ [space]: 'must hub-connection vnet-app: held' });
  });

  const hidden = { [space]: 'must hub-connection vnet-app: lost (not-propagated)' };
  test.each<[string, HubSpec]>([
    ['by another table alone', { connections: routed(apart) }],
    [
      "by another hub's default table",
      { connections: routed({ ids: [`${otherHub}/hubRouteTables/defaultRouteTable`], labels: [] }) },
    ],
    ['by a label of other tables', { connections: routed({ ids: [], labels: ['apart'] }) }],
    ['by a routing intent for the internet', { connections: routed(apart), extra: [intent(['Internet'])] }],
  ])('and is not %s', (_, spec) => {
    expect(of(spec)).toEqual(hidden);
  });

  const open = { [space]: 'must hub-connection vnet-app: unknown (unread)' };
  test.each<[string, HubSpec]>([
    ['its routing is not told', { connections: [toApp({ routingConfiguration: null })] }],
    [
      "the hub's routing intent was refused",
      { connections: routed(apart), extra: [forbidden('routingIntentOperations.list', hub, 'read')] },
    ],
  ])('or nobody can say, where %s', (_, spec) => {
    expect(of(spec)).toEqual(open);
    expect(told(hubCapture({ ...spec, effective: [] }), 'vwan-propagation-missing')).toEqual([]);
  });

  test('or nobody can say, where the hub itself was refused, and with it what it may have', () => {
    const artifacts = hubEstate({ connections: routed(apart) }).map((one) =>
      one.operation === 'virtualHubs.get' ? forbidden('virtualHubs.get', hub, 'read') : one,
    );
    expect(expectations(artifacts)).toMatchObject(open);
  });

  test("or it is certain, where another hub's routing intent was refused, or something else of this one", () => {
    const extra = [
      forbidden('routingIntentOperations.list', otherHub, 'read'),
      forbidden('virtualHubs.getEffectiveVirtualHubRoutes', defaultTable, 'action'),
    ];
    expect(of({ connections: routed(apart), extra })).toEqual(hidden);
  });

  test.each<[string, HubSpec, string]>([
    ['propagates', {}, 'app propagates to the default route table'],
    ['does not propagate', { connections: routed(apart) }, 'app does not propagate to the default route table'],
    [
      'is of a hub with an intent',
      { extra: [intent(['PrivateTraffic'])] },
      'hub has a routing intent for private traffic',
    ],
    [
      'is of a hub whose intent was refused',
      { connections: routed(apart), extra: [forbidden('routingIntentOperations.list', hub, 'read')] },
      'routing intent was not read: AuthorizationFailed',
    ],
  ])('with the evidence, where its connection %s', (_, spec, says) => {
    const [vnet] = expectedRoutes(hubEstate(spec));
    expect(vnet?.offered.evidence.map((one) => one.says)).toEqual([says]);
  });
});

describe('where the VNet behind a connection was not read', () => {
  const taught: HubSpec['effective'] = [
    [[space], 'Virtual Network Connection', connectionId('APP')],
    [['10.67.0.0/16'], 'Virtual Network Connection', connectionId('lab')],
  ];

  test('the hub tells what it was taught by it', () => {
    expect(of({ space: null, effective: taught })).toEqual({
      [space]: 'must hub-connection vnet-app: held',
      '10.67.0.0/16': 'may hub-route Virtual Network Connection: held',
    });
  });

  test('it goes by the name of the connection, if even its id was not told', () => {
    const connections = [toApp({ remoteVirtualNetwork: null })];
    expect(of({ connections, effective: taught })[space]).toBe('must hub-connection app: held');
  });

  test('nothing is expected of it, if the hub was not asked either', () => {
    expect(of({ space: null })).toEqual({});
  });
});

test('a connection of another hub is none of this one', () => {
  const id = `${otherHub}/hubVirtualNetworkConnections/app`;
  expect(of({ connections: [{ ...toApp(), id }] })).toEqual({});
});
