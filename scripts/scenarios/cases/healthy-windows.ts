import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub-weu', space: ['10.0.0.0/16'] },
  spokes: [
    { name: 'vnet-erp', space: ['10.10.0.0/16'] },
    { name: 'vnet-files', space: ['10.11.0.0/16', '10.12.0.0/22'] },
  ],
  gateway: { name: 'vgw-weu', pool: ['172.16.50.0/24'], publicAddress: '20.193.245.69' },
  machines: [
    { name: 'jump', address: '10.0.2.4', in: ['vnet-hub-weu', 'shared'] },
    { name: 'erp-db', address: '10.10.1.4', in: ['vnet-erp', 'app'] },
    { name: 'files-01', address: '10.11.1.9', in: ['vnet-files', 'app'] },
    { name: 'files-02', address: '10.12.0.7', in: ['vnet-files', 'app2'] },
  ],
};

/** Nothing is wrong: a hub, two spokes, a native client with the package of today. */
export const scenario: Scenario = {
  name: 'healthy-windows',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-weu',
    server: idsOf(spec).server,
    tunnelAddress: '172.16.50.130',
    gatewayAddress: '20.193.245.69',
    routes: issuedOf(spec),
    traces: { '10.0.2.4': 'answers', '10.10.1.4': 'answers', '10.11.1.9': 'answers', '10.12.0.7': 'answers' },
  }),
  azure: estate(spec),
  expected: { verdict: 'ok', findings: [], prefixes: { '10.10.0.0/16': { verdict: 'ok', lostAt: null } } },
};
