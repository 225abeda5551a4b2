import { describe, expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import { address } from '../../src/net/address.ts';
import { artifactOf } from './artifact-of.ts';
import { home, idIn } from './estate-of.ts';

const id = (rest: string) => idIn(home, 'rg', rest);
const only = <T>(values: Iterable<T>): T | undefined => [...values][0];
const gateway = (properties: unknown) => {
  const { topology, problems } = readTopology([artifactOf({ id: id('virtualNetworkGateways/gw'), properties })]);
  return { gateway: only(topology.gateways.values()), told: problems.map(({ text }) => text) };
};

describe('values as they come', () => {
  test.each([
    ['enableBgp', true, true, 0],
    ['enableBgp', 'False', false, 0],
    ['enableBgp', 'true', true, 0],
    ['enableBgp', 'perhaps', undefined, 1],
    ['gatewayType', 'Vpn', 'Vpn', 0],
    ['gatewayType', 7, '7', 0],
    ['gatewayType', '', undefined, 0],
    ['gatewayType', true, undefined, 1],
    ['gatewayDefaultSite', '', undefined, 0],
    ['gatewayDefaultSite', '/site', '/site', 0],
    ['gatewayDefaultSite', { id: '' }, undefined, 0],
  ] as const)('%s: %j', (name, value, expected, problems) => {
    const { gateway: found, told } = gateway({ [name]: value });
    expect(found?.[name]).toBe(expected);
    expect(told).toHaveLength(problems);
  });

  test.each([
    [65515, 65515, 0],
    ['65515', 65515, 0],
    ['', undefined, 0],
    ['many', undefined, 1],
    [[], undefined, 1],
    [true, undefined, 1],
  ])('a number: %j', (asn, expected, problems) => {
    const { gateway: found, told } = gateway({ bgpSettings: { asn } });
    expect(found?.asn).toBe(expected);
    expect(told).toHaveLength(problems);
  });

  test.each([
    ['10.0.1.4, 10.0.1.5', ['10.0.1.4', '10.0.1.5'], 0],
    [' 10.0.1.4 ', ['10.0.1.4'], 0],
    ['', [], 0],
    ['10.0.1.4,', ['10.0.1.4'], 0],
    ['10.0.1.400', [], 1],
    [['10.0.1.4', null, 7], ['10.0.1.4'], 1],
  ])('addresses: %j', (bgpPeeringAddress, expected, problems) => {
    const { gateway: found, told } = gateway({ bgpSettings: { bgpPeeringAddress } });
    expect(found?.bgpPeeringAddresses).toEqual(expected.map(address));
    expect(told).toHaveLength(problems);
  });

  test.each([
    [['OpenVPN', ''], ['OpenVPN'], 0],
    [['OpenVPN', 7], ['OpenVPN'], 1],
    ['OpenVPN', ['OpenVPN'], 0],
    [{ odd: 1 }, [], 1],
  ])('words: %j', (vpnClientProtocols, expected, problems) => {
    const { gateway: found, told } = gateway({ vpnClientConfiguration: { vpnClientProtocols } });
    expect(found?.pointToSite?.protocols).toEqual(expected);
    expect(told).toHaveLength(problems);
  });

  test('a bare list of prefixes is an address space as well, and a long garbage is cut short', () => {
    const { gateway: found, told } = gateway({ customRoutes: ['10.5.0.0/16', 'x'.repeat(500)] });
    expect(found?.customRoutes).toHaveLength(1);
    expect(told.map(({ length }) => length)).toEqual([200]);
  });
});

describe('a rule of a security group', () => {
  const known = { priority: 100, direction: 'Inbound', access: 'Allow' };
  test.each([
    [known, true],
    [{ ...known, direction: 'Sideways' }, false],
    [{ ...known, access: 'Maybe' }, false],
    [{ direction: 'Inbound', access: 'Allow' }, false],
    [{ priority: 100, access: 'Allow' }, false],
    [{ priority: 100, direction: 'Outbound' }, false],
  ])('%j is understood: %s', (properties, isKnown) => {
    const nsg = { id: id('networkSecurityGroups/nsg'), properties: { securityRules: [{ properties }] } };
    const { topology, problems } = readTopology([artifactOf(nsg)]);
    expect(topology.securityGroups.size).toBe(isKnown ? 1 : 0);
    expect([problems.length, topology.unread.length]).toEqual(isKnown ? [0, 0] : [1, 1]);
  });

  test('as it bears on an interface names what its tags stand for', () => {
    const row = {
      networkSecurityGroup: { id: '/nsg' },
      effectiveSecurityRules: [
        {
          ...known,
          sourceAddressPrefix: 'VirtualNetwork',
          expandedSourceAddressPrefix: ['10.0.0.0/16', '172.16.50.0/24'],
          destinationAddressPrefix: '*',
          expandedDestinationAddressPrefix: null,
        },
      ],
    };
    const { topology } = readTopology([artifactOf({ value: [row] }, { resource: id('networkInterfaces/n') })]);
    expect(only(topology.effectiveSecurityGroups.values())).toMatchObject([
      { id: '/nsg', name: 'nsg', rules: [{ sources: ['10.0.0.0/16', '172.16.50.0/24'], destinations: ['*'] }] },
    ]);
  });

  test('of no group is a problem', () => {
    const rows = { value: [{ effectiveSecurityRules: [known] }] };
    expect(readTopology([artifactOf(rows, { resource: '/n' })]).topology.unread).toHaveLength(1);
  });
});

test.each([[{ addressPrefix: '10.0.0.0/8' }], [{ nextHopType: 'None' }], [{ addressPrefix: '', nextHopType: 'None' }]])(
  'a route of a table without an end is a problem: %j',
  (properties) => {
    const table = { id: id('routeTables/rt'), properties: { routes: [{ properties }] } };
    const { topology, problems } = readTopology([artifactOf(table)]);
    expect([topology.routeTables.size, problems.length, topology.unread.length]).toEqual([0, 1, 1]);
  },
);

describe('an answer that is none', () => {
  const operation = 'virtualNetworks.get';
  test.each([
    ['', 'empty', 'the answer has no body'],
    ['null', 'empty', 'the answer is null'],
    ['7', 'not-json', '7'],
    ['{}', 'empty', 'the answer lists nothing'],
    ['{"value":null}', 'empty', 'the answer lists nothing'],
    ['{"error":{"code":"AuthorizationFailed","message":"no"}}', 'AuthorizationFailed', 'no'],
    ['{"error":{"code":"Odd"}}', 'Odd', ''],
    ['{"status":"InProgress"}', 'not-finished', 'status InProgress'],
    ['{"status":"InProgress","properties":null}', 'not-finished', 'status InProgress'],
    [`<html>${'x'.repeat(2000)}`, 'not-json', `<html>${'x'.repeat(994)}`],
  ])('%s says why', (text, code, message) => {
    const { topology, problems } = readTopology([artifactOf(text, { operation, resource: '/v' })]);
    expect(topology.unread).toMatchObject([{ operation, why: { code, message } }]);
    expect(problems.map((problem) => problem.text)).toEqual([message.slice(0, 200)]);
  });
});

describe('a document is what', () => {
  const space = { properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } };
  test.each([
    ['its id says', { id: id('virtualNetworks/v'), ...space }, undefined],
    ['its type says', { id: '/v', type: 'Microsoft.Network/VirtualNetworks', ...space }, undefined],
    ['was asked for', { id: '/v', ...space }, 'virtualNetworks.get'],
    ['was asked for, in the words of an older SDK', { id: '/v', ...space }, 'VirtualNetworks.beginGetAndWait'],
    ['its shape says', { id: '/v', properties: { ...space.properties, subnets: [] } }, undefined],
    ['its id says, whatever was asked for', { id: id('virtualNetworks/v'), ...space }, 'publicIPAddresses.get'],
  ])('%s', (_, document, operation) => {
    const { topology, problems } = readTopology([artifactOf(document, operation === undefined ? {} : { operation })]);
    expect([topology.vnets.size, problems]).toEqual([1, []]);
  });

  test.each([
    ['virtualNetworkGateways.listConnections', 'connections', { virtualNetworkGateway1: { id: '/gw' } }],
    ['virtualNetworkGatewayConnections.list', 'connections', { virtualNetworkGateway1: { id: '/gw' } }],
    ['subscriptions.list', undefined, {}],
  ] as const)('the operation %s answers with', (operation, table, properties) => {
    const { topology, problems } = readTopology([artifactOf({ value: [{ id: '/x', properties }] }, { operation })]);
    expect(topology.connections).toHaveLength(table === undefined ? 0 : 1);
    expect(problems).toHaveLength(table === undefined ? 1 : 0);
  });
});
