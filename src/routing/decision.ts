import type { Evidence } from '../facts/origin.ts';
import type { Route, Rule, XfrmPolicy } from '../facts/route.ts';

/** A route that also matched, and why it did not win. */
export interface Beaten {
  readonly route: Route;
  readonly why: 'shorter-prefix' | 'higher-metric' | 'later-rule';
}

/**
 * What this host does with a packet of its own, without marks, to an address.
 * `route`: that row wins (its type may discard). `rule`: a policy rule refuses it. `none`: no route at all.
 */
export interface Decision {
  readonly outcome:
    | { readonly kind: 'route'; readonly route: Route; readonly nextHops: readonly Route[]; readonly rule?: Rule }
    | { readonly kind: 'rule'; readonly rule: Rule }
    | { readonly kind: 'none' };
  /** The xfrm policy that takes the packet, where policies were read and one matches: it decides over the route. */
  readonly policy?: XfrmPolicy;
  /** What keeps this from being certain: a rule that depends on a mark, a user, an unknown selector … */
  readonly doubts: readonly Evidence[];
}
