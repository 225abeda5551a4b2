import { vnet, vnetId } from '../azure-network.ts';
import {
  defaultTableId,
  hubConnection,
  hubEffectiveRoute,
  hubRouteTable,
  p2sGateway,
  serverConfiguration,
  virtualHub,
} from '../azure-wan.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';
import { arm, guid, networkId } from '../wire.ts';

const place = { subscription: guid('subscription', 'vwan-south'), group: 'rg-wan' };
const hub = networkId(place, 'virtualHubs', 'hub-south');
const config = networkId(place, 'vpnServerConfigurations', 'staff');
const p2s = networkId(place, 'p2sVpnGateways', 'hub-south-p2s');
const firewall = `/subscriptions/${place.subscription}/resourceGroups/${place.group}/providers/Microsoft.Network/azureFirewalls/fw-south`;
const app = vnetId(place, { name: 'vnet-south' });

/** The hub sends the internet to a firewall; clients are not told. */
export const scenario: Scenario = {
  name: 'vwan-default-route-off',
  platform: 'linux',
  client: linuxClient({
    kind: 'openvpn',
    tunnelAddress: '10.79.2.6',
    server: 'hub-south.vpn.azure.com',
    gatewayAddress: '20.7.8.8',
    routes: ['10.68.0.0/16', '10.79.2.0/24'],
    traces: { '10.68.1.4': 'answers' },
  }),
  azure: [
    arm(
      'p2sVpnGateways.get',
      p2s,
      p2sGateway(place, {
        name: 'hub-south-p2s',
        hub,
        serverConfiguration: config,
        clients: [{ name: 'staff', pool: ['10.79.2.0/24'], enableInternetSecurity: false }],
      }),
    ),
    arm('vpnServerConfigurations.get', config, serverConfiguration(place, 'staff', ['OpenVPN'])),
    arm('virtualHubs.get', hub, virtualHub(place, 'hub-south', '10.64.0.0/23')),
    arm('hubVirtualNetworkConnections.list', hub, { value: [hubConnection(hub, { name: 'south', vnet: app })] }),
    arm(
      'hubRouteTables.get',
      defaultTableId(hub),
      hubRouteTable(hub, 'defaultRouteTable', [{ name: 'all', destinations: ['0.0.0.0/0'], nextHop: firewall }]),
    ),
    arm('virtualHubs.getEffectiveVirtualHubRoutes', defaultTableId(hub), {
      value: [
        hubEffectiveRoute(['10.68.0.0/16'], 'Virtual Network Connection', `${hub}/hubVirtualNetworkConnections/south`),
        hubEffectiveRoute(['0.0.0.0/0'], 'Azure Firewall', firewall),
      ],
    }),
    arm(
      'virtualNetworks.get',
      app,
      vnet(place, { name: 'vnet-south', space: ['10.68.0.0/16'], subnets: [{ name: 'app', prefix: '10.68.1.0/24' }] }),
    ),
  ],
  expected: {
    verdict: 'ok',
    findings: ['vwan-default-route-off'],
    prefixes: { '10.68.0.0/16': { verdict: 'ok', lostAt: null } },
  },
  twin: {
    file: 'azure/p2sVpnGateways.get.hub-south-p2s.json',
    line: '"enableInternetSecurity": false,',
    instead: '"enableInternetSecurity": true,',
    findings: ['session-older-than-change'],
  },
};
