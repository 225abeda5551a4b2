import { effectiveRoute } from '../azure-machine.ts';
import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf, routeTableRead } from '../estate.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-groups', space: ['10.102.0.0/16'] },
  gateway: {
    name: 'vgw-groups',
    pool: ['172.20.16.0/24'],
    publicAddress: '20.55.5.5',
    groups: [{ name: 'contractors', pool: ['172.20.17.0/24'] }],
  },
};
const ids = idsOf(base);
const table = ids.id('routeTables', 'rt-ledger');

/** The ledger's subnet has a route back for employees only; this computer is a contractor's. */
export const scenario = windowsCase({
  name: 'group-pool-not-routed',
  estate: {
    ...base,
    spokes: [
      {
        name: 'vnet-ledger',
        space: ['10.103.0.0/16'],
        subnets: [{ name: 'db', prefix: '10.103.7.0/24', routeTable: table }],
      },
      { name: 'vnet-wiki', space: ['10.104.0.0/16'] },
    ],
    machines: [
      {
        name: 'ledger',
        address: '10.103.7.4',
        in: ['vnet-ledger', 'db'],
        disabled: true,
        user: [
          effectiveRoute('172.20.16.0/24', 'VirtualNetworkGateway', {
            source: 'User',
            disableBgpRoutePropagation: true,
          }),
        ],
      },
      { name: 'wiki', address: '10.104.1.4', in: ['vnet-wiki', 'app'] },
    ],
    issued: ['10.102.0.0/16', '10.103.0.0/16', '10.104.0.0/16', '172.20.16.0/24', '172.20.17.0/24'],
    extra: () => [
      routeTableRead(ids.place, {
        name: 'rt-ledger',
        disableBgpRoutePropagation: true,
        routes: [{ name: 'employees', prefix: '172.20.16.0/24', nextHopType: 'VirtualNetworkGateway' }],
        subnets: [ids.subnet('vnet-ledger', 'db')],
      }),
    ],
  },
  tunnelAddress: '172.20.17.9',
  routes: ['10.102.0.0/16', '10.103.0.0/16', '10.104.0.0/16', '172.20.17.0/24'],
  client: { traces: { '10.104.1.4': 'answers', '10.103.7.4': 'silent' } },
  expected: {
    verdict: 'broken',
    findings: ['group-pool-not-routed'],
    prefixes: { '10.103.0.0/16': { verdict: 'broken', lostAt: 'returned' } },
  },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-groups.json',
    line: '"172.20.16.0/24"',
    instead: '"172.20.18.0/24"',
    findings: ['return-propagation-disabled'],
  },
});
