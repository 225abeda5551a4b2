import { nameOf } from '../facts/resource-id.ts';
import type {
  EffectiveRoute,
  NetworkSecurityGroup,
  PrivateEndpoint,
  RouteTableResource,
  SecurityRule,
} from '../facts/topology.ts';
import { parsePrefix } from '../net/prefix.ts';
import {
  addressesOf,
  addressOf,
  complain,
  each,
  field,
  flagOf,
  idOf,
  idsOf,
  labelOf,
  type Node,
  numberOf,
  originOf,
  prefixesAt,
  textOf,
  textsOf,
} from './document.ts';
import { keep, leaveOpen, ownId, type Reader, wholeList } from './draft.ts';

/** A network interface: its addresses, and whose it is. */
export const readNetworkInterface: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a network interface without an id');
  keep(draft.networkInterfaces, {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    addresses: each(node, 'ipConfigurations').flatMap((entry) => {
      const address = addressOf(entry, 'privateIPAddress');
      return address === undefined ? [] : [{ address, subnet: idOf(entry, 'subnet') }];
    }),
    virtualMachine: idOf(node, 'virtualMachine'),
    privateEndpoint: idOf(node, 'privateEndpoint'),
    ipForwarding: flagOf(node, 'enableIPForwarding'),
    networkSecurityGroup: idOf(node, 'networkSecurityGroup'),
    origin: originOf(node),
  });
};

/** A row of a network interface's effective routes. */
export function effectiveRouteOf(node: Node): readonly EffectiveRoute[] {
  const prefixes = prefixesAt(node, 'addressPrefix', 'addressPrefixes');
  const nextHopType = textOf(node, 'nextHopType');
  if (prefixes === undefined || nextHopType === undefined) {
    complain(node, 'an effective route without a prefix or a next hop');
    return [];
  }
  const route: EffectiveRoute = {
    prefixes: prefixes.map(({ prefix }) => prefix),
    source: textOf(node, 'source') ?? '',
    state: textOf(node, 'state') ?? '',
    nextHopType,
    nextHops: textsOf(node, 'nextHopIpAddress'),
    name: labelOf(node, 'name'),
    disableBgpRoutePropagation: flagOf(node, 'disableBgpRoutePropagation'),
    at: originOf(node),
  };
  return [route];
}

/** The rules of one group as they bear on a network interface. */
export function effectiveSecurityGroupOf(node: Node): readonly NetworkSecurityGroup[] {
  const id = idOf(node, 'networkSecurityGroup');
  if (id === undefined) {
    complain(node, 'effective security rules that name no group');
    return [];
  }
  const rules = each(node, 'effectiveSecurityRules').flatMap((rule) => ruleOf(rule) ?? []);
  return [{ id, name: nameOf(id), rules, origin: originOf(node) }];
}

/** A network security group with its own and the default rules. */
export const readSecurityGroup: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a security group without an id');
  const rules = wholeList([...each(node, 'securityRules'), ...each(node, 'defaultSecurityRules')], ruleOf);
  if (rules === undefined)
    return leaveOpen(draft, node, 'networkSecurityGroups.get', id, 'a rule of it was not understood');
  keep(draft.securityGroups, { id, name: labelOf(node, 'name') ?? nameOf(id), rules, origin: originOf(node) });
};

function ruleOf(node: Node): SecurityRule | undefined {
  const priority = numberOf(node, 'priority');
  const direction = textOf(node, 'direction')?.toLowerCase();
  const access = textOf(node, 'access')?.toLowerCase();
  const known = (direction === 'inbound' || direction === 'outbound') && (access === 'allow' || access === 'deny');
  if (priority === undefined || !known) {
    complain(node, 'a security rule without priority, direction or access');
    return undefined;
  }
  const groups = [
    ...each(node, 'sourceApplicationSecurityGroups'),
    ...each(node, 'destinationApplicationSecurityGroups'),
  ];
  return {
    name: labelOf(node, 'name') ?? '',
    priority,
    direction: direction === 'inbound' ? 'Inbound' : 'Outbound',
    access: access === 'allow' ? 'Allow' : 'Deny',
    protocol: textOf(node, 'protocol') ?? '*',
    sources: addressesIn(node, 'expandedSourceAddressPrefix', 'sourceAddressPrefix', 'sourceAddressPrefixes'),
    destinations: addressesIn(
      node,
      'expandedDestinationAddressPrefix',
      'destinationAddressPrefix',
      'destinationAddressPrefixes',
    ),
    sourcePorts: both(node, 'sourcePortRange', 'sourcePortRanges'),
    destinationPorts: both(node, 'destinationPortRange', 'destinationPortRanges'),
    usesApplicationGroups: groups.length > 0,
    origin: originOf(node),
  };
}

