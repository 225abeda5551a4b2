import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { formatPrefix } from '../net/prefix.ts';
import { findingsOn } from './findings-on.ts';
import { printable } from './printable.ts';
import { about } from './text-finding.ts';
import { handWords, outcomeOf, placeOf, severityWords, sortedOut, stateWords, tunnelWords } from './words.ts';

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly result:
    | { readonly kind: 'passed' }
    | { readonly kind: 'failed'; readonly type: string; readonly message: string }
    | { readonly kind: 'skipped'; readonly message: string };
  readonly lines: readonly string[];
}

/**
 * JUnit XML for a pipeline: a test case for each prefix that should arrive, and one for each finding. What could not
 * be told is skipped, never passed.
 */
export function renderJunit(
  diagnosis: Diagnosis,
  { toolVersion, bundled }: { readonly toolVersion: string; readonly bundled?: string },
): string {
  const { open, accepted } = sortedOut(diagnosis);
  const expected = diagnosis.ladders.filter(isExpected).map((ladder) => prefixCase(ladder, diagnosis));
  const found = [...open, ...accepted].map(findingCase);
  const whole = wholeCase(diagnosis);
  const all = [...expected, ...found, ...whole];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="onlink" ${counts(all)}>`,
    ...suite('onlink.prefixes', expected, diagnosis, properties(diagnosis, toolVersion, bundled)),
    ...suite('onlink.findings', [...found, ...whole], diagnosis, []),
    '</testsuites>',
    '',
  ].join('\n');
}

// A prefix that may come counts once it has come: then it must work.
function isExpected({ expectation, verdict }: Ladder): boolean {
  return expectation === 'must' || (expectation === 'may' && verdict !== 'not-expected');
}

function prefixCase(ladder: Ladder, diagnosis: Diagnosis): TestCase {
  const on = findingsOn(ladder, diagnosis.findings);
  return {
    suite: 'onlink.prefixes',
    name: `${formatPrefix(ladder.prefix)} ${ladder.owner} (${ladder.expectation}, ${ladder.reason})`,
    result: resultOf(ladder, on),
    lines: ladder.rungs.flatMap(({ rung, state, evidence }) => [
      `${rung}: ${stateWords[state]}`,
      ...evidence.flatMap(cited),
    ]),
  };
}

function resultOf(ladder: Ladder, on: readonly Finding[]): TestCase['result'] {
  const { verdict, reason, expectation } = ladder;
  if (verdict === 'ok' || verdict === 'not-expected') return { kind: 'passed' };
  const outcome = outcomeOf(ladder);
  if (verdict === 'undetermined') return { kind: 'skipped', message: unsureOf(ladder) };
  const deliberate = on.find(({ accepted }) => accepted === true);
  if (deliberate !== undefined)
    return { kind: 'skipped', message: `${outcome}; accepted as deliberate: ${deliberate.code}` };
  // What the overall verdict does not count must not fail a pipeline either.
  if (reason === 'pool')
    return { kind: 'skipped', message: `${outcome}; the client pool matters to traffic between clients only` };
  const [first] = on;
  return first === undefined
    ? { kind: 'failed', type: 'unexplained', message: `${outcome}, and no known cause explains it (${expectation})` }
    : { kind: 'failed', type: first.code, message: `${outcome}: ${on.map(({ summary }) => summary).join(' ')}` };
}

function unsureOf({ rungs }: Ladder): string {
  const unknown = rungs.filter(({ state }) => state === 'unknown');
  const why = unknown.flatMap(
    ({ rung, evidence }) => `${rung}${evidence[0] === undefined ? '' : `: ${evidence[0].says}`}`,
  );
  return `undetermined; not known: ${why.length === 0 ? 'whether it is delivered' : why.join('; ')}`;
}

function findingCase(finding: Finding): TestCase {
  const { code, title, severity, summary, accepted } = finding;
  return {
    suite: 'onlink.findings',
    name: `${severityWords[severity]} ${code}${finding.resource === undefined ? '' : ` ${finding.resource}`}: ${title}`,
    result: findingResult(accepted === true, severity, code, summary),
    lines: [
      summary,
      ...about(finding).map(([name, text]) => `${name}: ${text}`),
      ...finding.evidence.flatMap(cited),
      ...finding.fixes.flatMap(({ by, role, steps, commands, disrupts, verify }) => [
        `Fix, by ${handWords[by]}${role === undefined ? '' : ` (${role})`}`,
        ...commands.map(({ shell, command }) => `  ${shell}: ${command}`),
        ...steps.map((step) => `  - ${step}`),
        `  Disturbs: ${disrupts ?? 'nobody'}`,
        ...(verify === undefined ? [] : [`  Then: ${verify}`]),
      ]),
    ],
  };
}

function findingResult(
  accepted: boolean,
  severity: Finding['severity'],
  code: string,
  summary: string,
): TestCase['result'] {
  if (accepted) return { kind: 'skipped', message: `accepted as deliberate: ${summary}` };
  return severity === 'error' ? { kind: 'failed', type: code, message: summary } : { kind: 'passed' };
}

// An undetermined capture without a single prefix would otherwise be an empty, and so a green, run.
function wholeCase({ verdict, headline }: Diagnosis): readonly TestCase[] {
  return verdict === 'undetermined'
    ? [
        {
          suite: 'onlink.findings',
          name: 'overall verdict',
          result: { kind: 'skipped', message: `undetermined: ${headline}` },
          lines: [],
        },
      ]
    : [];
}

function suite(
  name: string,
  cases: readonly TestCase[],
  { takenAt, ...diagnosis }: Diagnosis,
  own: readonly string[],
): readonly string[] {
  const taken = takenAt === null ? '' : ` timestamp="${attribute(takenAt)}"`;
  const told = name === 'onlink.findings' ? leftovers({ takenAt, ...diagnosis }) : [];
  return [
    `  <testsuite name="${name}" ${counts(cases)}${taken}>`,
    ...own,
    ...cases.flatMap(caseLines),
    ...(told.length === 0 ? [] : ['    <system-out>', ...told.map(content), '    </system-out>']),
    '  </testsuite>',
  ];
}

function counts(cases: readonly TestCase[]): string {
  const of = (kind: TestCase['result']['kind']) => cases.filter(({ result }) => result.kind === kind).length;
  return `tests="${cases.length}" failures="${of('failed')}" errors="0" skipped="${of('skipped')}"`;
}

function properties(diagnosis: Diagnosis, toolVersion: string, bundled: string | undefined): readonly string[] {
  const pairs: readonly (readonly [string, string])[] = [
    ['onlink.version', toolVersion],
    ...(bundled === undefined ? [] : [['capture', bundled] as const]),
    ['verdict', diagnosis.verdict],
    ['headline', diagnosis.headline],
    ['platform', diagnosis.platform],
    ['tunnel', tunnelWords(diagnosis)],
    ['gateway', diagnosis.gateway?.id ?? 'not told'],
  ];
  return [
    '    <properties>',
    ...pairs.map(([name, value]) => `      <property name="${name}" value="${attribute(value)}"/>`),
    '    </properties>',
  ];
}

function caseLines({ suite: name, name: title, result, lines }: TestCase): readonly string[] {
  const out = lines.length === 0 ? [] : ['      <system-out>', ...lines.map(content), '      </system-out>'];
  return [
    `    <testcase classname="${name}" name="${attribute(title)}">`,
    ...resultLines(result),
    ...out,
    '    </testcase>',
  ];
}

function resultLines(result: TestCase['result']): readonly string[] {
  if (result.kind === 'passed') return [];
  if (result.kind === 'skipped') return [`      <skipped message="${attribute(result.message)}"/>`];
  return [
    `      <failure type="${attribute(result.type)}" message="${attribute(result.message)}">${content(result.message)}</failure>`,
  ];
}

/** What belongs to no test case, so that the file tells as much as any other report. */
function leftovers({
  ladders,
  unexplained,
  candidates,
  notChecked,
  assumptions,
  problems,
  notes,
}: Diagnosis): readonly string[] {
  return [
    ...ladders
      .filter((ladder) => !isExpected(ladder))
      .map((ladder) => `${formatPrefix(ladder.prefix)} ${ladder.owner}: ${outcomeOf(ladder)}`),
    ...unexplained.map((prefix) => `Broken, and no known cause explains it: ${formatPrefix(prefix)}`),
    ...candidates.map(({ name, flag, because }) => `It could be gateway ${name} (${because}): ${flag}`),
    ...notes.map(({ says, origin }) => `Note: ${placeOf(origin)} ${says}`),
    ...notChecked.map(({ code, why }) => `Not checked: ${code}: ${why}`),
    ...assumptions.map(({ code, says }) => `Taken for granted: ${code}: ${says}`),
    ...problems.map(({ origin, text, why }) => `Not understood: ${placeOf(origin)} ${why}: ${text}`),
  ];
}

function cited({ origin, says, quote }: Evidence): readonly string[] {
  return [`  ${placeOf(origin)}  ${says}`, ...(quote === undefined ? [] : [`    > ${quote}`])];
}

// XML 1.0 has no way to write a control character: printable() has spelt it out before.
function content(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function attribute(text: string): string {
  return content(text).replaceAll('"', '&quot;');
}
