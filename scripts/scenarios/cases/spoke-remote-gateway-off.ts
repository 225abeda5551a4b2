import { type EstateSpec, estate, idsOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub', space: ['10.20.0.0/16'] },
  spokes: [
    { name: 'vnet-web', space: ['10.21.0.0/16'] },
    { name: 'vnet-lab', space: ['10.22.0.0/16'], far: { useRemoteGateways: false } },
  ],
  gateway: { name: 'vgw-hub', pool: ['172.20.8.0/23'], publicAddress: '20.86.1.130', protocols: ['IkeV2', 'SSTP'] },
  machines: [{ name: 'web-01', address: '10.21.1.4', in: ['vnet-web', 'app'] }],
};

/** Azure shares the gateway with both spokes; one of them does not use it. */
export const scenario: Scenario = {
  name: 'spoke-remote-gateway-off',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub',
    server: idsOf(spec).server,
    tunnelAddress: '172.20.8.20',
    gatewayAddress: '20.86.1.130',
    routes: ['10.20.0.0/16', '10.21.0.0/16', '172.20.8.0/23'],
    lists: 'net-route',
    traces: { '10.21.1.4': 'answers', '10.22.1.4': 'lost-outside' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['spoke-remote-gateway-off'],
    prefixes: { '10.22.0.0/16': { verdict: 'broken', lostAt: 'offered' } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-lab.json',
    line: '"useRemoteGateways": false,',
    instead: '"useRemoteGateways": true,',
    findings: ['gateway-not-ready'],
  },
};
