import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { printedRow } from '../lines.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-guard', space: ['10.101.0.0/16'] },
  gateway: { name: 'vgw-guard', pool: ['172.29.5.0/24'], publicAddress: '20.8.14.9', customRoutes: ['0.0.0.0/0'] },
  machines: [{ name: 'guard-1', address: '10.101.2.4', in: ['vnet-guard', 'shared'] }],
};

/** Everything should go through the VPN, and the local default route is cheaper. */
export const scenario: Scenario = {
  name: 'default-route-loses-metric',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-guard',
    server: idsOf(spec).server,
    tunnelAddress: '172.29.5.6',
    gatewayAddress: '20.8.14.9',
    routes: issuedOf(spec),
    traces: { '10.101.2.4': 'answers' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['default-route-loses-metric', 'internet-through-gateway'],
    prefixes: { '0.0.0.0/0': { verdict: 'broken', lostAt: 'selected' } },
  },
  twin: {
    file: 'client/windows-route-print.txt',
    line: printedRow({ prefix: '0.0.0.0/0', gateway: '192.168.29.1', interface: '192.168.29.37', metric: 25 }),
    instead: printedRow({ prefix: '0.0.0.0/0', gateway: '192.168.29.1', interface: '192.168.29.37', metric: 75 }),
    findings: ['internet-through-gateway'],
  },
};
