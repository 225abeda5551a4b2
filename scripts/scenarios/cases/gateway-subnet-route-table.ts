import { type EstateSpec, estate, idsOf, issuedOf, routeTableRead } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-hub-no', space: ['10.210.0.0/16'] },
  gateway: { name: 'vgw-no', pool: ['172.22.170.0/24'], publicAddress: '51.120.7.7' },
};
const ids = idsOf(base);
const spec: EstateSpec = {
  ...base,
  hub: {
    ...base.hub,
    subnets: [
      { name: 'GatewaySubnet', prefix: '10.210.1.0/27', routeTable: ids.id('routeTables', 'rt-everywhere') },
      { name: 'shared', prefix: '10.210.2.0/24' },
    ],
  },
  machines: [{ name: 'no-1', address: '10.210.2.4', in: ['vnet-hub-no', 'shared'] }],
  extra: () => [
    routeTableRead(ids.place, {
      name: 'rt-everywhere',
      disableBgpRoutePropagation: true,
      subnets: [`${ids.hub}/subnets/GatewaySubnet`],
    }),
  ],
};

/** A policy put one route table on every subnet, the gateway's own among them. */
export const scenario: Scenario = {
  name: 'gateway-subnet-route-table',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-no',
    server: ids.server,
    tunnelAddress: '172.22.170.12',
    gatewayAddress: '51.120.7.7',
    routes: issuedOf(spec),
    traces: { '10.210.2.4': 'silent' },
  }),
  azure: estate(spec),
  expected: { verdict: 'broken', findings: ['gateway-subnet-route-table'] },
  twin: {
    file: 'azure/routeTables.get.rt-everywhere.json',
    line: '"disableBgpRoutePropagation": true,',
    instead: '"disableBgpRoutePropagation": false,',
    findings: [],
  },
};
