import { type EstateSpec, estate, idsOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub-ne', space: ['10.30.0.0/16'] },
  spokes: [
    { name: 'vnet-apps', space: ['10.31.0.0/16'] },
    { name: 'vnet-new', space: ['10.32.0.0/16'] },
  ],
  gateway: { name: 'vgw-ne', pool: ['172.16.66.0/24'], publicAddress: '13.79.40.8' },
  machines: [
    { name: 'app-1', address: '10.31.1.4', in: ['vnet-apps', 'app'] },
    { name: 'new-1', address: '10.32.1.4', in: ['vnet-new', 'app'] },
  ],
};

/** A spoke was peered last week; the package on this machine is from last year. */
export const scenario: Scenario = {
  name: 'client-profile-stale',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-ne',
    server: idsOf(spec).server,
    tunnelAddress: '172.16.66.11',
    gatewayAddress: '13.79.40.8',
    routes: ['10.30.0.0/16', '10.31.0.0/16', '172.16.66.0/24'],
    traces: { '10.31.1.4': 'answers', '10.32.1.4': 'lost-outside' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['client-profile-stale'],
    prefixes: { '10.32.0.0/16': { verdict: 'broken', lostAt: 'installed' } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-new.json',
    line: '"useRemoteGateways": true,',
    instead: '"useRemoteGateways": false,',
    findings: ['spoke-remote-gateway-off'],
  },
};
