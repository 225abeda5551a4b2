import type { ArtifactId } from '../facts/capture.ts';
import { stateOf } from '../ladder/ladder.ts';
import { rungNames } from '../ladder/rung.ts';
import { containsPrefix, formatPrefix, type Prefix } from '../net/prefix.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Finding } from './finding.ts';

/** Whether a finding is still so, after what it rests on was asked again. */
export interface Verification {
  readonly answer: 'gone' | 'still-there' | 'cannot-tell';
  /** Why, a sentence each. */
  readonly because: readonly string[];
}

/** The findings of a code, of one prefix where that is named. */
export function findingsOf(diagnosis: Diagnosis, code: string, prefix: Prefix | undefined): readonly Finding[] {
  return diagnosis.findings.filter(
    (finding) =>
      finding.code === code &&
      (prefix === undefined ||
        finding.prefixes.some((one) => containsPrefix(one, prefix) || containsPrefix(prefix, one))),
  );
}

/** The artifacts that findings cite, and those by which the ladders they explain were lost, as far up as the finding speaks. */
export function restsOn(findings: readonly Finding[]): ReadonlySet<ArtifactId> {
  const lost = findings.flatMap(({ explains, rung }) =>
    explains.flatMap(({ rungs }) =>
      rungs
        .slice(0, rung === null ? rungs.length : rungNames.indexOf(rung) + 1)
        .filter(({ state }) => state === 'lost' || state === 'partial')
        .flatMap(({ evidence }) => evidence),
    ),
  );
  return new Set([...findings.flatMap(({ evidence }) => evidence), ...lost].map(({ origin }) => origin.artifact));
}

/** What was found before, and how the new questions went. */
export interface Before {
  readonly findings: readonly Finding[];
  /** What was asked anew without an answer. */
  readonly unanswered: readonly string[];
  /** Artifacts that answered anew, or that need no new answer: a profile once issued stays what it was. */
  readonly settled: ReadonlySet<ArtifactId>;
}

/** Compares. That nobody could look, or that a graver finding hides it, is no proof that it is gone. */
export function verificationOf(
  code: string,
  prefix: Prefix | undefined,
  now: Diagnosis,
  before: Before | undefined,
): Verification {
  const still = findingsOf(now, code, prefix).filter((finding) => isAmong(finding, before));
  // Old evidence shows an old fault.
  const isFresh = ({ evidence }: Finding) =>
    before === undefined || evidence.every(({ origin }) => before.settled.has(origin.artifact));
  if (still.some(isFresh))
    return { answer: 'still-there', because: still.filter(isFresh).map(({ summary }) => summary) };
  const doubts = doubtsOf(code, prefix, now, before);
  if (doubts.length > 0) return { answer: 'cannot-tell', because: doubts };
  return { answer: 'gone', because: outcomesOf(now, prefix, before) };
}

/** The same fault, not another one of the same kind: on the same resource, or touching the same prefixes. */
function isAmong(finding: Finding, before: Before | undefined): boolean {
  if (before === undefined) return true;
  return before.findings.some(
    (one) =>
      (one.resource !== undefined && one.resource.toLowerCase() === finding.resource?.toLowerCase()) ||
      one.prefixes.some((prefix) => finding.prefixes.some((other) => formatPrefix(other) === formatPrefix(prefix))) ||
      (one.prefixes.length === 0 && one.resource === undefined),
  );
}

function doubtsOf(
  code: string,
  prefix: Prefix | undefined,
  now: Diagnosis,
  before: Before | undefined,
): readonly string[] {
  const unchecked = now.notChecked
    .filter((one) => one.code === code)
    .map(({ why }) => `${code} could not look: ${why}`);
  const hidden = now.findings
    .filter((one) => one.code === 'vpn-not-connected' && code !== one.code && needsTunnel(before))
    .map(({ summary }) => `the client's own faults cannot be seen now: ${summary}`);
  const silent = (before?.unanswered ?? []).map((what) => `no answer this time: ${what}`);
  const missing =
    before === undefined && unchecked.length === 0 && now.verdict === 'undetermined'
      ? now.ladders
          .filter((one) => one.verdict === 'undetermined' && one.reason !== 'pool' && concerns(one.prefix, prefix))
          .map((one) => `${formatPrefix(one.prefix)} could not be judged`)
      : [];
  const old =
    before !== undefined && silent.length === 0 && findingsOf(now, code, prefix).some((one) => isAmong(one, before))
      ? ['part of what shows it was not asked again']
      : [];
  return [...unchecked, ...hidden, ...silent, ...missing, ...old];
}

const ofTheClient = ['installed', 'active', 'selected', 'delivered'];

function needsTunnel(before: Before | undefined): boolean {
  return before === undefined || before.findings.some(({ rung }) => rung === null || ofTheClient.includes(rung));
}

function concerns(one: Prefix, wanted: Prefix | undefined): boolean {
  return wanted === undefined || containsPrefix(one, wanted) || containsPrefix(wanted, one);
}

/** What became of the prefixes: that one fault is gone does not mean that all is well. */
function outcomesOf(now: Diagnosis, prefix: Prefix | undefined, before: Before | undefined): readonly string[] {
  const meant = before?.findings.flatMap(({ prefixes }) => prefixes) ?? (prefix === undefined ? [] : [prefix]);
  return now.ladders
    .filter((one) => meant.some((wanted) => formatPrefix(wanted) === formatPrefix(one.prefix)))
    .map((ladder) => {
      const { prefix: one, verdict, lostAt } = ladder;
      const active = stateOf(ladder, 'active');
      const lost = lostAt === null ? '' : `, lost at ${lostAt}`;
      return `${formatPrefix(one)} is now ${verdict}${lost}${verdict === 'ok' ? '' : ` (active: ${active})`}`;
    });
}
