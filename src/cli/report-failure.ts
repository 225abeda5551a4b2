import type { CommanderError } from 'commander';
import { UserError } from '../capture/user-error.ts';
import { exitCodes } from './exit-code.ts';
import { Interrupted } from './interruption.ts';

/** Says on stderr what went wrong, and gives the exit code. A person's mistake is one line; a bug of ours shows its stack. */
export function reportFailure(error: unknown): number {
  if (isUsage(error)) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof Interrupted) {
    process.stderr.write('onlink: interrupted\n');
    return exitCodes.interrupted;
  }
  if (error instanceof UserError) {
    process.stderr.write(`onlink: ${error.message}\n`);
    return exitCodes.usage;
  }
  process.stderr.write(
    `onlink: internal error, please report it\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return exitCodes.internal;
}

// By its shape: commander itself is not loaded for every failure, nor for `--version`.
function isUsage(error: unknown): error is CommanderError {
  return (
    error instanceof Error && 'exitCode' in error && 'code' in error && String(error.code).startsWith('commander.')
  );
}
