import type { Evidence } from '../facts/origin.ts';
import type { Route, Rule, XfrmPolicy } from '../facts/route.ts';

/** A route that also matched, and why it did not win. Of equal metrics the one listed first wins. */
export interface Beaten {
  readonly route: Route;
  readonly why: 'shorter-prefix' | 'higher-metric' | 'later-rule';
}

/**
 * What makes a decision uncertain. `mark`, `user`, `transport`, `source`: other traffic of this host goes elsewhere.
 * The rest: something that decides was not read, or is not known to this program.
 */
export type DoubtKind =
  | 'rules-unread'
  | 'table-unread'
  | 'mark'
  | 'user'
  | 'transport'
  | 'source'
  | 'interface-group'
  | 'unknown-selector'
  | 'rule-history'
  | 'metric'
  | 'policy';

/** A reason why the host may decide otherwise, raised only where it would really make a difference. */
export interface Doubt extends Evidence {
  readonly kind: DoubtKind;
}

/**
 * `route`: that row wins (its type may discard); a multipath route names all its live rows in `nextHops`.
 * `rule`: a policy rule refuses the packet. `none`: no route at all.
 */
export type Outcome =
  | { readonly kind: 'route'; readonly route: Route; readonly nextHops: readonly Route[]; readonly rule?: Rule }
  | { readonly kind: 'rule'; readonly rule: Rule }
  | { readonly kind: 'none' };

/** What this host does with a packet of its own, without marks, to an address. */
export interface Decision {
  readonly outcome: Outcome;
  /**
   * The xfrm policy that takes the packet, where policies were read and one matches: it decides over the route. Its
   * action tells: `allow` wraps the packet in IPsec, `block` drops it. A policy that lets the packet pass in the clear
   * leaves the decision to the route and is not named.
   */
  readonly policy?: XfrmPolicy;
  /** What keeps this from being certain: a rule that depends on a mark, a user, an unknown selector … */
  readonly doubts: readonly Doubt[];
}

/** How a rule refuses: `blackhole`, `unreachable` or `prohibit`. */
export function refusalOf({ action }: Rule): string {
  return action.kind === 'discard' ? action.type : action.kind;
}
