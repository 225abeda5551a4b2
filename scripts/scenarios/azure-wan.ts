import { networkId, type Place, resource, type Wire } from './wire.ts';

/** A virtual hub. */
export function virtualHub(place: Place, name: string, addressPrefix: string, properties: Wire = {}): Wire {
  const id = networkId(place, 'virtualHubs', name);
  return resource(id, {
    addressPrefix,
    sku: 'Standard',
    routingState: 'Provisioned',
    p2SVpnGateway: { id: networkId(place, 'p2sVpnGateways', `${name}-p2s`) },
    ...properties,
  });
}

/** The id of a hub's default route table. */
export function defaultTableId(hub: string): string {
  return `${hub}/hubRouteTables/defaultRouteTable`;
}

/** Which table an attachment is associated with, and to which it propagates. */
export function routingConfiguration(
  hub: string,
  propagation: {
    readonly ids?: readonly string[];
    readonly labels?: readonly string[];
    readonly associated?: string;
  } = {},
): Wire {
  const table = defaultTableId(hub);
  return {
    associatedRouteTable: { id: propagation.associated ?? table },
    propagatedRouteTables: {
      labels: propagation.labels ?? ['default'],
      ids: (propagation.ids ?? [table]).map((id) => ({ id })),
    },
    vnetRoutes: { staticRoutes: [], staticRoutesConfig: { vnetLocalRouteOverrideCriteria: 'Contains' } },
  };
}

/** The P2S gateway of a hub; `clients` are its connection configurations. */
export function p2sGateway(
  place: Place,
  spec: {
    readonly name: string;
    readonly hub: string;
    readonly serverConfiguration: string;
    readonly clients: readonly {
      readonly name: string;
      readonly pool: readonly string[];
      readonly enableInternetSecurity?: boolean;
      readonly routing?: Wire;
    }[];
    readonly properties?: Wire;
  },
): Wire {
  const id = networkId(place, 'p2sVpnGateways', spec.name);
  return resource(id, {
    virtualHub: { id: spec.hub },
    vpnServerConfiguration: { id: spec.serverConfiguration },
    vpnGatewayScaleUnit: 1,
    p2SConnectionConfigurations: spec.clients.map(({ name, pool, enableInternetSecurity, routing }) =>
      resource(`${id}/p2sConnectionConfigurations/${name}`, {
        vpnClientAddressPool: { addressPrefixes: pool },
        enableInternetSecurity: enableInternetSecurity ?? false,
        routingConfiguration: routing ?? routingConfiguration(spec.hub),
      }),
    ),
    ...spec.properties,
  });
}

/** What a Virtual WAN's P2S gateways offer. */
export function serverConfiguration(
  place: Place,
  name: string,
  protocols: readonly string[] = ['OpenVPN', 'IkeV2'],
): Wire {
  return resource(networkId(place, 'vpnServerConfigurations', name), {
    vpnProtocols: protocols,
    vpnAuthenticationTypes: ['Certificate'],
  });
}

/** A VNet's tie to a hub. */
export function hubConnection(
  hub: string,
  spec: { readonly name: string; readonly vnet: string; readonly routing?: Wire; readonly properties?: Wire },
): Wire {
  return resource(`${hub}/hubVirtualNetworkConnections/${spec.name}`, {
    remoteVirtualNetwork: { id: spec.vnet },
    enableInternetSecurity: true,
    routingConfiguration: spec.routing ?? routingConfiguration(hub),
    ...spec.properties,
  });
}

/** A hub's route table. */
export function hubRouteTable(
  hub: string,
  name: string,
  routes: readonly { readonly name: string; readonly destinations: readonly string[]; readonly nextHop: string }[] = [],
  properties: Wire = {},
): Wire {
  return resource(`${hub}/hubRouteTables/${name}`, {
    routes: routes.map(({ name: called, destinations, nextHop }) => ({
      name: called,
      destinationType: 'CIDR',
      destinations,
      nextHopType: 'ResourceId',
      nextHop,
    })),
    labels: name === 'defaultRouteTable' ? ['default'] : [],
    associatedConnections: [],
    propagatingConnections: [],
    ...properties,
  });
}

/** A row of getEffectiveVirtualHubRoutes. */
export function hubEffectiveRoute(prefixes: readonly string[], nextHopType: string, nextHop: string): Wire {
  return { addressPrefixes: prefixes, nextHops: [nextHop], nextHopType, asPath: '', routeOrigin: nextHop };
}
