import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Finding, Fix } from '../diagnosis/finding.ts';
import type { Evidence, Origin, Problem } from '../facts/origin.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { RungName, RungState } from '../ladder/rung.ts';
import { formatAddress } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';

/** Where in the capture something stands: a line of a text, a pointer into a document, or the artifact whole. */
export interface JsonPlace {
  readonly artifact: string;
  readonly line?: number;
  readonly pointer?: string;
}

export interface JsonEvidence extends JsonPlace {
  readonly says: string;
  readonly quote?: string;
}

/** A ladder as scripts see it; `explain` prints the same. */
export interface JsonPrefix {
  readonly prefix: string;
  readonly owner: string;
  readonly reason: string;
  readonly expectation: Ladder['expectation'];
  readonly verdict: Ladder['verdict'];
  readonly lostAt: RungName | null;
  readonly rungs: readonly {
    readonly rung: RungName;
    readonly state: RungState;
    readonly evidence: readonly JsonEvidence[];
  }[];
}

export interface JsonFinding extends Omit<Finding, 'prefixes' | 'evidence' | 'explains' | 'accepted'> {
  readonly prefixes: readonly string[];
  readonly evidence: readonly JsonEvidence[];
}

/** The report of schema/report-1.schema.json. It only ever grows within a version. */
export interface JsonReport {
  readonly schemaVersion: '1';
  readonly tool: { readonly name: 'onlink'; readonly version: string };
  readonly takenAt: string | null;
  readonly platform: Diagnosis['platform'];
  readonly verdict: Diagnosis['verdict'];
  readonly headline: string;
  readonly tunnel: {
    readonly interface: string;
    readonly address: string;
    readonly protocol: string;
    readonly client: string;
  } | null;
  readonly gateway: Diagnosis['gateway'];
  readonly candidates: Diagnosis['candidates'];
  readonly prefixes: readonly JsonPrefix[];
  readonly findings: readonly JsonFinding[];
  /** Deliberate differences (`--accept`): of the same shape, and counted by nobody. */
  readonly accepted: readonly JsonFinding[];
  readonly unexplained: readonly string[];
  readonly assumptions: Diagnosis['assumptions'];
  readonly notChecked: Diagnosis['notChecked'];
  readonly problems: readonly (JsonPlace & { readonly text: string; readonly why: string })[];
  readonly notes: readonly JsonEvidence[];
}

/** The diagnosis in the public shape. */
export function toReport(diagnosis: Diagnosis, toolVersion: string): JsonReport {
  const { tunnel, gateway, findings } = diagnosis;
  return {
    schemaVersion: '1',
    tool: { name: 'onlink', version: toolVersion },
    takenAt: diagnosis.takenAt,
    platform: diagnosis.platform,
    verdict: diagnosis.verdict,
    headline: diagnosis.headline,
    tunnel:
      tunnel === null
        ? null
        : {
            interface: tunnel.interface,
            address: formatAddress(tunnel.address),
            protocol: tunnel.protocol,
            client: tunnel.client,
          },
    gateway: gateway === null ? null : { id: gateway.id, name: gateway.name },
    candidates: diagnosis.candidates.map(({ id, name, flag, because }) => ({ id, name, flag, because })),
    prefixes: diagnosis.ladders.map(prefixEntry),
    findings: findings.filter(({ accepted }) => accepted !== true).map(findingEntry),
    accepted: findings.filter(({ accepted }) => accepted === true).map(findingEntry),
    unexplained: diagnosis.unexplained.map(formatPrefix),
    assumptions: diagnosis.assumptions.map(({ code, says }) => ({ code, says })),
    notChecked: diagnosis.notChecked.map(({ code, why }) => ({ code, why })),
    problems: diagnosis.problems.map(problemEntry),
    notes: diagnosis.notes.map(evidenceEntry),
  };
}

/** One entry of `prefixes`. */
export function prefixEntry({ prefix, owner, reason, expectation, verdict, lostAt, rungs }: Ladder): JsonPrefix {
  return {
    prefix: formatPrefix(prefix),
    owner,
    reason,
    expectation,
    verdict,
    lostAt,
    rungs: rungs.map(({ rung, state, evidence }) => ({ rung, state, evidence: evidence.map(evidenceEntry) })),
  };
}

/** One entry of any `evidence`. */
export function evidenceEntry({ says, origin, quote }: Evidence): JsonEvidence {
  return { ...placeEntry(origin), says, ...(quote !== undefined && { quote }) };
}

/** The report as text. What a terminal might obey is written as an escape, which changes no value. */
export function renderJson(diagnosis: Diagnosis, { toolVersion }: { readonly toolVersion: string }): string {
  return jsonText(toReport(diagnosis, toolVersion));
}

/** Any value as indented JSON without a raw control or direction character. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}

function findingEntry(finding: Finding): JsonFinding {
  const { code, title, severity, confidence, summary, rung, resource, property, expected, actual, helpUrl } = finding;
  return {
    code,
    title,
    severity,
    confidence,
    summary,
    rung,
    prefixes: finding.prefixes.map(formatPrefix),
    ...(resource !== undefined && { resource }),
    ...(property !== undefined && { property }),
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    evidence: finding.evidence.map(evidenceEntry),
    dependsOn: finding.dependsOn,
    ...(helpUrl !== undefined && { helpUrl }),
    fixes: finding.fixes.map(fixEntry),
  };
}

function fixEntry({ by, role, commands, steps, disrupts, verify }: Fix): Fix {
  return {
    by,
    ...(role !== undefined && { role }),
    commands: commands.map(({ shell, command }) => ({ shell, command })),
    steps,
    ...(disrupts !== undefined && { disrupts }),
    ...(verify !== undefined && { verify }),
  };
}

function problemEntry({ origin, text, why }: Problem): JsonReport['problems'][number] {
  return { ...placeEntry(origin), text, why };
}

function placeEntry(origin: Origin): JsonPlace {
  const { artifact } = origin;
  if ('line' in origin) return { artifact, line: origin.line };
  return 'pointer' in origin ? { artifact, pointer: origin.pointer } : { artifact };
}
