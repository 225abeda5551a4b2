import type { Route } from '../facts/route.ts';
import type { Address } from '../net/address.ts';
import type { Outcome } from './decision.ts';

/** Whether a packet fares alike under both: leaves the same way with the same sender, or is refused alike. */
export function hasSameEffect(a: Outcome, b: Outcome, sendersOf: (outcome: Outcome) => readonly Address[]): boolean {
  if (a === b) return true;
  const [refusedAs, otherAs] = [refusal(a), refusal(b)];
  if (refusedAs !== undefined || otherAs !== undefined) return refusedAs === otherAs;
  if (a.kind !== 'route' || b.kind !== 'route') return a.kind === b.kind;
  return waysOf(a.nextHops) === waysOf(b.nextHops) && sendersOf(a).join() === sendersOf(b).join();
}

function refusal(outcome: Outcome): string | undefined {
  if (outcome.kind === 'none') return 'none';
  if (outcome.kind === 'rule') return outcome.rule.action.kind === 'discard' ? outcome.rule.action.type : undefined;
  return outcome.route.via.kind === 'discard' ? outcome.route.type : undefined;
}

function waysOf(hops: readonly Route[]): string {
  return hops
    .map(({ type, interface: by, via }) => `${type} ${by} ${via.kind === 'gateway' ? via.address : via.kind}`)
    .toSorted()
    .join();
}
