import type { Interface } from '../facts/client.ts';
import type { XfrmPolicy } from '../facts/route.ts';
import type { Address } from '../net/address.ts';
import { setOf } from '../net/address-set.ts';
import { containsAddress, familyOfPrefix, formatPrefix, overlaps, type Prefix } from '../net/prefix.ts';
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
  readonly sendersOf: (outcome: Outcome) => readonly Address[];
}

/**
 * Asks the outgoing xfrm policies about packets that have found a route: the lowest priority value first, and of equal
 * ones the oldest, which `ip xfrm policy` lists last.
 */
export function withPolicies(
  drafts: readonly Piece<Draft>[],
  asked: Prefix,
  view: PolicyView,
): readonly Piece<Draft>[] {
  return view.policies
    .filter(({ direction, to }) => direction === 'out' && overlaps(to, asked))
    .toReversed()
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
  if (draft.isSettled === true || !meetsPolicies(outcome)) return draft;
  const fit = fits(policy, outcome, view);
  if (fit.kind === 'no') return draft;
  if (fit.kind === 'unsure') {
    const says = `The xfrm policy to ${formatPrefix(policy.to)} may take this traffic: ${fit.why}`;
    return { ...draft, doubts: [...draft.doubts, { kind: 'policy', says, origin: policy.origin }] };
  }
  const takes = policy.action === 'block' || policy.hasTemplate;
  return { ...draft, isSettled: true, ...(takes && { policy }) };
}

// The kernel routes first: what has no route, or is refused, never meets a policy. Nor does what IPv4 keeps on this host.
function meetsPolicies(outcome: Outcome): boolean {
  if (outcome.kind !== 'route') return false;
  const { via, type, prefix } = outcome.route;
  return via.kind !== 'discard' && (type !== 'local' || familyOfPrefix(prefix) === 6);
}

type Fit = { readonly kind: 'yes' | 'no' } | { readonly kind: 'unsure'; readonly why: string };

const yes: Fit = { kind: 'yes' };
const no: Fit = { kind: 'no' };

function fits(policy: XfrmPolicy, outcome: Outcome, view: PolicyView): Fit {
  const judged = [
    fitsSender(policy, view.sendersOf(outcome)),
    fitsInterface(policy, outcome, view.interfaces),
    fitsMark(policy, outcome, view.interfaces),
    fitsTransport(policy),
  ];
  return judged.find(({ kind }) => kind === 'no') ?? judged.find(({ kind }) => kind === 'unsure') ?? yes;
}

function fitsSender({ from }: XfrmPolicy, senders: readonly Address[]): Fit {
  if (from.length === 0) return yes;
  if (senders.length === 0) return { kind: 'unsure', why: 'the sender’s address is not known' };
  const inside = senders.filter((address) => containsAddress(from, address)).length;
  if (inside === 0) return no;
  return inside === senders.length ? yes : { kind: 'unsure', why: 'the sender’s address may be another' };
}

function fitsInterface({ interfaceId }: XfrmPolicy, outcome: Outcome, interfaces: readonly Interface[]): Fit {
  if (interfaceId === undefined) return yes;
  if (outcome.kind !== 'route') return no;
  if (outcome.route.interface === interfaceId) return yes;
  const link = interfaceOf(interfaces, outcome.route);
  // The id itself is told by `ip -d addr` only.
  if (link?.kind === 'xfrm' && link.xfrmId === undefined)
    return { kind: 'unsure', why: `it is bound to interface id ${interfaceId}` };
  return link?.xfrmId === Number(interfaceId) ? yes : no;
}

/** A VTI device marks what it carries, and by which mark is not among what `ip addr` tells; beside one, marks are its own. */
function fitsMark({ mark }: XfrmPolicy, outcome: Outcome, interfaces: readonly Interface[]): Fit {
  if (mark === undefined || mark.mask === 0) return yes;
  const unsure: Fit = { kind: 'unsure', why: `it is for mark 0x${mark.value.toString(16)} only` };
  if (outcome.kind === 'route' && isVti(interfaceOf(interfaces, outcome.route))) return unsure;
  if (mark.value === 0) return yes;
  return interfaces.some(isVti) ? no : unsure;
}

function isVti(one: Interface | undefined): boolean {
  return one?.kind === 'vti' || one?.kind === 'vti6';
}

function fitsTransport({ selector }: XfrmPolicy): Fit {
  return selector === undefined ? yes : { kind: 'unsure', why: `it is for ${selector} only` };
}
