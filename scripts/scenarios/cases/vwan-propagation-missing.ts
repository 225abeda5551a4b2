import { vnet, vnetId } from '../azure-network.ts';
import {
  defaultTableId,
  hubConnection,
  hubEffectiveRoute,
  hubRouteTable,
  p2sGateway,
  routingConfiguration,
  serverConfiguration,
  virtualHub,
} from '../azure-wan.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';
import { arm, guid, networkId } from '../wire.ts';

const place = { subscription: guid('subscription', 'vwan-east'), group: 'rg-wan' };
const hub = networkId(place, 'virtualHubs', 'hub-east');
const config = networkId(place, 'vpnServerConfigurations', 'users');
const p2s = networkId(place, 'p2sVpnGateways', 'hub-east-p2s');
const isolated = `${hub}/hubRouteTables/isolated`;
const [app, lab] = ['vnet-app', 'vnet-lab'].map((name) => vnetId(place, { name })) as [string, string];
const client = {
  kind: 'openvpn' as const,
  tunnelAddress: '10.77.9.5',
  server: 'hub-east.vpn.azure.com',
  gatewayAddress: '20.7.7.7',
  routes: ['10.66.0.0/16', '10.77.9.0/24'],
  traces: { '10.66.1.4': 'answers', '10.67.1.4': 'lost-outside' } as const,
};

/** One VNet of the hub propagates to a table of its own; the clients' table never hears of it. */
export const scenario: Scenario = {
  name: 'vwan-propagation-missing',
  platform: 'linux',
  client: linuxClient(client),
  azure: [
    arm(
      'p2sVpnGateways.get',
      p2s,
      p2sGateway(place, {
        name: 'hub-east-p2s',
        hub,
        serverConfiguration: config,
        clients: [{ name: 'everyone', pool: ['10.77.9.0/24'] }],
      }),
    ),
    arm('vpnServerConfigurations.get', config, serverConfiguration(place, 'users', ['OpenVPN'])),
    arm('virtualHubs.get', hub, virtualHub(place, 'hub-east', '10.65.0.0/23')),
    arm('hubVirtualNetworkConnections.list', hub, {
      value: [
        hubConnection(hub, { name: 'app', vnet: app }),
        hubConnection(hub, {
          name: 'lab',
          vnet: lab,
          routing: routingConfiguration(hub, { ids: [isolated], labels: ['lab-only'] }),
        }),
      ],
    }),
    arm('hubRouteTables.get', defaultTableId(hub), hubRouteTable(hub, 'defaultRouteTable')),
    arm('virtualHubs.getEffectiveVirtualHubRoutes', defaultTableId(hub), {
      value: [
        hubEffectiveRoute(['10.66.0.0/16'], 'Virtual Network Connection', `${hub}/hubVirtualNetworkConnections/app`),
      ],
    }),
    arm(
      'virtualNetworks.get',
      app,
      vnet(place, { name: 'vnet-app', space: ['10.66.0.0/16'], subnets: [{ name: 'app', prefix: '10.66.1.0/24' }] }),
    ),
    arm(
      'virtualNetworks.get',
      lab,
      vnet(place, { name: 'vnet-lab', space: ['10.67.0.0/16'], subnets: [{ name: 'lab', prefix: '10.67.1.0/24' }] }),
    ),
  ],
  expected: {
    verdict: 'broken',
    findings: ['vwan-propagation-missing'],
    prefixes: { '10.67.0.0/16': { verdict: 'broken', lostAt: 'offered' } },
  },
  twin: {
    file: 'azure/hubVirtualNetworkConnections.list.hub-east.json',
    line: '"lab-only"',
    instead: '"lab-only", "default"',
    findings: ['session-older-than-change'],
  },
};
