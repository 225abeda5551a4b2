import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'hub-media', space: ['10.140.0.0/16'] },
  spokes: [{ name: 'render', space: ['10.141.0.0/16'] }],
  gateway: { name: 'media-vpn', pool: ['10.253.1.0/24'], publicAddress: '20.61.4.12', protocols: ['OpenVPN'] },
  machines: [{ name: 'media-1', address: '10.140.2.4', in: ['hub-media', 'shared'] }],
  issued: null,
};

/** A kill switch left a blackhole for a part of the spoke behind. */
export const scenario: Scenario = {
  name: 'local-route-discards',
  platform: 'linux',
  client: linuxClient({
    kind: 'openvpn',
    tunnelAddress: '10.253.1.22',
    server: idsOf(spec).server,
    gatewayAddress: '20.61.4.12',
    routes: issuedOf(spec),
    extraRoutes: [
      { type: 'blackhole', dst: '10.141.64.0/18', table: 'main', protocol: 'boot', scope: 'global', flags: [] },
    ],
    traces: { '10.140.2.4': 'answers' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['local-route-discards'],
    prefixes: { '10.141.0.0/16': { verdict: 'broken', lostAt: 'selected' } },
  },
  twin: {
    file: 'client/linux-ip-route.json',
    line: '"dst": "10.141.64.0/18",',
    instead: '"dst": "10.241.64.0/18",',
    findings: [],
  },
};
