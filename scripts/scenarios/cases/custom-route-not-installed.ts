import { type EstateSpec, estate, idsOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-files', space: ['10.81.0.0/16'] },
  spokes: [{ name: 'vnet-cad', space: ['10.82.0.0/16'] }],
  gateway: {
    name: 'vgw-files',
    pool: ['172.27.4.0/24'],
    publicAddress: '20.42.96.3',
    customRoutes: ['20.60.88.132/32'],
  },
  machines: [{ name: 'cad-1', address: '10.82.1.8', in: ['vnet-cad', 'app'] }],
};
const older = ['10.81.0.0/16', '10.82.0.0/16', '172.27.4.0/24'];

/** The storage account became a custom route; the package is from before. */
export const scenario: Scenario = {
  name: 'custom-route-not-installed',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-files',
    server: idsOf(spec).server,
    tunnelAddress: '172.27.4.9',
    gatewayAddress: '20.42.96.3',
    routes: older,
    traces: { '10.82.1.8': 'answers' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['custom-route-not-installed'],
    prefixes: { '20.60.88.132/32': { verdict: 'broken', lostAt: 'installed' } },
  },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-files.json',
    line: '"20.60.88.132/32"',
    instead: '"10.81.0.0/16"',
    findings: [],
  },
};
