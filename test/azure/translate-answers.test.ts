import { describe, expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import { keyOf, nameOf } from '../../src/facts/resource-id.ts';
import { address } from '../../src/net/address.ts';
import { prefix } from '../../src/net/prefix.ts';
import { artifactOf, capitalised } from './artifact-of.ts';
import { estateOf, gatewayId, nicIdOf } from './estate-of.ts';

const { resources, actions = {} } = estateOf(2);
const read = (documents: readonly unknown[]) =>
  readTopology(documents.map((document, index) => artifactOf(document, { id: `arm:${index}` })));

test.each(['', 'null', '{}', '{"value":[]}', '{"value":null}'])(
  'a gateway without BGP answers %j for no routes',
  (text) => {
    const operation = 'virtualNetworkGateways.getLearnedRoutes';
    const known = resources.map((document, index) => artifactOf(document, { id: `arm:${index}` }));
    const { topology, problems } = readTopology([...known, artifactOf(text, { operation, resource: gatewayId })]);
    expect(topology.learnedRoutes.get(keyOf(gatewayId))).toEqual([]);
    expect(topology.unread).toEqual([]);
    expect(problems).toEqual([]);
  },
);

test.each([
  ['nextLink', 'https://arm.example/next', true],
  ['skip_token', 'ew0KICAi', true],
  ['$skipToken', 'ew0KICAi', true],
  ['nextLink', '', false],
  ['nextLink', null, false],
] as const)('"%s": %j tells of more rows: %s', (key, more, isPart) => {
  const operation = 'networkInterfaces.getEffectiveRouteTable';
  const row = { addressPrefix: ['10.0.0.0/16'], nextHopType: 'VnetLocal', source: 'Default', state: 'Active' };
  const document = { [key === 'nextLink' ? 'value' : 'data']: [row], [key]: more };
  const { topology, problems } = readTopology([artifactOf(document, { operation, resource: nicIdOf(1) })]);
  expect(topology.effectiveRoutes.size).toBe(isPart ? 0 : 1);
  expect(topology.unread).toHaveLength(isPart ? 1 : 0);
  expect(problems).toHaveLength(isPart ? 1 : 0);
});

test('answers of actions go to the resource that was asked, whatever its casing', () => {
  const asked = Object.entries(actions).map(([key, body], index) => {
    const cut = key.lastIndexOf('/');
    const group = key.includes('virtualNetworkGateways') ? 'virtualNetworkGateways' : 'networkInterfaces';
    const operation = `${group}.${operationOf(key.slice(cut + 1))}`;
    return artifactOf(body, { id: `arm:${index}`, operation, resource: key.slice(0, cut).toUpperCase() });
  });
  const { topology, problems } = readTopology(asked);
  expect(problems).toEqual([]);
  expect(topology.learnedRoutes.get(keyOf(gatewayId))).toMatchObject([
    { prefix: prefix('10.0.0.0/16'), learnedBy: 'Network' },
  ]);
  expect(topology.gatewayEffectiveRoutes.get(keyOf(gatewayId))).toMatchObject([{ nextHopType: 'VirtualNetwork' }]);
  expect(topology.sessions.get(keyOf(gatewayId))).toMatchObject([
    {
      privateAddress: address('172.16.50.130'),
      protocol: 'IkeV2',
      ingressBytes: 5,
      connectedAt: '2026-11-22T08:00:00Z',
    },
  ]);
  expect(topology.effectiveRoutes.get(keyOf(nicIdOf(2)))).toHaveLength(2);
  expect(topology.effectiveSecurityGroups.get(keyOf(nicIdOf(2)))).toEqual([]);
});

const operationOf = (action: string): string =>
  ({
    effectiveRouteTable: 'getEffectiveRouteTable',
    effectiveNetworkSecurityGroups: 'listEffectiveNetworkSecurityGroups',
    getVpnClientConnectionHealth: 'getVpnclientConnectionHealth',
  })[action] ?? action;

test('a loose table of effective routes is tied to the one interface it can be of, or to none', () => {
  const table = actions[`${nicIdOf(1)}/effectiveRouteTable`];
  expect([...read([...resources, table]).topology.effectiveRoutes.keys()]).toEqual([keyOf(nicIdOf(1))]);
  const alone = read([table]);
  expect(alone.topology.effectiveRoutes.size).toBe(0);
  expect(alone.problems).toHaveLength(1);
});

describe('a pasted command says of which interface its effective routes are', () => {
  const table = actions[`${nicIdOf(1)}/effectiveRouteTable`];
  const name = nameOf(nicIdOf(2));
  const show = 'az network nic show-effective-route-table';
  const ownersOf = (command: string) => {
    const known = resources.map((document, index) => artifactOf(document, { id: `arm:${index}` }));
    return readTopology([...known, artifactOf(table, { argv: command.split(' ') })]);
  };

  test.each([
    `${show} -g rg -n ${name}`,
    `${show} --resource-group rg --name ${name} -o json`,
    `${show} -g rg --name=${name}`,
    `${show} --name "${name}"`,
    `${show} -n '${name.toUpperCase()}'`,
    `${show} --ids ${nicIdOf(2)}`,
    `Get-AzEffectiveRouteTable -ResourceGroupName rg -NetworkInterfaceName ${name}`,
  ])('%s', (command) => {
    const { topology, problems } = ownersOf(command);
    expect([...topology.effectiveRoutes.keys()]).toEqual([keyOf(nicIdOf(2))]);
    expect(problems).toEqual([]);
  });

  test('and no other interface takes them for its own', () => {
    const { topology, problems } = ownersOf(`${show} -g rg -n another`);
    expect(topology.effectiveRoutes.size).toBe(0);
    expect(problems).toHaveLength(1);
  });

  test.each([`${show} -g rg -n $nic`, show, `${show} -n`])('unless it names none: %s', (command) => {
    expect([...ownersOf(command).topology.effectiveRoutes.keys()]).toEqual([keyOf(nicIdOf(1))]);
  });
});

test('what a gateway advertises is not taken for what it learned', () => {
  // az network vnet-gateway list-advertised-routes, list-learned-routes
  const own = { asPath: '65001', localAddress: '10.0.0.254', network: '10.0.0.0/16', nextHop: '10.0.0.254' };
  const advertised = { ...own, origin: 'Igp', sourcePeer: null, weight: 0 };
  const learned = { ...own, asPath: '', nextHop: null, origin: 'Network', sourcePeer: '10.0.0.254', weight: 32768 };
  const rewritten = capitalised({ value: [{ ...advertised, sourcePeer: '' }] });
  for (const [rows, table] of [
    [{ value: [advertised] }, 'advertisedRoutes'],
    [rewritten, 'advertisedRoutes'],
    [{ value: [learned] }, 'learnedRoutes'],
  ] as const) {
    const { topology, problems } = read([...resources, rows]);
    expect(problems).toEqual([]);
    expect(topology[table].get(keyOf(gatewayId))).toMatchObject([{ prefix: prefix('10.0.0.0/16') }]);
    expect(topology.learnedRoutes.size + topology.advertisedRoutes.size).toBe(1);
  }
});

describe('a single row, from which PowerShell took its list', () => {
  const resource = nicIdOf(1);
  test('is a whole answer of BGP, or of security rules', () => {
    // Get-AzVirtualNetworkGatewayLearnedRoute | ConvertTo-Json
    const learned = { LocalAddress: '10.0.0.254', Network: '10.0.0.0/16', NextHop: '', SourcePeer: '10.0.0.254' };
    expect(read([...resources, learned]).topology.learnedRoutes.get(keyOf(gatewayId))).toHaveLength(1);
    const rules = { NetworkSecurityGroup: { Id: '/nsg' }, EffectiveSecurityRules: [] };
    const { topology } = readTopology([artifactOf(rules, { resource })]);
    expect(topology.effectiveSecurityGroups.get(keyOf(resource))).toHaveLength(1);
  });

  test('is no whole table of effective routes', () => {
    const row = { addressPrefix: ['10.0.0.0/16'], nextHopType: 'VnetLocal', source: 'Default', state: 'Active' };
    const { topology } = readTopology([artifactOf(row, { resource })]);
    expect([topology.effectiveRoutes.size, topology.unread.length]).toEqual([0, 1]);
  });
});
