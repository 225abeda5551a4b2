import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { printedRow } from '../lines.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-core-fr', space: ['10.44.0.0/16'] },
  spokes: [{ name: 'vnet-billing', space: ['10.45.0.0/16'] }],
  gateway: { name: 'vgw-fr', pool: ['192.168.222.0/24'], publicAddress: '20.111.4.90' },
  machines: [{ name: 'billing-1', address: '10.45.1.4', in: ['vnet-billing', 'app'] }],
};

/** The package lies on the disk, the person is no administrator, and not one route arrived. */
export const scenario: Scenario = {
  name: 'client-routes-not-installed',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-core-fr',
    server: idsOf(spec).server,
    tunnelAddress: '192.168.222.17',
    gatewayAddress: '20.111.4.90',
    routes: [],
    installed: issuedOf(spec),
    traces: { '10.45.1.4': 'lost-outside' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['client-routes-not-installed'],
    prefixes: { '10.45.0.0/16': { verdict: 'broken', lostAt: 'active' } },
  },
  twin: {
    file: 'client/windows-route-print.txt',
    line: printedRow({ prefix: '224.0.0.0/4', interface: '192.168.222.17', metric: 281 }),
    instead: printedRow({ prefix: '10.44.0.0/16', interface: '192.168.222.17', metric: 43 }),
    findings: ['session-older-than-change'],
  },
};
