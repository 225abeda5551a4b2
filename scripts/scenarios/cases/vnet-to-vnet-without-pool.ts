import { connection, gateway, vnet } from '../azure-network.ts';
import { linuxCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-paris', space: ['10.75.0.0/16'] },
  gateway: { name: 'vgw-paris', pool: ['172.20.6.0/24'], publicAddress: '20.74.1.2', protocols: ['OpenVPN'] },
};
const ids = idsOf(base);
const [far, farGateway] = [ids.vnet('vnet-lyon'), ids.id('virtualNetworkGateways', 'vgw-lyon')];

/** Two VNets tied by their gateways without BGP; somebody probes the far one. */
export const scenario = linuxCase({
  name: 'vnet-to-vnet-without-pool',
  estate: {
    ...base,
    machines: [{ name: 'paris', address: '10.75.2.4', in: ['vnet-paris', 'shared'] }],
    issued: null,
    extra: () => [
      arm('virtualNetworkGateways.listConnections', ids.gateway, {
        value: [
          connection(ids.place, {
            name: 'cn-lyon',
            type: 'Vnet2Vnet',
            from: ids.gateway,
            to: farGateway,
            enableBgp: false,
          }),
        ],
      }),
      arm(
        'virtualNetworkGateways.get',
        farGateway,
        gateway(ids.place, { name: 'vgw-lyon', pool: [], home: far, publicAddress: '20.74.1.3' }),
      ),
      arm(
        'virtualNetworks.get',
        far,
        vnet(ids.place, {
          name: 'vnet-lyon',
          space: ['10.76.0.0/16'],
          subnets: [{ name: 'app', prefix: '10.76.1.0/24' }],
        }),
      ),
    ],
  },
  tunnelAddress: '172.20.6.8',
  routes: ['10.75.0.0/16', '10.76.0.0/16', '172.20.6.0/24'],
  client: { traces: { '10.75.2.4': 'answers', '10.76.1.4': 'silent' } },
  expected: { verdict: 'ok', findings: ['vnet-to-vnet-without-pool'] },
  twin: {
    file: 'azure/virtualNetworkGateways.listConnections.vgw-paris.json',
    line: '"enableBgp": false,',
    instead: '"enableBgp": true,',
    findings: [],
  },
});
