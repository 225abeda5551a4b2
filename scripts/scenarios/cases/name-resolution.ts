import { nic, nicId, privateEndpoint } from '../azure-machine.ts';
import { type EstateSpec, estate, idsOf, issuedOf } from '../estate.ts';
import type { Scenario } from '../scenario.ts';
import { windowsClient } from '../windows-client.ts';
import { arm, pretty } from '../wire.ts';

const base: EstateSpec = {
  hub: { name: 'vnet-hub-at', space: ['10.230.0.0/16'] },
  gateway: { name: 'vgw-at', pool: ['172.22.210.0/24'], publicAddress: '20.113.3.3' },
};
const ids = idsOf(base);
const name = 'stinvoices.blob.core.windows.net';
const endpointNic = { name: 'pe-invoices-nic', address: '10.230.2.9', subnet: ids.subnet('vnet-hub-at', 'shared') };
const endpoint = ids.id('privateEndpoints', 'pe-invoices');
const spec: EstateSpec = {
  ...base,
  machines: [{ name: 'at-1', address: '10.230.2.4', in: ['vnet-hub-at', 'shared'] }],
  extra: () => [
    arm(
      'networkInterfaces.get',
      nicId(ids.place, endpointNic.name),
      nic(ids.place, { ...endpointNic, properties: { virtualMachine: null, privateEndpoint: { id: endpoint } } }),
    ),
    arm(
      'privateEndpoints.get',
      endpoint,
      privateEndpoint(ids.place, {
        name: 'pe-invoices',
        subnet: endpointNic.subnet,
        nic: nicId(ids.place, endpointNic.name),
        properties: { customDnsConfigs: [{ fqdn: name, ipAddresses: ['10.230.2.9'] }] },
      }),
    ),
  ],
};

/** The endpoint answers by its address; the name still leads to the internet. */
export const scenario: Scenario = {
  name: 'name-resolution',
  platform: 'windows',
  client: [
    ...windowsClient({
      connection: 'vnet-hub-at',
      server: ids.server,
      tunnelAddress: '172.22.210.12',
      gatewayAddress: '20.113.3.3',
      routes: issuedOf(spec),
      traces: { '10.230.2.4': 'answers' },
    }),
    {
      id: `dns-lookup:${name}`,
      source: 'dns-lookup',
      half: 'client',
      file: 'client/dns-lookup.json',
      text: pretty([{ name, addresses: ['20.209.32.161'] }]),
    },
  ],
  azure: estate(spec),
  expected: { verdict: 'broken', findings: ['name-resolution'] },
  twin: { file: 'client/dns-lookup.json', line: '"20.209.32.161"', instead: '"10.230.2.9"', findings: [] },
};
