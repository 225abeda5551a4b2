import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type Declared, declared, load } from './suite.ts';

/*
 * One process that tries mutants: `node worker.ts FOLDER TEST-FILE…`, in a folder where the code holds all of its mutants. It first
 * runs every test with none alive, to see which mutants each test comes by, and tells `Ready`; then it gets the number
 * of a mutant and tells its `Fate`, again and again. A mutant that never ends is the parent's to notice.
 */

/** What a worker tells once. */
export interface Ready {
  readonly kind: 'ready';
  readonly tests: number;
  /** Mutants that some test comes by. */
  readonly reached: readonly number[];
  /** Mutants that only the loading of the code comes by: too late to wake them. */
  readonly loaded: readonly number[];
}

/** What became of a mutant: the test that noticed it, if any did. */
export interface Fate {
  readonly kind: 'fate';
  readonly id: number;
  readonly killedBy: string | undefined;
}

const scope = globalThis as unknown as { isMutant: (id: number) => boolean; mutantRun: number };
let alive = 0;
let seen = new Set<number>();
scope.isMutant = (id) => {
  seen.add(id);
  return id === alive;
};
// What was worked out under one mutant must not be remembered under the next: `once` in the folder looks at this.
scope.mutantRun = 0;

const [folder = '', ...files] = process.argv.slice(2);
const suite = new URL('./suite.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vitest' && context.parentURL !== suite
      ? { url: suite, shortCircuit: true }
      : next(specifier, context),
});
for (const file of files) await load(new URL(file, `${pathToFileURL(folder).href}/`));

const loaded = seen;
const testsOf = new Map<number, { readonly test: Declared; readonly ms: number }[]>();
for (const test of declared) {
  seen = new Set();
  const began = performance.now();
  await attempt(test);
  const ms = performance.now() - began;
  for (const id of seen) {
    const known = testsOf.get(id);
    if (known === undefined) testsOf.set(id, [{ test, ms }]);
    else known.push({ test, ms });
  }
}
for (const tests of testsOf.values()) tests.sort((a, b) => a.ms - b.ms);
// From here on nobody looks at what is seen.
scope.isMutant = (id) => id === alive;

async function attempt({ run }: Declared): Promise<void> {
  scope.mutantRun += 1;
  await run();
}

async function fateOf(id: number): Promise<Fate> {
  alive = id;
  for (const { test } of testsOf.get(id) ?? []) {
    try {
      await attempt(test);
    } catch {
      return { kind: 'fate', id, killedBy: test.name };
    }
  }
  return { kind: 'fate', id, killedBy: undefined };
}

process.on('message', (id: number) => {
  void fateOf(id).then((fate) => process.send?.(fate));
});
const reached = [...testsOf.keys()];
process.send?.({
  kind: 'ready',
  tests: declared.length,
  reached,
  loaded: [...loaded].filter((id) => !testsOf.has(id)),
} satisfies Ready);
