import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf, routeTableRead } from '../estate.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-sdwan', space: ['10.87.0.0/16'] },
  gateway: { name: 'vgw-sdwan', pool: ['172.20.9.0/24'], publicAddress: '20.53.9.9' },
};
const ids = idsOf(base);

/** Branches hang on an SD-WAN appliance: a route table knows their range, the gateway does not. */
export const scenario = windowsCase({
  name: 'prefix-not-advertised',
  estate: {
    ...base,
    issued: null,
    machines: [{ name: 'sd', address: '10.87.2.4', in: ['vnet-sdwan', 'shared'] }],
    extra: () => [
      routeTableRead(ids.place, {
        name: 'rt-branches',
        routes: [{ name: 'branches', prefix: '10.240.0.0/13', nextHopType: 'VirtualAppliance', nextHop: '10.87.9.4' }],
        subnets: [ids.subnet('vnet-sdwan', 'shared')],
      }),
    ],
  },
  tunnelAddress: '172.20.9.8',
  client: { traces: { '10.87.2.4': 'answers', '10.241.3.3': 'lost-outside' } },
  expected: { verdict: 'ok', findings: ['prefix-not-advertised'] },
  twin: {
    file: 'azure/virtualNetworks.get.vnet-sdwan.json',
    line: '"10.87.0.0/16"',
    instead: '"10.87.0.0/16", "10.241.0.0/16"',
    findings: ['client-profile-stale'],
  },
});
