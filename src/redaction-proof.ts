import { analyze, readCapture } from './analyze.ts';
import type { Diagnosis } from './diagnosis/diagnosis.ts';
import type { Artifact, Capture } from './facts/capture.ts';
import type { Evidence } from './facts/origin.ts';
import { formatAddress } from './net/address.ts';
import { formatPrefix } from './net/prefix.ts';

/** A capture under other names, and how any text about the original is put into the same names. */
interface Redacted {
  readonly capture: Capture;
  readonly mapText: (text: string) => string;
}

/** Where the diagnosis of a redacted capture departs from the redacted diagnosis: the artifact, and the first thing that differs. */
export interface Departure {
  /** Undefined where it cannot be pinned to one. */
  readonly artifact: Artifact | undefined;
  readonly lost: string | undefined;
  readonly instead: string | undefined;
}

/** Undefined where the redacted capture says, under other names, what the original says: the proof that it can be handed on. */
export function departureOf(original: Capture, { capture, mapText }: Redacted): Departure | undefined {
  const wanted = outlineOf(analyze(original), mapText);
  const found = outlineOf(analyze(capture), (text) => text);
  const lost = wanted.find((line) => !found.includes(line));
  const instead = found.find((line) => !wanted.includes(line));
  if (lost === undefined && instead === undefined && wanted.length === found.length) return undefined;
  return { artifact: changedArtifact(original, capture) ?? citedArtifact(original, lost, mapText), lost, instead };
}

/** Everything a diagnosis concludes, a line each, in the given names. Prose is left out: a VNet may be called "the". */
function outlineOf(diagnosis: Diagnosis, map: (text: string) => string): readonly string[] {
  const { verdict, platform, takenAt, tunnel, gateway, candidates, ladders, findings } = diagnosis;
  const placeOf = ({ origin }: Evidence) => [map(origin.artifact), 'line' in origin ? origin.line : 0];
  const rows: readonly unknown[] = [
    { verdict, platform, takenAt },
    tunnel !== null && { tunnel: map(formatAddress(tunnel.address)), protocol: tunnel.protocol, client: tunnel.client },
    gateway !== null && { gateway: map(gateway.id) },
    ...candidates.map(({ id }) => ({ candidate: map(id) })),
    ...ladders.map((ladder) => ({
      prefix: map(formatPrefix(ladder.prefix)),
      ...{ reason: ladder.reason, expectation: ladder.expectation, verdict: ladder.verdict, lostAt: ladder.lostAt },
      rungs: ladder.rungs.map(({ rung, state }) => `${rung} ${state}`),
    })),
    ...findings.map((finding) => ({
      ...{ code: finding.code, severity: finding.severity, confidence: finding.confidence, rung: finding.rung },
      prefixes: finding.prefixes.map((prefix) => map(formatPrefix(prefix))).sort(),
      resource: finding.resource === undefined ? null : map(finding.resource),
      // A rule's own name may be part of it.
      property: finding.property === undefined ? null : map(finding.property),
      evidence: finding.evidence.map(placeOf).map(String).sort(),
      fixes: finding.fixes.map(({ by, commands }) => [by, commands.length]),
    })),
    ...diagnosis.unexplained.map((prefix) => ({ unexplained: map(formatPrefix(prefix)) })),
    ...diagnosis.notChecked.map(({ code }) => ({ notChecked: code })),
    ...diagnosis.assumptions.map(({ code }) => ({ assumption: code })),
    ...diagnosis.problems.map(({ origin }) => ({
      problem: map(origin.artifact),
      line: 'line' in origin ? origin.line : 0,
    })),
  ];
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** The first artifact that, read by itself, holds more or less than before. */
function changedArtifact(original: Capture, redacted: Capture): Artifact | undefined {
  return original.artifacts.find((artifact, index) => {
    const after = redacted.artifacts[index];
    return (
      after === undefined ||
      sizeOf({ ...original, artifacts: [artifact] }) !== sizeOf({ ...redacted, artifacts: [after] })
    );
  });
}

/** How much of everything a capture holds. */
function sizeOf(capture: Capture): string {
  const { client, topology, problems } = readCapture(capture);
  return JSON.stringify([client, topology, problems.length], (_, value: unknown) => {
    if (value instanceof Map || value instanceof Set) return [...value.values()];
    return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' ? 0 : value;
  });
}

function citedArtifact(
  { artifacts }: Capture,
  line: string | undefined,
  mapText: (text: string) => string,
): Artifact | undefined {
  return line === undefined ? undefined : artifacts.find(({ id }) => line.includes(`"${mapText(id)},`));
}
