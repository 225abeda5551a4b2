import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Unanswered } from './capture.ts';
import type { Origin, PrefixAt } from './origin.ts';
import type { Profile } from './profile.ts';
import type { ResourceId } from './resource-id.ts';
import type {
  HubConnection,
  HubEffectiveRoute,
  HubRouteTable,
  P2SVpnGateway,
  VirtualHub,
  VpnServerConfiguration,
} from './virtual-wan.ts';

/** Fields are undefined where the document lacks them: that is "not told", never "no". */
export interface Gateway {
  readonly id: ResourceId;
  readonly name: string;
  readonly gatewayType: string | undefined;
  readonly vpnType: string | undefined;
  readonly sku: string | undefined;
  readonly provisioningState: string | undefined;
  readonly activeActive: boolean | undefined;
  readonly enableBgp: boolean | undefined;
  readonly asn: number | undefined;
  readonly bgpPeeringAddresses: readonly Address[];
  readonly ipConfigurations: readonly {
    readonly publicIp: ResourceId | undefined;
    readonly subnet: ResourceId | undefined;
  }[];
  /** The VNet that holds the GatewaySubnet, from the ipConfigurations. */
  readonly homeVNet: ResourceId | undefined;
  /** Null: no vpnClientConfiguration at all, so no Point-to-Site. */
  readonly pointToSite: PointToSite | null;
  readonly customRoutes: readonly PrefixAt[];
  readonly natRules: number;
  /** Public addresses told by the gateway itself (tunnelIpAddresses). */
  readonly publicAddresses: readonly Address[];
  readonly gatewayDefaultSite: ResourceId | undefined;
  readonly origin: Origin;
}

export interface PointToSite {
  readonly pool: readonly PrefixAt[];
  /** Undefined: not told. Values as Azure spells them: IkeV2, SSTP, OpenVPN. */
  readonly protocols: readonly string[] | undefined;
  readonly authenticationTypes: readonly string[];
  /** Pools of user groups. */
  readonly groups: readonly { readonly name: string; readonly pool: readonly PrefixAt[]; readonly origin: Origin }[];
  readonly origin: Origin;
}

export interface Subnet {
  readonly id: ResourceId;
  readonly name: string;
  readonly prefixes: readonly Prefix[];
  readonly routeTable: ResourceId | undefined;
  readonly networkSecurityGroup: ResourceId | undefined;
  readonly privateEndpointNetworkPolicies: string | undefined;
  readonly serviceEndpoints: readonly string[];
  /** NIC, gateway and endpoint ip configurations in it. */
  readonly ipConfigurations: readonly ResourceId[];
  readonly origin: Origin;
}

export interface VNet {
  readonly id: ResourceId;
  readonly name: string;
  readonly addressSpace: readonly PrefixAt[];
  readonly subnets: readonly Subnet[];
  readonly dnsServers: readonly string[];
  readonly summarizedGatewayPrefixes: readonly PrefixAt[];
  /** Whether the document carried its list of peerings (a trimmed one may not): undefined list = not told. */
  readonly peeringsListed: boolean;
  readonly origin: Origin;
}

/** One half of a peering: the resource that lives in `from`. */
export interface Peering {
  readonly id: ResourceId;
  readonly name: string;
  readonly from: ResourceId;
  readonly to: ResourceId;
  /** `Initiated`, `Connected`, `Disconnected`. */
  readonly state: string | undefined;
  readonly syncLevel: string | undefined;
  readonly allowVirtualNetworkAccess: boolean | undefined;
  readonly allowForwardedTraffic: boolean | undefined;
  readonly allowGatewayTransit: boolean | undefined;
  readonly useRemoteGateways: boolean | undefined;
  /** What was peered: the snapshot that the far VNet's prefixes are offered from. Undefined: not told. */
  readonly remoteAddressSpace: readonly PrefixAt[] | undefined;
  /** What the far VNet has now. */
  readonly remoteVirtualNetworkAddressSpace: readonly PrefixAt[] | undefined;
  /** False: subnet peering; only the named subnets forward. */
  readonly peerCompleteVnets: boolean | undefined;
  readonly localSubnetNames: readonly string[];
  readonly remoteSubnetNames: readonly string[];
  readonly onlyIPv6: boolean | undefined;
  readonly provisioningState: string | undefined;
  readonly origin: Origin;
}

