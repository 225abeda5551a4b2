import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'hub-edge', space: ['10.130.0.0/16'] },
  spokes: [{ name: 'telemetry', space: ['10.131.0.0/16'] }],
  gateway: { name: 'edge-vpn', pool: ['10.252.3.0/24'], publicAddress: '20.50.70.8', protocols: ['OpenVPN'] },
  machines: [
    { name: 'edge-1', address: '10.130.2.4', in: ['hub-edge', 'shared'] },
    { name: 'tsdb-1', address: '10.131.1.4', in: ['telemetry', 'app'] },
  ],
  issued: null,
};

/** A rule of a traffic shaper asks a table of its own for the spoke, and that table knows the router only. */
export const scenario: Scenario = {
  name: 'policy-rule-bypass',
  platform: 'linux',
  client: linuxClient({
    kind: 'openvpn',
    tunnelAddress: '10.252.3.9',
    server: idsOf(spec).server,
    gatewayAddress: '20.50.70.8',
    routes: issuedOf(spec),
    extraRules: [{ priority: 90, src: 'all', dst: '10.131.0.0', dstlen: 16, table: '90' }],
    extraRoutes: [
      {
        type: 'unicast',
        dst: 'default',
        gateway: '192.168.88.1',
        dev: 'wlp2s0',
        table: '90',
        protocol: 'static',
        scope: 'global',
        flags: [],
      },
    ],
    traces: { '10.130.2.4': 'answers', '10.131.1.4': 'lost-outside' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['policy-rule-bypass'],
    prefixes: { '10.131.0.0/16': { verdict: 'broken', lostAt: 'selected' } },
  },
  twin: {
    file: 'client/linux-ip-rule.json',
    line: '"dst": "10.131.0.0",',
    instead: '"dst": "10.231.0.0",',
    findings: [],
  },
};
