import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { concurrently } from './concurrently.ts';
import { readPlain } from './inside.ts';
import { UserError } from './user-error.ts';

/** A file somebody handed us, by the name they know it by. */
export interface LooseFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const mostFiles = 2000;
const deepest = 6;

/** The files at the given paths, folders searched; hidden files and links are left alone. */
export async function readLooseFiles(paths: readonly string[]): Promise<readonly LooseFile[]> {
  const found = await Promise.all(paths.map(filesAt));
  const files = found.flat();
  if (files.length > mostFiles)
    throw new UserError(`${paths.join(', ')}: more than ${mostFiles} files; name the ones that matter`);
  return await concurrently(8, files, async ({ name, path }) => ({ name, bytes: await readPlain(path) }));
}

interface Found {
  readonly name: string;
  readonly path: string;
}

async function filesAt(path: string): Promise<readonly Found[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `${path}: ${error.code === 'ENOENT' ? 'no such file or folder' : `cannot be read: ${error.code}`}`,
    );
  });
  return found.isDirectory() ? await filesBelow(path, '', deepest) : [{ name: basename(path), path }];
}

async function filesBelow(folder: string, above: string, depth: number): Promise<readonly Found[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${folder}: cannot be read: ${error.code}`);
  });
  const seen = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = seen
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name: above + name, path: join(folder, name) }));
  const folders = depth === 0 ? [] : seen.filter((entry) => entry.isDirectory());
  const below = await Promise.all(
    folders.map(({ name }) => filesBelow(join(folder, name), `${above}${name}/`, depth - 1)),
  );
  return [...files, ...below.flat()];
}
