import { analyze } from '../../src/analyze.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import type { Capture } from '../../src/facts/capture.ts';

/** The findings of one cause in a capture. */
export const findingsOf = (capture: Capture, code: string): readonly Finding[] =>
  analyze(capture).findings.filter((one) => one.code === code);

/** What a finding cites, in its own words. */
export const cited = ({ evidence }: Finding): readonly string[] => evidence.map(({ says }) => says);
