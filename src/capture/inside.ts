import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from './user-error.ts';

/** Beyond this a file cannot become one JavaScript string, and no capture has such. */
const mostBytes = 500_000_000;

/** The bytes of a file inside a folder, by the relative name a manifest gives; refuses every way out of the folder. */
export async function readInside(folder: string, name: string): Promise<Uint8Array> {
  const steps = stepsOf(folder, name);
  let path = folder;
  for (const [index, step] of steps.entries()) {
    path = join(path, step);
    await checkStep(path, name, folder, index === steps.length - 1);
  }
  return await readPlain(path, constants.O_NOFOLLOW ?? 0);
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

async function checkStep(path: string, name: string, folder: string, last: boolean): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    const missing = found.code === 'ENOENT' || found.code === 'ENOTDIR';
    throw new UserError(`${folder}: "${name}" ${missing ? 'is missing' : `cannot be read: ${found.code}`}`);
  }
  if (found.isSymbolicLink()) throw new UserError(`${folder}: "${name}" is or passes a symbolic link`);
  if (last && !found.isFile()) throw new UserError(`${folder}: "${name}" is no regular file`);
}

/** The bytes of a regular file a person named; `UserError` says why it cannot be read. */
export async function readPlain(path: string, also = 0): Promise<Uint8Array> {
  // Without O_NONBLOCK opening a pipe waits for its writer for ever. Windows knows neither flag.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | also;
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'no such file' : `cannot be read: ${error.code}`;
    throw new UserError(`${path}: ${why}`, { cause: error });
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new UserError(`${path}: not a regular file`);
    if (found.size > mostBytes) throw new UserError(`${path}: larger than ${mostBytes / 1e6} MB`);
    const { buffer, byteOffset, byteLength } = await handle.readFile();
    return new Uint8Array(buffer, byteOffset, byteLength);
  } finally {
    await handle.close();
  }
}