export interface Connection {
  readonly id: ResourceId;
  readonly name: string;
  /** `IPsec`, `Vnet2Vnet`, `ExpressRoute`, `VPNClient`. */
  readonly type: string | undefined;
  readonly status: string | undefined;
  readonly enableBgp: boolean | undefined;
  readonly gateway1: ResourceId | undefined;
  readonly gateway2: ResourceId | undefined;
  readonly localNetworkGateway: ResourceId | undefined;
  readonly usePolicyBasedTrafficSelectors: boolean | undefined;
  readonly trafficSelectors: readonly { readonly local: readonly Prefix[]; readonly remote: readonly Prefix[] }[];
  readonly origin: Origin;
}

interface LocalNetworkGateway {
  readonly id: ResourceId;
  readonly name: string;
  readonly addressSpace: readonly PrefixAt[];
  readonly bgpAsn: number | undefined;
  readonly origin: Origin;
}

/** A route the gateway learned, or one it advertises. `origin: Network` with no next hop is its own. */
export interface GatewayRoute {
  readonly prefix: Prefix;
  /** `Network`, `EBgp`, `IBgp` …, as Azure wrote it. */
  readonly learnedBy: string;
  readonly nextHop: string;
  readonly sourcePeer: string;
  readonly localAddress: string;
  readonly asPath: string;
  readonly at: Origin;
}

export interface GatewayEffectiveRoute {
  readonly prefix: Prefix;
  readonly nextHopType: string;
  readonly nextHop: string;
  readonly at: Origin;
}

export interface BgpPeer {
  readonly neighbor: string;
  readonly localAddress: string;
  readonly asn: number | undefined;
  readonly state: string | undefined;
  readonly routesReceived: number | undefined;
  readonly origin: Origin;
}

export interface NetworkInterface {
  readonly id: ResourceId;
  readonly name: string;
  readonly addresses: readonly { readonly address: Address; readonly subnet: ResourceId | undefined }[];
  readonly virtualMachine: ResourceId | undefined;
  readonly privateEndpoint: ResourceId | undefined;
  readonly ipForwarding: boolean | undefined;
  readonly networkSecurityGroup: ResourceId | undefined;
  readonly origin: Origin;
}

/** A row of a NIC's effective routes. `source`: Default, User, VirtualNetworkGateway …; next hop types are open strings. */
export interface EffectiveRoute {
  readonly prefixes: readonly Prefix[];
  readonly source: string;
  readonly state: string;
  readonly nextHopType: string;
  readonly nextHops: readonly string[];
  readonly name: string | undefined;
  readonly disableBgpRoutePropagation: boolean | undefined;
  readonly at: Origin;
}

export interface SecurityRule {
  readonly name: string;
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  /** `*` or `All` for any, else Tcp, Udp, Icmp, Esp, Ah. */
  readonly protocol: string;
  /** Literal prefixes, tags and `*`, expanded forms preferred where Azure gave them. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly sourcePorts: readonly string[];
  readonly destinationPorts: readonly string[];
  /** Application security groups are named here; who is in them isn't told. */
  readonly usesApplicationGroups: boolean;
  readonly origin: Origin;
}

export interface NetworkSecurityGroup {
  readonly id: ResourceId;
  readonly name: string;
  readonly rules: readonly SecurityRule[];
  readonly origin: Origin;
}

export interface RouteTableResource {
  readonly id: ResourceId;
  readonly name: string;
  readonly routes: readonly {
    readonly name: string;
    readonly prefix: Prefix | undefined;
    /** The address prefix as written: a service tag has no `prefix`. */
    readonly destination: string;
    readonly nextHopType: string;
    readonly nextHop: string | undefined;
    readonly origin: Origin;
  }[];
  readonly disableBgpRoutePropagation: boolean | undefined;
  readonly disablePeeringRoute: string | undefined;
  readonly origin: Origin;
}

