import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import { printedRow } from '../lines.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-hub-nl', space: ['10.120.0.0/16'] },
  spokes: [{ name: 'vnet-web', space: ['10.121.0.0/16'] }],
  gateway: { name: 'vgw-nl', pool: ['172.25.14.0/24'], publicAddress: '20.86.3.71' },
  machines: [{ name: 'web-1', address: '10.121.1.4', in: ['vnet-web', 'app'] }],
};
const other = { prefix: '10.121.0.0/17', interface: '10.212.134.200', metric: 6 };

/** A second VPN, to a customer, took the lower half of the spoke. */
export const scenario: Scenario = {
  name: 'another-vpn-owns-route',
  platform: 'windows',
  client: windowsClient({
    connection: 'vnet-hub-nl',
    server: idsOf(spec).server,
    tunnelAddress: '172.25.14.8',
    gatewayAddress: '20.86.3.71',
    routes: issuedOf(spec),
    extra: [other, { prefix: '10.212.134.200/32', interface: '10.212.134.200', metric: 261 }],
    traces: { '10.121.1.4': 'silent' },
  }),
  azure: estate(spec),
  expected: {
    verdict: 'broken',
    findings: ['another-vpn-owns-route'],
    prefixes: { '10.121.0.0/16': { verdict: 'broken', lostAt: 'selected' } },
  },
  twin: {
    file: 'client/windows-route-print.txt',
    line: printedRow(other),
    instead: printedRow({ ...other, prefix: '10.120.0.0/15' }),
    findings: [],
  },
};
