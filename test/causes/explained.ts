import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { formatPrefix } from '../../src/net/prefix.ts';

/** The prefixes of the ladders that a cause accounts for, by finding. */
export function explained(capture: Capture, code: string): readonly (readonly string[])[] {
  return findingsOf(capture, code).map(({ explains }) => explains.map(({ prefix }) => formatPrefix(prefix)));
}

/** What a cause cites, by finding. */
export function cited(capture: Capture, code: string): readonly (readonly string[])[] {
  return findingsOf(capture, code).map(({ evidence }) => evidence.map(({ says }) => says));
}

/** Every finding of one cause. */
export function findingsOf(capture: Capture, code: string) {
  return analyze(capture).findings.filter((one) => one.code === code);
}
