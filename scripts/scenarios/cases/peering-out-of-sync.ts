import { linuxCase } from '../cases-of.ts';

const grown = ['10.33.0.0/16', '10.34.0.0/18'];
const snapshot = { addressPrefixes: ['10.33.0.0/16'] };

/** The spoke got a second range; the hub's half still knows the first alone. */
export const scenario = linuxCase({
  name: 'peering-out-of-sync',
  estate: {
    hub: { name: 'hub-se', space: ['10.32.0.0/16'] },
    spokes: [
      {
        name: 'iot',
        space: grown,
        near: { peeringSyncLevel: 'RemoteNotInSync', remoteAddressSpace: snapshot },
        far: { peeringSyncLevel: 'LocalNotInSync' },
      },
    ],
    gateway: { name: 'hub-se-gw', pool: ['172.24.90.0/24'], publicAddress: '51.12.40.6', protocols: ['OpenVPN'] },
    machines: [{ name: 'broker', address: '10.33.1.4', in: ['iot', 'app'] }],
    issued: null,
  },
  tunnelAddress: '172.24.90.7',
  routes: ['10.32.0.0/16', '10.33.0.0/16', '172.24.90.0/24'],
  client: { traces: { '10.33.1.4': 'answers', '10.34.0.4': 'lost-outside' } },
  expected: {
    verdict: 'broken',
    findings: ['peering-out-of-sync'],
    prefixes: {
      '10.34.0.0/18': { verdict: 'broken', lostAt: 'offered' },
      '10.33.0.0/16': { verdict: 'ok', lostAt: null },
    },
  },
  twin: {
    file: 'azure/virtualNetworks.get.hub-se.json',
    line: '"10.33.0.0/16"',
    instead: '"10.33.0.0/16", "10.34.0.0/18"',
    findings: ['session-older-than-change'],
  },
});
