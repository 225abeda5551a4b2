import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Origin } from './origin.ts';

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'multicast'
  | 'anycast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat';

/** Where a matching packet goes. `discard`: the kernel drops or refuses it here (for `throw`: leaves the table). */
export type Via =
  | { readonly kind: 'on-link' }
  | { readonly kind: 'gateway'; readonly address: Address }
  | { readonly kind: 'discard' };

/** A row of an operating system's routing table. A multipath route is one row per next hop, sharing `multipath`. */
export interface Route {
  readonly prefix: Prefix;
  readonly via: Via;
  readonly type: RouteType;
  /** Name, index or address, as the source has it; empty where the row names none. */
  readonly interface: string;
  /** Effective: on Windows route plus interface metric. Null where not told. */
  readonly metric: number | null;
  /** Linux: name or number of the table. Windows has one: `main`. */
  readonly table: string;
  /** Linux: the source address the route asks for (`src`). */
  readonly source?: Address;
  /** Who made it: `dhcp`, `kernel`, `static`, `bgp` …, or the number, as the source has it. */
  readonly protocol?: string;
  /** `linkdown`, `dead`, `onlink`, `pervasive` … */
  readonly flags?: readonly string[];
  /** Rows of one multipath route share this value; `weight` counts its share. */
  readonly multipath?: number;
  readonly weight?: number;
  /** IPv6 router preference: `low`, `medium`, `high`. */
  readonly preference?: string;
  readonly origin: Origin;
}

/** A Linux routing policy rule. A field that is absent does not restrict. */
export interface Rule {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly from?: Prefix;
  readonly to?: Prefix;
  readonly iif?: string;
  readonly oif?: string;
  readonly fwmark?: { readonly value: number; readonly mask: number };
  readonly uids?: { readonly first: number; readonly last: number };
  /** IP protocol name or number; ports as inclusive ranges. */
  readonly protocol?: string;
  readonly sourcePorts?: { readonly first: number; readonly last: number };
  readonly destinationPorts?: { readonly first: number; readonly last: number };
  readonly tos?: string;
  readonly l3mdev?: boolean;
  readonly not?: boolean;
  readonly action:
    | {
        readonly kind: 'lookup';
        readonly table: string;
        readonly suppressPrefixLength?: number;
        readonly suppressGroup?: string;
      }
    | { readonly kind: 'goto'; readonly priority: number }
    | { readonly kind: 'nop' }
    | { readonly kind: 'discard'; readonly type: 'blackhole' | 'unreachable' | 'prohibit' };
  /** A selector or action this program does not know: whoever decides by this rule must say so. */
  readonly unknown?: readonly string[];
  readonly origin: Origin;
}

/** An xfrm policy: packets from `from` to `to` are (or must be) protected. */
export interface XfrmPolicy {
  readonly direction: 'in' | 'out' | 'fwd' | 'other';
  readonly from: Prefix;
  readonly to: Prefix;
  readonly priority: number;
  readonly action: 'allow' | 'block';
  /** Protocol or port selectors, as printed, where there are any. */
  readonly selector?: string;
  /** Whether a template (ESP tunnel) is named; without one the policy passes packets in the clear. */
  readonly hasTemplate: boolean;
  /** Interface the policy is bound to (xfrm interface id or dev), where it is. */
  readonly interfaceId?: string;
  /** The mark a packet must carry, where the policy asks for one; a VTI device gives its packets its own. */
  readonly mark?: { readonly value: number; readonly mask: number };
  readonly origin: Origin;
}
