import { linuxCase } from '../cases-of.ts';

/** The last change of the gateway failed; what was there before still works. */
export const scenario = linuxCase({
  name: 'gateway-not-ready',
  estate: {
    hub: { name: 'hub-no', space: ['10.17.0.0/16'] },
    gateway: {
      name: 'hub-no-vpn',
      pool: ['172.20.3.0/24'],
      publicAddress: '51.13.9.9',
      protocols: ['OpenVPN'],
      properties: { provisioningState: 'Failed' },
    },
    machines: [{ name: 'no-1', address: '10.17.2.4', in: ['hub-no', 'shared'] }],
    issued: null,
  },
  tunnelAddress: '172.20.3.5',
  client: { traces: { '10.17.2.4': 'answers' } },
  expected: { verdict: 'ok', findings: ['gateway-not-ready'] },
  twin: {
    file: 'azure/virtualNetworkGateways.get.hub-no-vpn.json',
    line: '"provisioningState": "Failed",',
    instead: '"provisioningState": "Succeeded",',
    findings: [],
  },
});
