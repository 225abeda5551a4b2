import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyze, readCapture } from '../../src/analyze.ts';
import { readTopology } from '../../src/azure/translate.ts';
import { piecesOf } from '../../src/capture/loose-text.ts';
import { parseManifest } from '../../src/capture/manifest.ts';
import { UserError } from '../../src/capture/user-error.ts';
import type { Artifact, Capture } from '../../src/facts/capture.ts';
import { decodeText } from '../../src/sources/decode.ts';
import { readProfileZip } from '../../src/sources/profile-zip.ts';
import { recogniseSource, sources } from '../../src/sources/registry.ts';
import { damaged } from './damage.ts';

/** What one round did wrong, with what is needed to have it again. */
export interface Failure {
  readonly seed: number;
  readonly target: string;
  readonly what: string;
}

/** Everything that reads what others wrote, by name. Each takes bytes and may refuse them, but never throws. */
export const targets: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
  ...Object.fromEntries(
    sources.map(({ id, parse, recognise }) => [
      id,
      (bytes: Uint8Array) => {
        const { text } = decodeText(bytes);
        parse(text, { artifact: 'a' });
        recognise?.(text);
      },
    ]),
  ),
  arm: (bytes) => {
    readTopology([armArtifact(bytes)]);
  },
  zip: (bytes) => {
    readProfileZip(bytes);
  },
  loose: (bytes) => {
    for (const { text } of piecesOf(decodeText(bytes).text)) recogniseSource(text);
  },
  manifest: (bytes) => {
    try {
      parseManifest(new TextDecoder().decode(bytes), 'manifest.json');
    } catch (error) {
      // Its way of saying what is wrong with a file.
      if (!(error instanceof UserError)) throw error;
    }
  },
};

export const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** The real texts there are: the parsers' fixtures by source, and the bundles' files. */
export function corpus(): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  return filesBelow(fixtures).map((path) => ({ name: path.slice(fixtures.length), bytes: readFileSync(path) }));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}

/** One damaged text to one reader. Undefined: it held. */
export function tryReader(seed: number, target: string, original: Uint8Array): Failure | undefined {
  const bytes = damaged(original, seed);
  const read = targets[target];
  return held(seed, target, bytes.length, () => read?.(bytes));
}

/** The scenario bundles as captures, read once. */
export function scenarioCaptures(): readonly { readonly name: string; readonly capture: Capture }[] {
  const home = join(fixtures, 'scenarios');
  return readdirSync(home).flatMap((name) => {
    const folder = join(home, name, 'bundle');
    const manifest = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'), name);
    const artifacts = manifest.artifacts.map((entry, index): Artifact => {
      const { id = `${entry.source}#${index}`, source, half, operation, resource, target, argv } = entry;
      return {
        id,
        source,
        half,
        ...(operation !== undefined && { operation }),
        ...(resource !== undefined && { resource }),
        ...(target !== undefined && { target }),
        ...(argv !== undefined && { argv }),
        outcome:
          entry.file === undefined
            ? { kind: 'unanswered', status: null, code: 'timeout', message: '' }
            : { kind: 'answered', bytes: readFileSync(join(folder, entry.file)), exitCode: 0 },
      };
    });
    return [{ name, capture: { takenAt: null, platform: manifest.platform, artifacts } }];
  });
}

/** A whole analysis of a capture one or two of whose artifacts were damaged. */
export function tryAnalysis(seed: number, name: string, capture: Capture): Failure | undefined {
  const first = seed % capture.artifacts.length;
  const second = (seed * 7 + 3) % capture.artifacts.length;
  const artifacts = capture.artifacts.map((artifact, index): Artifact => {
    const { outcome } = artifact;
    if (outcome.kind !== 'answered' || (index !== first && index !== second)) return artifact;
    return { ...artifact, outcome: { ...outcome, bytes: damaged(outcome.bytes, seed + index) } };
  });
  const hurt = { ...capture, artifacts };
  return held(seed, `analyze ${name}`, 1_000_000, () => {
    readCapture(hurt);
    const diagnosis = analyze(hurt);
    for (const { code, evidence } of diagnosis.findings)
      if (evidence.length === 0) throw new Error(`${code} cites nothing`);
  });
}

// A second for each megabyte, and for less of it as much as for one: a first call is compiled on the way.
export function held(seed: number, target: string, size: number, run: () => void): Failure | undefined {
  const began = performance.now();
  try {
    run();
  } catch (error) {
    return { seed, target, what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const ms = performance.now() - began;
  const limit = 1000 * Math.max(1, size / 1_000_000);
  return ms > limit ? { seed, target, what: `took ${ms.toFixed(0)} ms for ${size} bytes` } : undefined;
}

function armArtifact(bytes: Uint8Array): Artifact {
  return { id: 'arm:1', source: 'arm', half: 'azure', outcome: { kind: 'answered', bytes, exitCode: null } };
}
