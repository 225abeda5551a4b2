import { windowsCase } from '../cases-of.ts';

/** Everything is given to the client; the spoke's half lets nothing in. */
export const scenario = windowsCase({
  name: 'peering-access-off',
  estate: {
    hub: { name: 'vnet-transit', space: ['10.170.0.0/16'] },
    spokes: [
      { name: 'vnet-hr', space: ['10.171.0.0/16'] },
      { name: 'vnet-vault', space: ['10.172.0.0/16'], far: { allowVirtualNetworkAccess: false } },
    ],
    gateway: { name: 'vgw-transit', pool: ['172.19.3.0/24'], publicAddress: '20.95.7.7' },
    machines: [{ name: 'hr-web', address: '10.171.1.4', in: ['vnet-hr', 'app'] }],
  },
  tunnelAddress: '172.19.3.77',
  client: { traces: { '10.171.1.4': 'answers', '10.172.1.4': 'silent' } },
  expected: { verdict: 'broken', findings: ['peering-access-off'] },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-vault.json',
    line: '"allowVirtualNetworkAccess": false,',
    instead: '"allowVirtualNetworkAccess": true,',
    findings: [],
  },
});
