import type { RungName } from '../../src/ladder/rung.ts';
import type { Expected, ExpectedPrefix } from './state.ts';

/** What the lab reads of `onlink diagnose -o json`. */
export type Report = {
  readonly verdict: string;
  readonly prefixes: readonly {
    readonly prefix: string;
    readonly verdict: string;
    readonly lostAt: string | null;
    readonly rungs: readonly { readonly rung: string; readonly state: string }[];
  }[];
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
};

/** Every way in which a diagnosis differs from what it must be, one sentence each. */
export function differences(expected: Expected, report: Report, exitCode: number): readonly string[] {
  const found = new Set(report.findings.map(({ code }) => code));
  const alarms = report.findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
  const wanted = expected.mustFind.map((codes) => (typeof codes === 'string' ? [codes] : codes));
  const allowed = new Set([...wanted.flat(), ...(expected.mayFind ?? [])]);
  return [
    ...notAmong('verdict', expected.verdict, report.verdict),
    ...unequal('exit code', String(exitCodeOf(report)), String(exitCode)),
    ...wanted
      .filter((codes) => !codes.some((code) => found.has(code)))
      .map((codes) => `not found: ${codes.join(' or ')}`),
    ...alarms.filter((code) => !allowed.has(code)).map((code) => `found, and should not be: ${code}`),
    ...Object.entries(expected.prefixes).flatMap(([prefix, one]) => prefixDifferences(prefix, one, report)),
  ];
}

/** As the contract has it: an error found comes first, then what could not be seen. */
function exitCodeOf({ findings, verdict }: Report): number {
  if (findings.some(({ severity }) => severity === 'error')) return 1;
  return verdict === 'undetermined' ? 3 : 0;
}

function prefixDifferences(prefix: string, expected: ExpectedPrefix, report: Report): readonly string[] {
  const actual = report.prefixes.find((one) => one.prefix === prefix);
  if (actual === undefined) return [`${prefix}: not in the report`];
  const rungs = Object.entries(expected.rungs ?? {}).flatMap(([rung, state]) =>
    unequal(`${prefix} ${rung}`, state, stateOf(actual.rungs, rung)),
  );
  const verdict = notAmong(`${prefix} verdict`, expected.verdict, actual.verdict);
  const lostAt = expected.lostAt === undefined ? [] : unequal(`${prefix} lostAt`, expected.lostAt, actual.lostAt);
  return [...verdict, ...lostAt, ...rungs];
}

function stateOf(rungs: Report['prefixes'][number]['rungs'], rung: RungName | string): string {
  return rungs.find((one) => one.rung === rung)?.state ?? 'absent';
}

function notAmong(what: string, expected: readonly string[], actual: string): readonly string[] {
  return expected.includes(actual) ? [] : [`${what}: ${actual}, not ${expected.join(' or ')}`];
}

function unequal(what: string, expected: string | null, actual: string | null): readonly string[] {
  return expected === actual ? [] : [`${what}: ${actual}, not ${expected}`];
}

/** What a diagnosis amounts to, without wording, evidence or time: two halves that differ must not give the same. */
export function essence(report: Report): string {
  const prefixes = report.prefixes.map(({ prefix, verdict, lostAt, rungs }) => ({
    prefix,
    verdict,
    lostAt,
    rungs: rungs.map(({ rung, state }) => `${rung} ${state}`),
  }));
  return JSON.stringify({
    verdict: report.verdict,
    findings: report.findings.map(({ code }) => code).sort(),
    prefixes,
  });
}

/** Reads a report; a sentence when it is none. */
export function parseReport(text: string): Report | string {
  try {
    const value: unknown = JSON.parse(text);
    return isReport(value) ? value : 'the JSON on stdout is no report';
  } catch {
    return `stdout is no JSON: ${text.slice(0, 200)}`;
  }
}

function isReport(value: unknown): value is Report {
  if (typeof value !== 'object' || value === null) return false;
  return 'verdict' in value && 'prefixes' in value && Array.isArray(value.prefixes) && 'findings' in value;
}
