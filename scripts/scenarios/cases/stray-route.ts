import { type EstateSpec, estate, idsOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-edge', space: ['10.50.0.0/16'] },
  spokes: [{ name: 'vnet-crm', space: ['10.51.0.0/16'] }],
  gateway: { name: 'vgw-edge', pool: ['172.21.44.0/24'], publicAddress: '20.61.3.3', customRoutes: ['10.50.128.0/17'] },
  machines: [
    { name: 'edge', address: '10.50.2.8', in: ['vnet-edge', 'shared'] },
    { name: 'crm', address: '10.51.1.4', in: ['vnet-crm', 'app'] },
  ],
};
const routes = ['10.50.0.0/16', '10.51.0.0/16', '10.57.0.0/16', '172.21.44.0/24'];

/** A spoke was taken away; the package still sends its range into the tunnel. */
export const scenario: Scenario = {
  name: 'stray-route',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-edge',
    server: idsOf(spec).server,
    tunnelAddress: '172.21.44.9',
    gatewayAddress: '20.61.3.3',
    routes,
    traces: { '10.50.2.8': 'answers', '10.51.1.4': 'answers', '10.50.128.4': 'answers' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'ok',
    findings: ['stray-route'],
    prefixes: { '10.57.0.0/16': { verdict: 'not-expected', lostAt: 'configured' } },
  },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-edge.json',
    line: '"10.50.128.0/17"',
    instead: '"10.57.0.0/16"',
    findings: [],
  },
};