function addressesIn(node: Node, expanded: string, single: string, several: string): readonly string[] {
  const clear = textsOf(node, expanded);
  return clear.length > 0 ? clear : both(node, single, several);
}

// A rule carries the single or the plural form, and effective ones carry both with the same content.
const both = (node: Node, single: string, several: string): readonly string[] => [
  ...new Set([...textsOf(node, single), ...textsOf(node, several)]),
];

/** A route table, with each route's own place. */
export const readRouteTable: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a route table without an id');
  const routes = wholeList(each(node, 'routes'), userRouteOf);
  if (routes === undefined) return leaveOpen(draft, node, 'routeTables.get', id, 'a route of it was not understood');
  const table: RouteTableResource = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    routes,
    disableBgpRoutePropagation: flagOf(node, 'disableBgpRoutePropagation'),
    disablePeeringRoute: textOf(node, 'disablePeeringRoute'),
    origin: originOf(node),
  };
  keep(draft.routeTables, table);
};

function userRouteOf(node: Node): RouteTableResource['routes'][number] | undefined {
  const place = field(node, 'addressPrefix');
  const destination = textOf(node, 'addressPrefix')?.trim();
  const nextHopType = textOf(node, 'nextHopType');
  if (place === undefined || destination === undefined || nextHopType === undefined) {
    complain(node, 'a route without an address prefix or a next hop');
    return undefined;
  }
  const prefix = parsePrefix(destination);
  // Storage.WestEurope: a service tag starts with a letter and holds neither slash nor colon nor space. All else is a prefix.
  if (prefix === undefined && !/^[a-z][^/:\s]*$/i.test(destination))
    complain(place, 'not an address prefix (or its host bits are set)');
  return {
    name: labelOf(node, 'name') ?? '',
    prefix,
    destination,
    nextHopType,
    nextHop: nextHopOf(node),
    origin: originOf(node),
  };
}

function nextHopOf(node: Node): string | undefined {
  const single = textOf(node, 'nextHopIpAddress');
  const ecmp = field(node, 'nextHop');
  const several = ecmp === undefined ? [] : textsOf(ecmp, 'nextHopIpAddresses');
  return single ?? (several.length > 0 ? several.join(', ') : undefined);
}

/** A private endpoint and the addresses it answers at. */
export const readPrivateEndpoint: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a private endpoint without an id');
  const addresses = [
    ...each(node, 'customDnsConfigs').flatMap((entry) => addressesOf(entry, 'ipAddresses')),
    ...each(node, 'ipConfigurations').flatMap((entry) => addressesOf(entry, 'privateIPAddress')),
  ];
  const endpoint: PrivateEndpoint = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    subnet: idOf(node, 'subnet'),
    networkInterfaces: idsOf(node, 'networkInterfaces'),
    addresses: [...new Set(addresses)],
    serves: [
      ...each(node, 'privateLinkServiceConnections'),
      ...each(node, 'manualPrivateLinkServiceConnections'),
    ].flatMap((entry) => {
      const service = textOf(entry, 'privateLinkServiceId');
      return service === undefined ? [] : [nameOf(service).toLowerCase()];
    }),
    names: each(node, 'customDnsConfigs').flatMap((entry) => textOf(entry, 'fqdn')?.toLowerCase() ?? []),
    origin: originOf(node),
  };
  keep(draft.privateEndpoints, endpoint);
};

/** The prefixes by which an effective route table says that its network interface lives in a VNet. */
export function localPrefixesOf(routes: readonly EffectiveRoute[]): EffectiveRoute['prefixes'] {
  return routes
    .filter(({ nextHopType }) => nextHopType.toLowerCase() === 'vnetlocal')
    .flatMap(({ prefixes }) => prefixes);
}
