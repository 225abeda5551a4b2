import { effectiveRoute } from '../azure-machine.ts';
import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf, routeTableRead } from '../estate.ts';

const base: EstateSpec = {
  hub: {
    name: 'vnet-fw',
    space: ['10.145.0.0/16'],
    subnets: [{ name: 'AzureFirewallSubnet', prefix: '10.145.4.0/26' }],
  },
  gateway: { name: 'vgw-fw', pool: ['172.20.22.0/24'], publicAddress: '20.93.2.2' },
};
const ids = idsOf(base);
const table = ids.id('routeTables', 'rt-internet');
const toFirewall = { nextHopIpAddress: ['10.145.4.4'] };

/** A spoke sends the internet by a firewall in another spoke; the pool keeps its own, narrower way to the gateway. */
export const scenario = windowsCase({
  name: 'healthy-forced-tunnel',
  estate: {
    ...base,
    spokes: [
      {
        name: 'vnet-office',
        space: ['10.146.0.0/16'],
        far: { allowForwardedTraffic: false },
        subnets: [{ name: 'app', prefix: '10.146.1.0/24', routeTable: table }],
      },
    ],
    machines: [
      {
        name: 'office',
        address: '10.146.1.4',
        in: ['vnet-office', 'app'],
        user: [effectiveRoute('0.0.0.0/0', 'VirtualAppliance', toFirewall)],
      },
    ],
    extra: () => [
      routeTableRead(ids.place, {
        name: 'rt-internet',
        routes: [{ name: 'all', prefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHop: '10.145.4.4' }],
        subnets: [ids.subnet('vnet-office', 'app')],
      }),
    ],
  },
  tunnelAddress: '172.20.22.8',
  client: { traces: { '10.146.1.4': 'answers' } },
  expected: { verdict: 'ok', findings: [], prefixes: { '10.146.0.0/16': { verdict: 'ok', lostAt: null } } },
});
