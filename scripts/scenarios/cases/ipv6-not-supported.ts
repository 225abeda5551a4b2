import { linuxCase } from '../cases-of.ts';

/** The VNet speaks both families, the pool only one. */
export const scenario = linuxCase({
  name: 'ipv6-not-supported',
  estate: {
    hub: {
      name: 'hub-dual',
      space: ['10.18.0.0/16', 'fd18:ab::/48'],
      subnets: [{ name: 'shared', prefix: '10.18.2.0/24' }],
    },
    gateway: { name: 'hub-dual-vpn', pool: ['172.20.5.0/24'], publicAddress: '20.99.41.3', protocols: ['OpenVPN'] },
    machines: [{ name: 'dual-1', address: '10.18.2.4', in: ['hub-dual', 'shared'] }],
    issued: null,
  },
  tunnelAddress: '172.20.5.5',
  routes: ['10.18.0.0/16', '172.20.5.0/24'],
  client: { traces: { '10.18.2.4': 'answers', 'fd18:ab::2:4': 'silent' } },
  expected: {
    verdict: 'ok',
    findings: ['ipv6-not-supported'],
    prefixes: { 'fd18:ab::/48': { verdict: 'not-expected', lostAt: null } },
  },
  twin: {
    file: 'azure/virtualNetworkGateways.get.hub-dual-vpn.json',
    line: '"172.20.5.0/24"',
    instead: '"172.20.5.0/24", "fd18:cd::/64"',
    findings: [],
  },
});
