import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Mutant, mutate } from './mutants.ts';

/** A copy of the project in which some files hold all of their mutants. */
export interface Workshop {
  readonly folder: string;
  /** Mutants by file, as the checkout names it. */
  readonly mutants: ReadonlyMap<string, readonly Mutant[]>;
  readonly close: () => void;
}

const copied = ['src', 'test', 'scripts', 'package.json'];
const linked = ['fixtures', 'node_modules', 'schema', 'docs'];

/** Sets up the copy, with every TypeScript file below the given paths mutated. */
export function openWorkshop(paths: readonly string[]): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'onlink-mutate-'));
  for (const name of copied) cpSync(name, join(folder, name), { recursive: true });
  for (const name of linked) symlinkSync(resolve(name), join(folder, name));
  forgetBetweenRuns(join(folder, 'src/facts/once.ts'));
  const mutants = new Map<string, readonly Mutant[]>();
  let next = 1;
  for (const file of paths.flatMap(filesBelow)) {
    const mutated = mutate(file, readFileSync(file, 'utf8'), next);
    writeFileSync(join(folder, file), mutated.code);
    mutants.set(file, mutated.mutants);
    next += mutated.mutants.length;
  }
  return { folder, mutants, close: () => rmSync(folder, { recursive: true, force: true }) };
}

function filesBelow(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(path, name));
}

// An answer that is kept for an object would outlive the mutant that gave it.
function forgetBetweenRuns(file: string): void {
  const text = readFileSync(file, 'utf8');
  const kept = text
    .replace(/const known = (new WeakMap<[^(]*\(\));/, 'let known = $1; let run = globalThis.mutantRun;')
    .replace(
      'return (key) => {',
      'return (key) => { if (run !== globalThis.mutantRun) { known = new WeakMap(); run = globalThis.mutantRun; }',
    );
  if (!kept.includes('let run') || !kept.includes('if (run')) throw new Error(`${file} is not as it was: look at it`);
  writeFileSync(file, kept);
}
