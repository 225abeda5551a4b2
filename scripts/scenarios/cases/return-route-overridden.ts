import { effectiveRoute } from '../azure-machine.ts';
import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub-au', space: ['10.180.0.0/16'] },
  spokes: [{ name: 'vnet-hr', space: ['10.181.0.0/16'] }],
  gateway: { name: 'vgw-au', pool: ['172.22.140.0/24'], publicAddress: '20.213.5.1' },
  machines: [
    {
      name: 'hr-1',
      address: '10.181.1.4',
      in: ['vnet-hr', 'app'],
      user: [effectiveRoute('172.22.140.0/24', 'None', { source: 'User', name: 'drop-guests' })],
    },
  ],
};

/** A user route drops what looked like a guests' range, and is the VPN's pool. */
export const scenario: Scenario = {
  name: 'return-route-overridden',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-au',
    server: idsOf(spec).server,
    tunnelAddress: '172.22.140.12',
    gatewayAddress: '20.213.5.1',
    routes: issuedOf(spec),
    traces: { '10.181.1.4': 'silent' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['return-route-overridden'],
    prefixes: { '10.181.0.0/16': { verdict: 'broken', lostAt: 'returned' } },
  },
  twin: {
    file: 'azure/networkInterfaces.getEffectiveRouteTable.hr-1.json',
    line: '"nextHopType": "None",',
    instead: '"nextHopType": "VirtualNetworkGateway",',
    occurrence: 1,
    findings: [],
  },
};
