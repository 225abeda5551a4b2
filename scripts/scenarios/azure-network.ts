import { guid, networkId, type Place, resource, type Wire } from './wire.ts';

export interface SubnetSpec {
  readonly name: string;
  readonly prefix: string;
  readonly routeTable?: string;
  readonly networkSecurityGroup?: string;
  readonly properties?: Wire;
}

interface VNetSpec {
  readonly name: string;
  readonly space: readonly string[];
  readonly subnets?: readonly SubnetSpec[];
  readonly peerings?: readonly Wire[];
  readonly properties?: Wire;
  /** Its own place, where that is not the gateway's. */
  readonly place?: Place;
}

/** The id of a VNet. */
export function vnetId(place: Place, { name, place: own }: Pick<VNetSpec, 'name' | 'place'>): string {
  return networkId(own ?? place, 'virtualNetworks', name);
}

/** A VNet with its subnets, its route tables' ids in them, and its halves of peerings. */
export function vnet(place: Place, spec: VNetSpec): Wire {
  const id = vnetId(place, spec);
  return resource(id, {
    addressSpace: { addressPrefixes: spec.space },
    subnets: (spec.subnets ?? []).map((subnet) => subnetOf(id, subnet)),
    virtualNetworkPeerings: spec.peerings ?? [],
    enableDdosProtection: false,
    ...spec.properties,
  });
}

function subnetOf(home: string, { name, prefix, routeTable, networkSecurityGroup, properties }: SubnetSpec): Wire {
  return resource(`${home}/subnets/${name}`, {
    addressPrefix: prefix,
    ...(routeTable !== undefined && { routeTable: { id: routeTable } }),
    ...(networkSecurityGroup !== undefined && { networkSecurityGroup: { id: networkSecurityGroup } }),
    delegations: [],
    privateEndpointNetworkPolicies: 'Disabled',
    ...properties,
  });
}

/** One half of a peering, in the VNet `from`. `properties` overrides anything, `peeringState` for one. */
export function peering(spec: {
  readonly from: string;
  readonly to: string;
  readonly remoteSpace: readonly string[];
  readonly name?: string;
  readonly properties?: Wire;
}): Wire {
  const name = spec.name ?? `to-${spec.to.slice(spec.to.lastIndexOf('/') + 1)}`;
  return resource(`${spec.from}/virtualNetworkPeerings/${name}`, {
    peeringState: 'Connected',
    peeringSyncLevel: 'FullyInSync',
    remoteVirtualNetwork: { id: spec.to },
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    allowGatewayTransit: false,
    useRemoteGateways: false,
    doNotVerifyRemoteGateways: false,
    peerCompleteVnets: true,
    remoteAddressSpace: { addressPrefixes: spec.remoteSpace },
    remoteVirtualNetworkAddressSpace: { addressPrefixes: spec.remoteSpace },
    ...spec.properties,
  });
}

export interface GatewaySpec {
  readonly name: string;
  readonly pool: readonly string[];
  /** The id of the VNet that holds the GatewaySubnet. */
  readonly home: string;
  readonly publicAddress: string;
  readonly protocols?: readonly string[];
  readonly sku?: string;
  readonly customRoutes?: readonly string[];
  readonly asn?: number;
  readonly enableBgp?: boolean;
  readonly bgpPeeringAddress?: string;
  /** Pools of user groups. */
  readonly groups?: readonly { readonly name: string; readonly pool: readonly string[] }[];
  readonly properties?: Wire;
  /** Overrides inside vpnClientConfiguration. */
  readonly pointToSite?: Wire;
}

/** A VPN gateway of a VNet. */
export function gateway(place: Place, spec: GatewaySpec): Wire {
  const id = networkId(place, 'virtualNetworkGateways', spec.name);
  const configuration = `${id}/ipConfigurations/default`;
  return resource(id, {
    ipConfigurations: [
      resource(configuration, {
        privateIPAllocationMethod: 'Dynamic',
        publicIPAddress: { id: networkId(place, 'publicIPAddresses', `${spec.name}-pip`) },
        subnet: { id: `${spec.home}/subnets/GatewaySubnet` },
      }),
    ],
    natRules: [],
    sku: { name: spec.sku ?? 'VpnGw2AZ', tier: spec.sku ?? 'VpnGw2AZ', capacity: 2 },
    gatewayType: 'Vpn',
    vpnType: 'RouteBased',
    enableBgp: spec.enableBgp ?? false,
    activeActive: false,
    ...(spec.customRoutes !== undefined && { customRoutes: { addressPrefixes: spec.customRoutes } }),
    vpnClientConfiguration: {
      vpnClientAddressPool: { addressPrefixes: spec.pool },
      vpnClientProtocols: spec.protocols ?? ['IkeV2', 'OpenVPN'],
      vpnAuthenticationTypes: ['Certificate'],
      vpnClientRootCertificates: [],
      vpnClientRevokedCertificates: [],
      vngClientConnectionConfigurations: (spec.groups ?? []).map(({ name, pool }) =>
        resource(`${id}/vngClientConnectionConfigurations/${name}`, {
          vpnClientAddressPool: { addressPrefixes: pool },
        }),
      ),
      radiusServers: [],
      vpnClientIpsecPolicies: [],
      ...spec.pointToSite,
    },
    bgpSettings: {
      asn: spec.asn ?? 65515,
      bgpPeeringAddress: spec.bgpPeeringAddress ?? '10.0.1.30',
      peerWeight: 0,
      bgpPeeringAddresses: [
        {
          ipconfigurationId: configuration,
          defaultBgpIpAddresses: [spec.bgpPeeringAddress ?? '10.0.1.30'],
          customBgpIpAddresses: [],
          tunnelIpAddresses: [spec.publicAddress],
        },
      ],
    },
    vpnGatewayGeneration: 'Generation2',
    ...spec.properties,
  });
}

