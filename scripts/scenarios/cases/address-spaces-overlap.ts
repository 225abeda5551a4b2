import { connection, localNetworkGateway } from '../azure-network.ts';
import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-uk', space: ['10.190.0.0/16'] },
  spokes: [{ name: 'vnet-claims', space: ['10.191.0.0/16'] }],
  gateway: { name: 'vgw-uk', pool: ['172.26.40.0/24'], publicAddress: '51.140.77.4' },
};
const ids = idsOf(base);
const site = ids.id('localNetworkGateways', 'lng-leeds');
const link = connection(ids.place, { name: 'cn-leeds', type: 'IPsec', from: ids.gateway, to: site });

/** The site in Leeds uses a /24 out of a spoke. */
export const scenario = windowsCase({
  name: 'address-spaces-overlap',
  estate: {
    ...base,
    machines: [
      { name: 'uk', address: '10.190.2.4', in: ['vnet-uk', 'shared'] },
      { name: 'claims', address: '10.191.1.4', in: ['vnet-claims', 'app'] },
    ],
    extra: () => [
      arm('virtualNetworkGateways.listConnections', ids.gateway, { value: [link] }),
      arm('localNetworkGateways.get', site, localNetworkGateway(ids.place, 'lng-leeds', ['10.191.40.0/24'])),
    ],
  },
  tunnelAddress: '172.26.40.6',
  client: { traces: { '10.190.2.4': 'answers', '10.191.1.4': 'answers' } },
  expected: { verdict: 'ok', findings: ['address-spaces-overlap'] },
  twin: {
    file: 'azure/localNetworkGateways.get.lng-leeds.json',
    line: '"10.191.40.0/24"',
    instead: '"10.192.40.0/24"',
    findings: ['branch-route-not-pushed'],
  },
});
