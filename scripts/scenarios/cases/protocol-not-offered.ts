import { windowsCase } from '../cases-of.ts';

/** The gateway was moved to OpenVPN; this laptop still dials IKEv2. */
export const scenario = windowsCase({
  name: 'protocol-not-offered',
  estate: {
    hub: { name: 'vnet-it', space: ['10.15.0.0/16'] },
    gateway: { name: 'vgw-it', pool: ['172.20.2.0/24'], publicAddress: '4.232.10.9', protocols: ['OpenVPN'] },
    issued: null,
  },
  tunnelAddress: '172.20.2.5',
  client: { tunnelAddress: null },
  expected: { verdict: 'broken', findings: ['protocol-not-offered', 'vpn-not-connected'] },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-it.json',
    line: '"OpenVPN"',
    instead: '"IkeV2"',
    findings: ['vpn-not-connected'],
  },
});
