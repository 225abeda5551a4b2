import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect as vitestExpect } from 'vitest';

/*
 * Stands where a test file imports `vitest` from while mutants are tried: the tests are collected and then run one at a
 * time in this very process, thousands of times. What they claim is checked by Vitest's own `expect`.
 */
/** Vitest's own; only the files of its snapshots, which need a run of Vitest's, are compared here. */
export const expect = new Proxy(vitestExpect, {
  apply: (target, self, given: readonly unknown[]) => {
    const assertion: object = Reflect.apply(target, self, [...given]);
    return new Proxy(assertion, {
      get: (on, key) =>
        key === 'toMatchFileSnapshot' ? (file: string) => sameAs(file, given[0]) : Reflect.get(on, key, on),
    });
  },
});

function sameAs(file: string, told: unknown): void {
  if (told !== readFileSync(file, 'utf8')) throw new Error(`not as in ${file}`);
}

type Body = (...given: readonly unknown[]) => unknown;
type Declare = (name: unknown, ...rest: readonly unknown[]) => void;

/** One test that was declared: its full name, and what it does. */
export interface Declared {
  readonly name: string;
  readonly run: () => unknown;
}

export const declared: Declared[] = [];
const above: string[] = [];
/** What is to be done around every test of the file that is being loaded. */
let before: readonly Body[] = [];
let after: readonly Body[] = [];

/** Vitest's own, for a whole file: no test file here has them within a group. */
export function beforeEach(body: Body): void {
  before = [...before, body];
}

export function afterEach(body: Body): void {
  after = [...after, body];
}

const bodyOf = (rest: readonly unknown[]) => rest.find((one): one is Body => typeof one === 'function');
const named = (name: unknown, row: readonly unknown[]) =>
  String(name).replace(/%[sij]|\$\w+/g, () => row.slice(0, 2).map(String).join(', ').slice(0, 60));

function declare(name: unknown, ...rest: readonly unknown[]): void {
  const body = bodyOf(rest);
  const around = { before, after };
  if (body !== undefined)
    declared.push({ name: [...above, String(name)].join(' > '), run: () => between(around, body) });
}

interface Around {
  readonly before: readonly Body[];
  readonly after: readonly Body[];
}

async function between(around: Around, body: Body): Promise<void> {
  for (const first of around.before) await first();
  try {
    await body();
  } finally {
    for (const last of around.after) await last();
  }
}

function group(name: unknown, ...rest: readonly unknown[]): void {
  above.push(String(name));
  bodyOf(rest)?.();
  above.pop();
}

/** `.each`, `.runIf` and `.skipIf` of a way to declare something. */
function withVariants(plain: Declare) {
  const none: Declare = () => undefined;
  return Object.assign(plain, {
    each:
      (rows: readonly unknown[]): Declare =>
      (name, ...rest) => {
        const body = bodyOf(rest);
        for (const row of rows) {
          const given = Array.isArray(row) ? row : [row];
          plain(named(name, given), () => body?.(...given));
        }
      },
    runIf: (is: unknown): Declare => (is ? plain : none),
    skipIf: (is: unknown): Declare => (is ? none : plain),
  });
}

export const test = withVariants(declare);
export const it = withVariants(declare);
export const describe = withVariants(group);

/** Loads a test file; what it declares is in `declared` afterwards. */
export async function load(file: URL): Promise<void> {
  above.push(fileURLToPath(file).split('/').slice(-2).join('/'));
  [before, after] = [[], []];
  await import(file.href);
  above.pop();
}
