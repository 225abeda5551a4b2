import { ancestorOf, keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Peering, Subnet, VNet } from '../facts/topology.ts';
import {
  addressSpaceOf,
  complain,
  each,
  flagOf,
  idOf,
  idsOf,
  labelOf,
  listOf,
  type Node,
  originOf,
  prefixesAt,
  prefixesOf,
  textOf,
  textsOf,
} from './document.ts';
import { type Draft, keep, leaveOpen, ownId, type Reader } from './draft.ts';

/** A VNet with its subnets and its halves of peerings. */
export const readVNet: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a virtual network without an id');
  const peerings = listOf(node, 'virtualNetworkPeerings');
  if (peerings !== undefined) draft.peeringsReadOf.add(keyOf(id));
  for (const peering of peerings ?? []) addPeering(peering, draft, id);
  const told = node.problems.length;
  const addressSpace = addressSpaceOf(node, 'addressSpace');
  if (node.problems.length > told)
    leaveOpen(draft, node, 'virtualNetworks.get', id, 'a part of its address space was not understood');
  if (addressSpace === undefined) {
    complain(node, 'a virtual network without an address space');
    return leaveOpen(draft, node, 'virtualNetworks.get', id, 'it has no address space');
  }
  const vnet: VNet = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    addressSpace,
    subnets: each(node, 'subnets').flatMap((subnet) => subnetOf(subnet, id) ?? []),
    dnsServers: dnsServersOf(node),
    summarizedGatewayPrefixes: addressSpaceOf(node, 'summarizedGatewayPrefixes') ?? [],
    peeringsListed: draft.peeringsReadOf.has(keyOf(id)),
    origin: originOf(node),
  };
  keep(draft.vnets, vnet);
};

function dnsServersOf(node: Node): readonly string[] {
  const options = each(node, 'dhcpOptions')[0];
  return options === undefined ? [] : textsOf(options, 'dnsServers');
}

/** A half of a peering that was asked for on its own, or in its VNet's list of peerings. */
export const readPeering: Reader = (node, draft, artifact) => {
  const own = labelOf(node, 'id');
  const home = ancestorOf(own ?? artifact.resource ?? '', 'virtualNetworks');
  if (home === undefined) return complain(node, 'a peering that names no virtual network of its own');
  addPeering(node, draft, home, own === undefined && node.pointer === '' ? artifact.resource : undefined);
};

function addPeering(node: Node, draft: Draft, home: ResourceId, askedAs?: ResourceId): void {
  const name = labelOf(node, 'name');
  const id =
    labelOf(node, 'id') ?? askedAs ?? (name === undefined ? undefined : `${home}/virtualNetworkPeerings/${name}`);
  const to = idOf(node, 'remoteVirtualNetwork');
  if (id === undefined || to === undefined || ancestorOf(to, 'virtualNetworks') === undefined) {
    complain(node, 'a peering without an id or a remote virtual network');
    draft.peeringsReadOf.delete(keyOf(home));
    leaveOpen(draft, node, 'virtualNetworkPeerings.get', home, 'a peering of it was not understood');
    return;
  }
  const peering: Peering = {
    id,
    name: name ?? nameOf(id),
    from: ancestorOf(id, 'virtualNetworks') ?? home,
    to,
    state: textOf(node, 'peeringState'),
    syncLevel: textOf(node, 'peeringSyncLevel'),
    allowVirtualNetworkAccess: flagOf(node, 'allowVirtualNetworkAccess'),
    allowForwardedTraffic: flagOf(node, 'allowForwardedTraffic'),
    allowGatewayTransit: flagOf(node, 'allowGatewayTransit'),
    useRemoteGateways: flagOf(node, 'useRemoteGateways'),
    // PowerShell: PeeredRemoteAddressSpace.
    remoteAddressSpace: addressSpaceOf(node, 'remoteAddressSpace', 'peeredRemoteAddressSpace'),
    remoteVirtualNetworkAddressSpace: addressSpaceOf(node, 'remoteVirtualNetworkAddressSpace'),
    peerCompleteVnets: flagOf(node, 'peerCompleteVnets', 'peerCompleteVirtualNetworks'),
    localSubnetNames: textsOf(node, 'localSubnetNames'),
    remoteSubnetNames: textsOf(node, 'remoteSubnetNames'),
    onlyIPv6: flagOf(node, 'enableOnlyIPv6Peering'),
    provisioningState: textOf(node, 'provisioningState'),
    origin: originOf(node),
  };
  keep(draft.peerings, peering);
}

/** A subnet that was asked for on its own. */
export const readSubnet: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  const subnet = subnetOf(node, ancestorOf(id ?? '', 'virtualNetworks') ?? '', id);
  if (subnet !== undefined) keep(draft.looseSubnets, subnet);
};

function subnetOf(node: Node, home: ResourceId, askedAs?: ResourceId): Subnet | undefined {
  const name = labelOf(node, 'name');
  const id = labelOf(node, 'id') ?? askedAs ?? (name === undefined ? undefined : `${home}/subnets/${name}`);
  if (id === undefined) {
    complain(node, 'a subnet without an id or a name');
    return undefined;
  }
  const several = prefixesAt(node, 'addressPrefixes') ?? [];
  return {
    id,
    name: name ?? nameOf(id),
    prefixes: several.length > 0 ? several.map(({ prefix }) => prefix) : prefixesOf(node, 'addressPrefix'),
    routeTable: idOf(node, 'routeTable'),
    networkSecurityGroup: idOf(node, 'networkSecurityGroup'),
    privateEndpointNetworkPolicies: textOf(node, 'privateEndpointNetworkPolicies'),
    serviceEndpoints: each(node, 'serviceEndpoints').flatMap((endpoint) => textOf(endpoint, 'service') ?? []),
    ipConfigurations: idsOf(node, 'ipConfigurations'),
    origin: originOf(node),
  };
}

/** Hands the subnets that were read on their own to their VNets, and settles which VNets told their peerings. */
export function settleVNets(draft: Draft): void {
  for (const [key, vnet] of draft.vnets) {
    const own = new Map(vnet.subnets.map((subnet) => [keyOf(subnet.id), subnet]));
    for (const [id, subnet] of draft.looseSubnets) if (id.startsWith(`${key}/subnets/`)) own.set(id, subnet);
    draft.vnets.set(key, { ...vnet, subnets: [...own.values()], peeringsListed: draft.peeringsReadOf.has(key) });
  }
}
