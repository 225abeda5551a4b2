import { gateway, gatewayRoute } from '../azure-network.ts';
import { linuxCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-er', space: ['10.83.0.0/16'] },
  gateway: { name: 'vgw-er-vpn', pool: ['172.20.8.0/24'], publicAddress: '20.52.6.6', protocols: ['OpenVPN'] },
};
const ids = idsOf(base);
const circuit = ids.id('virtualNetworkGateways', 'ergw');
const document = gateway(ids.place, {
  name: 'ergw',
  pool: [],
  home: ids.hub,
  publicAddress: '20.52.6.7',
  sku: 'ErGw1AZ',
  properties: { gatewayType: 'ExpressRoute', vpnClientConfiguration: null },
});

/** The data centre is known to the ExpressRoute gateway alone. */
export const scenario = linuxCase({
  name: 'expressroute-transit',
  estate: {
    ...base,
    machines: [{ name: 'er', address: '10.83.2.4', in: ['vnet-er', 'shared'] }],
    issued: null,
    extra: () => [
      arm('virtualNetworkGateways.get', circuit, document),
      arm('virtualNetworkGateways.getLearnedRoutes', circuit, {
        value: [
          gatewayRoute('10.83.0.0/16', {}),
          gatewayRoute('10.5.0.0/16', {
            origin: 'EBgp',
            nextHop: '10.83.1.4',
            sourcePeer: '10.83.1.4',
            asPath: '12076-65100',
          }),
        ],
      }),
    ],
  },
  tunnelAddress: '172.20.8.8',
  client: { traces: { '10.83.2.4': 'answers', '10.5.1.4': 'lost-outside' } },
  expected: {
    verdict: 'ok',
    findings: ['expressroute-transit'],
    prefixes: { '10.5.0.0/16': { verdict: 'not-expected', lostAt: null } },
  },
  twin: {
    file: 'azure/virtualNetworkGateways.getLearnedRoutes.ergw.json',
    line: '"network": "10.5.0.0/16",',
    instead: '"network": "10.6.0.0/16",',
    findings: ['prefix-not-advertised'],
  },
});
