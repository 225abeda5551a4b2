import type { Diagnosis } from '../diagnosis/diagnosis.ts';

/** What the process ends with, whatever the output format. */
export const exitCodes = { ok: 0, findings: 1, usage: 2, undetermined: 3, internal: 4, interrupted: 130 } as const;

export type FailureThreshold = 'error' | 'warning' | 'never';

/** Findings at or above the threshold come first: a proven fault outranks what could not be seen. */
export function exitCodeOf(diagnosis: Diagnosis, threshold: FailureThreshold): number {
  const counted = threshold === 'warning' ? ['error', 'warning'] : ['error'];
  const alarming = diagnosis.findings.some(({ severity, accepted }) => accepted !== true && counted.includes(severity));
  if (threshold !== 'never' && alarming) return exitCodes.findings;
  return diagnosis.verdict === 'undetermined' ? exitCodes.undetermined : exitCodes.ok;
}
