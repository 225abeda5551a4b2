import { linuxCase } from '../cases-of.ts';

const names = ['front', 'batch'];
const byMail = { peerCompleteVnets: false, remoteSubnetNames: names };

/** Two of three subnets are peered; somebody tries the third. */
export const scenario = linuxCase({
  name: 'subnet-not-peered',
  estate: {
    hub: { name: 'hub-ca', space: ['10.180.0.0/16'] },
    spokes: [
      {
        name: 'media',
        space: ['10.181.0.0/16'],
        subnets: [
          { name: 'front', prefix: '10.181.1.0/24' },
          { name: 'batch', prefix: '10.181.2.0/24' },
          { name: 'store', prefix: '10.181.3.0/24' },
        ],
        near: byMail,
        far: { peerCompleteVnets: false, localSubnetNames: names },
      },
    ],
    gateway: { name: 'hub-ca-vpn', pool: ['192.168.190.0/24'], publicAddress: '52.228.3.90', protocols: ['OpenVPN'] },
    machines: [{ name: 'front-1', address: '10.181.1.4', in: ['media', 'front'] }],
    issued: null,
  },
  tunnelAddress: '192.168.190.22',
  client: { traces: { '10.181.1.4': 'answers', '10.181.3.4': 'silent' } },
  expected: {
    verdict: 'broken',
    findings: ['subnet-not-peered'],
    prefixes: { '10.181.0.0/16': { verdict: 'undetermined', lostAt: null } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.hub-ca.json',
    line: '"batch"',
    instead: '"batch", "store"',
    findings: [],
  },
});
