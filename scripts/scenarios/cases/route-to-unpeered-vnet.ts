import { vnet } from '../azure-network.ts';
import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-in', space: ['10.160.0.0/16'] },
  spokes: [{ name: 'vnet-portal', space: ['10.161.0.0/16'] }],
  gateway: { name: 'vgw-in', pool: ['172.20.21.0/24'], publicAddress: '20.192.5.5' },
};
const ids = idsOf(base);

/** The VNet still exists, its peering does not; the package of last year still leads there. */
export const scenario = windowsCase({
  name: 'route-to-unpeered-vnet',
  estate: {
    ...base,
    machines: [
      { name: 'in', address: '10.160.2.4', in: ['vnet-in', 'shared'] },
      { name: 'portal', address: '10.161.1.4', in: ['vnet-portal', 'app'] },
    ],
    extra: () => [
      arm(
        'virtualNetworks.get',
        ids.vnet('vnet-old'),
        vnet(ids.place, {
          name: 'vnet-old',
          space: ['10.162.0.0/16'],
          subnets: [{ name: 'app', prefix: '10.162.1.0/24' }],
        }),
      ),
    ],
  },
  tunnelAddress: '172.20.21.8',
  routes: ['10.160.0.0/16', '10.161.0.0/16', '10.162.0.0/16', '172.20.21.0/24'],
  client: { traces: { '10.160.2.4': 'answers', '10.161.1.4': 'answers' } },
  expected: { verdict: 'ok', findings: ['stray-route'] },
});
