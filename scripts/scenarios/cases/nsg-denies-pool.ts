import { effectiveSecurityGroup, nicId } from '../azure-machine.ts';
import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-hub-pl', space: ['10.215.0.0/16'] },
  gateway: { name: 'vgw-pl', pool: ['172.22.180.0/24'], publicAddress: '20.215.3.3' },
};
const ids = idsOf(base);
const nic = nicId({ ...ids.place, group: 'rg-workloads' }, 'pay-1');
const spec: EstateSpec = {
  ...base,
  spokes: [{ name: 'vnet-pay', space: ['10.216.0.0/16'] }],
  machines: [
    { name: 'dns-1', address: '10.215.2.4', in: ['vnet-hub-pl', 'shared'] },
    { name: 'pay-1', address: '10.216.1.4', in: ['vnet-pay', 'app'] },
  ],
  extra: () => [
    arm('networkInterfaces.listEffectiveNetworkSecurityGroups', nic, {
      value: [
        effectiveSecurityGroup({
          group: ids.id('networkSecurityGroups', 'nsg-pay'),
          nic,
          rules: [{ name: 'no-remote-work', priority: 310, access: 'Deny', source: '172.16.0.0/12' }],
          expanded: { VirtualNetwork: ['10.216.0.0/16', '10.215.0.0/16', '172.22.180.0/24'] },
        }),
      ],
    }),
  ],
};

/** A rule against remote ranges sits before the default that admits the pool. */
export const scenario: Scenario = {
  name: 'nsg-denies-pool',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-pl',
    server: ids.server,
    tunnelAddress: '172.22.180.12',
    gatewayAddress: '20.215.3.3',
    routes: issuedOf(spec),
    traces: { '10.215.2.4': 'answers', '10.216.1.4': 'silent' },
  }),
  azure: estate(spec),
  expected: { verdict: 'broken', findings: ['nsg-denies-pool'] },
  twin: {
    file: 'azure/networkInterfaces.listEffectiveNetworkSecurityGroups.pay-1.json',
    line: '"access": "Deny",',
    instead: '"access": "Allow",',
    occurrence: 1,
    findings: ['guest-firewall-suspected'],
  },
};
