import { type EstateSpec, estate, idsOf, issuedOf, routeTableRead } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-hub-it', space: ['10.200.0.0/16'] },
  gateway: { name: 'vgw-it', pool: ['172.22.160.0/24'], publicAddress: '4.232.9.1' },
};
const ids = idsOf(base);
const spec: EstateSpec = {
  ...base,
  hub: {
    ...base.hub,
    subnets: [
      { name: 'GatewaySubnet', prefix: '10.200.1.0/27', routeTable: ids.id('routeTables', 'rt-gw') },
      { name: 'shared', prefix: '10.200.2.0/24' },
    ],
  },
  spokes: [{ name: 'vnet-mes', space: ['10.201.0.0/16'] }],
  machines: [
    { name: 'hub-1', address: '10.200.2.4', in: ['vnet-hub-it', 'shared'] },
    { name: 'mes-1', address: '10.201.1.4', in: ['vnet-mes', 'app'] },
  ],
  extra: () => [
    routeTableRead(ids.place, {
      name: 'rt-gw',
      subnets: [`${ids.hub}/subnets/GatewaySubnet`],
      properties: { disablePeeringRoute: 'All' },
    }),
  ],
};

/** The GatewaySubnet's table drops peering routes: the gateway does not find the spoke. */
export const scenario: Scenario = {
  name: 'peering-route-disabled',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-it',
    server: ids.server,
    tunnelAddress: '172.22.160.12',
    gatewayAddress: '4.232.9.1',
    routes: issuedOf(spec),
    traces: { '10.200.2.4': 'answers', '10.201.1.4': 'silent' },
  }),
  azure: estate(spec),
  expected: { verdict: 'broken', findings: ['peering-route-disabled'] },
  twin: {
    file: 'azure/routeTables.get.rt-gw.json',
    line: '"disablePeeringRoute": "All"',
    instead: '"disablePeeringRoute": "None"',
    findings: ['guest-firewall-suspected'],
  },
};
