import { linuxCase } from '../cases-of.ts';

/** The pool was cut out of a spoke's range. */
export const scenario = linuxCase({
  name: 'pool-overlap',
  estate: {
    hub: { name: 'hub-br', space: ['10.210.0.0/16'] },
    spokes: [{ name: 'legacy', space: ['172.16.0.0/16'], subnets: [{ name: 'app', prefix: '172.16.1.0/24' }] }],
    gateway: { name: 'hub-br-vpn', pool: ['172.16.50.0/24'], publicAddress: '191.234.7.7', protocols: ['OpenVPN'] },
    machines: [
      { name: 'br', address: '10.210.2.4', in: ['hub-br', 'shared'] },
      { name: 'legacy-1', address: '172.16.1.4', in: ['legacy', 'app'] },
    ],
    issued: null,
  },
  tunnelAddress: '172.16.50.9',
  client: { traces: { '10.210.2.4': 'answers', '172.16.1.4': 'answers' } },
  expected: { verdict: 'broken', findings: ['pool-overlap'] },
  twin: {
    file: 'azure/virtualNetworks.get.legacy.json',
    line: '"172.16.0.0/16"',
    instead: '"172.16.0.0/19"',
    findings: [],
  },
});
