import { connection, gatewayRoute, localNetworkGateway } from '../azure-network.ts';
import { linuxCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-at', space: ['10.97.0.0/16'] },
  gateway: {
    name: 'vgw-at',
    pool: ['172.20.11.0/24'],
    publicAddress: '20.218.3.3',
    protocols: ['OpenVPN'],
    enableBgp: true,
  },
};
const ids = idsOf(base);
const site = ids.id('localNetworkGateways', 'lng-graz');

/** The site is routed there; the way back to the pool is advertised to nobody. */
export const scenario = linuxCase({
  name: 'onprem-return-missing',
  estate: {
    ...base,
    machines: [{ name: 'at', address: '10.97.2.4', in: ['vnet-at', 'shared'] }],
    issued: null,
    extra: () => [
      arm('virtualNetworkGateways.listConnections', ids.gateway, {
        value: [
          connection(ids.place, { name: 'cn-graz', type: 'IPsec', from: ids.gateway, to: site, enableBgp: true }),
        ],
      }),
      arm('localNetworkGateways.get', site, localNetworkGateway(ids.place, 'lng-graz', ['192.168.66.0/24'])),
      arm('virtualNetworkGateways.getAdvertisedRoutes', ids.gateway, { value: [gatewayRoute('10.97.0.0/16', {})] }),
    ],
  },
  tunnelAddress: '172.20.11.8',
  routes: ['10.97.0.0/16', '192.168.66.0/24', '172.20.11.0/24'],
  client: { traces: { '10.97.2.4': 'answers', '192.168.66.9': 'silent' } },
  expected: { verdict: 'ok', findings: ['onprem-return-missing'] },
  twin: {
    file: 'client/linux-traceroute-192.168.66.9.txt',
    line: '1  *',
    instead: '1  192.168.66.9  31.200 ms',
    findings: [],
  },
});
