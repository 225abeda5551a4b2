import { vnet } from '../azure-network.ts';
import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-main', space: ['10.120.0.0/16'] },
  spokes: [{ name: 'vnet-sales', space: ['10.121.0.0/16'] }],
  gateway: { name: 'vgw-main', pool: ['172.17.200.0/24'], publicAddress: '20.4.4.17' },
};
const ids = idsOf(base);
const island = { name: 'vnet-island', space: ['10.140.0.0/16'], subnets: [{ name: 'db', prefix: '10.140.5.0/24' }] };

/** Somebody tries to reach a database in a VNet that nobody ever peered. */
export const scenario = windowsCase({
  name: 'vnet-not-peered',
  estate: {
    ...base,
    machines: [
      { name: 'main', address: '10.120.2.4', in: ['vnet-main', 'shared'] },
      { name: 'sales', address: '10.121.1.4', in: ['vnet-sales', 'app'] },
    ],
    extra: () => [arm('virtualNetworks.get', ids.vnet('vnet-island'), vnet(ids.place, island))],
  },
  tunnelAddress: '172.17.200.3',
  client: { traces: { '10.120.2.4': 'answers', '10.121.1.4': 'answers', '10.140.5.4': 'lost-outside' } },
  expected: {
    verdict: 'ok',
    findings: ['vnet-not-peered'],
    prefixes: { '10.140.0.0/16': { verdict: 'not-expected', lostAt: null } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-island.json',
    line: '"10.140.0.0/16"',
    instead: '"10.141.0.0/16"',
    findings: ['prefix-not-advertised'],
  },
});
