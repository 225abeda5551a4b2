import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Finding, Fix } from '../diagnosis/finding.ts';
import type { Evidence } from '../facts/origin.ts';
import { type Ladder, rungOf } from '../ladder/ladder.ts';
import { rungNames } from '../ladder/rung.ts';
import { formatPrefix } from '../net/prefix.ts';
import { foldEqual } from './fold.ts';
import { mermaidMap } from './markdown-map.ts';
import { code, codeBlock, escaped } from './markdown-text.ts';
import { about } from './text-finding.ts';
import { handWords, marks, outcomeOf, placeOf, severityWords, sortedOut, tunnelWords } from './words.ts';

/** A heading and the pieces below it, none of which may be cut in two. */
interface Part {
  readonly heading: readonly string[];
  readonly pieces: readonly string[];
  /** Characters its pieces may take. Together they stay below 60,000: GitHub refuses a comment of more than 65,536. */
  readonly budget: number;
}

const listedOfFolded = 60;

/** The report for a ticket: a table, a map that the tracker draws, findings with what to copy. */
export function renderMarkdown(
  diagnosis: Diagnosis,
  { toolVersion, bundled }: { readonly toolVersion: string; readonly bundled?: string },
): string {
  const { open, accepted } = sortedOut(diagnosis);
  const parts: readonly Part[] = [
    { heading: opening(diagnosis, toolVersion, bundled), pieces: [], budget: 0 },
    { heading: tableHead, pieces: diagnosis.ladders.length === 0 ? [] : tableRows(diagnosis.ladders), budget: 12_000 },
    { heading: ['', legend], pieces: [], budget: 0 },
    { heading: ['', '## Map', ''], pieces: [mermaidMap(diagnosis).join('\n')], budget: 8_000 },
    {
      heading: ['', '## Findings'],
      pieces: open.map((finding, index) => findingPart(finding, index + 1)),
      budget: 24_000,
    },
    list(
      'Accepted as deliberate',
      accepted.map(({ code: name, summary }) => `${code(name)}: ${escaped(summary)}`),
      2_000,
    ),
    list(
      'Broken, and no known cause explains it',
      diagnosis.unexplained.map((prefix) => code(formatPrefix(prefix))),
      2_000,
    ),
    list(
      'Gateways it could be',
      diagnosis.candidates.map(
        ({ name, flag, because }) => `${escaped(name)}: ${escaped(because)}; pick it by ${code(flag)}`,
      ),
      2_000,
    ),
    list('Worth knowing', diagnosis.notes.map(evidenceItem), 2_000),
    list(
      'Not checked',
      diagnosis.notChecked.map(({ code: name, why }) => `${code(name)}: ${escaped(why)}`),
      3_000,
    ),
    list(
      'Taken for granted',
      diagnosis.assumptions.map(({ code: name, says }) => `${code(name)}: ${escaped(says)}`),
      2_000,
    ),
    list(
      'Read, and not understood',
      diagnosis.problems.map(({ origin, text, why }) => `${code(placeOf(origin))} ${escaped(why)}: ${code(text)}`),
      2_000,
    ),
  ];
  return `${parts.flatMap(fitted).join('\n')}\n`;
}

// The map comes as one piece: without it the ticket still tells everything.
function fitted({ heading, pieces, budget }: Part): readonly string[] {
  if (heading.length > 0 && pieces.length === 0) return heading[1]?.startsWith('## ') === true ? [] : heading;
  let left = budget;
  const kept = pieces.filter(({ length }) => {
    if (length >= left) return false;
    left -= length + 1;
    return true;
  });
  const cut = pieces.length - kept.length;
  return [
    ...heading,
    ...kept,
    ...(cut > 0 ? ['', `*${cut} more left out here for length; \`-o json\` has all.*`] : []),
  ];
}

