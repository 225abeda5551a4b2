import type { Finding } from '../diagnosis/finding.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { samePrefix } from '../net/prefix.ts';

/** The findings that account for a ladder, or at least speak of its prefix. */
export function findingsOn(ladder: Ladder, findings: readonly Finding[]): readonly Finding[] {
  const explaining = findings.filter(({ explains }) => explains.includes(ladder));
  return explaining.length > 0
    ? explaining
    : findings.filter(({ prefixes }) => prefixes.some((prefix) => samePrefix(prefix, ladder.prefix)));
}