export interface PrivateEndpoint {
  readonly id: ResourceId;
  readonly name: string;
  readonly subnet: ResourceId | undefined;
  readonly networkInterfaces: readonly ResourceId[];
  readonly addresses: readonly Address[];
  /** Names that should resolve to it (customDnsConfigs), lower-cased. */
  readonly names?: readonly string[];
  /** Names of the services it leads to (a storage account's), lower-cased. */
  readonly serves?: readonly string[];
  readonly origin: Origin;
}

/** One session of getVpnclientConnectionHealth. Names of users are not kept. */
export interface ClientSession {
  readonly privateAddress: Address | undefined;
  readonly protocol: string | undefined;
  readonly ingressBytes: number | undefined;
  readonly egressBytes: number | undefined;
  /** ISO 8601. */
  readonly connectedAt: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly origin: Origin;
}

/** A question that Azure left unanswered. */
export interface UnreadResource {
  readonly operation: string | undefined;
  readonly resource: ResourceId | undefined;
  readonly why: Unanswered;
  readonly origin: Origin;
}

/** Tables keyed by lower-cased resource id. An id that is in neither a table nor `unread` was never asked about. */
export interface Topology {
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly vnets: ReadonlyMap<string, VNet>;
  readonly peerings: readonly Peering[];
  /** VNets whose peerings were read in full (own list, or inside the VNet's document). Lower-cased ids. */
  readonly peeringsReadOf: ReadonlySet<string>;
  readonly publicIps: ReadonlyMap<
    string,
    { readonly id: ResourceId; readonly address: Address | undefined; readonly origin: Origin }
  >;
  readonly connections: readonly Connection[];
  readonly localNetworkGateways: ReadonlyMap<string, LocalNetworkGateway>;
  /** By gateway id. Absent: not read. */
  readonly learnedRoutes: ReadonlyMap<string, readonly GatewayRoute[]>;
  readonly advertisedRoutes: ReadonlyMap<string, readonly GatewayRoute[]>;
  readonly gatewayEffectiveRoutes: ReadonlyMap<string, readonly GatewayEffectiveRoute[]>;
  readonly bgpPeers: ReadonlyMap<string, readonly BgpPeer[]>;
  readonly sessions: ReadonlyMap<string, readonly ClientSession[]>;
  readonly networkInterfaces: ReadonlyMap<string, NetworkInterface>;
  /** By NIC id. Absent: not read. */
  readonly effectiveRoutes: ReadonlyMap<string, readonly EffectiveRoute[]>;
  readonly effectiveSecurityGroups: ReadonlyMap<string, readonly NetworkSecurityGroup[]>;
  readonly securityGroups: ReadonlyMap<string, NetworkSecurityGroup>;
  readonly routeTables: ReadonlyMap<string, RouteTableResource>;
  readonly privateEndpoints: ReadonlyMap<string, PrivateEndpoint>;
  readonly hubs: ReadonlyMap<string, VirtualHub>;
  readonly hubConnections: readonly HubConnection[];
  readonly hubRouteTables: ReadonlyMap<string, HubRouteTable>;
  /** By route table id, hub id where the bundle names the hub. */
  readonly hubEffectiveRoutes: ReadonlyMap<string, readonly HubEffectiveRoute[]>;
  readonly p2sGateways: ReadonlyMap<string, P2SVpnGateway>;
  readonly serverConfigurations: ReadonlyMap<string, VpnServerConfiguration>;
  /** Profiles that Azure generated for this capture. */
  readonly issued: readonly Profile[];
  /** Subscriptions (lower-cased) of which every VNet was listed. */
  readonly vnetsListedIn: ReadonlySet<string>;
  /** List operations that were read in full, as `operation|scope`, lower-cased. */
  readonly listed: ReadonlySet<string>;
  readonly unread: readonly UnreadResource[];
  /** When Azure's half was taken, where that differs from the client's. */
  readonly takenAt?: string;
}
