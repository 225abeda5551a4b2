import { type EstateSpec, estate, idsOf } from '../estate.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'hub-north', space: ['10.88.0.0/16'] },
  spokes: [
    { name: 'intranet', space: ['10.90.0.0/16'] },
    { name: 'payroll', space: ['10.91.0.0/16'], near: { allowGatewayTransit: false } },
  ],
  gateway: { name: 'hub-north-gw', pool: ['192.168.240.0/24'], publicAddress: '52.155.90.12', protocols: ['OpenVPN'] },
  machines: [{ name: 'portal', address: '10.90.1.4', in: ['intranet', 'app'] }],
  issued: null,
};

/** The hub's half does not share the gateway with one spoke; the spoke asks for it. */
export const scenario: Scenario = {
  name: 'hub-transit-off',
  platform: 'linux',
  client: linuxClient({
    kind: 'openvpn',
    tunnelAddress: '192.168.240.5',
    server: idsOf(spec).server,
    gatewayAddress: '52.155.90.12',
    routes: ['10.88.0.0/16', '10.90.0.0/16', '192.168.240.0/24'],
    traces: { '10.90.1.4': 'answers', '10.91.1.4': 'lost-outside' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['hub-transit-off'],
    prefixes: { '10.91.0.0/16': { verdict: 'broken', lostAt: 'offered' } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.hub-north.json',
    line: '"allowGatewayTransit": false,',
    instead: '"allowGatewayTransit": true,',
    findings: ['session-older-than-change'],
  },
};
