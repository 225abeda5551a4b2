import { execa } from 'execa';
import type { Answered, Unanswered } from '../facts/capture.ts';
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
  const result = await execa(file, [...args], {
    encoding: 'buffer',
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
    timeout: timeoutMs,
    maxBuffer: { stdout: maxBytes, stderr: mostStderr },
    forceKillAfterDelay: 500,
    windowsHide: true,
    ...surroundings(),
    ...(signal !== undefined && { cancelSignal: signal }),
  });
  const stderr = textWithoutSecrets(new TextDecoder().decode(result.stderr.subarray(0, 8192)).trimEnd());
  return {
    outcome: outcomeOf(result, request),
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
  readonly stdout: Uint8Array;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly isMaxBuffer: boolean;
}

function outcomeOf(ended: Ended, { file, timeoutMs = 15_000, maxBytes = 64_000_000, keepPartial }: CommandRequest) {
  const { exitCode, timedOut, stdout } = ended;
  if (timedOut && keepPartial === true && stdout.length > 0) return answered(stdout, null);
  if (timedOut) return unanswered('timeout', `${file} did not end within ${timeoutMs / 1000} s`);
  if (ended.isCanceled) return stopped;
  if (ended.isMaxBuffer) return unanswered('flooded', `${file} printed more than ${maxBytes} bytes`);
  if (exitCode !== undefined) return answered(stdout, exitCode);
  if (ended.signal !== undefined) return unanswered('killed', `${file} was ended by ${ended.signal}`);
  return unanswered('not-run', `${file} could not be started: ${ended.code ?? 'unknown reason'}`);
}

const stopped: Unanswered = unanswered('cancelled', 'stopped before it answered');

function answered(bytes: Uint8Array, exitCode: number | null): Answered {
  return { kind: 'answered', bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), exitCode };
}

function unanswered(code: string, message: string): Unanswered {
  return { kind: 'unanswered', status: null, code, message };
}
