import type { Evidence } from '../facts/origin.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import type { AskedFor } from '../model/expect-never.ts';
import { formatAddress } from '../net/address.ts';
import { containsAddress } from '../net/prefix.ts';

/** The destinations inside a prefix that somebody named or probed. */
export function askedIn({ prefix }: Pick<Ladder, 'prefix'>, asked: readonly AskedFor[]): readonly AskedFor[] {
  return asked.filter(({ address }) => containsAddress(prefix, address));
}

/** That somebody asked, with the place where they did; a name on the command line stands in no artifact. */
export function askedEvidence(asked: readonly AskedFor[]): readonly Evidence[] {
  return asked
    .filter(({ origin }) => origin.artifact !== 'request')
    .slice(0, 2)
    .map(({ address, origin }) => ({ says: `${formatAddress(address)} was asked for`, origin }));
}

/** Whether the client sends any of the prefix into the tunnel. */
export function isPresent(ladder: Ladder): boolean {
  return stateOf(ladder, 'active') === 'held' || stateOf(ladder, 'active') === 'partial';
}

/** Whether something in the prefix answered through the tunnel. */
export function answers(ladder: Ladder): boolean {
  return stateOf(ladder, 'delivered') === 'held' || stateOf(ladder, 'delivered') === 'partial';
}

/** Where it is configured, and what of it the client has. */
export function ladderEvidence(ladder: Ladder): readonly Evidence[] {
  return [
    ...rungOf(ladder, 'configured').evidence,
    ...rungOf(ladder, 'offered').evidence,
    ...rungOf(ladder, 'active').evidence,
  ];
}
