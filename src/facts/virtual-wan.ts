import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Origin, PrefixAt } from './origin.ts';
import type { ResourceId } from './resource-id.ts';

export interface VirtualHub {
  readonly id: ResourceId;
  readonly name: string;
  readonly addressPrefix: PrefixAt | undefined;
  readonly routingState: string | undefined;
  readonly provisioningState: string | undefined;
  readonly p2sGateway: ResourceId | undefined;
  readonly hasFirewall: boolean;
  /** Routing intent policies, destinations `Internet`, `PrivateTraffic`. Undefined: not read. */
  readonly routingIntent: readonly { readonly destinations: readonly string[]; readonly nextHop: string }[] | undefined;
  readonly origin: Origin;
}

export interface RoutingConfiguration {
  readonly associated: ResourceId | undefined;
  readonly propagatedIds: readonly ResourceId[];
  readonly propagatedLabels: readonly string[];
  readonly staticRoutes: readonly {
    readonly name: string;
    readonly prefixes: readonly Prefix[];
    readonly nextHop: string;
  }[];
}

export interface HubConnection {
  readonly id: ResourceId;
  readonly name: string;
  readonly hub: ResourceId;
  readonly remoteVNet: ResourceId | undefined;
  readonly enableInternetSecurity: boolean | undefined;
  /** Undefined: not told. */
  readonly routing: RoutingConfiguration | undefined;
  readonly provisioningState: string | undefined;
  readonly origin: Origin;
}

export interface HubRouteTable {
  readonly id: ResourceId;
  readonly name: string;
  readonly hub: ResourceId;
  readonly labels: readonly string[];
  readonly routes: readonly {
    readonly name: string;
    readonly destinations: readonly Prefix[];
    readonly nextHop: string;
    readonly nextHopType: string;
    readonly origin: Origin;
  }[];
  readonly associatedConnections: readonly ResourceId[];
  readonly propagatingConnections: readonly ResourceId[];
  readonly origin: Origin;
}

export interface HubEffectiveRoute {
  readonly prefix: Prefix;
  readonly nextHops: readonly string[];
  readonly nextHopType: string;
  readonly routeOrigin: string;
  readonly at: Origin;
}

export interface P2SVpnGateway {
  readonly id: ResourceId;
  readonly name: string;
  readonly hub: ResourceId | undefined;
  readonly serverConfiguration: ResourceId | undefined;
  readonly provisioningState: string | undefined;
  readonly connections: readonly {
    readonly name: string;
    readonly pool: readonly PrefixAt[];
    readonly enableInternetSecurity: boolean | undefined;
    readonly routing: RoutingConfiguration | undefined;
    readonly origin: Origin;
  }[];
  /** From getP2SVpnConnectionHealth. */
  readonly health:
    | { readonly connections: number | undefined; readonly allocated: readonly Address[]; readonly origin: Origin }
    | undefined;
  readonly origin: Origin;
}

export interface VpnServerConfiguration {
  readonly id: ResourceId;
  readonly name: string;
  readonly protocols: readonly string[];
  readonly authenticationTypes: readonly string[];
  readonly origin: Origin;
}
