import { windowsCase } from '../cases-of.ts';

/** The gateway connects sites; nobody ever gave it a client pool. */
export const scenario = windowsCase({
  name: 'gateway-without-p2s',
  estate: {
    hub: { name: 'vnet-mx', space: ['10.14.0.0/16'] },
    gateway: { name: 'vgw-mx', pool: [], publicAddress: '20.57.4.80' },
    issued: null,
  },
  tunnelAddress: '172.20.1.5',
  client: { tunnelAddress: null },
  expected: { verdict: 'broken', findings: ['gateway-without-p2s', 'vpn-not-connected'] },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-mx.json',
    line: '"addressPrefixes": []',
    instead: '"addressPrefixes": ["172.20.1.0/24"]',
    findings: ['vpn-not-connected'],
  },
});
