import { type ChildProcess, fork } from 'node:child_process';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutants.ts';
import type { Fate, Ready } from './worker.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/*
 * `npm run mutate [-- PATH… [--tests PATTERN…]]`: puts small faults into the model, the ladder and the causes, one at a time,
 * and sees whether a test fails. Keeps the score as bench/mutation.md and prints what survived. Without a path: all three.
 * Other rooms have other tests: `-- src/net --tests 'test/net/*.test.ts'`.
 *
 * Stryker does the same with more kinds of faults; it starts the tests anew for each, which takes most of a day here.
 */
const rooms = ['src/model', 'src/ladder', 'src/causes'];
/** The tests that judge whole captures, and those of the rooms themselves; not the ones that only read or print. */
const usualTests = ['test/scenarios.test.ts', 'test/what-if.test.ts', 'test/{model,ladder,causes,diagnosis}/*.test.ts'];
/** A test run that takes longer than this has been sent round in circles. */
const patienceMs = 60_000;

type Outcome = 'killed' | 'endless' | 'survived' | 'not reached' | 'only loaded';

const words = process.argv.slice(2);
const end = words.includes('--tests') ? words.indexOf('--tests') : words.length;
const [paths, patterns] = [words.slice(0, end), words.slice(end + 1)];
const asked = paths.length === 0 ? rooms : paths;
const suites = globSync(patterns.length === 0 ? usualTests : patterns).sort();
const workshop = openWorkshop(asked);
try {
  const outcomes = await tryAll(workshop);
  tell(workshop, outcomes);
} finally {
  workshop.close();
}

/** Hands the mutants out to as many workers as there are cores. */
async function tryAll({ folder, mutants }: Workshop): Promise<ReadonlyMap<number, Outcome>> {
  const outcomes = new Map<number, Outcome>();
  const queue = [...mutants.values()].flat().map(({ id }) => id);
  const total = queue.length;
  const next = () => queue.shift();
  const work = async () => {
    let { worker, ready } = await startWorker(folder);
    const [reached, loaded] = [new Set(ready.reached), new Set(ready.loaded)];
    for (let id = next(); id !== undefined; id = next()) {
      if (reached.has(id)) outcomes.set(id, await fateOf(worker, id));
      else outcomes.set(id, loaded.has(id) ? 'only loaded' : 'not reached');
      if (outcomes.get(id) === 'endless') ({ worker, ready } = await startWorker(folder));
      if (outcomes.size % 100 === 0) process.stderr.write(`${outcomes.size} of ${total} mutants\n`);
    }
    worker.kill();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return outcomes;
}

function startWorker(folder: string): Promise<{ readonly worker: ChildProcess; readonly ready: Ready }> {
  const worker = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [folder, ...suites]);
  return new Promise((resolve, reject) => {
    worker.once('message', (ready: Ready) => resolve({ worker, ready }));
    worker.once('exit', (code) => reject(new Error(`a worker ended with ${code}: do all tests pass?`)));
  });
}

function fateOf(worker: ChildProcess, id: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => {
      worker.kill('SIGKILL');
      resolve('endless');
    }, patienceMs);
    worker.once('message', ({ killedBy }: Fate) => {
      clearTimeout(giveUp);
      resolve(killedBy === undefined ? 'survived' : 'killed');
    });
    worker.send(id);
  });
}

function tell({ mutants }: Workshop, outcomes: ReadonlyMap<number, Outcome>): void {
  const of = (list: readonly Mutant[], ...wanted: readonly Outcome[]) =>
    list.filter(({ id }) => wanted.includes(outcomes.get(id) ?? 'not reached'));
  for (const [file, list] of mutants)
    for (const { line, before, after } of of(list, 'survived', 'not reached'))
      console.log(`${file}:${line}: ${oneLine(before)}  →  ${oneLine(after)}`);
  const rows = [...asked, 'all'].map((path) => {
    const list = [...mutants].flatMap(([file, own]) => (path === 'all' || file.startsWith(path) ? own : []));
    const [killed, alive] = [of(list, 'killed', 'endless').length, of(list, 'survived', 'not reached').length];
    const score = ((100 * killed) / Math.max(1, killed + alive)).toFixed(1);
    const unreached = of(list, 'not reached').length;
    return `| ${path} | ${killed + alive} | ${killed} | ${alive - unreached} | ${unreached} | ${score} % |`;
  });
  const table = [
    '| where | mutants | noticed | survived | not reached | score |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
  console.log(table.join('\n'));
  if (words.length > 0) return;
  mkdirSync('bench', { recursive: true });
  writeFileSync('bench/mutation.md', `# Score of \`npm run mutate\`\n\n${table.join('\n')}\n`);
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}