/** A public address. */
export function publicIp(place: Place, name: string, address: string): Wire {
  return resource(networkId(place, 'publicIPAddresses', name), {
    ipAddress: address,
    publicIPAddressVersion: 'IPv4',
    publicIPAllocationMethod: 'Static',
  });
}

/** The name clients dial. */
export function serverOf(gatewayName: string): string {
  return `azuregateway-${guid('server', gatewayName)}-${guid('suffix', gatewayName).slice(-12)}.vpn.azure.com`;
}

/** A connection of a gateway: `IPsec` to a local network gateway, `Vnet2Vnet` or `ExpressRoute` to another gateway. */
export function connection(
  place: Place,
  spec: {
    readonly name: string;
    readonly type: 'IPsec' | 'Vnet2Vnet' | 'ExpressRoute';
    readonly from: string;
    readonly to: string;
    readonly enableBgp?: boolean;
    readonly properties?: Wire;
  },
): Wire {
  const far = spec.type === 'IPsec' ? 'localNetworkGateway2' : 'virtualNetworkGateway2';
  return resource(networkId(place, 'connections', spec.name), {
    connectionType: spec.type,
    connectionStatus: 'Connected',
    enableBgp: spec.enableBgp ?? false,
    virtualNetworkGateway1: { id: spec.from },
    [far]: { id: spec.to },
    usePolicyBasedTrafficSelectors: false,
    trafficSelectorPolicies: [],
    ingressBytesTransferred: 8_214_553,
    egressBytesTransferred: 2_004_117,
    ...spec.properties,
  });
}

/** The far end of a Site-to-Site connection. */
export function localNetworkGateway(place: Place, name: string, space: readonly string[], properties: Wire = {}): Wire {
  return resource(networkId(place, 'localNetworkGateways', name), {
    localNetworkAddressSpace: { addressPrefixes: space },
    gatewayIpAddress: '198.51.100.77',
    ...properties,
  });
}

/** A row of getLearnedRoutes or getAdvertisedRoutes. */
export function gatewayRoute(
  network: string,
  spec: {
    readonly origin?: string;
    readonly nextHop?: string;
    readonly sourcePeer?: string;
    readonly asPath?: string;
    readonly local?: string;
  },
): Wire {
  const local = spec.local ?? '10.0.1.30';
  return {
    localAddress: local,
    network,
    nextHop: spec.nextHop ?? null,
    sourcePeer: spec.sourcePeer ?? local,
    origin: spec.origin ?? 'Network',
    asPath: spec.asPath ?? '',
    weight: 32768,
  };
}

/** A row of getBgpPeerStatus. */
export function bgpPeer(
  neighbor: string,
  spec: { readonly asn: number; readonly state?: string; readonly routesReceived?: number; readonly local?: string },
): Wire {
  return {
    localAddress: spec.local ?? '10.0.1.30',
    neighbor,
    asn: spec.asn,
    state: spec.state ?? 'Connected',
    connectedDuration: spec.state === undefined || spec.state === 'Connected' ? '06:12:44.1030000' : '00:00:00',
    routesReceived: spec.routesReceived ?? 0,
    messagesSent: 412,
    messagesReceived: 409,
  };
}

/** A row of getVpnclientConnectionHealth. */
export function session(
  privateIpAddress: string,
  spec: {
    readonly protocol?: 'IKEv2' | 'OVPN' | 'SSTP';
    readonly since?: string;
    readonly ingress?: number;
    readonly egress?: number;
  } = {},
): Wire {
  return {
    vpnConnectionId: `${spec.protocol ?? 'IKEv2'}_${guid('session', privateIpAddress)}`,
    vpnConnectionDuration: 5410,
    vpnConnectionTime: spec.since ?? '2026-11-02T07:40:12',
    publicIpAddress: '203.0.113.80:49152',
    privateIpAddress,
    vpnUserName: 'somebody',
    maxBandwidth: 134_217_728,
    egressPacketsTransferred: 12_001,
    egressBytesTransferred: spec.egress ?? 8_114_021,
    ingressPacketsTransferred: 9_844,
    ingressBytesTransferred: spec.ingress ?? 1_911_200,
  };
}
