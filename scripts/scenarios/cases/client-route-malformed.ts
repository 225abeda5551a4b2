import { type EstateSpec, estate, idsOf } from '../estate.ts';
import { edited } from '../lines.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-erp', space: ['172.21.0.0/20'] },
  spokes: [{ name: 'vnet-erp-db', space: ['172.21.16.0/21'] }],
  gateway: { name: 'vgw-erp', pool: ['192.168.77.0/24'], publicAddress: '13.95.8.61' },
  machines: [{ name: 'erp-1', address: '172.21.2.4', in: ['vnet-erp', 'shared'] }],
};
const written = 'ADD 172.21.16.0 MASK 255.255.248.0 default METRIC default IF default';
const typo = 'ADD 172.21.20.0 MASK 255.255.248.0 default METRIC default IF default';

/** A line of routes.txt was edited by hand, and names an address inside the range instead of its first. */
export const scenario: Scenario = {
  name: 'client-route-malformed',
  platform: 'windows',
  client: edited(
    windowsClient({
      connection: 'vnet-erp',
      server: idsOf(spec).server,
      tunnelAddress: '192.168.77.40',
      gatewayAddress: '13.95.8.61',
      routes: ['172.21.0.0/20', '192.168.77.0/24'],
      installed: ['172.21.0.0/20', '172.21.16.0/21', '192.168.77.0/24'],
      traces: { '172.21.2.4': 'answers' },
    }),
    'cmroute-routes',
    written,
    typo,
  ),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['client-route-malformed'],
    prefixes: { '172.21.16.0/21': { verdict: 'broken', lostAt: 'installed' } },
  },
  twin: { file: 'client/routes.txt', line: typo, instead: written, findings: ['session-older-than-change'] },
};
