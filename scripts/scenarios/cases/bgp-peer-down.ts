import { bgpPeer, connection, gatewayRoute, localNetworkGateway } from '../azure-network.ts';
import { linuxCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-ch', space: ['10.92.0.0/16'] },
  gateway: {
    name: 'vgw-ch',
    pool: ['172.20.10.0/24'],
    publicAddress: '20.203.1.1',
    protocols: ['OpenVPN'],
    enableBgp: true,
  },
};
const ids = idsOf(base);
const site = ids.id('localNetworkGateways', 'lng-basel');

/** The router in Basel does not speak to the gateway. */
export const scenario = linuxCase({
  name: 'bgp-peer-down',
  estate: {
    ...base,
    machines: [{ name: 'ch', address: '10.92.2.4', in: ['vnet-ch', 'shared'] }],
    issued: null,
    extra: () => [
      arm('virtualNetworkGateways.listConnections', ids.gateway, {
        value: [
          connection(ids.place, { name: 'cn-basel', type: 'IPsec', from: ids.gateway, to: site, enableBgp: true }),
        ],
      }),
      arm(
        'localNetworkGateways.get',
        site,
        localNetworkGateway(ids.place, 'lng-basel', ['192.168.60.250/32'], {
          bgpSettings: { asn: 65060, bgpPeeringAddress: '192.168.60.250' },
        }),
      ),
      arm('virtualNetworkGateways.getLearnedRoutes', ids.gateway, {
        value: [gatewayRoute('10.92.0.0/16', { local: '10.92.1.30' })],
      }),
      arm('virtualNetworkGateways.getBgpPeerStatus', ids.gateway, {
        value: [bgpPeer('192.168.60.250', { asn: 65060, state: 'Connecting', routesReceived: 4, local: '10.92.1.30' })],
      }),
    ],
  },
  tunnelAddress: '172.20.10.8',
  client: { traces: { '10.92.2.4': 'answers' } },
  expected: { verdict: 'broken', findings: ['bgp-peer-down'] },
  twin: {
    file: 'azure/virtualNetworkGateways.getBgpPeerStatus.vgw-ch.json',
    line: '"state": "Connecting",',
    instead: '"state": "Connected",',
    findings: [],
  },
});
