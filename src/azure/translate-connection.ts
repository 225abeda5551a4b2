import { nameOf } from '../facts/resource-id.ts';
import type { BgpPeer, ClientSession, Connection, GatewayEffectiveRoute, GatewayRoute } from '../facts/topology.ts';
import {
  addressOf,
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
  prefixAt,
  prefixesAt,
  prefixesOf,
  textOf,
} from './document.ts';
import { keep, leaveOpen, ownId, type Reader } from './draft.ts';

/** A connection of a gateway, whole or as its gateway lists it. */
export const readConnection: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a connection without an id');
  const ends = {
    gateway1: idOf(node, 'virtualNetworkGateway1'),
    gateway2: idOf(node, 'virtualNetworkGateway2'),
    localNetworkGateway: idOf(node, 'localNetworkGateway2'),
  };
  if (Object.values(ends).every((end) => end === undefined)) {
    complain(node, 'a connection that says nothing of its ends');
    return leaveOpen(draft, node, 'virtualNetworkGatewayConnections.get', id, 'it says nothing of its ends');
  }
  const connection: Connection = {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    type: textOf(node, 'connectionType'),
    status: textOf(node, 'connectionStatus'),
    enableBgp: flagOf(node, 'enableBgp'),
    ...ends,
    usePolicyBasedTrafficSelectors: flagOf(node, 'usePolicyBasedTrafficSelectors'),
    trafficSelectors: each(node, 'trafficSelectorPolicies').map((policy) => ({
      local: prefixesOf(policy, 'localAddressRanges'),
      remote: prefixesOf(policy, 'remoteAddressRanges'),
    })),
    origin: originOf(node),
  };
  keep(draft.connections, connection);
};

/** The far end of a Site-to-Site connection, as Azure was told of it. */
export const readLocalNetworkGateway: Reader = (node, draft, artifact) => {
  const id = ownId(node, artifact);
  if (id === undefined) return complain(node, 'a local network gateway without an id');
  const bgp = field(node, 'bgpSettings');
  keep(draft.localNetworkGateways, {
    id,
    name: labelOf(node, 'name') ?? nameOf(id),
    addressSpace: addressSpaceOf(node, 'localNetworkAddressSpace') ?? [],
    bgpAsn: bgp === undefined ? undefined : numberOf(bgp, 'asn'),
    origin: originOf(node),
  });
};

/** A row of the learned or the advertised routes. */
export function gatewayRouteOf(node: Node): readonly GatewayRoute[] {
  const network = field(node, 'network');
  const at = network === undefined ? undefined : prefixAt(network);
  if (at === undefined) {
    if (network === undefined) complain(node, 'a gateway route without a prefix');
    return [];
  }
  const route: GatewayRoute = {
    prefix: at.prefix,
    learnedBy: textOf(node, 'origin') ?? '',
    nextHop: textOf(node, 'nextHop') ?? '',
    sourcePeer: textOf(node, 'sourcePeer') ?? '',
    localAddress: textOf(node, 'localAddress') ?? '',
    asPath: textOf(node, 'asPath') ?? '',
    at: originOf(node),
  };
  return [route];
}

/** A row of what the gateway itself forwards by, one entry per prefix. */
export function gatewayEffectiveRouteOf(node: Node): readonly GatewayEffectiveRoute[] {
  const prefixes = prefixesAt(node, 'addressPrefixes', 'addressPrefix');
  if (prefixes === undefined) complain(node, 'an effective route without a prefix');
  return (prefixes ?? []).map(({ prefix, origin }) => ({
    prefix,
    nextHopType: textOf(node, 'nextHopType') ?? '',
    nextHop: textOf(node, 'nextHopIpAddress') ?? '',
    at: origin,
  }));
}

/** A BGP session of the gateway. */
export function bgpPeerOf(node: Node): readonly BgpPeer[] {
  const neighbor = textOf(node, 'neighbor');
  if (neighbor === undefined) {
    complain(node, 'a BGP peer without a neighbor');
    return [];
  }
  const peer: BgpPeer = {
    neighbor,
    localAddress: textOf(node, 'localAddress') ?? '',
    asn: numberOf(node, 'asn'),
    state: textOf(node, 'state'),
    routesReceived: numberOf(node, 'routesReceived'),
    origin: originOf(node),
  };
  return [peer];
}

// IKEv2_7b0d2c64-5a0e-4c52-9f0a-0d8a3b1f6e21, OVPN_…, SSTP_…
const protocols: Readonly<Record<string, string>> = { IKEV2: 'IkeV2', OVPN: 'OpenVPN', SSTP: 'SSTP' };

/** A client that the gateway says is connected. Its user's name is left where it was. */
export function sessionOf(node: Node): readonly ClientSession[] {
  const prefix = textOf(node, 'vpnConnectionId')?.split('_')[0];
  const time = textOf(node, 'vpnConnectionTime');
  const session: ClientSession = {
    privateAddress: addressOf(node, 'privateIpAddress'),
    protocol: prefix === undefined ? undefined : protocols[prefix.toUpperCase()],
    ingressBytes: numberOf(node, 'ingressBytesTransferred'),
    egressBytes: numberOf(node, 'egressBytesTransferred'),
    // ARM leaves the zone out; its clocks are UTC.
    connectedAt: time === undefined || /(Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`,
    durationSeconds: numberOf(node, 'vpnConnectionDuration'),
    origin: originOf(node),
  };
  return [session];
}
