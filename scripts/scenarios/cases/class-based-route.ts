import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { phonebook, windowsClient } from '../windows-client.ts';

const spec: EstateSpec = {
  hub: { name: 'vnet-sap', space: ['172.20.0.0/16'] },
  gateway: { name: 'vgw-sap', pool: ['10.180.40.0/24'], publicAddress: '51.105.9.33', protocols: ['SSTP'] },
  machines: [{ name: 'sap-1', address: '172.20.2.4', in: ['vnet-sap', 'shared'] }],
};
const byClass = { prefix: '10.0.0.0/8', interface: '10.180.40.3', metric: 26 };

/** In an office on 10.20/16 Windows takes all of 10/8 into the tunnel, for its address there is a 10. */
export const scenario: Scenario = {
  name: 'class-based-route',
  platform: 'windows',
  client: [
    ...windowsClient({
      connection: 'vnet-sap',
      server: idsOf(spec).server,
      protocol: 'Sstp',
      tunnelAddress: '10.180.40.3',
      gatewayAddress: '51.105.9.33',
      routes: issuedOf(spec),
      lan: { address: '10.20.7.12', length: 24, router: '10.20.7.1' },
      extra: [byClass, { prefix: '10.255.255.255/32', interface: '10.180.40.3', metric: 281 }],
      traces: { '172.20.2.4': 'answers' },
    }),
    phonebook('vnet-sap', { DisableClassBasedDefaultRoute: 0 }),
  ],
  azure: estate(spec),
  expected: { verdict: 'ok', findings: ['class-based-route'] },
  twin: {
    file: 'client/rasphone.pbk',
    line: 'DisableClassBasedDefaultRoute=0',
    instead: 'DisableClassBasedDefaultRoute=1',
    findings: [],
  },
};
