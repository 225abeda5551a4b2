import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { rungNames } from '../ladder/rung.ts';

/** Ladders that tell one story: the same states all the way, the same verdict. Those not shown are counted. */
export interface Fold {
  readonly shown: readonly Ladder[];
  readonly folded: readonly Ladder[];
}

const order: Readonly<Record<Ladder['verdict'], number>> = { broken: 0, undetermined: 1, ok: 2, 'not-expected': 3 };

/** What needs eyes first: broken, undetermined, strays, ok, not expected. Equals stay in the order of the diagnosis. */
export function byUrgency(ladders: readonly Ladder[]): readonly Ladder[] {
  return ladders.toSorted((a, b) => rankOf(a) - rankOf(b));
}

// The client pool matters to traffic between clients only, and is rarely what somebody asks about.
function rankOf({ origin, reason, verdict }: Ladder): number {
  if (origin.kind === 'stray') return 1.5;
  return reason === 'pool' ? 2.5 : order[verdict];
}

/** Ladders by urgency; of more than `limit + 1` equal ones the first `limit` are shown. */
export function foldEqual(ladders: readonly Ladder[], limit: number): readonly Fold[] {
  const groups = Map.groupBy(byUrgency(ladders), storyOf);
  return [...groups.values()].map((group) =>
    group.length > limit + 1
      ? { shown: group.slice(0, limit), folded: group.slice(limit) }
      : { shown: group, folded: [] },
  );
}

function storyOf(ladder: Ladder): string {
  const states = rungNames.map((rung) => stateOf(ladder, rung)).join(' ');
  return `${ladder.origin.kind} ${ladder.expectation} ${ladder.verdict} ${ladder.lostAt} ${states}`;
}
