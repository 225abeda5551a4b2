import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'core', space: ['10.40.0.0/16'] },
  spokes: [{ name: 'analytics', space: ['10.41.0.0/16'] }],
  gateway: {
    name: 'core-vpn',
    pool: ['10.250.7.0/24'],
    publicAddress: '51.124.18.3',
    protocols: ['OpenVPN'],
    customRoutes: ['104.211.109.42/32'],
  },
  machines: [
    { name: 'bastion', address: '10.40.2.5', in: ['core', 'shared'] },
    { name: 'spark', address: '10.41.1.12', in: ['analytics', 'app'] },
  ],
  issued: null,
};

/** Nothing is wrong: OpenVPN on Linux, routes pushed at connect, one custom route. */
export const scenario: Scenario = {
  name: 'healthy-linux',
  platform: 'linux',
  client: linuxClient({
    kind: 'openvpn',
    tunnelAddress: '10.250.7.3',
    server: idsOf(spec).server,
    gatewayAddress: '51.124.18.3',
    routes: issuedOf(spec),
    traces: { '10.40.2.5': 'answers', '10.41.1.12': 'answers', '104.211.109.42': 'answers' },
  }),
  azure: estate(spec),
  expected: { verdict: 'ok', findings: [], prefixes: { '10.41.0.0/16': { verdict: 'ok', lostAt: null } } },
};
