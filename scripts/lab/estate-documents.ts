import type { WireResource } from '../arm-emulator/estate.ts';
import { addresses, prefixes } from './addresses.ts';

/** The gateway's coordinates, as flags of the command line want them. */
export const estateNames = {
  subscription: '5ad1c9e2-7b0f-4f6e-9d1c-0c1ab0a50001',
  resourceGroup: 'rg-hub',
  gateway: 'vpngw-hub',
} as const;

/** One half of a peering, by what the lab varies or needs. */
export type Peering = {
  readonly remote: string;
  readonly remotePrefix: string;
  readonly allowGatewayTransit: boolean;
  readonly useRemoteGateways: boolean;
};

/** The id of a resource of the lab's estate. */
export function idOf(type: string, name: string): string {
  const group = `/subscriptions/${estateNames.subscription}/resourceGroups/${estateNames.resourceGroup}`;
  return `${group}/providers/Microsoft.Network/${type}/${name}`;
}

function documentOf(type: string, name: string, properties: Readonly<Record<string, unknown>>): WireResource {
  return {
    id: idOf(type, name),
    name,
    type: `Microsoft.Network/${type}`,
    location: 'centralindia',
    properties: { provisioningState: 'Succeeded', ...properties },
  };
}

/** The gateway and its public address. */
export function gatewayDocuments(customRoutes: readonly string[]): readonly WireResource[] {
  const configuration = `${idOf('virtualNetworkGateways', estateNames.gateway)}/ipConfigurations/default`;
  const gateway = documentOf('virtualNetworkGateways', estateNames.gateway, {
    gatewayType: 'Vpn',
    vpnType: 'RouteBased',
    sku: { name: 'VpnGw1AZ', tier: 'VpnGw1AZ', capacity: 2 },
    enableBgp: false,
    activeActive: false,
    ipConfigurations: [
      {
        id: configuration,
        name: 'default',
        properties: {
          publicIPAddress: { id: idOf('publicIPAddresses', 'vpngw-hub-pip') },
          subnet: { id: `${idOf('virtualNetworks', 'hub')}/subnets/GatewaySubnet` },
        },
      },
    ],
    vpnClientConfiguration: {
      vpnClientAddressPool: { addressPrefixes: [prefixes.pool] },
      vpnClientProtocols: ['IkeV2', 'OpenVPN'],
      vpnAuthenticationTypes: ['Certificate'],
      vngClientConnectionConfigurations: [],
    },
    customRoutes: { addressPrefixes: customRoutes },
    bgpSettings: { asn: 65515, bgpPeeringAddress: '10.0.1.30', peerWeight: 0 },
  });
  const address = documentOf('publicIPAddresses', 'vpngw-hub-pip', {
    ipAddress: addresses.gatewayPublic,
    publicIPAddressVersion: 'IPv4',
    publicIPAllocationMethod: 'Static',
    ipConfiguration: { id: configuration },
  });
  return [gateway, { ...address, sku: { name: 'Standard', tier: 'Regional' } }];
}

/** A VNet with one subnet of machines and its halves of the peerings. */
export function vnetDocument(vnet: {
  readonly name: string;
  readonly prefix: string;
  readonly subnet: string;
  readonly gatewayHere: boolean;
  readonly peerings: readonly Peering[];
}): WireResource {
  const id = idOf('virtualNetworks', vnet.name);
  const machines = subnetOf(id, 'machines', vnet.subnet, {
    routeTable: { id: idOf('routeTables', `rt-${vnet.name}`) },
    ipConfigurations: [{ id: `${idOf('networkInterfaces', `vm-${vnet.name}-nic`)}/ipConfigurations/ipconfig1` }],
  });
  const gatewaySubnet = subnetOf(id, 'GatewaySubnet', '10.0.1.0/27', {
    ipConfigurations: [{ id: `${idOf('virtualNetworkGateways', estateNames.gateway)}/ipConfigurations/default` }],
  });
  return documentOf('virtualNetworks', vnet.name, {
    addressSpace: { addressPrefixes: [vnet.prefix] },
    dhcpOptions: { dnsServers: [] },
    subnets: vnet.gatewayHere ? [gatewaySubnet, machines] : [machines],
    virtualNetworkPeerings: vnet.peerings.map((peering) => peeringOf(id, vnet, peering)),
  });
}

function subnetOf(vnet: string, name: string, addressPrefix: string, more: Readonly<Record<string, unknown>>): unknown {
  return {
    id: `${vnet}/subnets/${name}`,
    name,
    type: 'Microsoft.Network/virtualNetworks/subnets',
    properties: { provisioningState: 'Succeeded', addressPrefix, ...more },
  };
}

function peeringOf(id: string, vnet: { name: string; prefix: string }, peering: Peering): unknown {
  const name = `${vnet.name}-to-${peering.remote}`;
  const [local, remote] = [{ addressPrefixes: [vnet.prefix] }, { addressPrefixes: [peering.remotePrefix] }];
  return {
    id: `${id}/virtualNetworkPeerings/${name}`,
    name,
    type: 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
    properties: {
      provisioningState: 'Succeeded',
      peeringState: 'Connected',
      peeringSyncLevel: 'FullyInSync',
      remoteVirtualNetwork: { id: idOf('virtualNetworks', peering.remote) },
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: peering.allowGatewayTransit,
      useRemoteGateways: peering.useRemoteGateways,
      doNotVerifyRemoteGateways: false,
      peerCompleteVnets: true,
      localAddressSpace: local,
      localVirtualNetworkAddressSpace: local,
      remoteAddressSpace: remote,
      remoteVirtualNetworkAddressSpace: remote,
    },
  };
}

/** The route table on a VNet's machines; empty but for the switch that lets gateway routes in. */
export function routeTable(vnet: string, propagation: boolean): WireResource {
  return documentOf('routeTables', `rt-${vnet}`, {
    disableBgpRoutePropagation: !propagation,
    routes: [],
    subnets: [{ id: `${idOf('virtualNetworks', vnet)}/subnets/machines` }],
  });
}

/** The network interface of a VNet's one running machine. */
export function interfaceDocument(vnet: string, address: string): WireResource {
  const id = idOf('networkInterfaces', `vm-${vnet}-nic`);
  return documentOf('networkInterfaces', `vm-${vnet}-nic`, {
    ipConfigurations: [
      {
        id: `${id}/ipConfigurations/ipconfig1`,
        name: 'ipconfig1',
        properties: {
          privateIPAddress: address,
          privateIPAddressVersion: 'IPv4',
          primary: true,
          subnet: { id: `${idOf('virtualNetworks', vnet)}/subnets/machines` },
        },
      },
    ],
    enableIPForwarding: false,
    virtualMachine: { id: idOf('virtualMachines', `vm-${vnet}`).replace('Microsoft.Network', 'Microsoft.Compute') },
  });
}
