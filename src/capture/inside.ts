import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from './user-error.ts';

/** Beyond this a file cannot become one JavaScript string, and no capture has such. */
const mostBytes = 500_000_000;

/**
 * The bytes of a file inside a folder, by the relative name a manifest gives; refuses every way out of the folder.
 *
 * One file after the other, without a detour over the thread pool: the files of a bundle are many and small, and the
 * detours would take longer than the reading.
 */
export function readInside(folder: string, name: string): Uint8Array {
  const steps = stepsOf(folder, name);
  let path = folder;
  for (const [index, step] of steps.entries()) {
    path = join(path, step);
    checkStep(path, name, folder, index === steps.length - 1);
  }
  return readPlain(path, constants.O_NOFOLLOW ?? 0);
}

// A name written on Windows may have backslashes. A colon is a drive or a stream there.
function stepsOf(folder: string, name: string): readonly string[] {
  const steps = name.split(/[/\\]/);
  const escapes = steps.includes('..') || /^[/\\]/.test(name) || name.includes(':') || name.includes('\0');
  if (escapes) throw new UserError(`${folder}: "${name}" leads out of the bundle`);
  const kept = steps.filter((step) => step !== '' && step !== '.');
  if (kept.length === 0) throw new UserError(`${folder}: "${name}" names no file`);
  return kept;
}

function checkStep(path: string, name: string, folder: string, last: boolean): void {
  const found = orRefuse(
    () => lstatSync(path),
    ({ code }) => {
      const missing = code === 'ENOENT' || code === 'ENOTDIR';
      return `${folder}: "${name}" ${missing ? 'is missing' : `cannot be read: ${code}`}`;
    },
  );
  if (found.isSymbolicLink()) throw new UserError(`${folder}: "${name}" is or passes a symbolic link`);
  if (last && !found.isFile()) throw new UserError(`${folder}: "${name}" is no regular file`);
}

/** The bytes of a regular file a person named; `UserError` says why it cannot be read. */
export function readPlain(path: string, also = 0): Uint8Array {
  // Without O_NONBLOCK opening a pipe waits for its writer for ever. Windows knows neither flag.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | also;
  const descriptor = orRefuse(
    () => openSync(path, flags),
    ({ code }) => `${path}: ${code === 'ENOENT' ? 'no such file' : `cannot be read: ${code}`}`,
  );
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new UserError(`${path}: not a regular file`);
    if (found.size > mostBytes) throw new UserError(`${path}: larger than ${mostBytes / 1e6} MB`);
    const { buffer, byteOffset, byteLength } = readFileSync(descriptor);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } finally {
    closeSync(descriptor);
  }
}

/** What the system answers; its refusal becomes a `UserError` in our words. */
export function orRefuse<T>(ask: () => T, words: (error: NodeJS.ErrnoException) => string): T {
  try {
    return ask();
  } catch (error) {
    throw new UserError(words(error as NodeJS.ErrnoException), { cause: error });
  }
}
