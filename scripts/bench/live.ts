import { fileURLToPath } from 'node:url';
import { runEnclosed } from '../lab/enclosure.ts';
import { missingHere } from '../lab/requirements.ts';
import type { LiveFigures } from './live-case.ts';
import { median } from './median.ts';
import { mark, type Row } from './row.ts';

/** A live diagnosis of a lab's tunnel beside the longest chain of its waits, and traces beside `traceroute`'s own. */
export interface LiveRows {
  readonly live: readonly Row[];
  readonly traces: readonly Row[];
}

const inside = fileURLToPath(new URL('./live-case.ts', import.meta.url));
const runs = 7;

/** Times a live diagnosis by the built program; where the lab can't run the rows say why. */
export async function liveRows(program: string): Promise<LiveRows> {
  const missing = await missingHere(['openvpn']);
  if (missing.length > 0) {
    const row: Row = ['a live diagnosis in the lab', `not measured: ${missing.join('; ')}`, '-', '-'];
    return { live: [row], traces: [] };
  }
  const figures: LiveFigures[] = [];
  for (let i = 0; i < runs; i += 1) {
    const { exitCode, stdout, stderr } = await runEnclosed(
      [process.execPath, inside, program, ...(i === 0 ? ['traced'] : [])],
      new AbortController().signal,
      200,
    );
    if (exitCode !== 0) throw new Error(`the live case ended with ${exitCode}: ${stderr}`);
    figures.push(JSON.parse(stdout) as LiveFigures);
  }
  return { live: liveOf(figures), traces: tracesOf(figures) };
}

function liveOf(figures: readonly LiveFigures[]): readonly Row[] {
  const ratio = median(figures.map(({ wallMs, chainMs }) => wallMs / chainMs));
  const wall = median(figures.map(({ wallMs }) => wallMs));
  const example = figures.at(-1)?.chain.join(', ') ?? '';
  return [
    [
      'wall time beside its critical path; Azure 150 ms away, 20 targets, 10 of them silent',
      `${ratio.toFixed(2)} × (${(wall / 1000).toFixed(1)} s)`,
      '≤ 1.15 ×',
      mark(ratio, 1.15),
    ],
    ['the longest chain of waits that depend on one another', example, '-', '-'],
  ];
}

function tracesOf(figures: readonly LiveFigures[]): readonly Row[] {
  const seconds = (of: (one: LiveFigures) => number | undefined) =>
    `${(median(figures.flatMap((one) => of(one) ?? [])) / 1000).toFixed(1)} s`;
  return (['replying', 'silent'] as const).flatMap((kind): readonly Row[] => [
    [
      `\`traceroute\` with its own settings, a ${kind} target`,
      seconds(({ traceroute }) => traceroute?.[kind]),
      '-',
      '-',
    ],
    [`the same by onlink, tracing 20 at once`, seconds(({ onlink }) => onlink[kind]), '-', '-'],
  ]);
}