function opening(diagnosis: Diagnosis, toolVersion: string, bundled: string | undefined): readonly string[] {
  return [
    `# onlink: ${diagnosis.verdict.toUpperCase()}`,
    '',
    ...(bundled === undefined ? [] : [`*${escaped(bundled)}*`, '']),
    `**${escaped(shortened(diagnosis.headline, 1_000))}**`,
    '',
    `- Tunnel: ${escaped(shortened(tunnelWords(diagnosis), 400))}`,
    `- Gateway: ${diagnosis.gateway === null ? 'not told' : `${escaped(diagnosis.gateway.name)} ${code(diagnosis.gateway.id)}`}`,
    `- Taken: ${escaped(diagnosis.takenAt ?? 'at a time the capture does not tell')}, by onlink ${escaped(toolVersion)}, which only reads`,
  ];
}

const tableHead: readonly string[] = [
  '',
  '## Ladder',
  '',
  `| prefix | owner | ${rungNames.join(' | ')} | outcome |`,
  `|---|---|${rungNames.map(() => ':-:|').join('')}---|`,
];

const legend = '✓ held, ✗ lost, ~ partly, ? not known, – does not apply; bold: lost here first';

function tableRows(ladders: readonly Ladder[]): readonly string[] {
  return foldEqual(ladders, 5).flatMap(({ shown, folded }) => {
    if (folded.length === 0) return shown.map(row);
    const names = folded.slice(0, listedOfFolded).map(({ prefix }) => formatPrefix(prefix));
    const rest = folded.length - names.length;
    const more = `${folded.length} more like these: ${names.join(', ')}${rest > 0 ? ` and ${rest} others` : ''}`;
    const [alike] = folded;
    return [
      ...shown.map(row),
      `| … | ${more} | ${rungNames.map(() => '').join(' | ')} | ${alike === undefined ? '' : outcomeOf(alike)} |`,
    ];
  });
}

function row(ladder: Ladder): string {
  const cells = rungNames.map((name) => {
    const mark = marks[rungOf(ladder, name).state];
    return name === ladder.lostAt ? `**${mark}**` : mark;
  });
  return `| ${code(formatPrefix(ladder.prefix))} | ${escaped(ladder.owner)} | ${cells.join(' | ')} | ${escaped(outcomeOf(ladder))} |`;
}

function list(title: string, items: readonly string[], budget: number): Part {
  return { heading: ['', `## ${title}`, ''], pieces: items.map((item) => `- ${item}`), budget };
}

function findingPart(finding: Finding, number: number): string {
  const { severity, code: name, title, confidence, summary, evidence, fixes, helpUrl } = finding;
  return [
    '',
    `### ${number}. ${severityWords[severity]} ${escaped(title)} (${code(name)}${confidence === 'likely' ? ', likely' : ''})`,
    '',
    escaped(summary),
    '',
    ...about(finding).map(([label, text]) => `- ${label}: ${code(shortened(text, 2_000))}`),
    '',
    'Because:',
    '',
    ...evidence.slice(0, 12).map((one) => `- ${evidenceItem(one)}`),
    ...(evidence.length > 12 ? [`- and ${evidence.length - 12} more such lines`] : []),
    ...fixes.flatMap(fixLines),
    ...(helpUrl === undefined ? [] : ['', `More: ${isPage(helpUrl) ? `<${helpUrl}>` : code(helpUrl)}`]),
  ].join('\n');
}

function evidenceItem({ says, origin, quote }: Evidence): string {
  return `${code(placeOf(origin))} ${escaped(says)}${quote === undefined ? '' : `: ${code(quote)}`}`;
}

function fixLines({ by, role, commands, steps, disrupts, verify }: Fix): readonly string[] {
  return [
    '',
    `**Fix, by ${handWords[by]}**${role === undefined ? '' : ` (${escaped(role)})`}`,
    ...commands.flatMap(({ shell, command }) => ['', ...codeBlock(command, shell === 'az' ? 'bash' : shell)]),
    ...(steps.length === 0 ? [] : ['', ...steps.map((step) => `- ${escaped(step)}`)]),
    '',
    `Disturbs: ${escaped(disrupts ?? 'nobody')}`,
    ...(verify === undefined ? [] : ['', 'Then see whether it worked:', '', ...codeBlock(verify, '')]),
  ];
}

// A link only where it can be nothing but a page.
function isPage(url: string): boolean {
  return /^https:\/\/[\w./?=&#%-]+$/.test(url);
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
