import { describe, expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import { keyOf, nameOf } from '../../src/facts/resource-id.ts';
import { artifactOf } from './artifact-of.ts';
import { home, idIn } from './estate-of.ts';

const id = (rest: string) => idIn(home, 'rg', rest);
const gateway = (name: string, bgpPeeringAddress: string) => ({
  id: id(`virtualNetworkGateways/${name}`),
  properties: { gatewayType: 'Vpn', bgpSettings: { asn: 65515, bgpPeeringAddress } },
});
const vnet = (name: string, ...addressPrefixes: readonly string[]) => ({
  id: id(`virtualNetworks/${name}`),
  properties: { addressSpace: { addressPrefixes } },
});
const nic = (name: string, ...vnets: readonly string[]) => ({
  id: id(`networkInterfaces/${name}`),
  properties: {
    ipConfigurations: vnets.map((home, index) => ({
      properties: {
        privateIPAddress: `10.0.0.${index + 4}`,
        ...(home !== '' && { subnet: { id: id(`virtualNetworks/${home}/subnets/vms`) } }),
      },
    })),
  },
});
const hub = (name: string) => ({ id: id(`virtualHubs/${name}`), properties: { addressPrefix: '10.60.0.0/23' } });

const learned = (localAddress: string) => ({
  value: [{ localAddress, network: '10.0.0.0/16', sourcePeer: localAddress, origin: 'Network', weight: 32768 }],
});
const effective = (...local: readonly string[]) => ({
  value: [
    { addressPrefix: local, nextHopType: 'VnetLocal', source: 'Default', state: 'Active' },
    { addressPrefix: ['0.0.0.0/0'], nextHopType: 'Internet', source: 'Default', state: 'Active' },
  ],
});
const rule = { name: 'r', priority: 100, direction: 'Inbound', access: 'Deny', protocol: 'All' };
const rules = (association: object | undefined, ...effectiveSecurityRules: readonly object[]) => ({
  value: [{ networkSecurityGroup: { id: id('networkSecurityGroups/nsg') }, association, effectiveSecurityRules }],
});
const hubRoutes = { value: [{ addressPrefixes: ['10.1.0.0/16'], nextHops: ['/x'], nextHopType: 'Remote Hub' }] };

const read = (...documents: readonly unknown[]) =>
  readTopology(documents.map((document, index) => artifactOf(document, { id: `arm:${index}` })));
const twoGateways = [gateway('gw1', '10.0.255.30'), gateway('gw2', '10.1.255.30,10.1.255.31')];
const nowhere: string | undefined = undefined;

test.each([
  ['learned routes of the only gateway there is', [gateway('gw1', ''), learned('10.9.0.1')], 'gw1'],
  ['learned routes that name an address of one of two', [...twoGateways, learned('10.1.255.31')], 'gw2'],
  ['learned routes that name an address of neither', [...twoGateways, learned('10.9.0.1')], nowhere],
  ['learned routes without a gateway', [vnet('hub', '10.0.0.0/16'), learned('10.9.0.1')], nowhere],
  ['effective routes of the only interface there is', [nic('a'), effective('10.0.0.0/16')], 'a'],
  [
    'effective routes of the only interface in that VNet',
    [vnet('x', '10.0.0.0/16'), vnet('y', '10.1.0.0/16'), nic('a', 'x'), nic('b', 'y'), effective('10.1.0.0/16')],
    'b',
  ],
  [
    'effective routes in a VNet of two ranges',
    [vnet('x', '10.0.0.0/16', '10.9.0.0/16'), nic('a', 'x'), nic('b', 'y'), effective('10.9.0.0/16', '10.0.0.0/16')],
    'a',
  ],
  [
    'effective routes that lack a range of the VNet',
    [vnet('x', '10.0.0.0/16', '10.9.0.0/16'), nic('a', 'x'), nic('b', 'y'), effective('10.0.0.0/16')],
    nowhere,
  ],
  [
    'effective routes where two interfaces are of that VNet',
    [vnet('x', '10.0.0.0/16'), nic('a', 'x'), nic('b', 'x'), effective('10.0.0.0/16')],
    nowhere,
  ],
  [
    'effective routes where one address of the interface tells its subnet',
    [vnet('x', '10.0.0.0/16'), nic('a', '', 'x'), nic('b', 'y'), effective('10.0.0.0/16')],
    'a',
  ],
  [
    'effective routes of no VNet that was read',
    [vnet('x', '10.0.0.0/16'), nic('a', 'x'), nic('b', ''), effective('10.7.0.0/16')],
    nowhere,
  ],
  [
    'effective routes of a VNet whose ranges were not understood',
    [vnet('x', 'garbage'), nic('a', 'x'), nic('b', 'y'), effective('10.7.0.0/16')],
    nowhere,
  ],
  [
    'effective rules that name their interface',
    [nic('a'), nic('b'), rules({ networkInterface: { id: nic('b').id } }, rule)],
    'b',
  ],
  ['effective rules of a subnet, with one interface', [nic('a'), rules({ subnet: { id: '/s' } }, rule)], 'a'],
  ['effective rules without an association, with two', [nic('a'), nic('b'), rules(undefined, rule)], nowhere],
  ['effective routes of the only hub', [hub('h'), gateway('gw1', ''), hubRoutes], 'h'],
  ['effective routes of one of two hubs', [hub('h'), hub('g'), hubRoutes], nowhere],
] as const)('%s', (_, documents, owner) => {
  const { topology, problems } = read(...documents);
  const { learnedRoutes, effectiveRoutes, effectiveSecurityGroups, hubEffectiveRoutes } = topology;
  const tables = [learnedRoutes, effectiveRoutes, effectiveSecurityGroups, hubEffectiveRoutes];
  expect(tables.flatMap((table) => [...table.keys()]).map(nameOf)).toEqual(owner === undefined ? [] : [owner]);
  const silent = problems.filter(({ why }) => why.includes('"resource"'));
  expect(silent).toHaveLength(owner === undefined ? 1 : 0);
});

describe('a command names', () => {
  test.each([
    ['a gateway', 'az network vnet-gateway list-learned-routes -g rg -n gw2', learned('10.9.0.1'), 'gw2'],
    ['a hub', 'az network vhub get-effective-routes -g rg --name g', hubRoutes, 'g'],
    ['an interface', 'az network nic show-effective-route-table -n b', effective('10.0.0.0/16'), 'b'],
    ['it at the very beginning', '-n b', effective('10.0.0.0/16'), 'b'],
    [
      'a route table of a hub',
      `az network vhub get-effective-routes -g rg -n g --resource-type RouteTable --resource-id ${hub('g').id}/hubRouteTables/t`,
      hubRoutes,
      't',
    ],
  ])('%s', (_, command, answer, owner) => {
    const known = [...twoGateways, hub('h'), hub('g'), nic('a'), nic('b')];
    const artifacts = known.map((document, index) => artifactOf(document, { id: `arm:${index}` }));
    const { topology } = readTopology([...artifacts, artifactOf(answer, { argv: command.split(' ') })]);
    const { learnedRoutes, effectiveRoutes, hubEffectiveRoutes } = topology;
    const owners = [learnedRoutes, effectiveRoutes, hubEffectiveRoutes].flatMap((table) => [...table.keys()]);
    expect(owners.map(nameOf)).toEqual([owner]);
  });
});

describe('the resource that was asked', () => {
  const operation = 'virtualNetworkGateways.getAdvertisedRoutes';
  const { id: resource } = gateway('gw1', '');
  const advertised = (network: string) => artifactOf({ value: [{ network }] }, { operation, resource });

  test('is asked per peer for what it advertises: the answers add up', () => {
    const { topology } = readTopology([advertised('10.0.0.0/16'), advertised('10.1.0.0/16')]);
    expect(topology.advertisedRoutes.get(keyOf(resource))).toHaveLength(2);
  });

  test('is asked once for what it learned: the later answer is the newer', () => {
    const asked = (localAddress: string) =>
      artifactOf(learned(localAddress), { operation: 'virtualNetworkGateways.getLearnedRoutes', resource });
    const { topology } = readTopology([asked('10.0.0.1'), asked('10.0.0.2')]);
    expect(topology.learnedRoutes.get(keyOf(resource))).toMatchObject([{ localAddress: '10.0.0.2' }]);
  });

  test('is taken from an id below it, or as it stands', () => {
    const asked = (resource: string) => readTopology([artifactOf(effective('10.0.0.0/16'), { resource })]).topology;
    const { id: own } = nic('a');
    expect([...asked(`${own}/ipConfigurations/one`).effectiveRoutes.keys()]).toEqual([keyOf(own)]);
    expect([...asked('/odd').effectiveRoutes.keys()]).toEqual(['/odd']);
  });

  test.each([
    ['a rule', rules(undefined, rule, { ...rule, priority: 'many' }), 'effectiveSecurityGroups'],
    ['a route', { value: [...effective('10.0.0.0/16').value, { nextHopType: 'None' }] }, 'effectiveRoutes'],
  ] as const)('is left open where %s was not understood: what is missing decides', (_, answer, table) => {
    const { topology } = read(nic('a'), answer);
    const operation = table === 'effectiveRoutes' ? 'networkInterfaces.getEffectiveRouteTable' : undefined;
    expect(topology[table].size).toBe(0);
    expect(topology.unread).toMatchObject([{ operation: table, resource: nic('a').id }]);
    const asked = readTopology([artifactOf(answer, { resource: nic('a').id, ...(operation && { operation }) })]);
    expect(asked.topology.unread).toMatchObject([{ operation: operation ?? table }]);
  });
});
