import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { causes } from '../src/causes/index.ts';
import { manPage } from '../src/cli/man.ts';
import { program } from '../src/cli/program.ts';
import { version } from '../src/cli/version.ts';
import { causePage } from '../src/report/cause-page.ts';
import { rightsPage, roleDefinition } from '../src/report/rights-page.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Every generated file by its path in the project: what `npm run docs` writes, and a test compares. */
export function generatedDocs(readme: string): ReadonlyMap<string, string> {
  return new Map([
    ...causes.map((cause): [string, string] => [`docs/causes/${cause.code}.md`, causePage(cause)]),
    ['docs/rights.md', rightsPage(roleDefinition('SUBSCRIPTION-ID'))],
    ['docs/onlink.1', manPage(program(), version)],
    ['README.md', withCauseTable(readme)],
  ]);
}

/** Pages of causes that are no longer registered. */
export function orphanedPages(): readonly string[] {
  const known = new Set(causes.map(({ code }) => `${code}.md`));
  return readdirSync(`${root}docs/causes`)
    .filter((file) => !known.has(file))
    .map((file) => `docs/causes/${file}`);
}

const between = /(<!-- causes:begin[^\n]*-->\n)[\s\S]*?(<!-- causes:end -->)/;

function withCauseTable(readme: string): string {
  if (!between.test(readme))
    throw new Error('README.md has lost its markers <!-- causes:begin … --> and <!-- causes:end -->');
  const rows = causes
    .toSorted((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }))
    .map(
      ({ number, code, title, severity }) =>
        `| ${number} | [\`${code}\`](docs/causes/${code}.md) | ${title} | ${severity} |`,
    );
  const table = ['| | code | what it is | severity |', '|---|---|---|---|', ...rows, ''].join('\n');
  return readme.replace(between, (_, begin: string, end: string) => `${begin}${table}${end}`);
}

if (import.meta.main) {
  mkdirSync(`${root}docs/causes`, { recursive: true });
  for (const [path, text] of generatedDocs(readFileSync(`${root}README.md`, 'utf8'))) writeFileSync(root + path, text);
  for (const path of orphanedPages()) rmSync(root + path);
}
