import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub-in', space: ['10.175.0.0/16'] },
  gateway: { name: 'vgw-in', pool: ['172.22.130.0/24'], publicAddress: '20.198.7.7', customRoutes: ['20.60.44.0/24'] },
  issued: null,
  machines: [{ name: 'in-1', address: '10.175.2.4', in: ['vnet-hub-in', 'shared'] }],
};

/** Somebody asks why the second storage account is not reached through the VPN. */
export const scenario: Scenario = {
  name: 'public-service-not-advertised',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-in',
    server: idsOf(spec).server,
    tunnelAddress: '172.22.130.6',
    gatewayAddress: '20.198.7.7',
    routes: issuedOf(spec),
    traces: { '10.175.2.4': 'answers', '20.60.33.9': 'lost-outside' },
  }),
  azure: estate(spec),
  expected: { verdict: 'undetermined', findings: ['public-service-not-advertised'] },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-in.json',
    line: '"20.60.44.0/24"',
    instead: '"20.60.33.0/24"',
    findings: ['custom-route-not-installed', 'stray-route'],
  },
};
