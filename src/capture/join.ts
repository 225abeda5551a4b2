import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Capture } from '../facts/capture.ts';
import { readBundle } from './bundle.ts';
import { checkClients, kinship, timeApart } from './halves.ts';
import { platformOf, readLoose } from './loose.ts';
import { withOwnIds } from './own-ids.ts';
import { UserError } from './user-error.ts';

/**
 * The capture at the given paths: a bundle, the bundles of two halves, folders or files as people paste them, profile
 * packages, in any mixture. The one door for everything that is replayed.
 */
export function openCapture(paths: readonly string[]): Capture {
  if (paths.length === 0) throw new UserError('nothing to replay: name a bundle, a folder or files');
  const kinds = paths.map(bundleAt);
  const bundles = kinds.flatMap((folder) => (folder === undefined ? [] : [readBundle(folder)]));
  const loose = paths.filter((_, index) => kinds[index] === undefined);
  const rest = loose.length === 0 ? [] : [openLoose(loose, bundles.length > 0)];
  return joinCaptures([...bundles, ...rest]);
}

/** One capture of several parts. Two clients' halves are refused; what makes the parts doubtful together is noted. */
export function joinCaptures(parts: readonly Capture[]): Capture {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const client = checkClients(parts);
  const azure = parts.filter((part) => part !== client && part.artifacts.some(({ half }) => half === 'azure'));
  const artifacts = withOwnIds(parts.flatMap((part) => part.artifacts));
  const taken = client?.takenAt ?? azure[0]?.takenAt ?? null;
  const azureTaken = azure.find(({ takenAt }) => takenAt !== null && takenAt !== taken)?.takenAt ?? undefined;
  // What the person on the laptop asked for; that a half was taken by itself was no wish to leave the other out.
  const { azure: _azure, ...request } = client?.request ?? {};
  const notes = [
    ...parts.flatMap((part) => part.notes ?? []),
    ...kinship(artifacts, client?.platform ?? platformOf(artifacts)),
    ...timeApart(taken, azureTaken),
  ];
  return {
    takenAt: taken,
    platform: client?.platform ?? platformOf(artifacts),
    artifacts,
    ...(azureTaken !== undefined && { azureTakenAt: azureTaken }),
    ...(notes.length > 0 && { notes }),
    ...(Object.keys(request).length > 0 && { request }),
  };
}

/** The bundle folder at a path: the folder itself, or that of a manifest somebody named. */
function bundleAt(path: string): string | undefined {
  if (basename(path) === 'manifest.json') return dirname(path);
  return existsSync(join(path, 'manifest.json')) ? path : undefined;
}

function openLoose(paths: readonly string[], beside: boolean): Capture {
  const { capture, problems } = readLoose(paths);
  const notes = problems.map(({ origin, text, why }) => {
    const where = 'line' in origin ? `${origin.artifact}, line ${origin.line}` : origin.artifact;
    return `${where}: ${why}${text === '' ? '' : `: ${JSON.stringify(text)}`}`;
  });
  if (capture.artifacts.length === 0 && !beside) {
    throw new UserError(
      `${paths.join(', ')}: nothing here is recognised\n${notes.map((note) => `  ${note}`).join('\n')}`,
    );
  }
  return { ...capture, ...(notes.length > 0 && { notes }) };
}
