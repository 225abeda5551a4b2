import { connection, gatewayRoute, localNetworkGateway } from '../azure-network.ts';
import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-de', space: ['10.82.0.0/16'] },
  gateway: { name: 'vgw-de', pool: ['172.20.7.0/24'], publicAddress: '20.79.3.3', enableBgp: true },
};
const ids = idsOf(base);
const site = ids.id('localNetworkGateways', 'lng-bremen');

/** A site by BGP: the gateway knows it, native Windows is not told. */
export const scenario = windowsCase({
  name: 'branch-route-not-pushed',
  estate: {
    ...base,
    machines: [{ name: 'de', address: '10.82.2.4', in: ['vnet-de', 'shared'] }],
    extra: () => [
      arm('virtualNetworkGateways.listConnections', ids.gateway, {
        value: [
          connection(ids.place, { name: 'cn-bremen', type: 'IPsec', from: ids.gateway, to: site, enableBgp: true }),
        ],
      }),
      arm(
        'localNetworkGateways.get',
        site,
        localNetworkGateway(ids.place, 'lng-bremen', ['192.168.140.250/32'], {
          bgpSettings: { asn: 65020, bgpPeeringAddress: '192.168.140.250' },
        }),
      ),
      arm('virtualNetworkGateways.getLearnedRoutes', ids.gateway, {
        value: [
          gatewayRoute('10.82.0.0/16', {}),
          gatewayRoute('192.168.140.0/24', {
            origin: 'EBgp',
            nextHop: '192.168.140.250',
            sourcePeer: '192.168.140.250',
            asPath: '65020',
          }),
        ],
      }),
    ],
  },
  tunnelAddress: '172.20.7.8',
  client: { traces: { '10.82.2.4': 'answers', '192.168.140.20': 'lost-outside' } },
  expected: {
    verdict: 'ok',
    findings: ['branch-route-not-pushed'],
    prefixes: { '192.168.140.0/24': { verdict: 'not-expected', lostAt: null } },
  },
  twin: {
    file: 'azure/virtualNetworkGateways.getLearnedRoutes.vgw-de.json',
    line: '"network": "192.168.140.0/24",',
    instead: '"network": "10.82.128.0/17",',
    findings: ['prefix-not-advertised'],
  },
});
