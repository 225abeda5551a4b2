import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { analyze } from '../../src/analyze.ts';
import { readBundle } from '../../src/capture/bundle.ts';
import { UserError } from '../../src/capture/user-error.ts';
import { seeded } from '../bench/seeded.ts';
import { damaged } from './damage.ts';
import { type Failure, held } from './fuzz.ts';

/** Lies beside each bundle: nothing that a bundle says may lead a reader here. */
const outside = 'text that no bundle holds';

type Entry = Record<string, unknown>;

/** What happens to bundles on their way: cut downloads, hands that meant well, hands that did not. */
const mishaps: readonly ((folder: string, entries: Entry[], below: (limit: number) => number) => void)[] = [
  // A file damaged, its sum no longer asked for.
  (folder, entries, below) => {
    const entry = some(entries, below);
    const path = join(folder, fileOf(entry));
    writeFileSync(path, damaged(readFileSync(path), below(1e9)));
    delete entry['sha256'];
    delete entry['bytes'];
  },
  (folder, entries, below) => truncateSync(join(folder, fileOf(some(entries, below))), below(200)),
  (folder, entries, below) => rmSync(join(folder, fileOf(some(entries, below)))),
  (folder, entries, below) => replaced(folder, some(entries, below), (path) => mkdirSync(path)),
  (folder, entries, below) =>
    replaced(folder, some(entries, below), (path) => symlinkSync(join(folder, '..', 'outside'), path)),
  (folder, entries, below) => {
    const home = dirname(join(folder, fileOf(some(entries, below))));
    rmSync(home, { recursive: true });
    symlinkSync(join(folder, '..'), home);
  },
  (_, entries, below) => {
    some(entries, below)['file'] = pick(
      [
        '../outside',
        '/etc/hostname',
        'client/../../outside',
        'C:\\outside',
        '\\\\host\\share',
        '.',
        '',
        'a\0b',
        '..\\outside',
      ],
      below,
    );
  },
  (_, entries, below) => {
    const entry = some(entries, below);
    entry[pick([...Object.keys(entry), '__proto__', 'constructor'], below)] = pick(
      [null, -1, 1e308, true, '', 'x', [], {}, ['x'], 'azure', 'client', 'arm', 'utf-16le', 'no-such-encoding'],
      below,
    );
  },
  (_, entries, below) => {
    entries.push({ ...some(entries, below) });
  },
  (_, entries, below) => {
    entries.splice(below(entries.length), 1 + below(3));
  },
];

/** One bundle, hurt on disk and read. Undefined: it was read or refused in words, and nothing beside it was read. */
export function tryBundle(seed: number, original: string): Failure | undefined {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const room = mkdtempSync(join(tmpdir(), 'onlink-fuzz-'));
  try {
    const folder = join(room, 'bundle');
    cpSync(original, folder, { recursive: true });
    writeFileSync(join(room, 'outside'), outside);
    hurt(folder, below);
    return held(seed, `bundle ${original}`, 1_000_000, () => read(folder));
  } finally {
    rmSync(room, { recursive: true });
  }
}

function hurt(folder: string, below: (limit: number) => number): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { artifacts: Entry[] };
  for (let count = 1 + below(3); count > 0; count -= 1) {
    if (unhurt(manifest.artifacts).length > 0) attempt(() => pick(mishaps, below)(folder, manifest.artifacts, below));
  }
  const text = new TextEncoder().encode(JSON.stringify(manifest));
  writeFileSync(path, below(4) === 0 ? damaged(text, below(1e9)) : text);
}

// A second mishap may find its file gone by the first: then it does nothing.
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function read(folder: string): void {
  try {
    const capture = readBundle(folder);
    const strayed = capture.artifacts.find(
      ({ outcome }) => outcome.kind === 'answered' && new TextDecoder().decode(outcome.bytes) === outside,
    );
    if (strayed !== undefined) throw new Error(`${strayed.id} was read from beside the bundle`);
    analyze(capture);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!error.message.startsWith(folder)) throw new Error(`the refusal does not name the bundle: ${error.message}`);
  }
}

function replaced(folder: string, entry: Entry, place: (path: string) => void): void {
  const path = join(folder, fileOf(entry));
  rmSync(path);
  place(path);
}

const fileOf = (entry: Entry): string => String(entry['file']);

const some = (entries: readonly Entry[], below: (limit: number) => number): Entry => pick(unhurt(entries), below);

/** Entries whose file is still named as it was: of another name the fuzzer would hurt what is not its own. */
const unhurt = (entries: readonly Entry[]): readonly Entry[] =>
  entries.filter(({ file }) => typeof file === 'string' && /^(client|azure)\/[^/\\]+$/.test(file));

function pick<T>(items: readonly T[], below: (limit: number) => number): T {
  const item = items[below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** The bundles of the scenarios, as folders. */
export function bundleFolders(home: string): readonly string[] {
  return readdirSync(home).map((name) => join(home, name, 'bundle'));
}
