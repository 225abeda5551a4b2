import { type EstateSpec, estate, idsOf } from '../estate.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'hub-loop', space: ['10.190.0.0/16'] },
  gateway: { name: 'loop-vpn', pool: ['172.28.11.0/24'], publicAddress: '20.13.52.9', protocols: ['OpenVPN'] },
  machines: [{ name: 'loop-1', address: '10.190.2.4', in: ['hub-loop', 'shared'] }],
  issued: null,
};
const routes = ['0.0.0.0/1', '128.0.0.0/1', '172.28.11.0/24'];
const client = linuxClient({
  kind: 'openvpn',
  tunnelAddress: '172.28.11.3',
  server: idsOf(spec).server,
  gatewayAddress: '20.13.52.9',
  routes,
  traces: { '10.190.2.4': 'silent' },
});

/** Both halves of the internet go into the tunnel, and the gateway's own address with them: the tunnel chases itself. */
export const scenario: Scenario = {
  name: 'full-tunnel-loop',
  platform: 'linux',
  // The host route that would have kept the gateway outside is what is missing.
  client: client.map((artifact) =>
    artifact.source === 'linux-ip-route' && artifact.text !== undefined
      ? { ...artifact, text: withoutHostRoute(artifact.text) }
      : artifact,
  ),
  azure: estate(spec),
  // A tunnel that is dead outranks what it would have done to the internet.
  expected: { verdict: 'broken', findings: ['vpn-not-connected'] },
};

function withoutHostRoute(text: string): string {
  const rows = JSON.parse(text) as readonly { readonly dst: string }[];
  return `${JSON.stringify(
    rows.filter(({ dst }) => dst !== '20.13.52.9'),
    null,
    2,
  )}\n`;
}
