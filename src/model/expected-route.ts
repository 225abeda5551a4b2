import type { Evidence } from '../facts/origin.ts';
import type { ResourceId } from '../facts/resource-id.ts';
import type { Peering, UnreadResource, VNet } from '../facts/topology.ts';
import type { Prefix } from '../net/prefix.ts';

export type Expectation = 'must' | 'may' | 'never';

/** Which rule of Azure P2S routing speaks of the prefix. */
export type ReasonKind =
  | 'home-vnet'
  | 'gateway-transit'
  | 'pool'
  | 'custom-route'
  | 'unsynced-range'
  | 'vnet-to-vnet'
  | 'branch'
  | 'bgp'
  | 'expressroute'
  | 'hub-connection'
  | 'hub-route'
  | 'hub'
  | 'second-hop'
  | 'unpeered-vnet'
  | 'stray'
  | 'asked-for';

/** What keeps Azure from offering a prefix, as read. */
export type Obstacle =
  | {
      readonly kind: 'hub-transit-off' | 'remote-gateways-off' | 'not-connected' | 'access-off' | 'half-missing';
      readonly peering: Peering;
    }
  | { readonly kind: 'own-gateway'; readonly peering: Peering; readonly gateway: ResourceId }
  | { readonly kind: 'out-of-sync'; readonly peering: Peering; readonly range: Prefix }
  | { readonly kind: 'subnet-peering'; readonly peering: Peering; readonly subnets: readonly string[] }
  | { readonly kind: 'unread'; readonly resource: ResourceId; readonly unread: UnreadResource | undefined }
  | { readonly kind: 'ipv6-unsupported'; readonly resource: ResourceId }
  | { readonly kind: 'not-propagated' | 'default-route-off' };

/** What the model says of one prefix for one kind of client. */
export interface ExpectedRoute {
  readonly prefix: Prefix;
  readonly expectation: Expectation;
  readonly reason: ReasonKind;
  /** A VNet's name, `pool`, `custom route`, a site … */
  readonly owner: string;
  readonly vnet?: VNet;
  readonly peering?: { readonly near?: Peering; readonly far?: Peering };
  readonly configured: {
    readonly state: 'held' | 'partial' | 'unknown' | 'lost';
    readonly evidence: readonly Evidence[];
  };
  readonly offered: {
    readonly state: 'held' | 'partial' | 'lost' | 'unknown' | 'not-applicable';
    readonly evidence: readonly Evidence[];
    readonly obstacles: readonly Obstacle[];
  };
}
