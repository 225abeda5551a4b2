import { linuxCase } from '../cases-of.ts';

/** The spoke's admin made the half there; the hub was never told. */
export const scenario = linuxCase({
  name: 'peering-half-missing-in-hub',
  estate: {
    hub: { name: 'hub-kr', space: ['10.130.0.0/16'] },
    spokes: [
      { name: 'games', space: ['10.131.0.0/16'] },
      { name: 'chat', space: ['10.132.0.0/16'], near: null, far: { peeringState: 'Initiated' } },
    ],
    gateway: { name: 'hub-kr-vpn', pool: ['172.20.20.0/24'], publicAddress: '20.41.7.7', protocols: ['OpenVPN'] },
    machines: [{ name: 'games-1', address: '10.131.1.4', in: ['games', 'app'] }],
    issued: null,
  },
  tunnelAddress: '172.20.20.8',
  client: { traces: { '10.131.1.4': 'answers', '10.132.1.4': 'lost-outside' } },
  expected: {
    verdict: 'broken',
    findings: ['peering-half-missing'],
    prefixes: { '10.132.0.0/16': { verdict: 'broken', lostAt: 'offered' } },
  },
});
