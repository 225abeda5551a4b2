import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { lineWith } from '../lines.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'hub-ops', space: ['10.150.0.0/16'] },
  spokes: [{ name: 'backup', space: ['10.151.0.0/16'] }],
  gateway: { name: 'ops-vpn', pool: ['172.24.60.0/24'], publicAddress: '20.13.44.2', protocols: ['IkeV2'] },
  machines: [{ name: 'ops-1', address: '10.150.2.4', in: ['hub-ops', 'shared'] }],
  issued: null,
};
const client = linuxClient({
  kind: 'strongswan',
  tunnelAddress: '172.24.60.3',
  server: idsOf(spec).server,
  gatewayAddress: '20.13.44.2',
  routes: issuedOf(spec),
  remoteSelectors: ['10.150.0.0/16', '172.24.60.0/24'],
  traces: { '10.150.2.4': 'answers', '10.151.1.4': 'silent' },
});
const selectors = lineWith(client, 'linux-swanctl-sas', 'remote 10.');

/** Somebody put the spoke into table 220 by hand; the tunnel was never asked to carry it. */
export const scenario: Scenario = {
  name: 'ike-selector-missing',
  platform: 'linux',
  client,
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['ike-selector-missing'],
    prefixes: { '10.151.0.0/16': { verdict: 'broken', lostAt: 'selected' } },
  },
  twin: {
    file: 'client/linux-swanctl-sas.txt',
    line: selectors,
    instead: `${selectors} 10.151.0.0/16`,
    findings: [],
  },
};
