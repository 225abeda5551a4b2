import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub-br', space: ['10.160.0.0/16'] },
  gateway: { name: 'vgw-br', pool: ['172.23.88.0/22'], publicAddress: '191.233.6.20' },
  machines: [{ name: 'br-1', address: '10.160.2.4', in: ['vnet-hub-br', 'shared'] }],
};

/** Of a /22 the client was given .90.0: a host's address that looks like a network's. */
export const scenario: Scenario = {
  name: 'pool-edge-address',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-br',
    server: idsOf(spec).server,
    tunnelAddress: '172.23.90.0',
    gatewayAddress: '191.233.6.20',
    routes: issuedOf(spec),
    lists: 'net-route',
    traces: { '10.160.2.4': 'answers' },
  }),
  azure: estate(spec),
  expected: { verdict: 'ok', findings: ['pool-edge-address'] },
  twin: {
    file: 'client/windows-net-route.json',
    line: '"DestinationPrefix": "172.23.90.0/32",',
    instead: '"DestinationPrefix": "172.23.90.1/32",',
    findings: [],
  },
};
