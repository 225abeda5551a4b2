import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf, routeTableRead } from '../estate.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-sec', space: ['10.200.0.0/16'] },
  gateway: { name: 'vgw-sec', pool: ['172.31.5.0/24'], publicAddress: '20.50.190.2' },
};
const ids = idsOf(base);
const [towards, back] = [ids.id('routeTables', 'rt-gateway'), ids.id('routeTables', 'rt-spoke')];
const firewall = '10.200.4.4';

/** All traffic between clients and the spoke goes by the hub's firewall; the spoke's half refuses what it forwards. */
export const scenario = windowsCase({
  name: 'forwarded-traffic-blocked',
  estate: {
    ...base,
    hub: {
      ...base.hub,
      subnets: [
        {
          name: 'GatewaySubnet',
          prefix: '10.200.1.0/27',
          routeTable: towards,
          properties: { ipConfigurations: [{ id: `${ids.gateway}/ipConfigurations/default` }] },
        },
        { name: 'AzureFirewallSubnet', prefix: '10.200.4.0/26' },
      ],
    },
    spokes: [
      {
        name: 'vnet-bank',
        space: ['10.201.0.0/16'],
        far: { allowForwardedTraffic: false },
        subnets: [{ name: 'app', prefix: '10.201.1.0/24', routeTable: back }],
      },
    ],
    extra: () => [
      routeTableRead(ids.place, {
        name: 'rt-gateway',
        routes: [{ name: 'to-bank', prefix: '10.201.0.0/16', nextHopType: 'VirtualAppliance', nextHop: firewall }],
        subnets: [`${ids.hub}/subnets/GatewaySubnet`],
      }),
      routeTableRead(ids.place, {
        name: 'rt-spoke',
        routes: [{ name: 'to-clients', prefix: '172.31.5.0/24', nextHopType: 'VirtualAppliance', nextHop: firewall }],
        subnets: [ids.subnet('vnet-bank', 'app')],
      }),
    ],
  },
  tunnelAddress: '172.31.5.8',
  client: { traces: { '10.201.1.4': 'silent' } },
  expected: { verdict: 'broken', findings: ['forwarded-traffic-blocked'] },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-bank.json',
    line: '"allowForwardedTraffic": false,',
    instead: '"allowForwardedTraffic": true,',
    findings: [],
  },
});
