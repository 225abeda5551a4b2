import { expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import type { Topology } from '../../src/facts/topology.ts';
import { address } from '../../src/net/address.ts';
import { prefix } from '../../src/net/prefix.ts';
import { artifactOf, withoutOrigins } from './artifact-of.ts';
import { home, idIn } from './estate-of.ts';

const id = (rest: string) => idIn(home, 'rg', rest);
const ref = (rest: string) => ({ id: id(rest) });
const space = (...addressPrefixes: readonly string[]) => ({ addressPrefixes });
const at = (...texts: readonly string[]) => texts.map((text) => ({ prefix: prefix(text) }));
const vnetId = id('virtualNetworks/hub');
const gatewayId = id('virtualNetworkGateways/gw');

type Row = readonly [what: string, table: keyof Topology, document: object, expected: unknown];

/** What ARM answers, and all that is read of it. */
const whole: readonly Row[] = [
  [
    'a gateway in pairs, with groups of users',
    'gateways',
    {
      id: gatewayId,
      name: 'gw',
      properties: {
        gatewayType: 'Vpn',
        vpnType: 'RouteBased',
        activeActive: 'True',
        enableBgp: true,
        sku: { name: 'VpnGw2AZ', tier: 'VpnGw2AZ', capacity: 2 },
        ipConfigurations: [
          { properties: { publicIPAddress: ref('publicIPAddresses/one') } },
          { properties: { subnet: { id: `${vnetId}/subnets/GatewaySubnet` } } },
        ],
        bgpSettings: {
          asn: '65515',
          bgpPeeringAddress: '10.0.1.4,10.0.1.5',
          bgpPeeringAddresses: [
            {
              defaultBgpIpAddresses: ['10.0.1.4'],
              customBgpIpAddresses: ['169.254.21.1'],
              tunnelIpAddresses: ['20.1.2.3'],
            },
            { defaultBgpIpAddresses: ['10.0.1.5'], customBgpIpAddresses: [], tunnelIpAddresses: ['20.1.2.4'] },
          ],
        },
        vpnClientConfiguration: {
          vpnClientProtocols: ['OpenVPN'],
          vpnAuthenticationTypes: ['AAD'],
          vngClientConnectionConfigurations: [
            { name: 'sales', properties: { vpnClientAddressPool: space('172.16.60.0/24') } },
            { properties: {} },
          ],
        },
        customRoutes: space('104.211.109.42/32'),
        natRules: [{ name: 'n' }],
        gatewayDefaultSite: ref('localNetworkGateways/site'),
        provisioningState: 'Succeeded',
      },
    },
    {
      id: gatewayId,
      name: 'gw',
      gatewayType: 'Vpn',
      vpnType: 'RouteBased',
      sku: 'VpnGw2AZ',
      provisioningState: 'Succeeded',
      activeActive: true,
      enableBgp: true,
      asn: 65515,
      bgpPeeringAddresses: ['10.0.1.4', '10.0.1.5', '169.254.21.1'].map(address),
      publicAddresses: ['20.1.2.3', '20.1.2.4'].map(address),
      ipConfigurations: [{ publicIp: id('publicIPAddresses/one') }, { subnet: `${vnetId}/subnets/GatewaySubnet` }],
      homeVNet: vnetId,
      pointToSite: {
        pool: [],
        protocols: ['OpenVPN'],
        authenticationTypes: ['AAD'],
        groups: [
          { name: 'sales', pool: at('172.16.60.0/24') },
          { name: '', pool: [] },
        ],
      },
      customRoutes: at('104.211.109.42/32'),
      natRules: 1,
      gatewayDefaultSite: id('localNetworkGateways/site'),
    },
  ],
  [
    'a VNet',
    'vnets',
    {
      id: vnetId,
      name: 'hub',
      properties: {
        addressSpace: space(' 10.0.0.0/16 '),
        dhcpOptions: { dnsServers: ['10.0.0.4', ''] },
        summarizedGatewayPrefixes: space('10.0.0.0/8'),
        subnets: [
          {
            name: 'two',
            properties: {
              addressPrefixes: ['10.0.1.0/24', '10.0.2.0/24'],
              networkSecurityGroup: ref('networkSecurityGroups/nsg'),
              serviceEndpoints: [{ service: 'Microsoft.Storage' }, {}],
              ipConfigurations: [ref('networkInterfaces/n/ipConfigurations/i'), { name: 'without an id' }],
              privateEndpointNetworkPolicies: 'Disabled',
            },
          },
          { id: `${vnetId}/subnets/one`, properties: { addressPrefix: '10.0.3.0/24' } },
        ],
      },
    },
    {
      id: vnetId,
      name: 'hub',
      addressSpace: at('10.0.0.0/16'),
      subnets: [
        {
          id: `${vnetId}/subnets/two`,
          name: 'two',
          prefixes: [prefix('10.0.1.0/24'), prefix('10.0.2.0/24')],
          networkSecurityGroup: id('networkSecurityGroups/nsg'),
          serviceEndpoints: ['Microsoft.Storage'],
          ipConfigurations: [id('networkInterfaces/n/ipConfigurations/i')],
          privateEndpointNetworkPolicies: 'Disabled',
        },
        {
          id: `${vnetId}/subnets/one`,
          name: 'one',
          prefixes: [prefix('10.0.3.0/24')],
          serviceEndpoints: [],
          ipConfigurations: [],
        },
      ],
      dnsServers: ['10.0.0.4'],
      summarizedGatewayPrefixes: at('10.0.0.0/8'),
      peeringsListed: false,
    },
  ],
  [
    'a security group',
    'securityGroups',
    {
      id: id('networkSecurityGroups/nsg'),
      name: 'nsg',
      properties: {
        securityRules: [
          {
            name: 'in',
            properties: {
              priority: 100,
              direction: 'inbound',
              access: 'deny',
              protocol: 'Tcp',
              sourceAddressPrefix: '10.0.0.0/8',
              sourceAddressPrefixes: [],
              destinationAddressPrefix: '*',
              sourcePortRange: '*',
              destinationPortRanges: ['22', '80-90'],
            },
          },
          {
            properties: {
              priority: '200',
              direction: 'Outbound',
              access: 'Allow',
              destinationApplicationSecurityGroups: [ref('applicationSecurityGroups/web')],
            },
          },
        ],
        defaultSecurityRules: [
          {
            name: 'DenyAllInBound',
            properties: { priority: 65500, direction: 'Inbound', access: 'Deny', protocol: '*' },
          },
        ],
      },
    },
    {
      id: id('networkSecurityGroups/nsg'),
      name: 'nsg',
      rules: [
        {
          ...{ name: 'in', priority: 100, direction: 'Inbound', access: 'Deny', protocol: 'Tcp' },
          ...{ sources: ['10.0.0.0/8'], destinations: ['*'], sourcePorts: ['*'], destinationPorts: ['22', '80-90'] },
          usesApplicationGroups: false,
        },
        {
          ...{ name: '', priority: 200, direction: 'Outbound', access: 'Allow', protocol: '*' },
          ...{ sources: [], destinations: [], sourcePorts: [], destinationPorts: [], usesApplicationGroups: true },
        },
        {
          ...{ name: 'DenyAllInBound', priority: 65500, direction: 'Inbound', access: 'Deny', protocol: '*' },
          ...{ sources: [], destinations: [], sourcePorts: [], destinationPorts: [], usesApplicationGroups: false },
        },
      ],
    },
  ],
  [
    'a route table with several next hops',
    'routeTables',
    {
      id: id('routeTables/rt'),
      properties: {
        disableBgpRoutePropagation: false,
        disablePeeringRoute: 'All',
        routes: [
          {
            name: 'one',
            properties: { addressPrefix: '10.1.0.0/16', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.0.9' },
          },
          {
            properties: {
              addressPrefix: '10.2.0.0/16',
              nextHopType: 'VirtualApplianceEcmp',
              nextHop: { nextHopIpAddresses: ['10.0.0.9', '10.0.0.10'] },
            },
          },
          {
            name: 'none',
            properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'None', nextHop: {}, nextHopIpAddress: '' },
          },
        ],
      },
    },
    {
      id: id('routeTables/rt'),
      name: 'rt',
      disableBgpRoutePropagation: false,
      disablePeeringRoute: 'All',
      routes: [
        {
          ...{ name: 'one', prefix: prefix('10.1.0.0/16'), destination: '10.1.0.0/16' },
          ...{ nextHopType: 'VirtualAppliance', nextHop: '10.0.0.9' },
        },
        {
          ...{ name: '', prefix: prefix('10.2.0.0/16'), destination: '10.2.0.0/16' },
          ...{ nextHopType: 'VirtualApplianceEcmp', nextHop: '10.0.0.9, 10.0.0.10' },
        },
        { name: 'none', prefix: prefix('0.0.0.0/0'), destination: '0.0.0.0/0', nextHopType: 'None' },
      ],
    },
  ],
  [
    'a network interface',
    'networkInterfaces',
    {
      id: id('networkInterfaces/nic'),
      properties: {
        ipConfigurations: [
          { properties: { privateIPAddress: '10.0.1.4', subnet: { id: `${vnetId}/subnets/one` } } },
          { properties: { privateIPAddress: 'fd00::4' } },
          { properties: { subnet: { id: `${vnetId}/subnets/one` } } },
        ],
        virtualMachine: { id: '/vm' },
        enableIPForwarding: true,
      },
    },
    {
      id: id('networkInterfaces/nic'),
      name: 'nic',
      addresses: [{ address: address('10.0.1.4'), subnet: `${vnetId}/subnets/one` }, { address: address('fd00::4') }],
      virtualMachine: '/vm',
      ipForwarding: true,
    },
  ],
  [
    'a private endpoint',
    'privateEndpoints',
    {
      id: id('privateEndpoints/pe'),
      properties: {
        subnet: { id: `${vnetId}/subnets/one` },
        networkInterfaces: [ref('networkInterfaces/pe.nic')],
        customDnsConfigs: [{ fqdn: 'Store.blob.core.windows.net', ipAddresses: ['10.0.1.9'] }, { ipAddresses: [] }],
        ipConfigurations: [{ properties: { privateIPAddress: '10.0.1.9' } }],
        privateLinkServiceConnections: [{ properties: { privateLinkServiceId: '/x/storageAccounts/Store' } }, {}],
        manualPrivateLinkServiceConnections: [{ properties: { privateLinkServiceId: '/x/vaults/kv' } }],
      },
    },
    {
      id: id('privateEndpoints/pe'),
      name: 'pe',
      subnet: `${vnetId}/subnets/one`,
      networkInterfaces: [id('networkInterfaces/pe.nic')],
      addresses: [address('10.0.1.9')],
      serves: ['store', 'kv'],
      names: ['store.blob.core.windows.net'],
    },
  ],
  [
    'a site',
    'localNetworkGateways',
    {
      id: id('localNetworkGateways/site'),
      properties: { localNetworkAddressSpace: space('10.101.0.0/16'), bgpSettings: { asn: 4200000000 } },
    },
    { id: id('localNetworkGateways/site'), name: 'site', addressSpace: at('10.101.0.0/16'), bgpAsn: 4200000000 },
  ],
  [
    'a public address',
    'publicIps',
    { id: id('publicIPAddresses/ip'), properties: { ipAddress: '20.1.2.3' } },
    { id: id('publicIPAddresses/ip'), address: address('20.1.2.3') },
  ],
  [
    'a public address of a stopped machine, as PowerShell tells it',
    'publicIps',
    { Id: id('publicIPAddresses/ip'), IpAddress: 'Not Assigned' },
    { id: id('publicIPAddresses/ip') },
  ],
];

test.each(whole)('%s is read into %s', (_, table, document, expected) => {
  const { topology, problems } = readTopology([artifactOf(document)]);
  expect(withoutOrigins([...(topology[table] as ReadonlyMap<string, unknown>).values()])).toEqual([expected]);
  expect(problems).toEqual([]);
  expect(topology.unread).toEqual([]);
});
