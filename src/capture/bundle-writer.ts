import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artifact, Capture } from '../facts/capture.ts';
import { bundleFormat, type ManifestEntry, requestAsText } from './manifest.ts';
import { textWithoutSecrets, withoutSecrets } from './secrets.ts';
import { sha256 } from './sha256.ts';
import { UserError } from './user-error.ts';

/** A bundle being written. Until `finish` it is marked as partial, and holds what was added so far. */
export interface BundleWriter {
  readonly add: (artifact: Artifact) => Promise<void>;
  /** Takes the mark off. The finished capture gives the order of the artifacts, and what is known of the whole by now. */
  readonly finish: (capture: Capture) => Promise<void>;
}

/** Begins a new bundle in a folder that does not exist or holds none yet; an existing bundle is never overwritten. */
export async function openBundle(path: string, about: Omit<Capture, 'artifacts'>, tool: string): Promise<BundleWriter> {
  const entries: ManifestEntry[] = [];
  const names = new Set<string>();
  const partial = () => manifestText(about, tool, true, entries);
  await attempt(path, () => begin(path, partial()));
  const save = latestOnly(() => replace(path, partial()));
  const further = untilFailed((work) => attempt(path, work, leftBehind));
  return {
    add: (artifact) =>
      further(async () => {
        entries.push(await store(path, artifact, names));
        await save();
      }),
    finish: (capture) =>
      further(async () => {
        await save();
        await replace(path, manifestText(capture, tool, false, inOrderOf(capture, entries)));
      }),
  };
}

const leftBehind = ' (it holds what was written before, and is marked as partial)';

/** After the first failure nothing more is begun: a bundle with a hole in it must not come to be called finished. */
function untilFailed(run: (work: () => Promise<void>) => Promise<void>): typeof run {
  let failure: unknown;
  return async (work) => {
    if (failure !== undefined) throw failure;
    try {
      await run(work);
    } catch (error) {
      failure ??= error;
      throw failure;
    }
  };
}

// Concurrent answers arrive in any order; a replay should see them in that of the live run.
function inOrderOf(capture: Capture, entries: readonly ManifestEntry[]): readonly ManifestEntry[] {
  const place = new Map(capture.artifacts.map(({ id }, index) => [id, index]));
  const placeOf = ({ id }: ManifestEntry) => place.get(id ?? '') ?? place.size;
  return [...entries].sort((a, b) => placeOf(a) - placeOf(b));
}

// `wx`: of two runs into one folder the second is refused, and so is a folder that holds a bundle.
async function begin(path: string, manifest: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await writeWhole(join(path, 'manifest.json'), manifest, 'wx');
}

async function replace(path: string, manifest: string): Promise<void> {
  const beside = join(path, 'manifest.json.part');
  await writeWhole(beside, manifest, 'w');
  await rename(beside, join(path, 'manifest.json'));
}

/** Writes a file or leaves none: half of one, on a full disk, would pass for evidence. */
async function writeWhole(path: string, content: string | Uint8Array, flag: 'w' | 'wx'): Promise<void> {
  const file = await open(path, flag);
  try {
    await file.writeFile(content);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Runs `work` again for whoever asked while it ran, once for all of them: a manifest per artifact would cost their square. */
function latestOnly(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;
  const start = () => {
    waiting = undefined;
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (running === undefined) return start();
    waiting ??= running.then(start, start);
    return waiting;
  };
}

async function store(path: string, artifact: Artifact, names: Set<string>): Promise<ManifestEntry> {
  const { outcome, stderr, ...described } = artifact;
  const told = { ...described, ...(stderr !== undefined && { stderr: textWithoutSecrets(stderr) }) };
  if (outcome.kind === 'unanswered') {
    const { status, code, message } = outcome;
    return { ...told, unanswered: { status, code, message: textWithoutSecrets(message) } };
  }
  const bytes = withoutSecrets(artifact.source, outcome.bytes, artifact.encoding);
  const file = fileName(artifact, bytes, names);
  await mkdir(dirname(join(path, file)), { recursive: true });
  await writeWhole(join(path, file), bytes, 'wx');
  return {
    ...told,
    file,
    bytes: bytes.length,
    sha256: sha256(bytes),
    ...(outcome.exitCode !== null && { exitCode: outcome.exitCode }),
  };
}

/** A name that any disk takes: ASCII, unique without regard to case, and told apart by what it holds. */
function fileName({ id, half }: Artifact, bytes: Uint8Array, names: Set<string>): string {
  const stem = id.replace(half === 'azure' ? /^arm:/ : /^$/, '').replace(/[^A-Za-z0-9._-]+/g, '-');
  const safe = stem.replace(/^[.-]+|[.-]+$/g, '').slice(0, 100);
  const base = `${half}/${safe === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe) ? `artifact-${safe}` : safe}`;
  const extension = extensionOf(bytes);
  let name = `${base}${extension}`;
  for (let count = 2; names.has(name.toLowerCase()); count += 1) name = `${base}-${count}${extension}`;
  names.add(name.toLowerCase());
  return name;
}

function extensionOf(bytes: Uint8Array): string {
  const first = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart().charAt(0);
  if (first === '<') return '.xml';
  return first === '{' || first === '[' ? '.json' : '.txt';
}

function manifestText(
  { takenAt, platform, azureTakenAt, notes, request }: Omit<Capture, 'artifacts'>,
  tool: string,
  partial: boolean,
  artifacts: readonly ManifestEntry[],
): string {
  // What is undefined here JSON leaves out.
  const about = { takenAt, azureTakenAt, platform, tool, partial: partial || undefined, notes };
  const manifest = { format: bundleFormat, ...about, request: request && requestAsText(request) };
  return `${JSON.stringify({ ...manifest, artifacts }, null, 2)}\n`;
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'already holds a bundle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'no permission to write here',
  EPERM: 'no permission to write here',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'is not a folder',
};

async function attempt(path: string, work: () => Promise<void>, left = ''): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code === undefined) throw error;
    const file = await stat(path).then(
      (found) => (found.isDirectory() ? '' : 'is not a folder'),
      () => '',
    );
    throw new UserError(`${path}: ${file || (reasons[code] ?? `cannot be written: ${code}`)}${left}`);
  }
}
