import { type EstateSpec, estate, idsOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { phonebook, windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-shared-se', space: ['10.72.0.0/16'] },
  spokes: [{ name: 'vnet-warehouse', space: ['10.73.0.0/16'] }],
  gateway: { name: 'vgw-se', pool: ['192.168.180.0/24'], publicAddress: '51.12.66.7' },
};

/** Somebody typed the server's name into Settings: nothing here knows of any route. */
export const scenario: Scenario = {
  name: 'connection-without-profile',
  platform: 'windows',
  client: [
    ...windowsClient({
      connection: 'Azure',
      server: idsOf(spec).server,
      tunnelAddress: '192.168.180.5',
      gatewayAddress: '51.12.66.7',
      routes: [],
      installed: null,
    }),
    phonebook('Azure'),
  ],
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['connection-without-profile'],
    prefixes: { '10.73.0.0/16': { verdict: 'broken', lostAt: 'installed' } },
  },
  twin: {
    file: 'client/windows-vpn-connection.json',
    line: '"Routes": []',
    instead: '"Routes": [{ "DestinationPrefix": "10.72.0.0/16" }, { "DestinationPrefix": "10.73.0.0/16" }]',
    findings: ['client-routes-not-installed'],
  },
};
