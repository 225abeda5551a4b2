import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { generatedDocs, orphanedPages } from '../../scripts/docs.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const committed = (path: string): string | undefined => {
  try {
    return readFileSync(root + path, 'utf8');
  } catch {
    return undefined;
  }
};

test('pages of causes, rights, man page and the table in the README are as `npm run docs` writes them', () => {
  const stale = [...generatedDocs(committed('README.md') ?? '')]
    .filter(([path, text]) => committed(path) !== text)
    .map(([path]) => path);
  expect(stale, 'stale: run `npm run docs`').toEqual([]);
  expect(orphanedPages(), 'pages of causes that are gone: run `npm run docs`').toEqual([]);
});
