import type { BundleArtifact } from '../scripts/scenarios/wire.ts';
import type { Artifact, Capture, Platform } from '../src/facts/capture.ts';

/** The capture that a generated bundle would be read as, without a disk in between. */
export function captureOf(platform: Platform, ...parts: readonly (readonly BundleArtifact[])[]): Capture {
  return { takenAt: '2026-11-02T09:10:00Z', platform, artifacts: parts.flat().map(artifactOf) };
}

function artifactOf({
  id,
  source,
  half,
  argv,
  target,
  operation,
  resource,
  text,
  exitCode,
  unanswered,
}: BundleArtifact): Artifact {
  return {
    id,
    source,
    half,
    ...(argv !== undefined && { argv }),
    ...(target !== undefined && { target }),
    ...(operation !== undefined && { operation }),
    ...(resource !== undefined && { resource }),
    outcome:
      text === undefined
        ? {
            kind: 'unanswered',
            status: unanswered?.status ?? null,
            code: unanswered?.code ?? 'unknown',
            message: unanswered?.message ?? '',
          }
        : { kind: 'answered', bytes: new TextEncoder().encode(text), exitCode: exitCode ?? null },
  };
}
