import type { ClimbContext } from '../ladder/context.ts';
import { type TargetOutcome, targetOutcomes } from '../ladder/delivered.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { AskedFor } from '../model/expect-never.ts';
import type { Address } from '../net/address.ts';
import { containsAddress } from '../net/prefix.ts';
import { askedIn } from './asked.ts';

/** A site may list 10.0.0.0/8 around the VNets: what is asked of them is not asked of the site. */
function isOwn(address: Address, { prefix, expectation }: Ladder, ladders: readonly Ladder[]): boolean {
  return (
    expectation !== 'may' ||
    !ladders.some((other) => other.prefix.length > prefix.length && containsAddress(other.prefix, address))
  );
}

/** The destinations of its own that somebody named or probed. */
export function ownAsked(ladder: Ladder, ladders: readonly Ladder[], asked: readonly AskedFor[]): readonly AskedFor[] {
  return askedIn(ladder, asked).filter(({ address }) => isOwn(address, ladder, ladders));
}

/** What came of the probes to destinations of its own. */
export function ownOutcomes(
  ladder: Ladder,
  ladders: readonly Ladder[],
  context: ClimbContext,
): readonly TargetOutcome[] {
  return targetOutcomes(ladder.prefix, context).filter(({ target }) => isOwn(target, ladder, ladders));
}

/** Whether any of them answered through the tunnel, however many kept silent. */
export function hasAnswer(ladder: Ladder, ladders: readonly Ladder[], context: ClimbContext): boolean {
  return ownOutcomes(ladder, ladders, context).some(({ outcome }) => outcome === 'answered');
}
