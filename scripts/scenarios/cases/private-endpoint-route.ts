import { effectiveRoute, nic, nicId, privateEndpoint } from '../azure-machine.ts';
import { type EstateSpec, estate, idsOf, issuedOf, routeTableRead } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-hub-fi', space: ['10.225.0.0/16'] },
  spokes: [
    {
      name: 'vnet-data',
      space: ['10.226.0.0/16'],
      subnets: [
        { name: 'app', prefix: '10.226.1.0/24' },
        { name: 'endpoints', prefix: '10.226.9.0/24' },
      ],
    },
  ],
  gateway: { name: 'vgw-fi', pool: ['172.22.200.0/24'], publicAddress: '20.100.3.3' },
};
const ids = idsOf(base);
const appliance = '10.225.3.4';
const endpointNic = { name: 'pe-lake-nic', address: '10.226.9.5', subnet: ids.subnet('vnet-data', 'endpoints') };
const endpoint = ids.id('privateEndpoints', 'pe-lake');
const spec: EstateSpec = {
  ...base,
  hub: {
    ...base.hub,
    subnets: [
      { name: 'GatewaySubnet', prefix: '10.225.1.0/27', routeTable: ids.id('routeTables', 'rt-gw-fi') },
      { name: 'firewall', prefix: '10.225.3.0/26' },
    ],
  },
  machines: [
    { name: 'fw-fi', address: appliance, in: ['vnet-hub-fi', 'firewall'], properties: { enableIPForwarding: true } },
    {
      name: 'data-1',
      address: '10.226.1.4',
      in: ['vnet-data', 'app'],
      user: [effectiveRoute('172.22.200.0/24', 'VirtualAppliance', { nextHopIpAddress: [appliance] })],
    },
  ],
  extra: () => [
    routeTableRead(ids.place, {
      name: 'rt-gw-fi',
      routes: [{ name: 'data-by-fw', prefix: '10.226.0.0/16', nextHopType: 'VirtualAppliance', nextHop: appliance }],
      subnets: [`${ids.hub}/subnets/GatewaySubnet`],
    }),
    arm(
      'networkInterfaces.get',
      nicId(ids.place, endpointNic.name),
      nic(ids.place, { ...endpointNic, properties: { virtualMachine: null, privateEndpoint: { id: endpoint } } }),
    ),
    arm(
      'privateEndpoints.get',
      endpoint,
      privateEndpoint(ids.place, {
        name: 'pe-lake',
        subnet: endpointNic.subnet,
        nic: nicId(ids.place, endpointNic.name),
      }),
    ),
  ],
};

/** Machines are reached by the firewall; the data lake's private endpoint is reached past it. */
export const scenario: Scenario = {
  name: 'private-endpoint-route',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-fi',
    server: ids.server,
    tunnelAddress: '172.22.200.12',
    gatewayAddress: '20.100.3.3',
    routes: issuedOf(spec),
    traces: { '10.226.1.4': 'answers' },
  }),
  azure: estate(spec),
  expected: { verdict: 'ok', findings: ['private-endpoint-route'] },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-data.json',
    line: '"privateEndpointNetworkPolicies": "Disabled"',
    instead: '"privateEndpointNetworkPolicies": "RouteTableEnabled"',
    occurrence: 2,
    findings: [],
  },
};
