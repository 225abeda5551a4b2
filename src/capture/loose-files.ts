import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { orRefuse, readPlain } from './inside.ts';
import { UserError } from './user-error.ts';

/** A file somebody handed us, by the name they know it by. */
export interface LooseFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const mostFiles = 2000;
const deepest = 6;

/** The files at the given paths, folders searched; hidden files and links are left alone. */
export function readLooseFiles(paths: readonly string[]): readonly LooseFile[] {
  const files = paths.flatMap(filesAt);
  if (files.length > mostFiles)
    throw new UserError(`${paths.join(', ')}: more than ${mostFiles} files; name the ones that matter`);
  return files.map(({ name, path }) => ({ name, bytes: readPlain(path) }));
}

interface Found {
  readonly name: string;
  readonly path: string;
}

function filesAt(path: string): readonly Found[] {
  const found = orRefuse(
    () => statSync(path),
    ({ code }) => `${path}: ${code === 'ENOENT' ? 'no such file or folder' : `cannot be read: ${code}`}`,
  );
  return found.isDirectory() ? filesBelow(path, '', deepest) : [{ name: basename(path), path }];
}

function filesBelow(folder: string, above: string, depth: number): readonly Found[] {
  const entries = orRefuse(
    () => readdirSync(folder, { withFileTypes: true }),
    ({ code }) => `${folder}: cannot be read: ${code}`,
  );
  const seen = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = seen
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name: above + name, path: join(folder, name) }));
  const folders = depth === 0 ? [] : seen.filter((entry) => entry.isDirectory());
  const below = folders.flatMap(({ name }) => filesBelow(join(folder, name), `${above}${name}/`, depth - 1));
  return [...files, ...below];
}
