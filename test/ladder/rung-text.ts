import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import type { Ladder } from '../../src/ladder/ladder.ts';
import { rungOf } from '../../src/ladder/ladder.ts';
import type { RungName } from '../../src/ladder/rung.ts';
import { formatPrefix } from '../../src/net/prefix.ts';

export function ladderOf(capture: Capture, prefix: string): Ladder | undefined {
  return analyze(capture).ladders.find((ladder) => formatPrefix(ladder.prefix) === prefix);
}

/** A rung as `state | what it rests on | …`; `no ladder` where the prefix was not judged. */
export function rungText(capture: Capture, rung: RungName, prefix: string): string {
  const ladder = ladderOf(capture, prefix);
  if (ladder === undefined) return 'no ladder';
  const { state, evidence } = rungOf(ladder, rung);
  return [state, ...evidence.map(({ says }) => says)].join(' | ');
}
