import type { Evidence, Origin } from '../facts/origin.ts';

/** Joins lists of evidence, each piece once; where all are empty the fallback speaks, for a finding must cite. */
export function gathered(
  fallback: Evidence,
  ...lists: readonly (readonly Evidence[])[]
): readonly [Evidence, ...Evidence[]] {
  const all = lists.flat();
  const [first, ...rest] = all.filter(
    (one, index) => all.findIndex((other) => other.says === one.says && sameOrigin(other.origin, one.origin)) === index,
  );
  return first === undefined ? [fallback] : [first, ...rest];
}

function sameOrigin(a: Origin, b: Origin): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
