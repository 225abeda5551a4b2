import { differences, essence, parseReport, type Report } from './compare.ts';
import type { Diagnosed } from './diagnose-run.ts';
import type { Enclosed } from './enclosure.ts';
import type { Observation } from './self-check.ts';
import type { NamedRun } from './states.ts';

/** How one run went. */
export type RunResult = {
  readonly name: string;
  readonly faults: readonly string[];
  readonly seconds: number;
  readonly report?: Report;
};

/** Judges what came out of an enclosure. */
export function judge({ name, run }: NamedRun, enclosed: Enclosed, seconds: number): RunResult {
  const diagnosed = read(enclosed);
  if (typeof diagnosed === 'string') return { name, seconds, faults: [diagnosed] };
  const report = parseReport(diagnosed.stdout);
  if (typeof report === 'string') {
    return { name, seconds, faults: [`${report} (exit ${diagnosed.exitCode}) ${firstLines(diagnosed.stderr)}`] };
  }
  const faults = differences(run.expected, report, diagnosed.exitCode);
  const agreed = diagnosed.replayed === diagnosed.stdout ? [] : [departure(diagnosed)];
  return { name, seconds, report, faults: [...faults, ...agreed] };
}

/** Where a replay of the saved evidence first tells something else than the live run. */
function departure({ stdout, replayed }: Diagnosed): string {
  const [live, later] = [stdout.split('\n'), replayed.split('\n')];
  const at = live.findIndex((line, index) => line !== later[index]);
  return `the replay differs in line ${at + 1}: ${later[at]?.trim() ?? 'nothing'}, live ${live[at]?.trim()}`;
}

/** Judges what the lab observed of itself. */
export function judgeCheck(name: string, enclosed: Enclosed, seconds: number): RunResult {
  if (enclosed.exitCode !== 0) return { name, seconds, faults: [labFailed(enclosed)] };
  const observations: readonly Observation[] = JSON.parse(enclosed.stdout);
  const faults = observations.filter(({ holds }) => !holds).map(({ says, saw }) => `not so: ${says}\n${saw}`);
  return { name, seconds, faults: observations.length === 0 ? ['nothing was observed'] : faults };
}

/** Contrasts that gave the same diagnosis as their state: there one half of the evidence was decoration. */
export function undistinguished(state: RunResult, contrasts: readonly RunResult[]): readonly string[] {
  const { report } = state;
  if (report === undefined) return [];
  return contrasts
    .filter((contrast) => contrast.report !== undefined && essence(contrast.report) === essence(report))
    .map((contrast) => `${contrast.name}: the same diagnosis as ${state.name}`);
}

function read(enclosed: Enclosed): Diagnosed | string {
  if (enclosed.exitCode !== 0) return labFailed(enclosed);
  const value: unknown = JSON.parse(enclosed.stdout);
  return isDiagnosed(value) ? value : `the lab printed something else: ${firstLines(enclosed.stdout)}`;
}

function isDiagnosed(value: unknown): value is Diagnosed {
  return typeof value === 'object' && value !== null && 'exitCode' in value && 'stdout' in value && 'stderr' in value;
}

function labFailed({ exitCode, stderr }: Enclosed): string {
  return `the lab failed (exit ${exitCode}): ${firstLines(stderr)}`;
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 8).join(' | ').slice(0, 600);
}
