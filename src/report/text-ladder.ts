import { type Ladder, rungOf } from '../ladder/ladder.ts';
import { type RungState, rungNames } from '../ladder/rung.ts';
import { formatPrefix } from '../net/prefix.ts';
import { type Fold, foldEqual } from './fold.ts';
import { paragraph, type Setting, shown, type Tone, toned } from './page.ts';
import { columnsOf, padded, wrapped } from './printable.ts';
import { marks, outcomeOf } from './words.ts';

const asciiMarks: Readonly<Record<RungState, string>> = {
  held: '+',
  lost: 'x',
  partial: '~',
  unknown: '?',
  'not-applicable': '-',
};
const tones: Readonly<Record<RungState, Tone>> = {
  held: 'good',
  lost: 'bad',
  partial: 'bad',
  unknown: 'doubtful',
  'not-applicable': 'faint',
};
const verdictTones: Readonly<Record<Ladder['verdict'], Tone>> = {
  ok: 'good',
  broken: 'bad',
  undetermined: 'doubtful',
  'not-expected': 'faint',
};

const cell = 3;
const shownOfEqual = 3;
const listedOfFolded = 40;

interface Columns {
  readonly prefix: number;
  readonly owner: number;
}

/**
 * The ladders as a table: a row a prefix, a column a rung, the headings as steps so that whole words fit.
 *
 *                          configured
 *                          |  offered
 *     10.1.0.0/16  spoke1  ✓ [✗] ✗  lost at offered
 */
export function ladderTable(ladders: readonly Ladder[], setting: Setting, unfold: boolean): readonly string[] {
  if (ladders.length === 0) return ['No prefix could be judged.'];
  const columns = columnsFor(ladders, setting);
  const folds = foldEqual(ladders, unfold ? ladders.length : shownOfEqual);
  return [
    ...headings(columns.prefix + columns.owner),
    ...folds.flatMap((fold) => foldRows(fold, columns, setting, unfold)),
    '',
    ...legend(setting),
  ];
}

// 18 columns hold any IPv4 prefix; a longer one stands on a line of its own.
function columnsFor(ladders: readonly Ladder[], { width }: Setting): Columns {
  const longest = Math.max(...ladders.map(({ prefix }) => formatPrefix(prefix).length));
  const prefix = Math.min(longest, 18) + 1;
  const outcome = Math.max(...ladders.map((ladder) => outcomeOf(ladder).length));
  const room = width - prefix - rungNames.length * cell - outcome - 2;
  const widest = Math.max(...ladders.map(({ owner }) => columnsOf(owner)));
  return { prefix, owner: Math.max(6, Math.min(widest, room)) + 1 };
}

function headings(before: number): readonly string[] {
  return rungNames.map((name, index) => `${' '.repeat(before + 1)}${'|  '.repeat(index)}${name}`);
}

function foldRows(
  { shown: rows, folded }: Fold,
  columns: Columns,
  setting: Setting,
  unfold: boolean,
): readonly string[] {
  const lines = rows.flatMap((ladder) => ladderRows(ladder, columns, setting));
  if (folded.length === 0) return lines;
  const listed = folded.slice(0, unfold ? folded.length : listedOfFolded).map(({ prefix }) => formatPrefix(prefix));
  const rest = folded.length - listed.length;
  const text = `and ${folded.length} more like ${rows.length === 1 ? 'it' : 'these'}: ${listed.join(', ')}${rest > 0 ? ` … and ${rest} others (--verbose)` : ''}`;
  return [...lines, ...paragraph(setting, text, '  ', 4)];
}

function ladderRows(ladder: Ladder, columns: Columns, setting: Setting): readonly string[] {
  const prefix = formatPrefix(ladder.prefix);
  const [owner = '', ...more] = wrapped(shown(setting, ladder.owner), columns.owner - 1);
  const ownLine = prefix.length >= columns.prefix ? [prefix] : [];
  const lead = `${padded(ownLine.length > 0 ? '' : prefix, columns.prefix)}${padded(owner, columns.owner)}`;
  const outcome = toned(setting, verdictTones[ladder.verdict], shown(setting, outcomeOf(ladder)));
  return [
    ...ownLine,
    `${lead}${stateCells(ladder, setting)} ${outcome}`,
    ...more.map((line) => `${' '.repeat(columns.prefix)}${line}`),
  ];
}

function stateCells(ladder: Ladder, setting: Setting): string {
  return rungNames
    .map((name) => {
      const { state } = rungOf(ladder, name);
      const mark = setting.unicode ? marks[state] : asciiMarks[state];
      return toned(setting, tones[state], name === ladder.lostAt ? `[${mark}]` : ` ${mark} `);
    })
    .join('');
}

function legend(setting: Setting): readonly string[] {
  const mark = (state: RungState) => (setting.unicode ? marks[state] : asciiMarks[state]);
  const text = `${mark('held')} held  ${mark('lost')} lost  ${mark('partial')} partly  ${mark('unknown')} not known  ${mark('not-applicable')} does not apply  [ ] lost here first`;
  return paragraph(setting, text, '').map((line) => toned(setting, 'faint', line));
}
