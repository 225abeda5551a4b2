import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { EstateFigures } from './estate-case.ts';
import { liveRows } from './live.ts';
import { median, times } from './median.ts';
import { otherRows } from './others.ts';
import { mark, type Row } from './row.ts';
import type { TableFigures } from './table-case.ts';

/*
 * `npm run bench`: how long things take, as ratios to something everybody has. Prints tables and keeps them as
 * bench/results.md. No gate of CI: a busy neighbour would fail it.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const demo = 'fixtures/scenarios/document-spoke-missing-windows/bundle';
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const program = `${root}dist/onlink.mjs`;
const started = starts();
const { live, traces } = await liveRows(program);
const sections: readonly (readonly [string, readonly Row[]])[] = [
  ['Start, of the built program, beside `node -e 0`', started],
  ['Reading a routing table and preparing it for look-ups', tables()],
  ['A whole analysis: VNets of the estate, routes of the client', estates()],
  ["Live, on a lab's tunnel", live],
  ['Beside other programs', [...otherRows(program), ...traces]],
];
const text = [
  '# Figures of `npm run bench`',
  '',
  `${machine()} Medians of at least 7 runs; every ratio is taken within one run. A target that was missed is marked so.`,
  ...sections.flatMap(([title, rows]) => ['', `## ${title}`, '', ...tableOf(rows)]),
  '',
].join('\n');
mkdirSync(`${root}bench`, { recursive: true });
writeFileSync(`${root}bench/results.md`, text);
console.log(text);

function starts(): readonly Row[] {
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root });
  const run = (words: readonly string[]) => spawnSync(process.execPath, words, { cwd: root });
  const commands = {
    nothing: ['-e', '0'],
    version: [program, '--version'],
    replay: [program, 'replay', demo, '--failure-threshold', 'never'],
  };
  // By turns, so that a slow minute slows all of them.
  const rounds = Array.from({ length: 15 }, () => ({
    nothing: times(1, () => run(commands.nothing))[0] ?? 0,
    version: times(1, () => run(commands.version))[0] ?? 0,
    replay: times(1, () => run(commands.replay))[0] ?? 0,
  }));
  const bare = median(rounds.map(({ nothing }) => nothing));
  const [version, replay] = [median(rounds.map((one) => one.version)), median(rounds.map((one) => one.replay))];
  return [
    ['`node -e 0`', `${bare.toFixed(0)} ms`, '-', '-'],
    [
      '`onlink --version`',
      `${(version / bare).toFixed(2)} × (${version.toFixed(0)} ms)`,
      '≤ 1.4 ×',
      mark(version / bare, 1.4),
    ],
    [
      '`onlink replay` of the demo',
      `${(replay / bare).toFixed(2)} × (${replay.toFixed(0)} ms)`,
      '≤ 2 ×',
      mark(replay / bare, 2),
    ],
  ];
}

function tables(): readonly Row[] {
  const formats = [
    { format: 'ip-json', limit: 2.5, plain: 'JSON.parse' },
    { format: 'route-print', limit: 4, plain: 'a split into lines' },
  ] as const;
  return formats.flatMap(({ format, limit, plain }) => {
    const sizes = [1_000, 10_000, 100_000, 1_000_000].map((rows) =>
      figuresOf<TableFigures>('table-case.ts', format, rows),
    );
    const rows = sizes.flatMap((one) => tableRows(one, limit, plain));
    const [small, large] = [sizes[1], sizes[3]];
    if (small === undefined || large === undefined) return rows;
    const growth = Math.log(wholeMs(large) / wholeMs(small)) / Math.log(large.rows / small.rows);
    return [...rows, [`${format}: growth from 10k to 1M`, `n^${growth.toFixed(2)}`, '≤ n^1.1', mark(growth, 1.1)]];
  });
}

function wholeMs({ parseMs, indexMs }: TableFigures): number {
  return parseMs + indexMs;
}

function tableRows(one: TableFigures, limit: number, plain: string): readonly Row[] {
  const ratio = wholeMs(one) / one.plainMs;
  const memory = one.heldBytes / one.bytes;
  const name = `${one.format}, ${one.rows.toLocaleString('en')} rows`;
  const time: Row = [
    `${name}: time beside ${plain}`,
    `${ratio.toFixed(1)} × (${wholeMs(one).toFixed(1)} ms, ${one.plainMs.toFixed(1)} ms)`,
    `≤ ${limit} ×`,
    mark(ratio, limit),
  ];
  const floor: readonly Row[] =
    one.format === 'route-print'
      ? [
          [
            `${name}: the same, of looking once at each character and making one route a row, and nothing else`,
            `${(one.floorMs / one.plainMs).toFixed(1)} × (${one.floorMs.toFixed(1)} ms)`,
            '-',
            'the least that a parser which hands out routes takes here',
          ],
        ]
      : [];
  const held: Row = [`${name}: memory held beside the file`, `${memory.toFixed(1)} ×`, '≤ 6 ×', mark(memory, 6)];
  if (one.rows < 1_000_000) return [time, ...floor, held];
  const lookup = one.lookupNs / one.bareLookupNs;
  return [
    time,
    ...floor,
    held,
    [
      `${name}: a look-up beside a bare binary search`,
      `${lookup.toFixed(1)} × (${one.lookupNs.toFixed(0)} ns)`,
      '≤ 3 ×',
      mark(lookup, 3),
    ],
  ];
}

function estates(): readonly Row[] {
  const sizes = [10, 100, 1_000].flatMap((vnets) =>
    [1_000, 100_000].map((routes) => figuresOf<EstateFigures>('estate-case.ts', vnets, routes)),
  );
  const rows = sizes.map(({ vnets, routes, ms }): Row => {
    const each = (ms * 1000) / (vnets + routes);
    return [
      `${vnets} VNets, ${routes.toLocaleString('en')} routes`,
      `${ms.toFixed(0)} ms`,
      '-',
      `${each.toFixed(1)} µs for each of their sum`,
    ];
  });
  const of = (vnets: number, routes: number) =>
    sizes.find((one) => one.vnets === vnets && one.routes === routes)?.ms ?? 0;
  // Were it the product, 1,000 × 100,000 would cost a thousand times what the larger of the two edges costs.
  const ratio = of(1_000, 100_000) / (of(1_000, 1_000) + of(10, 100_000));
  return [
    ...rows,
    ['both large, beside the sum of one large at a time', `${ratio.toFixed(2)} ×`, '≤ 1.5 ×', mark(ratio, 1.5)],
  ];
}

function figuresOf<Figures>(script: string, ...words: readonly (string | number)[]): Figures {
  const flags = ['--expose-gc', '--max-old-space-size=8192'];
  const told = execFileSync(process.execPath, [...flags, at(script), ...words.map(String)], { encoding: 'utf8' });
  return JSON.parse(told) as Figures;
}

function tableOf(rows: readonly Row[]): readonly string[] {
  return ['| what | figure | target | |', '|---|---|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)];
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `A machine with ${availableParallelism()} cores (${model}), ${memory} GiB of memory, ${process.platform}, Node ${process.versions.node}; load ${loadavg()[0]?.toFixed(1)} when it was done (what is above the cores is others' work and blurs the figures).`;
}
