import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'hub-lab', space: ['10.180.0.0/16'] },
  gateway: { name: 'lab-vpn', pool: ['172.28.9.0/24'], publicAddress: '20.13.51.8', protocols: ['IkeV2'] },
  machines: [{ name: 'lab-1', address: '10.180.2.4', in: ['hub-lab', 'shared'] }],
  issued: null,
};

/** The SA sends and gets nothing back, while all of Azure is in order: broken for certain, and no cause of the catalogue fits. */
export const scenario: Scenario = {
  name: 'one-way-loss',
  platform: 'linux',
  client: linuxClient({
    kind: 'strongswan',
    tunnelAddress: '172.28.9.3',
    server: idsOf(spec).server,
    gatewayAddress: '20.13.51.8',
    routes: issuedOf(spec),
    bytes: { in: 0, out: 4_832 },
    traces: { '10.180.2.4': 'silent' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: [],
    unexplained: 1,
    prefixes: { '10.180.0.0/16': { verdict: 'broken', lostAt: 'delivered' } },
  },
};
