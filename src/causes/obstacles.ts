import { keyOf } from '../facts/resource-id.ts';
import type { Peering } from '../facts/topology.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Obstacle } from '../model/expected-route.ts';

type PeeringObstacle = Extract<Obstacle, { readonly peering: Peering }>;

/** One half of a peering that withholds prefixes, and the ladders that it withholds. */
export interface Withheld {
  readonly peering: Peering;
  readonly ladders: readonly [Ladder, ...Ladder[]];
}

/** The halves at fault in one way, each with all the prefixes it withholds. A prefix that a custom route carries is not withheld. */
export function withheldBy(kind: PeeringObstacle['kind'], ladders: readonly Ladder[]): readonly Withheld[] {
  return blockedBy(
    kind,
    ladders.filter(({ origin }) => origin.kind === 'expected' && origin.route.offered.state !== 'held'),
  );
}

/** The same, whether or not something else makes the gateway offer the prefix: for faults that stop the packets themselves. */
export function blockedBy(kind: PeeringObstacle['kind'], ladders: readonly Ladder[]): readonly Withheld[] {
  const faults = ladders.flatMap((ladder) => halvesAtFault(kind, ladder));
  return [...Map.groupBy(faults, ({ peering }) => keyOf(peering.id)).values()].flatMap((alike) => {
    const [first, ...rest] = alike;
    return first === undefined
      ? []
      : [{ peering: first.peering, ladders: [first.ladder, ...rest.map(({ ladder }) => ladder)] }];
  });
}

function halvesAtFault(
  kind: PeeringObstacle['kind'],
  ladder: Ladder,
): readonly { readonly peering: Peering; readonly ladder: Ladder }[] {
  if (ladder.origin.kind !== 'expected') return [];
  return ladder.origin.route.offered.obstacles.flatMap((obstacle) =>
    obstacle.kind === kind && 'peering' in obstacle ? [{ peering: obstacle.peering, ladder }] : [],
  );
}
