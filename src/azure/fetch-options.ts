import type { ResourceId } from '../facts/resource-id.ts';
import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { CloudName } from './cloud.ts';

/** Which gateway to read, where, and how long it may take. */
export interface FetchOptions {
  readonly cloud: CloudName;
  /** Another Resource Manager than the cloud's own: a custom cloud, or a test server. */
  readonly endpoint?: string;
  /** Id or name. */
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly gatewayName?: string;
  readonly gateway?: ResourceId;
  /** Have Azure generate a fresh profile; that makes a package on the service side. */
  readonly issueProfile: boolean;
  readonly budgetMs: number;
  /** Requests under way at once. */
  readonly concurrency?: number;
  readonly requestTimeoutMs?: number;
  /** Certificates to trust instead of the usual ones, PEM. */
  readonly ca?: string | readonly string[];
}

/** What the client's half tells that helps to find the gateway and to ask the urgent things first. */
export interface FetchHints {
  readonly tunnelAddresses: readonly Address[];
  /** Host routes around the tunnel, and what the profile's server name resolves to. */
  readonly serverAddresses: readonly Address[];
  readonly targets: readonly Address[];
  /** What goes into the tunnel already. Where anything else is, more is in doubt, and it is asked about first. */
  readonly tunnelPrefixes: readonly Prefix[];
}
