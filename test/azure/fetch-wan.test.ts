import { expect, test } from 'vitest';
import { keyOf } from '../../src/facts/resource-id.ts';
import { address } from '../../src/net/address.ts';
import { estateOf, home, idIn, partner } from './estate-of.ts';
import { runFetch } from './run-fetch.ts';

const hub = idIn(home, 'rg-wan', 'virtualHubs/hub1');
const gateway = idIn(home, 'rg-wan', 'p2sVpnGateways/p2s');
const configuration = idIn(home, 'rg-wan', 'vpnServerConfigurations/config');
const table = { id: `${hub}/hubRouteTables/defaultRouteTable` };
const spoke = idIn(partner, 'rg-spoke1', 'virtualNetworks/spoke1');
const routingConfiguration = {
  associatedRouteTable: table,
  propagatedRouteTables: { labels: ['default'], ids: [table] },
};

const wan = estateOf(1, {
  resources: [
    {
      id: hub,
      name: 'hub1',
      properties: { addressPrefix: '10.60.0.0/23', routingState: 'Provisioned', p2SVpnGateway: { id: gateway } },
    },
    { id: table.id, name: 'defaultRouteTable', properties: { labels: ['default'], routes: [] } },
    {
      id: `${hub}/hubVirtualNetworkConnections/spoke1`,
      name: 'spoke1',
      properties: { remoteVirtualNetwork: { id: spoke }, routingConfiguration },
    },
    { id: configuration, name: 'config', properties: { vpnProtocols: ['OpenVPN'], vpnAuthenticationTypes: ['AAD'] } },
    {
      id: gateway,
      name: 'p2s',
      properties: {
        virtualHub: { id: hub },
        vpnServerConfiguration: { id: configuration },
        p2SConnectionConfigurations: [
          {
            name: 'users',
            properties: { vpnClientAddressPool: { addressPrefixes: ['172.16.60.0/24'] }, routingConfiguration },
          },
        ],
      },
    },
  ],
  actions: {
    [`${hub}/effectiveRoutes`]: {
      value: [
        {
          addressPrefixes: ['10.10.1.0/24'],
          nextHops: ['x'],
          nextHopType: 'Virtual Network Connection',
          routeOrigin: 'x',
        },
      ],
    },
    [`${gateway}/getP2sVpnConnectionHealth`]: {
      id: gateway,
      name: 'p2s',
      properties: {
        vpnClientConnectionHealth: { vpnClientConnectionsCount: 1, allocatedIpAddresses: ['172.16.60.2'] },
      },
    },
  },
});

test('finds a gateway of a hub by its pool, beside one of a VNet, and reads the hub and its spokes', async () => {
  const { topology, problems } = await runFetch({ estate: wan }, {}, { tunnelAddresses: [address('172.16.60.2')] });
  expect(problems).toEqual([]);
  expect(topology.unread).toEqual([]);
  expect(topology.p2sGateways.get(keyOf(gateway))).toMatchObject({
    connections: [{ name: 'users' }],
    health: { connections: 1 },
  });
  expect(topology.hubs.get(keyOf(hub))).toMatchObject({ routingState: 'Provisioned', routingIntent: [] });
  expect(topology.hubConnections).toMatchObject([{ remoteVNet: spoke }]);
  expect(topology.hubEffectiveRoutes.get(keyOf(table.id))).toHaveLength(1);
  expect(topology.serverConfigurations.get(keyOf(configuration))?.protocols).toEqual(['OpenVPN']);
  expect(topology.effectiveRoutes.size).toBe(1);
  expect(topology.learnedRoutes.size).toBe(0);
});

test('reads hub routes that come wrapped, as the specification shows them', async () => {
  const estate = { ...wan, faults: [{ match: 'effectiveRoutes', kind: 'wrapped' }] as const };
  const { topology } = await runFetch({ estate }, { resourceGroup: 'rg-wan', gatewayName: 'p2s' });
  expect(topology.hubEffectiveRoutes.get(keyOf(table.id))).toHaveLength(1);
});
