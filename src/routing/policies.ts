import type { Interface } from '../facts/client.ts';
import type { XfrmPolicy } from '../facts/route.ts';
import type { Address } from '../net/address.ts';
import { setOf } from '../net/address-set.ts';
import { containsAddress, formatPrefix, overlaps, type Prefix } from '../net/prefix.ts';
import type { Doubt, Outcome } from './decision.ts';
import { type Piece, piecesOf, refine } from './pieces.ts';
import { interfaceOf } from './source.ts';

/** A decision in the making. */
export interface Draft {
  readonly outcome: Outcome;
  readonly doubts: readonly Doubt[];
  readonly policy?: XfrmPolicy;
  /** An xfrm policy has matched: no later one is asked. */
  readonly isSettled?: boolean;
}

/** What policies are judged by beside the route: the sender's address, and what kind of interface the route takes. */
export interface PolicyView {
  readonly policies: readonly XfrmPolicy[];
  readonly interfaces: readonly Interface[];
  readonly sourceOf: (outcome: Outcome) => Address | undefined;
}

/** Asks the outgoing xfrm policies, lowest priority value first, about packets that have found a route. */
export function withPolicies(
  drafts: readonly Piece<Draft>[],
  asked: Prefix,
  view: PolicyView,
): readonly Piece<Draft>[] {
  return view.policies
    .filter(({ direction, to }) => direction === 'out' && overlaps(to, asked))
    .toSorted((a, b) => a.priority - b.priority)
    .reduce(
      (pieces, policy) =>
        refine(pieces, piecesOf(setOf([policy.to]), policy), (draft, found) =>
          found === undefined ? draft : judged(draft, found, view),
        ),
      drafts,
    );
}

function judged(draft: Draft, policy: XfrmPolicy, view: PolicyView): Draft {
  const { outcome } = draft;
  if (draft.isSettled === true || !leavesHost(outcome)) return draft;
  const fit = fits(policy, outcome, view);
  if (fit.kind === 'no') return draft;
  if (fit.kind === 'unsure') {
    const says = `The xfrm policy to ${formatPrefix(policy.to)} may take this traffic: ${fit.why}`;
    return { ...draft, doubts: [...draft.doubts, { kind: 'policy', says, origin: policy.origin }] };
  }
  const takes = policy.action === 'block' || policy.hasTemplate;
  return { ...draft, isSettled: true, ...(takes && { policy }) };
}

// The kernel routes first: what has no route, is refused, or stays on this host never meets a policy.
function leavesHost(outcome: Outcome): boolean {
  return outcome.kind === 'route' && outcome.route.via.kind !== 'discard' && outcome.route.type !== 'local';
}

type Fit = { readonly kind: 'yes' | 'no' } | { readonly kind: 'unsure'; readonly why: string };

function fits(policy: XfrmPolicy, outcome: Outcome, view: PolicyView): Fit {
  const bound = fitsInterface(policy, outcome, view.interfaces);
  if (bound.kind === 'no') return bound;
  const source = view.sourceOf(outcome);
  if (policy.from.length > 0) {
    if (source === undefined) return { kind: 'unsure', why: 'the sender’s address is not known' };
    if (!containsAddress(policy.from, source)) return { kind: 'no' };
  }
  if (policy.selector !== undefined) return { kind: 'unsure', why: `it is for ${policy.selector} only` };
  return bound;
}

function fitsInterface({ interfaceId }: XfrmPolicy, outcome: Outcome, interfaces: readonly Interface[]): Fit {
  if (interfaceId === undefined) return { kind: 'yes' };
  if (outcome.kind !== 'route') return { kind: 'no' };
  if (outcome.route.interface === interfaceId) return { kind: 'yes' };
  // The id of an xfrm interface is not among what `ip addr` tells.
  return interfaceOf(interfaces, outcome.route)?.kind === 'xfrm'
    ? { kind: 'unsure', why: `it is bound to interface id ${interfaceId}` }
    : { kind: 'no' };
}
