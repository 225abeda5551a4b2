import type { Estate, Fault } from '../arm-emulator/estate.ts';
import { addresses, prefixes } from './addresses.ts';
import {
  estateNames,
  gatewayDocuments,
  idOf,
  interfaceDocument,
  type Peering,
  routeTable,
  vnetDocument,
} from './estate-documents.ts';

/** How the Azure side of a state departs from health; what follows from a flag is worked out, so that no two answers contradict each other. */
export type EstateFlags = {
  /** The spoke's half of the peering of spoke1: without it the gateway is no gateway for that VNet. */
  readonly spoke1UsesRemoteGateways?: boolean;
  /** Whether the route table on spoke1's subnet lets gateway routes in; the way back to the pool is one of them. */
  readonly spoke1Propagation?: boolean;
  readonly customRoutes?: readonly string[];
  /** The gateway's own view of this client: connected by this protocol, or not at all. */
  readonly session?: 'OVPN' | 'IKEv2';
  /** What goes wrong between the client and Resource Manager. */
  readonly faults?: readonly Fault[];
};

type Vnet = {
  readonly name: 'hub' | 'spoke1' | 'spoke2';
  readonly prefix: string;
  readonly subnet: string;
  readonly vm: string;
  readonly transit: boolean;
  readonly propagation: boolean;
};

/** The wire documents of the lab's Azure side. */
export function estateOf(flags: EstateFlags): Estate & Required<Pick<Estate, 'actions'>> {
  const vnets = vnetsOf(flags);
  const customRoutes = flags.customRoutes ?? [prefixes.storage];
  const gateway = idOf('virtualNetworkGateways', estateNames.gateway);
  const offered = vnets.filter(({ transit }) => transit).map(({ prefix }) => prefix);
  return {
    faults: flags.faults ?? [],
    resources: [
      ...gatewayDocuments(customRoutes),
      ...vnets.map((vnet) =>
        vnetDocument({ ...vnet, gatewayHere: vnet.name === 'hub', peerings: peeringsOf(vnet, vnets) }),
      ),
      ...vnets.map((vnet) => routeTable(vnet.name, vnet.propagation)),
      ...vnets.map((vnet) => interfaceDocument(vnet.name, vnet.vm)),
    ],
    actions: {
      [`${gateway}/getEffectiveRoutes`]: { value: [effectiveOfGateway([...offered, ...customRoutes])] },
      [`${gateway}/getLearnedRoutes`]: { value: [...offered, prefixes.pool].map(learned) },
      [`${gateway}/getBgpPeerStatus`]: { value: [] },
      [`${gateway}/getVpnClientConnectionHealth`]: { value: sessionsOf(flags.session) },
      ...Object.assign({}, ...vnets.map((vnet) => interfaceAnswers(vnet, vnets))),
    },
  };
}

function vnetsOf(flags: EstateFlags): readonly Vnet[] {
  const healthy = { transit: true, propagation: true };
  return [
    { name: 'hub', prefix: prefixes.hub, subnet: '10.0.0.0/24', vm: addresses.hubVm, ...healthy },
    {
      name: 'spoke1',
      prefix: prefixes.spoke1,
      subnet: '10.1.0.0/24',
      vm: addresses.spoke1Vm,
      transit: flags.spoke1UsesRemoteGateways ?? true,
      propagation: flags.spoke1Propagation ?? true,
    },
    { name: 'spoke2', prefix: prefixes.spoke2, subnet: '10.10.0.0/24', vm: addresses.spoke2Vm, ...healthy },
  ];
}

/** The hub holds a half for each spoke; a spoke only its own, for peering is not transitive. */
function peeringsOf(vnet: Vnet, vnets: readonly Vnet[]): readonly Peering[] {
  const remotes = vnets.filter(({ name }) => (vnet.name === 'hub' ? name !== 'hub' : name === 'hub'));
  return remotes.map((remote) => ({
    remote: remote.name,
    remotePrefix: remote.prefix,
    allowGatewayTransit: vnet.name === 'hub',
    useRemoteGateways: vnet.name !== 'hub' && vnet.transit,
  }));
}

function interfaceAnswers(vnet: Vnet, vnets: readonly Vnet[]): Estate['actions'] {
  const resource = idOf('networkInterfaces', `vm-${vnet.name}-nic`);
  const peers = peeringsOf(vnet, vnets).map(({ remotePrefix }) =>
    effective(vnet, 'Default', remotePrefix, 'VNetPeering'),
  );
  const hasWayBack = vnet.transit && vnet.propagation;
  const wayBack = hasWayBack
    ? [effective(vnet, 'VirtualNetworkGateway', prefixes.pool, 'VirtualNetworkGateway', [addresses.gatewayPublic])]
    : [];
  // 10.0.0.0/8 is missing among the reserved ranges: Azure takes its None route away where the VNet lies within.
  const reserved = ['100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].map((prefix) =>
    effective(vnet, 'Default', prefix, 'None'),
  );
  const value = [
    effective(vnet, 'Default', vnet.prefix, 'VnetLocal'),
    ...peers,
    ...wayBack,
    effective(vnet, 'Default', '0.0.0.0/0', 'Internet'),
    ...reserved,
  ];
  return {
    [`${resource}/effectiveRouteTable`]: { value },
    [`${resource}/effectiveNetworkSecurityGroups`]: { value: [] },
  };
}

function effective(
  vnet: Vnet,
  source: string,
  prefix: string,
  nextHopType: string,
  hops: readonly string[] = [],
): unknown {
  return {
    source,
    state: 'Active',
    addressPrefix: [prefix],
    nextHopType,
    nextHopIpAddress: hops,
    disableBgpRoutePropagation: !vnet.propagation,
  };
}

function effectiveOfGateway(addressPrefixes: readonly string[]): unknown {
  return { localAddress: addresses.gatewayInner, addressPrefixes, nextHopIpAddress: '', nextHopType: 'VirtualNetwork' };
}

function learned(network: string): unknown {
  const own = addresses.gatewayInner;
  return { localAddress: own, network, nextHop: '', sourcePeer: own, origin: 'Network', asPath: '', weight: 32768 };
}

function sessionsOf(session: EstateFlags['session']): readonly unknown[] {
  if (session === undefined) return [];
  const id = `${session}_6e1f2a34-5b7c-4d8e-9f01-23456789abcd`;
  return [{ vpnConnectionId: id, privateIpAddress: addresses.client, publicIpAddress: '20.193.245.1:40000' }];
}
