import type { Wire } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import type { Capture } from '../../src/facts/capture.ts';

/** The findings of one cause in a capture. */
export const findingsOf = (capture: Capture, code: string): readonly Finding[] =>
  analyze(capture).findings.filter((one) => one.code === code);

/** What a finding cites, in its own words. */
export const cited = ({ evidence }: Finding): readonly string[] => evidence.map(({ says }) => says);

/** The one finding of a cause in a capture. */
export function only(capture: Capture, code: string): Finding {
  const [finding, ...rest] = findingsOf(capture, code);
  if (finding === undefined || rest.length > 0)
    throw new Error(`${code} was told ${finding === undefined ? 0 : rest.length + 1} times`);
  return finding;
}

/** A row of `ip -j route` that somebody added by hand, unless said otherwise. */
export const routeRow = (dst: string, more: Wire): Wire => ({
  type: 'unicast',
  dst,
  table: 'main',
  protocol: 'boot',
  scope: 'global',
  flags: [],
  ...more,
});
