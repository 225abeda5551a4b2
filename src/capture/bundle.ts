import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact, Capture } from '../facts/capture.ts';
import { openBundle } from './bundle-writer.ts';
import { concurrently } from './concurrently.ts';
import { orRefuse, readInside } from './inside.ts';
import { type ManifestEntry, parseManifest } from './manifest.ts';
import { withoutSecrets } from './secrets.ts';
import { sha256 as hashOf } from './sha256.ts';
import { UserError } from './user-error.ts';

/** The name that makes a folder a bundle. */
const manifestName = 'manifest.json';

/** A bundle folder as the capture it holds. A folder that is damaged, or leads out of itself, is a `UserError`. */
export function readBundle(path: string): Capture {
  const manifest = parseManifest(textOf(readManifest(path)), join(path, manifestName));
  const ids = idsOf(manifest.artifacts);
  const artifacts = manifest.artifacts.map((entry, index) => readArtifact(path, entry, ids[index] ?? entry.source));
  const notes = [...(manifest.notes ?? []), ...(manifest.partial === true ? [cutShort] : [])];
  return {
    takenAt: manifest.takenAt ?? null,
    platform: manifest.platform,
    artifacts,
    ...(manifest.azureTakenAt !== undefined && { azureTakenAt: manifest.azureTakenAt }),
    ...(notes.length > 0 && { notes }),
    ...(manifest.request !== undefined && { request: manifest.request }),
  };
}

const cutShort =
  'The capture was cut short before it was finished: what it lacks was not asked, which is no sign of health.';

/** Writes a whole capture as a new bundle folder, secrets left out. */
export async function writeBundle(path: string, capture: Capture, tool: string): Promise<void> {
  const writer = await openBundle(path, capture, tool);
  await concurrently(16, capture.artifacts, (artifact) => writer.add(artifact));
  await writer.finish(capture);
}

function readManifest(path: string): Uint8Array {
  const found = orRefuse(
    () => statSync(path),
    ({ code }) => `${path}: ${code === 'ENOENT' ? 'no such folder' : `cannot be read: ${code}`}`,
  );
  if (!found.isDirectory()) throw new UserError(`${path}: a bundle is a folder with a ${manifestName}`);
  return readInside(path, manifestName);
}

// Windows PowerShell 5.1 writes UTF-16 when a manifest is made by hand with `>`.
function textOf(bytes: Uint8Array): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** Ids as written; where one lacks, the source and what it aimed at, numbered where that is not unique. */
function idsOf(entries: readonly ManifestEntry[]): readonly string[] {
  const taken = new Set(entries.flatMap(({ id }) => id ?? []));
  return entries.map(({ id, source, target }, index) => {
    if (id !== undefined) return id;
    const stem = source === 'arm' ? `arm:${String(index + 1).padStart(3, '0')}` : targeted(source, target);
    const free = unused(stem, taken);
    taken.add(free);
    return free;
  });
}

function targeted(source: string, target: string | undefined): string {
  return target === undefined ? source : `${source}:${target}`;
}

function unused(stem: string, taken: ReadonlySet<string>): string {
  if (!taken.has(stem)) return stem;
  for (let count = 2; ; count += 1) if (!taken.has(`${stem}#${count}`)) return `${stem}#${count}`;
}

function readArtifact(folder: string, entry: ManifestEntry, id: string): Artifact {
  const { file, bytes: _bytes, sha256: _sha256, exitCode, unanswered, ...described } = entry;
  if (unanswered !== undefined) return { ...described, id, outcome: { kind: 'unanswered', ...unanswered } };
  const raw = readInside(folder, file ?? '');
  checkIntegrity(folder, entry, raw);
  const bytes = withoutSecrets(entry.source, raw, entry.encoding);
  return { ...described, id, outcome: { kind: 'answered', bytes, exitCode: exitCode ?? null } };
}

function checkIntegrity(folder: string, { file, bytes, sha256 }: ManifestEntry, raw: Uint8Array): void {
  if (bytes !== undefined && raw.length < bytes) {
    throw new UserError(`${folder}: "${file}" is truncated: ${raw.length} of ${bytes} bytes`);
  }
  const same = sha256 === undefined || hashOf(raw) === sha256.toLowerCase();
  if (same && (bytes === undefined || raw.length === bytes)) return;
  throw new UserError(
    `${folder}: "${file}" was changed after it was captured (if that was meant, take "sha256" and "bytes" out of its entry in ${manifestName})`,
  );
}
