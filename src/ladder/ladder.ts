import type { Route } from '../facts/route.ts';
import type { ExpectedRoute } from '../model/expected-route.ts';
import type { AddressSet } from '../net/address-set.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Decision } from '../routing/decision.ts';
import type { Rung, RungName } from './rung.ts';

export type Verdict = 'ok' | 'broken' | 'not-expected' | 'undetermined';

/** How the host answers for a part of a prefix. */
export interface Part {
  readonly space: AddressSet;
  readonly decision: Decision;
  /** Whether this part goes into the tunnel. */
  readonly intoTunnel: boolean;
}

/** One prefix, asked of all eight hands. */
export interface Ladder {
  readonly prefix: Prefix;
  /** `stray`: a route into the tunnel that Azure knows nothing of. */
  readonly origin:
    | { readonly kind: 'expected'; readonly route: ExpectedRoute }
    | { readonly kind: 'stray'; readonly route: Route };
  /** Whose the prefix is: a VNet's name, `pool`, `custom route`, a site … */
  readonly owner: string;
  /** Why it is, or is not, expected: `home-vnet`, `gateway-transit`, `pool`, `custom-route` … */
  readonly reason: string;
  readonly expectation: 'must' | 'may' | 'never';
  readonly rungs: readonly Rung[];
  readonly verdict: Verdict;
  readonly lostAt: RungName | null;
  /** Routes into the tunnel that touch the prefix, whoever wins. */
  readonly tunnelRoutes: readonly Route[];
  /** How the host decides across the prefix; empty where no table was read. */
  readonly parts: readonly Part[];
}

/** The state of one rung. */
export function stateOf(ladder: Pick<Ladder, 'rungs'>, rung: RungName): Rung['state'] {
  return rungOf(ladder, rung).state;
}

export function rungOf({ rungs }: Pick<Ladder, 'rungs'>, rung: RungName): Rung {
  const found = rungs.find((candidate) => candidate.rung === rung);
  if (found === undefined) throw new Error(`A ladder without its rung ${rung}`);
  return found;
}
