import type { Artifact, Unanswered } from '../facts/capture.ts';
import type { CommandLine, Question } from './commands.ts';
import type { Ports } from './ports.ts';

/** What every question of one capture shares. */
export interface Asking {
  readonly ports: Ports;
  readonly signal?: AbortSignal;
  /** The encoding of the console's code page, where it is known. */
  readonly oemEncoding?: string;
}

/** Asks in each way until one answers. A way that failed is kept, unless its own source answered after all. */
export async function ask(
  asking: Asking,
  question: Question,
  isAnswer: (artifact: Artifact) => boolean,
): Promise<readonly Artifact[]> {
  const failed: Artifact[] = [];
  for (const line of question) {
    const artifact = await askOnce(asking, line);
    if (isAnswer(artifact)) return [artifact, ...failed.filter(({ source }) => source !== artifact.source)];
    if (!failed.some(({ source }) => source === artifact.source)) failed.push(asFailure(artifact));
  }
  return failed;
}

/** One command, run and described. Nonzero exit codes stay answers here: for a trace they are. */
export async function askOnce({ ports, signal, oemEncoding }: Asking, line: CommandLine): Promise<Artifact> {
  const { source, id = source, tool, args, target, family, oem, ...limits } = line;
  const described = {
    ...{ id, source, half: 'client' as const, argv: [tool, ...args] },
    ...(target !== undefined && { target }),
    ...(family !== undefined && { family }),
    ...(oem === true && oemEncoding !== undefined && { encoding: oemEncoding }),
  };
  const file = await ports.find(tool);
  if (file === undefined) return { ...described, outcome: unanswered('not-run', `${tool} is not installed`) };
  const { timeoutMs, maxBytes, keepPartial } = limits;
  const { outcome, stderr, startedAt, durationMs } = await ports.run({
    ...{ file, args },
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(keepPartial !== undefined && { keepPartial }),
    ...(signal !== undefined && { signal }),
  });
  return { ...described, outcome, ...(stderr !== undefined && { stderr }), startedAt, durationMs };
}

/** A table was printed: exit code 0, or on Windows anything at all, as its tools exit as they like. */
export function isTable({ outcome }: Artifact, platform: Ports['platform']): boolean {
  if (outcome.kind === 'unanswered') return false;
  return outcome.exitCode === 0 || (platform === 'windows' && outcome.bytes.length > 0);
}

/** A trace was begun. A tool that may not open its socket prints nothing; one that is refused a route prints a header. */
export function isTrace({ outcome }: Artifact): boolean {
  return outcome.kind === 'answered' && (outcome.exitCode === 0 || outcome.bytes.some((byte) => byte > 32));
}

// `ip xfrm policy` without rights exits 1 and prints nothing. Read as a text, that would be "no policies".
function asFailure(artifact: Artifact): Artifact {
  const { outcome, stderr = '', argv = [] } = artifact;
  if (outcome.kind === 'unanswered') return artifact;
  const code = /not permitted|permission denied|must be root|privilege|\bCAP_/i.test(stderr)
    ? 'not-permitted'
    : 'failed';
  const said = stderr.split('\n').find((line) => line.trim() !== '');
  // The collector's script is nothing to read to somebody.
  const line = argv.map((word) => (word.length > 100 ? '…' : word)).join(' ');
  return { ...artifact, outcome: unanswered(code, `${line}: ${said ?? `exit code ${outcome.exitCode}`}`) };
}

export function unanswered(code: string, message: string): Unanswered {
  return { kind: 'unanswered', status: null, code, message };
}

/** What `work` gives, or a timeout where it takes longer: a dead network drive or name server may never answer. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T | Unanswered> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Unanswered>((resolve) => {
    timer = setTimeout(() => resolve(unanswered('timeout', `${what}: no answer within ${ms / 1000} s`)), ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
