import { type EstateSpec, estate, idsOf, issuedOf, routeTableRead } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-hub-uks', space: ['10.60.0.0/16'] },
  gateway: { name: 'vgw-uks', pool: ['172.28.12.0/24'], publicAddress: '20.90.17.2' },
};
const ids = idsOf(base);
const table = ids.id('routeTables', 'rt-secure');
const spec: EstateSpec = {
  ...base,
  spokes: [
    {
      name: 'vnet-secure',
      space: ['10.61.0.0/16'],
      subnets: [{ name: 'app', prefix: '10.61.1.0/24', routeTable: table }],
    },
    { name: 'vnet-plain', space: ['10.62.0.0/16'] },
  ],
  machines: [{ name: 'plain', address: '10.62.1.4', in: ['vnet-plain', 'app'] }],
  extra: () => [
    routeTableRead(ids.place, {
      name: 'rt-secure',
      disableBgpRoutePropagation: true,
      subnets: [ids.subnet('vnet-secure', 'app')],
    }),
  ],
};

/** No machine runs in the subnet, so its route table speaks for it. */
export const scenario: Scenario = {
  name: 'return-propagation-disabled',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-uks',
    server: ids.server,
    tunnelAddress: '172.28.12.30',
    gatewayAddress: '20.90.17.2',
    routes: issuedOf(spec),
    traces: { '10.62.1.4': 'answers' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['return-propagation-disabled'],
    prefixes: { '10.61.0.0/16': { verdict: 'broken', lostAt: 'returned' } },
  },
  twin: {
    file: 'azure/routeTables.get.rt-secure.json',
    line: '"disableBgpRoutePropagation": true,',
    instead: '"disableBgpRoutePropagation": false,',
    findings: [],
  },
};
