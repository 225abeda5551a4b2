import { peering, vnet } from '../azure-network.ts';
import { linuxCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'hub', space: ['10.8.0.0/16'] },
  gateway: { name: 'hub-gateway', pool: ['192.168.77.0/24'], publicAddress: '20.224.8.8', protocols: ['OpenVPN'] },
};
const ids = idsOf(base);
const [middle, far] = [ids.vnet('prod'), ids.vnet('prod-archive')];

/** The archive hangs on the production VNet; the hub has never heard of it. */
export const scenario = linuxCase({
  name: 'peering-not-transitive',
  estate: {
    ...base,
    spokes: [
      {
        name: 'prod',
        space: ['10.9.0.0/16'],
        peerings: [peering({ from: middle, to: far, remoteSpace: ['10.11.0.0/16'] })],
      },
    ],
    machines: [
      { name: 'dns', address: '10.8.2.53', in: ['hub', 'shared'] },
      { name: 'prod-1', address: '10.9.1.4', in: ['prod', 'app'] },
    ],
    issued: null,
    extra: () => [
      arm(
        'virtualNetworks.get',
        far,
        vnet(ids.place, {
          name: 'prod-archive',
          space: ['10.11.0.0/16'],
          subnets: [{ name: 'store', prefix: '10.11.4.0/24' }],
          peerings: [peering({ from: far, to: middle, remoteSpace: ['10.9.0.0/16'] })],
        }),
      ),
    ],
  },
  tunnelAddress: '192.168.77.14',
  client: { traces: { '10.8.2.53': 'answers', '10.9.1.4': 'answers', '10.11.4.4': 'lost-outside' } },
  expected: {
    verdict: 'ok',
    findings: ['peering-not-transitive'],
    prefixes: { '10.11.0.0/16': { verdict: 'not-expected', lostAt: null } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.prod-archive.json',
    line: '"10.11.0.0/16"',
    instead: '"10.13.0.0/16"',
    findings: ['prefix-not-advertised'],
  },
});
