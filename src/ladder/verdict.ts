import type { Expectation, ExpectedRoute } from '../model/expected-route.ts';
import { stateOf, type Verdict } from './ladder.ts';
import { type Rung, type RungName, rungNames } from './rung.ts';

/** What the rungs add up to for one prefix: a fault that is proven, then health that is proven, else neither. */
export function verdictOf(
  expectation: Expectation,
  rungs: readonly Rung[],
  facts: { readonly offered: ExpectedRoute['offered']['state']; readonly probed: boolean },
): Verdict {
  const state = (rung: RungName) => stateOf({ rungs }, rung);
  const isBad = (rung: RungName) => state(rung) === 'lost' || state(rung) === 'partial';
  const absent = state('active') === 'lost';
  if (expectation === 'never') return 'not-expected';
  // Listed by something that was not read, perhaps: whether it is missed here nobody can say.
  if (expectation === 'may' && absent && state('configured') === 'unknown') return 'undetermined';
  if (expectation === 'may' && absent) return 'not-expected';
  // Nobody could read whether Azure offers it, and no profile says that it does: the client may well be right.
  if (absent && facts.offered === 'unknown' && state('issued') !== 'held' && state('issued') !== 'partial')
    return 'undetermined';
  if (rungNames.slice(4).some(isBad)) return 'broken';
  const unproven = state('delivered') !== 'held' && (facts.probed || state('returned') !== 'held');
  return state('active') === 'held' && state('selected') === 'held' && !unproven ? 'ok' : 'undetermined';
}

/** The first rung that lost the prefix, or a part of it. */
export function firstLost(rungs: readonly Rung[]): RungName | null {
  return rungs.find(({ state }) => state === 'lost' || state === 'partial')?.rung ?? null;
}
