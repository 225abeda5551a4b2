import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-emea', space: ['10.150.0.0/16'] },
  gateway: { name: 'vgw-emea', pool: ['172.22.70.0/24'], publicAddress: '20.160.2.40' },
};
const ids = idsOf(base);

/** The factory's VNet has an old VPN gateway; it cannot use the hub's. */
export const scenario = windowsCase({
  name: 'spoke-has-own-gateway',
  estate: {
    ...base,
    spokes: [
      { name: 'vnet-office', space: ['10.151.0.0/16'] },
      {
        name: 'vnet-factory',
        space: ['10.152.0.0/16'],
        far: { useRemoteGateways: false },
        subnets: [
          { name: 'machines', prefix: '10.152.8.0/24' },
          {
            name: 'GatewaySubnet',
            prefix: '10.152.255.0/27',
            properties: {
              ipConfigurations: [{ id: `${ids.id('virtualNetworkGateways', 'vgw-factory')}/ipConfigurations/default` }],
            },
          },
        ],
      },
    ],
    machines: [{ name: 'office', address: '10.151.1.4', in: ['vnet-office', 'app'] }],
  },
  tunnelAddress: '172.22.70.19',
  routes: ['10.150.0.0/16', '10.151.0.0/16', '172.22.70.0/24'],
  client: { traces: { '10.151.1.4': 'answers', '10.152.8.4': 'lost-outside' } },
  expected: {
    verdict: 'broken',
    findings: ['spoke-has-own-gateway'],
    prefixes: { '10.152.0.0/16': { verdict: 'broken', lostAt: 'offered' } },
  },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-factory.json',
    line: '"name": "GatewaySubnet",',
    instead: '"name": "FormerGateway",',
    findings: ['spoke-remote-gateway-off'],
  },
});
