import { vnet, vnetId } from '../../scripts/scenarios/azure-network.ts';
import {
  defaultTableId,
  hubConnection,
  hubEffectiveRoute,
  hubRouteTable,
  p2sGateway,
  serverConfiguration,
  virtualHub,
} from '../../scripts/scenarios/azure-wan.ts';
import { arm, type BundleArtifact, guid, networkId } from '../../scripts/scenarios/wire.ts';

const place = { subscription: guid('subscription', 'wan-east'), group: 'rg-wan' };
const hub = networkId(place, 'virtualHubs', 'hub-east');
const configuration = networkId(place, 'vpnServerConfigurations', 'staff');
const app = vnetId(place, { name: 'vnet-east' });
const firewall = networkId(place, 'azureFirewalls', 'fw-east');

/** The P2S gateway of that hub. */
export const hubGateway = networkId(place, 'p2sVpnGateways', 'hub-east-p2s');

/** A Virtual WAN hub with one VNet, 10.20.0.0/16, a pool, 172.16.50.0/24, and the internet behind a firewall. */
export const hubEstate: readonly BundleArtifact[] = [
  arm(
    'p2sVpnGateways.get',
    hubGateway,
    p2sGateway(place, {
      name: 'hub-east-p2s',
      hub,
      serverConfiguration: configuration,
      clients: [{ name: 'staff', pool: ['172.16.50.0/24'], enableInternetSecurity: true }],
    }),
  ),
  arm('vpnServerConfigurations.get', configuration, serverConfiguration(place, 'staff')),
  arm('virtualHubs.get', hub, virtualHub(place, 'hub-east', '10.64.0.0/23')),
  arm('hubVirtualNetworkConnections.list', hub, { value: [hubConnection(hub, { name: 'east', vnet: app })] }),
  arm(
    'hubRouteTables.get',
    defaultTableId(hub),
    hubRouteTable(hub, 'defaultRouteTable', [{ name: 'all', destinations: ['0.0.0.0/0'], nextHop: firewall }]),
  ),
  arm('virtualHubs.getEffectiveVirtualHubRoutes', defaultTableId(hub), {
    value: [
      hubEffectiveRoute(['10.20.0.0/16'], 'Virtual Network Connection', `${hub}/hubVirtualNetworkConnections/east`),
      hubEffectiveRoute(['0.0.0.0/0'], 'Azure Firewall', firewall),
    ],
  }),
  arm(
    'virtualNetworks.get',
    app,
    vnet(place, { name: 'vnet-east', space: ['10.20.0.0/16'], subnets: [{ name: 'app', prefix: '10.20.1.0/24' }] }),
  ),
];
