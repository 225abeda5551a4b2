import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { printedRow } from '../lines.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub-ch', space: ['10.110.0.0/16'] },
  spokes: [{ name: 'vnet-sql', space: ['10.111.0.0/16'] }],
  gateway: { name: 'vgw-ch', pool: ['172.26.9.0/24'], publicAddress: '51.103.11.5' },
  machines: [{ name: 'sql-1', address: '10.111.4.10', in: ['vnet-sql', 'app'] }],
};
const manual = { prefix: '10.111.4.0/24', gateway: '192.168.29.1', interface: '192.168.29.37', metric: 26 };

/** route -p add 10.111.4.0 mask 255.255.255.0 192.168.29.1, from the days before the VPN. */
export const scenario: Scenario = {
  name: 'manual-route-misdirected',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-ch',
    server: idsOf(spec).server,
    tunnelAddress: '172.26.9.4',
    gatewayAddress: '51.103.11.5',
    routes: issuedOf(spec),
    extra: [manual],
    persistent: ['       10.111.4.0    255.255.255.0     192.168.29.1       1'],
    traces: { '10.111.4.10': 'lost-outside' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['manual-route-misdirected'],
    prefixes: { '10.111.0.0/16': { verdict: 'broken', lostAt: 'selected' } },
  },
  twin: {
    file: 'client/windows-route-print.txt',
    line: printedRow(manual),
    instead: printedRow({ prefix: '10.111.4.0/24', interface: '192.168.29.37', metric: 281 }),
    findings: ['local-network-overlap'],
  },
};
