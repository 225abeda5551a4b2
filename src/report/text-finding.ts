import type { Finding, Fix } from '../diagnosis/finding.ts';
import type { Evidence } from '../facts/origin.ts';
import { formatPrefix } from '../net/prefix.ts';
import { commandLines, paragraph, type Setting, shown, toned } from './page.ts';
import { columnsOf } from './printable.ts';
import { handWords, placeOf, severityWords } from './words.ts';

const citedAtMost = 6;
const body = 3;

/** A finding: what is wrong, what bears it out, and the card that says how to mend it. */
export function findingLines(finding: Finding, number: number, setting: Setting, verbose: boolean): readonly string[] {
  const { severity, code, title, confidence, summary, evidence } = finding;
  const lead = `${number}. ${severityWords[severity]}  `;
  const [first = '', ...rest] = paragraph(
    setting,
    `${title} [${code}${confidence === 'likely' ? ', likely' : ''}]`,
    lead,
    body,
  );
  const cited = verbose ? evidence : evidence.slice(0, citedAtMost);
  const uncited = evidence.length - cited.length;
  return [
    '',
    toned(setting, severity === 'error' ? 'bad' : 'strong', first),
    ...rest,
    ...paragraph(setting, summary, ' '.repeat(body)),
    ...about(finding).flatMap(([name, text]) => paragraph(setting, text, `   ${name}: `, 5)),
    '   Because',
    ...cited.flatMap((one) => evidenceLines(one, setting, 3)),
    ...(uncited > 0 ? [`     and ${uncited} more such lines (--verbose)`] : []),
    ...finding.fixes.flatMap((fix) => fixLines(fix, setting)),
    ...(finding.helpUrl === undefined ? [] : ['   More:', `     ${shown(setting, finding.helpUrl)}`]),
  ];
}

/** What the finding speaks of, as pairs of a name and a text. */
export function about({
  prefixes,
  rung,
  resource,
  property,
  expected,
  actual,
  dependsOn,
}: Finding): readonly (readonly [string, string])[] {
  const listed = prefixes.map(formatPrefix);
  const change = [
    ...(expected === undefined ? [] : [`should be ${expected}`]),
    ...(actual === undefined ? [] : [`is ${actual}`]),
  ];
  return [
    ...(listed.length === 0 ? [] : [['Prefixes', listed.join(', ')] as const]),
    ...(rung === null ? [] : [['Rung', rung] as const]),
    ...(resource === undefined ? [] : [['Resource', resource] as const]),
    ...(property === undefined ? [] : [['Property', [property, change.join(', ')].join(' ').trim()] as const]),
    ...(property !== undefined || expected === undefined ? [] : [['Should be', expected] as const]),
    ...(property !== undefined || actual === undefined ? [] : [['Is', actual] as const]),
    ...(dependsOn.length === 0 ? [] : [['Follows from', dependsOn.join(', ')] as const]),
  ];
}

/** What it shows, and below it the place and the line itself: `windows-route-print:17  10.1.0.0 …`. */
export function evidenceLines({ says, origin, quote }: Evidence, setting: Setting, indent: number): readonly string[] {
  const [place, lead] = [placeOf(origin), ' '.repeat(indent + 2)];
  const cited = quote === undefined ? place : `${place}  ${quote}`;
  const fits = columnsOf(cited) + lead.length <= setting.width;
  const below =
    quote === undefined || fits
      ? paragraph(setting, cited, lead)
      : [...paragraph(setting, place, lead), ...paragraph(setting, quote, `${lead}> `, indent + 4)];
  return [
    ...paragraph(setting, says, `${' '.repeat(indent)}- `, indent + 2),
    ...below.map((line) => toned(setting, 'faint', line)),
  ];
}

function fixLines({ by, role, commands, steps, disrupts, verify }: Fix, setting: Setting): readonly string[] {
  const who = role === undefined ? handWords[by] : `${handWords[by]} (${role})`;
  return [
    ...paragraph(setting, who, '   Fix, by ', 5),
    ...commands.flatMap(({ shell, command }) => [`     ${shell}:`, ...commandLines(setting, command, 7)]),
    ...steps.flatMap((step) => paragraph(setting, step, '     - ')),
    ...paragraph(setting, disrupts ?? 'nobody', '     Disturbs: ', 7),
    ...(verify === undefined ? [] : ['     Then see whether it worked:', ...commandLines(setting, verify, 7)]),
  ];
}
