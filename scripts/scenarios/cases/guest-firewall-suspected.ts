import { securityGroup } from '../azure-machine.ts';
import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-hub-dk', space: ['10.220.0.0/16'] },
  gateway: { name: 'vgw-dk', pool: ['172.22.190.0/24'], publicAddress: '20.91.3.3' },
};
const ids = idsOf(base);
const group = ids.id('networkSecurityGroups', 'nsg-desk');
const spec: EstateSpec = {
  ...base,
  spokes: [
    {
      name: 'vnet-desk',
      space: ['10.221.0.0/16'],
      subnets: [{ name: 'app', prefix: '10.221.1.0/24', networkSecurityGroup: group }],
    },
  ],
  machines: [
    { name: 'dns-1', address: '10.220.2.4', in: ['vnet-hub-dk', 'shared'] },
    { name: 'desk-1', address: '10.221.1.4', in: ['vnet-desk', 'app'] },
  ],
  extra: () => [
    arm(
      'networkSecurityGroups.get',
      group,
      securityGroup(ids.place, 'nsg-desk', [
        { name: 'admins', priority: 200, access: 'Allow', source: 'VirtualNetwork', ports: '3389' },
      ]),
    ),
  ],
};

/** Everything Azure shows is in order, and a Windows guest does not answer pings. */
export const scenario: Scenario = {
  name: 'guest-firewall-suspected',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-dk',
    server: ids.server,
    tunnelAddress: '172.22.190.12',
    gatewayAddress: '20.91.3.3',
    routes: issuedOf(spec),
    traces: { '10.220.2.4': 'answers', '10.221.1.4': 'silent' },
  }),
  azure: estate(spec),
  expected: { verdict: 'undetermined', findings: ['guest-firewall-suspected'] },
  twin: {
    file: 'client/windows-tracert-10.221.1.4.txt',
    line: '1     *        *        *     Request timed out.',
    instead: '1    28 ms    29 ms    28 ms  10.221.1.4',
    findings: [],
  },
};
