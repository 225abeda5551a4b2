import { effectiveRoute } from '../azure-machine.ts';
import { type EstateSpec, estate, idsOf, issuedOf, routeTableRead } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-hub-es', space: ['10.190.0.0/16'] },
  gateway: { name: 'vgw-es', pool: ['172.22.150.0/24'], publicAddress: '68.221.3.9' },
};
const ids = idsOf(base);
const appliance = '10.190.3.4';
const spec: EstateSpec = {
  ...base,
  hub: {
    ...base.hub,
    subnets: [
      { name: 'GatewaySubnet', prefix: '10.190.1.0/27', routeTable: ids.id('routeTables', 'rt-gateway') },
      { name: 'firewall', prefix: '10.190.3.0/26' },
    ],
  },
  spokes: [{ name: 'vnet-crm', space: ['10.191.0.0/16'] }],
  machines: [
    { name: 'fw', address: appliance, in: ['vnet-hub-es', 'firewall'], properties: { enableIPForwarding: true } },
    {
      name: 'crm-1',
      address: '10.191.1.4',
      in: ['vnet-crm', 'app'],
      user: [
        effectiveRoute('172.22.150.0/24', 'VirtualAppliance', { nextHopIpAddress: [appliance], name: 'clients-by-fw' }),
      ],
    },
  ],
  extra: () => [
    routeTableRead(ids.place, {
      name: 'rt-gateway',
      routes: [{ name: 'old-spoke', prefix: '10.199.0.0/16', nextHopType: 'VirtualAppliance', nextHop: appliance }],
      subnets: [`${ids.hub}/subnets/GatewaySubnet`],
    }),
  ],
};

/** The spoke answers by way of the firewall; the GatewaySubnet still only knows the spoke before it. */
export const scenario: Scenario = {
  name: 'return-path-asymmetric',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-es',
    server: ids.server,
    tunnelAddress: '172.22.150.12',
    gatewayAddress: '68.221.3.9',
    routes: issuedOf(spec),
    traces: { '10.191.1.4': 'silent' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['return-path-asymmetric'],
    prefixes: { '10.191.0.0/16': { verdict: 'broken', lostAt: 'returned' } },
  },
  twin: {
    file: 'azure/routeTables.get.rt-gateway.json',
    line: '"addressPrefix": "10.199.0.0/16",',
    instead: '"addressPrefix": "10.191.0.0/16",',
    findings: [],
  },
};
