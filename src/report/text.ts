import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { formatPrefix } from '../net/prefix.ts';
import { commandLines, paragraph, type Setting, section, type Tone, toned } from './page.ts';
import { evidenceLines, findingLines } from './text-finding.ts';
import { ladderTable } from './text-ladder.ts';
import { placeOf, sortedOut, tunnelWords } from './words.ts';

/** How much of a text report, and how it is set. */
export interface TextOptions extends Setting {
  readonly verbose?: boolean;
  /** A first line that says whose capture this is, where it is not this computer's. */
  readonly bundled?: string;
}

const problemsAtMost = 10;
const verdicts: Readonly<Record<Diagnosis['verdict'], { readonly word: string; readonly tone: Tone }>> = {
  ok: { word: 'OK', tone: 'good' },
  broken: { word: 'BROKEN', tone: 'bad' },
  undetermined: { word: 'UNDETERMINED', tone: 'doubtful' },
};

/** The report for a terminal: the verdict first, then what it rests on. */
export function renderText(diagnosis: Diagnosis, options: TextOptions): string {
  const { open, accepted } = sortedOut(diagnosis);
  const verbose = options.verbose === true;
  const lines = [
    ...(options.bundled === undefined ? [] : [...paragraph(options, options.bundled, ''), '']),
    ...verdictLines(diagnosis, options),
    '',
    ...ladderTable(diagnosis.ladders, options, verbose),
    ...section(
      options,
      'Findings',
      open.flatMap((finding, index) => findingLines(finding, index + 1, options, verbose)).slice(1),
    ),
    ...section(
      options,
      'Accepted as deliberate',
      bullets(
        accepted.map(({ code, summary }) => `${code}: ${summary}`),
        options,
      ),
    ),
    ...section(
      options,
      'Broken, and no known cause explains it',
      bullets(diagnosis.unexplained.map(formatPrefix), options),
    ),
    ...candidateLines(diagnosis, options),
    ...section(
      options,
      'Worth knowing',
      diagnosis.notes.flatMap((note) => evidenceLines(note, options, 2)),
    ),
    ...section(
      options,
      'Not checked',
      bullets(
        diagnosis.notChecked.map(({ code, why }) => `${code}: ${why}`),
        options,
      ),
    ),
    ...section(
      options,
      'Taken for granted',
      bullets(
        diagnosis.assumptions.map(({ code, says }) => `${code}: ${says}`),
        options,
      ),
    ),
    ...problemLines(diagnosis, options),
    ...(open.some(({ fixes }) => fixes.length > 0)
      ? ['', 'onlink only reads: it has run none of these commands.']
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictLines(diagnosis: Diagnosis, setting: Setting): readonly string[] {
  const { word, tone } = verdicts[diagnosis.verdict];
  const [first = '', ...rest] = paragraph(setting, diagnosis.headline, `${word}: `, 2);
  return [
    `${toned(setting, tone, word)}${first.slice(word.length)}`,
    ...rest,
    '',
    ...paragraph(setting, tunnelWords(diagnosis), 'Tunnel:  '),
    ...paragraph(setting, diagnosis.gateway === null ? 'not told' : diagnosis.gateway.name, 'Gateway: '),
    ...paragraph(setting, diagnosis.takenAt ?? 'at a time the capture does not tell', 'Taken:   '),
  ];
}

function bullets(texts: readonly string[], setting: Setting): readonly string[] {
  return texts.flatMap((text) => paragraph(setting, text, '  - '));
}

function candidateLines({ candidates }: Diagnosis, setting: Setting): readonly string[] {
  return section(
    setting,
    'Gateways it could be; pick one by its flag',
    candidates.flatMap(({ name, flag, because }) => [
      ...paragraph(setting, `${name}: ${because}`, '  - '),
      ...commandLines(setting, flag, 6),
    ]),
  );
}

function problemLines({ problems }: Diagnosis, setting: Setting): readonly string[] {
  const first = problems.slice(0, problemsAtMost);
  const rest = problems.length - first.length;
  return section(setting, 'Read, and not understood', [
    ...first.flatMap(({ origin, text, why }) => [
      ...paragraph(setting, `${placeOf(origin)}  ${why}`, '  - '),
      ...paragraph(setting, text, '    > ', 6).map((line) => toned(setting, 'faint', line)),
    ]),
    ...(rest > 0 ? [`  and ${rest} more (-o json lists all)`] : []),
  ]);
}
