import { ancestorOf, nameOf } from '../facts/resource-id.ts';
import type { Gateway, PointToSite } from '../facts/topology.ts';
import {
  addressesOf,
  addressSpaceOf,
  complain,
  each,
  field,
  flagOf,
  idOf,
  labelOf,
  type Node,
  numberOf,
  originOf,
  textOf,
  textsOf,
} from './document.ts';
import { keep, ownId, type Reader } from './draft.ts';

/** A virtual network gateway, VPN or ExpressRoute. */
export const readGateway: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a gateway without an id');
  const ipConfigurations = each(node, 'ipConfigurations').map((entry) => ({
    publicIp: idOf(entry, 'publicIPAddress'),
    subnet: idOf(entry, 'subnet'),
  }));
  const subnet = ipConfigurations.find((entry) => entry.subnet !== undefined)?.subnet;
  const sku = field(node, 'sku');
  const gateway: Gateway = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    gatewayType: textOf(node, 'gatewayType'),
    vpnType: textOf(node, 'vpnType'),
    sku: sku === undefined ? undefined : (labelOf(sku, 'name') ?? textOf(sku, 'tier')),
    provisioningState: textOf(node, 'provisioningState'),
    // ARM and `az` write activeActive, the SDK renames it.
    activeActive: flagOf(node, 'activeActive', 'active'),
    enableBgp: flagOf(node, 'enableBgp'),
    ...bgpOf(node),
    ipConfigurations,
    homeVNet: subnet === undefined ? undefined : ancestorOf(subnet, 'virtualNetworks'),
    pointToSite: pointToSiteOf(node),
    customRoutes: addressSpaceOf(node, 'customRoutes') ?? [],
    natRules: each(node, 'natRules').length,
    gatewayDefaultSite: idOf(node, 'gatewayDefaultSite'),
    origin: originOf(node),
  };
  keep(draft.gateways, gateway);
};

function bgpOf(node: Node): Pick<Gateway, 'asn' | 'bgpPeeringAddresses' | 'publicAddresses'> {
  const settings = field(node, 'bgpSettings');
  if (settings === undefined) return { asn: undefined, bgpPeeringAddresses: [], publicAddresses: [] };
  const instances = each(settings, 'bgpPeeringAddresses');
  const peering = [
    ...addressesOf(settings, 'bgpPeeringAddress'),
    ...instances.flatMap((instance) => addressesOf(instance, 'defaultBgpIpAddresses')),
    ...instances.flatMap((instance) => addressesOf(instance, 'customBgpIpAddresses')),
  ];
  return {
    asn: numberOf(settings, 'asn'),
    bgpPeeringAddresses: [...new Set(peering)],
    publicAddresses: [...new Set(instances.flatMap((instance) => addressesOf(instance, 'tunnelIpAddresses')))],
  };
}

function pointToSiteOf(node: Node): PointToSite | null {
  const configuration = field(node, 'vpnClientConfiguration');
  if (configuration === undefined) return null;
  const protocols = field(configuration, 'vpnClientProtocols');
  return {
    pool: addressSpaceOf(configuration, 'vpnClientAddressPool') ?? [],
    protocols: protocols === undefined ? undefined : textsOf(configuration, 'vpnClientProtocols'),
    authenticationTypes: textsOf(configuration, 'vpnAuthenticationTypes'),
    groups: each(configuration, 'vngClientConnectionConfigurations', 'clientConnectionConfigurations').map((entry) => ({
      name: labelOf(entry, 'name') ?? '',
      pool: addressSpaceOf(entry, 'vpnClientAddressPool') ?? [],
      origin: originOf(entry),
    })),
    origin: originOf(configuration),
  };
}

/** The public address of a gateway, or of anything else. */
export const readPublicIp: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a public IP without an id');
  // Unassigned, as a dynamic address of a stopped machine is: the field is missing, or PowerShell says so.
  const assigned = textOf(node, 'ipAddress') !== 'Not Assigned';
  const address = assigned ? addressesOf(node, 'ipAddress')[0] : undefined;
  keep(draft.publicIps, { id, address, origin: originOf(node) });
};
