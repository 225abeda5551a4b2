import { type EstateSpec, estate, idsOf } from '../estate.ts';
import { lineWith } from '../lines.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'hub-lab', space: ['10.91.0.0/16'] },
  spokes: [
    { name: 'genomics', space: ['10.92.0.0/16'] },
    { name: 'imaging', space: ['10.93.0.0/16'] },
  ],
  gateway: { name: 'lab-vpn', pool: ['10.251.7.0/24'], publicAddress: '20.73.12.40', protocols: ['OpenVPN'] },
  machines: [{ name: 'seq-1', address: '10.92.1.4', in: ['genomics', 'app'] }],
  issued: null,
};
const client = linuxClient({
  kind: 'openvpn',
  tunnelAddress: '10.251.7.3',
  server: idsOf(spec).server,
  gatewayAddress: '20.73.12.40',
  routes: ['10.91.0.0/16', '10.92.0.0/16', '10.251.7.0/24'],
  traces: { '10.92.1.4': 'answers', '10.93.1.4': 'lost-outside' },
});
const pushed = lineWith(client, 'openvpn-log', 'PUSH_REPLY');

/** The tunnel has been up for days; the spoke was peered this morning. */
export const scenario: Scenario = {
  name: 'session-older-than-change',
  platform: 'linux',
  client,
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['session-older-than-change'],
    prefixes: { '10.93.0.0/16': { verdict: 'broken', lostAt: 'active' } },
  },
  twin: {
    file: 'client/openvpn.log',
    line: pushed,
    instead: pushed.replace('PUSH_REPLY,', 'PUSH_REPLY,route 10.93.0.0 255.255.0.0,'),
    findings: ['client-routes-not-installed'],
  },
};
