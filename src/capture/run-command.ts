import { execa } from 'execa';
import type { Answered, Unanswered } from '../facts/capture.ts';
import { type Collected, collect } from './collect.ts';
import { textWithoutSecrets } from './secrets.ts';

/** A program by absolute path and its arguments. No shell ever sees them. */
export interface CommandRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly timeoutMs?: number;
  /** More on stdout than this, and the program is stopped: what it printed is no answer. */
  readonly maxBytes?: number;
  /** What was printed before the time ran out is an answer too: a trace says something with every line. */
  readonly keepPartial?: boolean;
  readonly signal?: AbortSignal;
}

/** What became of a command: its bytes as printed, or why there are none. */
export interface CommandAnswer {
  readonly outcome: Answered | Unanswered;
  readonly stderr?: string;
  readonly startedAt: string;
  readonly durationMs: number;
}

const mostStderr = 1_000_000;

/** Runs one command to its end, its time limit, or the signal. Never throws: a failure is an answer of its own kind. */
export async function runCommand(request: CommandRequest): Promise<CommandAnswer> {
  const { file, args, timeoutMs = 15_000, maxBytes = 64_000_000, signal } = request;
  const startedAt = new Date().toISOString();
  if (signal?.aborted === true) return { outcome: stopped, startedAt, durationMs: 0 };
  const running = execa(file, [...args], {
    encoding: 'buffer',
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
    timeout: timeoutMs,
    // Collected below: execa would hold a flood several times over.
    buffer: { stdout: false, stderr: true },
    maxBuffer: mostStderr,
    forceKillAfterDelay: 500,
    windowsHide: true,
    ...surroundings(),
    ...(signal !== undefined && { cancelSignal: signal }),
  });
  const stdout = collect(running.stdout, maxBytes, () => running.kill());
  const result = await running;
  const stderr = textWithoutSecrets(new TextDecoder().decode(result.stderr.subarray(0, 8192)).trimEnd());
  return {
    outcome: outcomeOf(result, stdout, request),
    ...(stderr !== '' && { stderr }),
    startedAt,
    durationMs: Math.round(result.durationMs),
  };
}

// A working folder that was deleted, or on Windows one with a program of the same name, must not matter.
function surroundings() {
  const { SystemRoot = 'C:\\' } = process.env;
  return process.platform === 'win32' ? { cwd: SystemRoot } : { cwd: '/', env: { LC_ALL: 'C', LANGUAGE: 'C' } };
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  /** Of stderr: stdout has its own measure. */
  readonly isMaxBuffer: boolean;
}

function outcomeOf(
  { exitCode, timedOut, isCanceled, isMaxBuffer, signal, code }: Ended,
  stdout: Collected,
  { file, timeoutMs = 15_000, maxBytes = 64_000_000, keepPartial }: CommandRequest,
): Answered | Unanswered {
  if (stdout.isFlooded()) return unanswered('flooded', `${file} printed more than ${maxBytes} bytes`);
  if (isMaxBuffer) return unanswered('flooded', `${file} printed more than ${mostStderr} bytes on stderr`);
  const bytes = stdout.bytes();
  if (timedOut && keepPartial === true && bytes.length > 0) return { kind: 'answered', bytes, exitCode: null };
  if (timedOut) return unanswered('timeout', `${file} did not end within ${timeoutMs / 1000} s`);
  if (isCanceled) return stopped;
  if (exitCode !== undefined) return { kind: 'answered', bytes, exitCode };
  if (signal !== undefined) return unanswered('killed', `${file} was ended by ${signal}`);
  return unanswered('not-run', `${file} could not be started: ${code ?? 'unknown reason'}`);
}

const stopped: Unanswered = unanswered('cancelled', 'stopped before it answered');

function unanswered(code: string, message: string): Unanswered {
  return { kind: 'unanswered', status: null, code, message };
}
