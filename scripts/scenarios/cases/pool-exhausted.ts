import { session } from '../azure-network.ts';
import { windowsCase } from '../cases-of.ts';
import { type EstateSpec, idsOf } from '../estate.ts';
import { arm } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-tiny', space: ['10.98.0.0/16'] },
  gateway: { name: 'vgw-tiny', pool: ['172.20.12.0/28'], publicAddress: '20.54.4.4', protocols: ['IkeV2'] },
};
const ids = idsOf(base);
const sessions = Array.from({ length: 15 }, (_, index) => session(`172.20.12.${index + 1}`));

/** Sixteen addresses, fifteen clients, and this one is not among them. */
export const scenario = windowsCase({
  name: 'pool-exhausted',
  estate: {
    ...base,
    issued: null,
    extra: () => [arm('virtualNetworkGateways.getVpnclientConnectionHealth', ids.gateway, { value: sessions })],
  },
  tunnelAddress: '172.20.12.8',
  client: { tunnelAddress: null },
  expected: { verdict: 'broken', findings: ['pool-exhausted', 'vpn-not-connected'] },
  twin: {
    file: 'azure/virtualNetworkGateways.get.vgw-tiny.json',
    line: '"172.20.12.0/28"',
    instead: '"172.20.12.0/26"',
    findings: ['vpn-not-connected'],
  },
});
