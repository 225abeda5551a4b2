import { windowsCase } from '../cases-of.ts';

const space = Array.from({ length: 23 }, (_, index) => `10.230.${index}.0/24`);

/** Hub, 23 ranges of a spoke, a custom route and the pool: one more than an old Windows takes. */
export const scenario = windowsCase({
  name: 'route-limit-exceeded',
  estate: {
    hub: { name: 'vnet-many', space: ['10.220.0.0/16'] },
    spokes: [{ name: 'vnet-slices', space, subnets: [{ name: 'app', prefix: '10.230.0.0/26' }] }],
    gateway: { name: 'vgw-many', pool: ['172.20.4.0/24'], publicAddress: '20.71.8.1', customRoutes: ['10.249.0.0/16'] },
    issued: null,
  },
  tunnelAddress: '172.20.4.5',
  expected: { verdict: 'undetermined', findings: ['route-limit-exceeded'] },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-many.json',
    line: '"10.249.0.0/16"',
    instead: '"10.220.0.0/16"',
    findings: ['stray-route'],
  },
});
