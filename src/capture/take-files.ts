import type { Artifact, Unanswered } from '../facts/capture.ts';
import { type Asking, unanswered, within } from './ask.ts';
import type { FilePlace, FileQuestion } from './client-files.ts';
import { withoutSecrets } from './secrets.ts';

const patienceMs = 5000;

/** The files a VPN client keeps, each an artifact. Looked for and not found at all: one artifact that says `absent`. */
export async function takeFiles(asking: Asking, { source, places }: FileQuestion): Promise<readonly Artifact[]> {
  const found = await Promise.all(places.map((place) => filesAt(asking, source, place)));
  const files = found.flatMap((at) => at.files);
  const closed = found
    .flatMap(({ why }) => why ?? [])
    .map((outcome, index): Artifact => {
      const id = index === 0 ? source : `${source}:closed-${index + 1}`;
      return { id, source, half: 'client', outcome };
    });
  if (files.length + closed.length > 0) return [...files, ...closed];
  const searched = found.map(({ folder }) => folder).filter((folder) => folder !== '');
  const absent = unanswered('absent', `none in ${[...new Set(searched)].join(', ')}`);
  return [{ id: source, source, half: 'client', outcome: absent }];
}

interface FilesAt {
  readonly folder: string;
  readonly files: readonly Artifact[];
  readonly why?: Unanswered;
}

async function filesAt(
  { ports }: Asking,
  source: string,
  { folder: [start = '', ...rest], names, depth }: FilePlace,
): Promise<FilesAt> {
  const root = ports.places[start as keyof typeof ports.places];
  if (root === undefined) return { folder: '', files: [] };
  const folder = [root, ...rest].join(ports.platform === 'windows' ? '\\' : '/');
  const found = await within(patienceMs, folder, ports.list(folder, names, depth));
  if ('kind' in found) return { folder, files: [], why: found };
  const files = found.paths.map(async (path): Promise<Artifact> => {
    const bytes = await within(patienceMs, path, ports.readFile(path));
    const id = `${source}:${start}${path.slice(root.length).replaceAll('\\', '/')}`;
    return { id, source, half: 'client', outcome: outcomeOf(source, bytes) };
  });
  return { folder, files: await Promise.all(files), ...(found.closed !== undefined && { why: found.closed }) };
}

function outcomeOf(source: string, bytes: Uint8Array | Unanswered): Artifact['outcome'] {
  if ('kind' in bytes) return bytes;
  return { kind: 'answered', bytes: withoutSecrets(source, bytes), exitCode: null };
}
