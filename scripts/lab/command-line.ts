import { fileURLToPath } from 'node:url';
import { type Enclosed, runEnclosed } from './enclosure.ts';
import { actInside } from './inside.ts';
import { missingHere } from './requirements.ts';
import { selfChecks } from './self-check.ts';
import type { State } from './state.ts';
import { runNamed, runsOf, states } from './states.ts';
import { judge, judgeCheck, type RunResult, undistinguished } from './verdict.ts';

const skipped = 77;
const atOnce = 2;
const secondsPerRun = 240;
const main = fileURLToPath(new URL('./main.ts', import.meta.url));

const usage = `npm run lab -- list             the states
npm run lab -- STATE ...        brings each up, breaks it, diagnoses it live, and checks what onlink says
npm run lab -- all              every state and every contrast
npm run lab -- check            the lab about itself: does it behave as Azure does?
npm run lab -- look RUN         what a person would see in the client of a run
npm run lab -- show RUN         the diagnosis of a run, as JSON
Ends with 77 where it can't run and says why; 1 when a diagnosis isn't what it must be.`;

/** The lab's command line; what comes back is the exit code. */
export async function labCommand(argv: readonly string[]): Promise<number> {
  const [command = 'help', ...rest] = argv;
  if (command === '--inside') return inside(rest);
  if (command === 'help' || command === '--help') return say(usage, 0);
  if (command === 'list') return say(states.map(({ name, title }) => `${name.padEnd(44)} ${title}`).join('\n'), 0);
  if (command === 'check') return checkCommand();
  if (command === 'look' || command === 'show') return showCommand(command, rest[0] ?? '');
  return diagnoseCommand(argv);
}

async function inside([act = '', name = '']: readonly string[]): Promise<number> {
  await actInside(act, name);
  return 0;
}

async function diagnoseCommand(names: readonly string[]): Promise<number> {
  const chosen = names.includes('all') ? states : states.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => name !== 'all' && !states.some((state) => state.name === name));
  if (unknown.length > 0) return say(`no state is called ${unknown.join(', ')}; npm run lab -- list`, 2);
  const runs = chosen.flatMap(runsOf);
  const missing = await missingHere(runs.map(({ run }) => run.tunnel.kind));
  if (missing.length > 0) return skip(missing);
  const signal = untilInterrupted();
  const results = await withLimit(runs, async (one) => {
    const started = performance.now();
    const result = judge(one, await enclose('diagnose', one.name, signal), secondsSince(started));
    if (!signal.aborted) print(result);
    return result;
  });
  return signal.aborted ? 130 : summary(chosen, results);
}

function summary(chosen: readonly State[], results: readonly RunResult[]): number {
  const alike = chosen.flatMap((state) => {
    const [own, ...contrasts] = runsOf(state).map(({ name }) => results.find((result) => result.name === name));
    return own === undefined
      ? []
      : undistinguished(
          own,
          contrasts.filter((one) => one !== undefined),
        );
  });
  for (const sentence of alike) console.log(`✗ ${sentence}`);
  const failed = results.filter(({ faults }) => faults.length > 0).length + alike.length;
  console.log(`${results.length - failed + alike.length} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function print({ name, faults, seconds }: RunResult): void {
  console.log(`${faults.length === 0 ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`);
  for (const fault of faults) console.log(`    ${fault}`);
}

async function checkCommand(): Promise<number> {
  const checks = Object.entries(selfChecks);
  const missing = await missingHere(checks.map(([, { tunnel }]) => tunnel.kind));
  if (missing.length > 0) return skip(missing);
  const signal = untilInterrupted();
  const results = await withLimit(checks, async ([name]) => {
    const started = performance.now();
    const result = judgeCheck(name, await enclose('check', name, signal), secondsSince(started));
    if (!signal.aborted) print(result);
    return result;
  });
  return signal.aborted ? 130 : summary([], results);
}

async function showCommand(command: 'look' | 'show', name: string): Promise<number> {
  const run = runNamed(name);
  if (run === undefined) return say(`no run is called ${name}; npm run lab -- list`, 2);
  const missing = await missingHere([run.tunnel.kind]);
  if (missing.length > 0) return skip(missing);
  const enclosed = await enclose(command === 'look' ? 'look' : 'diagnose', name, untilInterrupted());
  if (enclosed.exitCode !== 0) return say(enclosed.stderr, 1);
  const value: unknown = JSON.parse(enclosed.stdout);
  return say(typeof value === 'string' ? value : JSON.stringify(value, null, 2), 0);
}

function enclose(act: string, name: string, signal: AbortSignal): Promise<Enclosed> {
  return runEnclosed([process.execPath, main, '--inside', act, name], signal, secondsPerRun);
}

/** Aborts at the first wish to stop; the enclosures die with it. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

async function withLimit<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Map<T, R>();
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) results.set(item, await act(item));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return items.flatMap((item) => results.get(item) ?? []);
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

function skip(reasons: readonly string[]): number {
  for (const reason of reasons) console.log(`skipped: ${reason}`);
  return skipped;
}

function say(text: string, exitCode: number): number {
  console.log(text);
  return exitCode;
}
