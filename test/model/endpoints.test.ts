import { describe, expect, test } from 'vitest';
import { gateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, estate, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { endpointsOf, poolsOf, protocolsOf, publicAddressesOf } from '../../src/model/endpoint.ts';
import { formatAddress } from '../../src/net/address.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { hubEstate } from './hub-estate.ts';
import { topologyFrom } from './topology-of.ts';

/* What clients may dial, and what its documents say of it. */
const simple: EstateSpec = {
  hub: { name: 'hub', space: ['10.20.0.0/16'] },
  gateway: { name: 'gw', pool: ['172.16.50.0/24'], publicAddress: '20.50.7.1' },
};
const ids = idsOf(simple);

function told(artifacts: readonly BundleArtifact[]) {
  const topology = topologyFrom(artifacts);
  return endpointsOf(topology).map((endpoint) => ({
    name: `${endpoint.kind} ${endpoint.gateway.name}`,
    pools: poolsOf(endpoint).map(({ group, prefixes }) =>
      [group ?? 'all', ...prefixes.map(({ prefix }) => formatPrefix(prefix))].join(' '),
    ),
    protocols: protocolsOf(endpoint, topology)?.join(' '),
    addresses: publicAddressesOf(endpoint, topology).map(formatAddress),
  }));
}
const another = (name: string, properties: object): BundleArtifact =>
  arm(
    'virtualNetworkGateways.get',
    ids.id('virtualNetworkGateways', name),
    gateway(ids.place, { name, home: ids.hub, pool: [], publicAddress: '20.50.7.9', properties: { ...properties } }),
  );

describe('clients dial', () => {
  test('a VPN gateway, at its public address, by its protocols', () => {
    expect(told(estate(simple))).toEqual([
      { name: 'vnet-gateway gw', pools: ['all 172.16.50.0/24'], protocols: 'IkeV2 OpenVPN', addresses: ['20.50.7.1'] },
    ]);
  });

  test('the gateway of a hub, whose protocols stand in a document of their own', () => {
    const hub = { name: 'hub-gateway hub-p2s', pools: ['everyone 10.77.9.0/24'], protocols: 'OpenVPN', addresses: [] };
    const unread = hubEstate().filter(({ operation }) => operation !== 'vpnServerConfigurations.get');
    expect(told(hubEstate())).toEqual([hub]);
    expect(told(unread)).toEqual([{ ...hub, protocols: undefined }]);
    expect(told(hubEstate({ gateway: { vpnServerConfiguration: null } }))).toEqual([{ ...hub, protocols: undefined }]);
  });

  test('no ExpressRoute gateway', () => {
    const circuit = another('ergw', { gatewayType: 'ExpressRoute' });
    expect(told([...estate(simple), circuit]).map(({ name }) => name)).toEqual(['vnet-gateway gw']);
  });

  test('a gateway without Point-to-Site for nothing', () => {
    const [, plain] = told([...estate(simple), another('plain', { vpnClientConfiguration: null })]);
    expect(plain).toMatchObject({ name: 'vnet-gateway plain', pools: [], protocols: undefined });
  });
});

test('each group of users has its pool, and a pool without a range is none', () => {
  const groups = [
    { name: 'staff', pool: ['172.16.51.0/24', '172.16.52.0/24'] },
    { name: 'none', pool: [] },
  ];
  const [one] = told(estate({ ...simple, gateway: { ...simple.gateway, pool: [], groups } }));
  expect(one?.pools).toEqual(['staff 172.16.51.0/24 172.16.52.0/24']);
});

describe('its public addresses are', () => {
  const at = (addresses: readonly string[], properties: object = {}) =>
    estate({ ...simple, gateway: { ...simple.gateway, properties: { ...properties } } }).filter(
      ({ operation }) => operation !== 'publicIPAddresses.get' || addresses.length > 0,
    );
  const silent = { bgpSettings: null };

  test.each<[string, readonly BundleArtifact[], readonly string[]]>([
    ['told by the address resource, and once', at(['read']), ['20.50.7.1']],
    ['told by the gateway where the resource was not read', at([]), ['20.50.7.1']],
    ['told by the resource where the gateway tells none', at(['read'], silent), ['20.50.7.1']],
    ['not known where neither tells', at([], silent), []],
    [
      'not known where the gateway names no resource',
      at(['read'], { ...silent, ipConfigurations: [{ properties: {} }] }),
      [],
    ],
  ])('%s', (_, artifacts, addresses) => {
    expect(told(artifacts)[0]?.addresses).toEqual(addresses);
  });

  test('not known where the resource has none yet', () => {
    const id = ids.id('publicIPAddresses', 'gw-pip');
    const pending = arm('publicIPAddresses.get', id, { id, name: 'gw-pip', properties: {} });
    expect(told([...at([], silent), pending])[0]?.addresses).toEqual([]);
  });
});
