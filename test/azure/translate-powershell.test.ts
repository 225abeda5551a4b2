import { describe, expect, test } from 'vitest';
import { readTopology } from '../../src/azure/translate.ts';
import { keyOf } from '../../src/facts/resource-id.ts';
import { prefix } from '../../src/net/prefix.ts';
import { artifactOf } from './artifact-of.ts';
import { gatewayId, home, hubId, idIn } from './estate-of.ts';

const spokeId = idIn(home, 'rg', 'virtualNetworks/spoke');
const peeringId = `${hubId}/virtualNetworkPeerings/to-spoke`;
const model = (name: string) => `Microsoft.Azure.Commands.Network.Models.${name}`;
const serialised = (value: unknown) => JSON.stringify(value, null, 2).replaceAll('\n', '\r\n');
const read = (document: unknown) => readTopology([artifactOf(document)]);

// Get-AzVirtualNetwork | ConvertTo-Json: a list is a depth of its own, so the default of 2 ends inside each VNet.
const listed = [
  {
    AddressSpace: { AddressPrefixes: '10.0.0.0/16 10.9.0.0/16' },
    DhcpOptions: { DnsServers: '' },
    Subnets: [model('PSSubnet'), model('PSSubnet')],
    VirtualNetworkPeerings: [model('PSVirtualNetworkPeering')],
    ProvisioningState: 'Succeeded',
    AddressSpaceText: serialised({ AddressPrefixes: ['10.0.0.0/16', '10.9.0.0/16'] }),
    DhcpOptionsText: '{}',
    SubnetsText: serialised([
      { Name: 'GatewaySubnet', Id: `${hubId}/subnets/GatewaySubnet`, AddressPrefix: ['10.0.255.0/27'] },
      { Name: 'vms', Id: `${hubId}/subnets/vms`, AddressPrefix: ['10.0.1.0/24'], RouteTable: { Id: '/x/rt' } },
    ]),
    VirtualNetworkPeeringsText: serialised([
      { Name: 'to-spoke', Id: peeringId, PeeringState: 'Connected', RemoteVirtualNetwork: { Id: spokeId } },
    ]),
    Type: 'Microsoft.Network/virtualNetworks',
    Name: 'hub',
    Id: hubId,
  },
  {
    AddressSpace: { AddressPrefixes: '10.1.0.0/16' },
    Subnets: '',
    VirtualNetworkPeerings: '',
    Name: 'spoke',
    Id: spokeId,
  },
];

describe('what ConvertTo-Json cut off at its depth', () => {
  test('is read from the text that Az keeps beside it', () => {
    const { topology, problems } = read(listed);
    expect(problems).toEqual([]);
    expect(topology.vnets.get(keyOf(hubId))).toMatchObject({
      addressSpace: [{ prefix: prefix('10.0.0.0/16') }, { prefix: prefix('10.9.0.0/16') }],
      subnets: [
        { name: 'GatewaySubnet', prefixes: [prefix('10.0.255.0/27')] },
        { name: 'vms', prefixes: [prefix('10.0.1.0/24')], routeTable: '/x/rt' },
      ],
      dnsServers: [],
      peeringsListed: true,
    });
    expect(topology.peerings).toMatchObject([{ id: peeringId, from: hubId, to: spokeId, state: 'Connected' }]);
  });

  test('is told at the nearest place that a pointer reaches', () => {
    const { topology } = read(listed);
    expect(topology.peerings[0]?.origin).toEqual({ artifact: 'arm:001', pointer: '/0/VirtualNetworkPeeringsText' });
  });

  test('is an empty list where nothing at all was written', () => {
    const spoke = read(listed).topology.vnets.get(keyOf(spokeId));
    expect(spoke).toMatchObject({
      addressSpace: [{ prefix: prefix('10.1.0.0/16') }],
      subnets: [],
      peeringsListed: true,
    });
  });

  test('is no id where nothing else tells it: it is there, and nobody knows which', () => {
    const subnet = { Name: 'vms', Id: `${hubId}/subnets/vms`, AddressPrefix: '10.0.1.0/24 fd00::/64' };
    const { topology, problems } = read({
      Name: 'hub',
      Id: hubId,
      AddressSpace: { AddressPrefixes: ['10.0.0.0/16'] },
      Subnets: [{ ...subnet, RouteTable: model('PSRouteTable') }],
      VirtualNetworkPeerings: [{ Name: 'to-spoke', Id: peeringId, RemoteVirtualNetwork: model('PSResourceId') }],
    });
    expect(topology.peerings).toEqual([]);
    expect(topology.vnets.get(keyOf(hubId))).toMatchObject({
      peeringsListed: false,
      subnets: [{ prefixes: [prefix('10.0.1.0/24'), prefix('fd00::/64')], routeTable: model('PSRouteTable') }],
    });
    expect(topology.unread).toMatchObject([{ operation: 'virtualNetworkPeerings.get', resource: hubId }]);
    const cut = problems.filter(({ why }) => why.includes('-Depth'));
    expect(cut.map(({ text }) => text)).toEqual([model('PSResourceId'), model('PSRouteTable')]);
  });

  test('may lie deeper than the field that tells it whole', () => {
    const whole = { VpnClientAddressPool: { AddressPrefixes: ['172.16.50.0/24'] }, VpnClientProtocols: ['OpenVPN'] };
    const { topology, problems } = read({
      Name: 'gw',
      Id: gatewayId,
      GatewayType: 'Vpn',
      VpnClientConfiguration: { VpnClientAddressPool: model('PSAddressSpace'), VpnClientProtocols: 'OpenVPN' },
      CustomRoutes: { AddressPrefixes: '' },
      VpnClientConfigurationText: serialised(whole),
    });
    expect(problems).toEqual([]);
    expect(topology.gateways.get(keyOf(gatewayId))).toMatchObject({
      pointToSite: { pool: [{ prefix: prefix('172.16.50.0/24') }], protocols: ['OpenVPN'] },
      customRoutes: [],
    });
  });

  test('is a problem like any other where the text beside it is damaged as well', () => {
    const { problems } = read({ ...listed[0], SubnetsText: '[ { "Name": ' });
    expect(problems.map(({ text }) => text)).toEqual([model('PSSubnet'), model('PSSubnet')]);
  });
});
