import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { linuxClient } from '../linux-client.ts';
import type { Scenario } from '../scenario.ts';

const spec: EstateSpec = {
  hub: { name: 'hub-dev', space: ['172.18.0.0/16'] },
  spokes: [{ name: 'ci', space: ['172.19.0.0/16'] }],
  gateway: { name: 'hub-dev-vpn', pool: ['10.99.3.0/24'], publicAddress: '20.31.200.44', protocols: ['OpenVPN'] },
  machines: [
    { name: 'gitlab', address: '172.18.2.10', in: ['hub-dev', 'shared'] },
    { name: 'runner', address: '172.19.1.5', in: ['ci', 'app'] },
  ],
  issued: null,
};

/** A Docker network on this machine took a /20 out of the hub. */
export const scenario: Scenario = {
  name: 'local-network-overlap',
  platform: 'linux',
  client: linuxClient({
    kind: 'openvpn',
    tunnelAddress: '10.99.3.7',
    server: idsOf(spec).server,
    gatewayAddress: '20.31.200.44',
    routes: issuedOf(spec),
    extraRoutes: [
      {
        type: 'unicast',
        dst: '172.18.0.0/20',
        dev: 'br-5f2a7c',
        table: 'main',
        protocol: 'kernel',
        scope: 'link',
        prefsrc: '172.18.0.1',
        flags: [],
      },
    ],
    extraInterfaces: [
      {
        ifindex: 5,
        ifname: 'br-5f2a7c',
        flags: ['BROADCAST', 'MULTICAST', 'UP'],
        mtu: 1500,
        operstate: 'UP',
        link_type: 'ether',
        address: '02:42:8a:11:09:be',
        linkinfo: { info_kind: 'bridge' },
        addr_info: [{ family: 'inet', local: '172.18.0.1', prefixlen: 20, scope: 'global', label: 'br-5f2a7c' }],
      },
    ],
    traces: { '172.18.2.10': [null, null, null], '172.19.1.5': 'answers' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['local-network-overlap'],
    prefixes: { '172.18.0.0/16': { verdict: 'broken', lostAt: 'selected' } },
  },
  twin: {
    file: 'client/linux-ip-route.json',
    line: '"dst": "172.18.0.0/20",',
    instead: '"dst": "172.22.0.0/20",',
    findings: ['guest-firewall-suspected'],
  },
};
