import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub-jp', space: ['10.170.0.0/16'] },
  gateway: {
    name: 'vgw-jp',
    pool: ['172.22.120.0/24'],
    publicAddress: '20.78.90.4',
    customRoutes: ['0.0.0.0/1', '128.0.0.0/1'],
  },
  machines: [{ name: 'jp-1', address: '10.170.2.4', in: ['vnet-hub-jp', 'shared'] }],
};
const site = idsOf(spec).id('localNetworkGateways', 'lng-tokyo');

/** Both halves of the internet are custom routes of a gateway that passes nothing on. */
export const scenario: Scenario = {
  name: 'internet-through-gateway',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-jp',
    server: idsOf(spec).server,
    tunnelAddress: '172.22.120.6',
    gatewayAddress: '20.78.90.4',
    routes: issuedOf(spec),
    traces: { '10.170.2.4': 'answers' },
  }),
  azure: estate(spec),
  expected: { verdict: 'undetermined', findings: ['internet-through-gateway'] },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-jp.json',
    line: '"natRules": [],',
    instead: `"natRules": [], "gatewayDefaultSite": { "id": "${site}" },`,
    findings: [],
  },
};
