import { type EstateSpec, estate, idsOf } from '../estate.ts';
import { linuxClient, swanctlSas } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-core', space: ['10.70.0.0/16'] },
  spokes: [{ name: 'vnet-billing', space: ['10.71.0.0/16'] }],
  gateway: { name: 'vgw-core', pool: ['172.27.3.0/24'], publicAddress: '20.82.14.9', protocols: ['IkeV2'] },
  machines: [{ name: 'billing', address: '10.71.1.4', in: ['vnet-billing', 'app'] }],
  issued: null,
};
const client = {
  kind: 'strongswan' as const,
  tunnelAddress: '172.27.3.9',
  server: idsOf(spec).server,
  gatewayAddress: '20.82.14.9',
  // charon lays the routes of a trap policy as well: the table alone looks healthy.
  routes: ['10.70.0.0/16', '10.71.0.0/16', '172.27.3.0/24'],
  traces: { '10.71.1.4': 'silent' as const },
};
const installed = 'azure: #5, reqid 1, INSTALLED, TUNNEL-in-UDP, ESP:AES_GCM_16-256';
const created = 'azure: #5, reqid 1, CREATED, TUNNEL-in-UDP, ESP:AES_GCM_16-256';
const sas = swanctlSas(client);

/** IKE is up, trap policies wait, and the gateway never agreed to a child: nothing is carried. */
export const scenario: Scenario = {
  name: 'vpn-not-connected',
  platform: 'linux',
  client: linuxClient(client).map((one) =>
    one.id === sas.id ? { ...one, text: (one.text ?? '').replace(installed, created) } : one,
  ),
  azure: estate(spec),
  expected: { verdict: 'broken', findings: ['vpn-not-connected'] },
  twin: { file: 'client/linux-swanctl-sas.txt', line: created, instead: installed, findings: [] },
};
