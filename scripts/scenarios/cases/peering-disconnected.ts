import { type EstateSpec, estate, idsOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-platform', space: ['10.16.0.0/20'] },
  spokes: [
    { name: 'vnet-orders', space: ['10.16.32.0/20'] },
    { name: 'vnet-stock', space: ['10.16.64.0/20'], near: { peeringState: 'Disconnected' }, far: null },
  ],
  gateway: { name: 'vgw-platform', pool: ['172.29.0.0/25'], publicAddress: '20.103.7.51' },
  machines: [{ name: 'orders-api', address: '10.16.32.4', in: ['vnet-orders', 'app'] }],
};

/** Somebody deleted the peering in the spoke; the hub's half is left behind. */
export const scenario: Scenario = {
  name: 'peering-disconnected',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-platform',
    server: idsOf(spec).server,
    tunnelAddress: '172.29.0.4',
    gatewayAddress: '20.103.7.51',
    routes: ['10.16.0.0/20', '10.16.32.0/20', '172.29.0.0/25'],
    traces: { '10.16.32.4': 'answers', '10.16.64.4': 'lost-outside' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['peering-disconnected'],
    prefixes: { '10.16.64.0/20': { verdict: 'broken', lostAt: 'offered' } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-platform.json',
    line: '"peeringState": "Disconnected",',
    instead: '"peeringState": "Initiated",',
    findings: ['peering-half-missing'],
  },
};
