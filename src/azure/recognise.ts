import type { ResourceId } from '../facts/resource-id.ts';
import { field, isObject, labelOf, type Node } from './document.ts';

/** What a document is about, whoever names it: the resource type in lower case, or the answer of an action. */
export type DocumentKind =
  | 'gateway'
  | 'vnet'
  | 'peering'
  | 'subnet'
  | 'public-ip'
  | 'connection'
  | 'local-network-gateway'
  | 'network-interface'
  | 'security-group'
  | 'route-table'
  | 'private-endpoint'
  | 'hub'
  | 'hub-connection'
  | 'hub-route-table'
  | 'routing-intent'
  | 'p2s-gateway'
  | 'server-configuration'
  | 'gateway-route'
  | 'advertised-route'
  | 'gateway-effective-route'
  | 'bgp-peer'
  | 'session'
  | 'effective-route'
  | 'effective-security-group'
  | 'hub-effective-route';

const byType: Readonly<Record<string, DocumentKind>> = {
  virtualnetworkgateways: 'gateway',
  virtualnetworks: 'vnet',
  'virtualnetworks/virtualnetworkpeerings': 'peering',
  'virtualnetworks/subnets': 'subnet',
  publicipaddresses: 'public-ip',
  connections: 'connection',
  localnetworkgateways: 'local-network-gateway',
  networkinterfaces: 'network-interface',
  networksecuritygroups: 'security-group',
  routetables: 'route-table',
  privateendpoints: 'private-endpoint',
  virtualhubs: 'hub',
  'virtualhubs/hubvirtualnetworkconnections': 'hub-connection',
  'virtualhubs/hubroutetables': 'hub-route-table',
  'virtualhubs/routingintent': 'routing-intent',
  p2svpngateways: 'p2s-gateway',
  vpnserverconfigurations: 'server-configuration',
};

const byAction: Readonly<Record<string, DocumentKind>> = {
  'virtualnetworkgateways.getlearnedroutes': 'gateway-route',
  'virtualnetworkgateways.getadvertisedroutes': 'advertised-route',
  'virtualnetworkgateways.geteffectiveroutes': 'gateway-effective-route',
  'virtualnetworkgateways.getbgppeerstatus': 'bgp-peer',
  'virtualnetworkgateways.getvpnclientconnectionhealth': 'session',
  'networkinterfaces.geteffectiveroutetable': 'effective-route',
  'networkinterfaces.listeffectivenetworksecuritygroups': 'effective-security-group',
  'virtualhubs.geteffectivevirtualhubroutes': 'hub-effective-route',
};

/** Operations whose group is not the type they answer with. */
const byGroup: Readonly<Record<string, string>> = {
  'virtualnetworkgateways.listconnections': 'connections',
  virtualnetworkgatewayconnections: 'connections',
  virtualnetworkpeerings: 'virtualnetworks/virtualnetworkpeerings',
  subnets: 'virtualnetworks/subnets',
  hubvirtualnetworkconnections: 'virtualhubs/hubvirtualnetworkconnections',
  hubroutetables: 'virtualhubs/hubroutetables',
  routingintent: 'virtualhubs/routingintent',
  routingintentoperations: 'virtualhubs/routingintent',
};

/** `SDK group.method` with its deprecated spellings (`begin…AndWait`) and the casing of any version taken off. */
export function plainOperation(operation: string): string {
  return operation
    .toLowerCase()
    .replace(/\.begin/, '.')
    .replace(/andwait$/, '');
}

/** The kind an operation answers with. Undefined: this program makes nothing of its answers. */
export function kindOfOperation(operation: string | undefined): DocumentKind | undefined {
  if (operation === undefined) return undefined;
  const plain = plainOperation(operation);
  const group = plain.split('.')[0] ?? '';
  return byAction[plain] ?? byType[byGroup[plain] ?? byGroup[group] ?? group];
}

/** `Microsoft.Network/virtualNetworks/subnets` of an id, without the namespace, in lower case. Undefined: no ARM id. */
export function typeOfId(id: ResourceId): string | undefined {
  const provider = /\/providers\/[^/]+\/(.+)$/i.exec(id)?.[1];
  if (provider === undefined) return undefined;
  const segments = provider.toLowerCase().split('/');
  return segments.filter((_, index) => index % 2 === 0).join('/');
}

/** The kind that a document tells of itself by its id, its type or its shape; else what the operation answers with. */
export function kindOf(node: Node, operation: string | undefined): DocumentKind | undefined {
  const asked = kindOfOperation(operation);
  if (operation !== undefined && byAction[plainOperation(operation)] !== undefined) return asked;
  const id = labelOf(node, 'id');
  const type = labelOf(node, 'type')
    ?.toLowerCase()
    .replace(/^microsoft\.network\//, '');
  const told = (id === undefined ? undefined : byType[typeOfId(id) ?? '']) ?? byType[type ?? ''];
  return told ?? asked ?? kindOfShape(node);
}

/** Whether a document names an Azure resource, of a type this program reads or not. */
export function isResource(node: Node): boolean {
  const id = labelOf(node, 'id');
  return id !== undefined && (typeOfId(id) !== undefined || /^\/subscriptions\//i.test(id));
}

/** Fields that must be there and say something: one that tells what it is, and those that tell it from its neighbours. */
const shapes: readonly (readonly [DocumentKind, readonly string[]])[] = [
  ['session', ['vpnConnectionId']],
  ['effective-security-group', ['effectiveSecurityRules']],
  ['bgp-peer', ['neighbor', 'localAddress']],
  ['gateway-route', ['network', 'sourcePeer']],
  // What is advertised was learned from nobody.
  ['advertised-route', ['network', 'localAddress', 'nextHop']],
  ['gateway-effective-route', ['addressPrefixes', 'nextHopType', 'localAddress']],
  ['hub-effective-route', ['addressPrefixes', 'nextHopType', 'nextHops']],
  ['effective-route', ['addressPrefix', 'nextHopType', 'source']],
  ['peering', ['peeringState', 'remoteVirtualNetwork']],
  ['gateway', ['gatewayType', 'ipConfigurations']],
  ['vnet', ['addressSpace', 'subnets']],
];

function kindOfShape(node: Node): DocumentKind | undefined {
  if (!isObject(node.value)) return undefined;
  const says = (name: string) => (field(node, name)?.value ?? '') !== '';
  return shapes.find(([, fields]) => fields.every(says))?.[0];
}
