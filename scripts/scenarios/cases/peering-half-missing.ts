import { windowsCase } from '../cases-of.ts';

/** The hub's admin made one half; nobody made the other. */
export const scenario = windowsCase({
  name: 'peering-half-missing',
  estate: {
    hub: { name: 'vnet-conn', space: ['10.110.0.0/16'] },
    spokes: [
      { name: 'vnet-shop', space: ['10.111.0.0/16'] },
      { name: 'vnet-blog', space: ['10.112.0.0/16'], near: { peeringState: 'Initiated' }, unread: true },
    ],
    gateway: { name: 'vgw-conn', pool: ['172.23.1.0/24'], publicAddress: '20.13.99.1' },
    machines: [{ name: 'shop', address: '10.111.1.6', in: ['vnet-shop', 'app'] }],
    issued: ['10.110.0.0/16', '10.111.0.0/16', '172.23.1.0/24'],
  },
  tunnelAddress: '172.23.1.44',
  routes: ['10.110.0.0/16', '10.111.0.0/16', '172.23.1.0/24'],
  client: { traces: { '10.111.1.6': 'answers', '10.112.1.6': 'lost-outside' } },
  expected: {
    verdict: 'broken',
    findings: ['peering-half-missing'],
    prefixes: { '10.112.0.0/16': { verdict: 'broken', lostAt: 'offered' } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-conn.json',
    line: '"peeringState": "Initiated",',
    instead: '"peeringState": "Connected",',
    findings: [],
  },
});
