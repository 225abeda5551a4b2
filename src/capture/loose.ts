import type { Artifact, Capture, Platform } from '../facts/capture.ts';
import type { Problem } from '../facts/origin.ts';
import { decodeText } from '../sources/decode.ts';
import { recogniseSource } from '../sources/registry.ts';
import { isArmDocument } from './loose-arm.ts';
import { type LooseFile, readLooseFiles } from './loose-files.ts';
import { type Piece, piecesOf, targetOf } from './loose-text.ts';
import { filesOfZip, isZip } from './loose-zip.ts';
import { withOwnIds } from './own-ids.ts';
import { textWithoutSecrets, withoutSecrets } from './secrets.ts';

/** What could be made of files without a manifest, and what could not. */
export interface LooseReading {
  readonly capture: Capture;
  /** A piece of text that no source knows: its first line, and where it stands. */
  readonly problems: readonly Problem[];
}

/** Reads files and folders as people paste them in tickets: each piece is recognised by its content, whatever its name. */
export function readLoose(paths: readonly string[]): LooseReading {
  const read = readLooseFiles(paths).flatMap((file) => (isZip(file.bytes) ? readZip(file) : readFile(file)));
  const artifacts = withOwnIds(read.flatMap((one) => ('source' in one ? one : [])));
  return {
    capture: { takenAt: null, platform: platformOf(artifacts), artifacts },
    problems: read.flatMap((one) => ('why' in one ? one : [])),
  };
}

function readZip(file: LooseFile): readonly (Artifact | Problem)[] {
  const { files, refused } = filesOfZip(file);
  return [...files.flatMap(readFile), ...refused.map((why) => problemOf(file, '', why))];
}

function readFile(file: LooseFile): readonly (Artifact | Problem)[] {
  const { text, encoding } = decodeText(file.bytes);
  if (isBinary(text)) return [problemOf(file, '', 'a binary file that is no profile package')];
  if (text.trim() === '') return [problemOf(file, '', 'an empty file')];
  const pieces = piecesOf(text);
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined && only.text === text) return [wholeFile(file, text, encoding)];
  const read = pieces.map((piece) => pieceOf(file, piece));
  if (read.some((one) => 'source' in one)) return read;
  // Cut where nothing ends: perhaps the whole is something after all.
  const whole = wholeFile(file, text, encoding);
  return 'source' in whole ? [whole] : read;
}

/** A file that holds one output, undamaged: its own bytes, so that evidence quotes what was handed in. */
function wholeFile(file: LooseFile, text: string, encoding: string): Artifact | Problem {
  const source = sourceOfText(text);
  if (source === undefined) return unknownText(file, text);
  const bytes = withoutSecrets(source, file.bytes, encoding);
  return {
    ...described(file, source),
    ...(encoding !== 'utf-8' && { encoding }),
    outcome: { kind: 'answered', bytes, exitCode: null },
  };
}

function pieceOf(file: LooseFile, { text, argv }: Piece): Artifact | Problem {
  const source = sourceOfText(text);
  if (source === undefined) return unknownText(file, text);
  const bytes = withoutSecrets(source, new TextEncoder().encode(text), 'utf-8');
  const target = targetOf(argv);
  return {
    ...described(file, source),
    ...(argv !== undefined && { argv: textWithoutSecrets(argv.join(' ')).split(' ') }),
    ...(target !== undefined && traces.has(source) && { target }),
    outcome: { kind: 'answered', bytes, exitCode: null },
  };
}

const traces: ReadonlySet<string> = new Set(['windows-tracert', 'linux-traceroute', 'linux-tracepath', 'mtr-json']);

/** The public name of the source that would know such a text. */
function sourceOfText(text: string): string | undefined {
  return isArmDocument(text) ? 'arm' : recogniseSource(text)?.id;
}

// A profile that lies among the files was handed out to somebody: it is the client's half.
function described({ name }: LooseFile, source: string): Pick<Artifact, 'id' | 'source' | 'half'> {
  return { id: name, source, half: source === 'arm' ? 'azure' : 'client' };
}

function unknownText(file: LooseFile, text: string): Problem {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.trim() !== '');
  const first = textWithoutSecrets((lines[at] ?? '').trim()).slice(0, 200);
  return {
    ...problemOf(file, first, 'not recognised as the output or file of any source'),
    origin: { artifact: file.name, line: at + 1 },
  };
}

function problemOf(file: LooseFile, text: string, why: string): Problem {
  return { origin: { artifact: file.name }, text, why };
}

function isBinary(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  const odd = text.slice(0, 4096).match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0;
  return odd * 20 > Math.min(text.length, 4096);
}

const onWindows = /^(?:windows-|cmroute-)/;
const onLinux = /^(?:linux-|mtr-|strongswan-)/;

/** The system most of the client's outputs are of; Windows, which most of these clients run, where none tells. */
export function platformOf(artifacts: readonly Artifact[]): Platform {
  const count = (pattern: RegExp) =>
    artifacts.filter(({ source, half }) => half === 'client' && pattern.test(source)).length;
  const tablesAlone = artifacts.some(({ source }) => source === 'netstat-routes') ? 0.5 : 0;
  return count(onLinux) + tablesAlone > count(onWindows) ? 'linux' : 'windows';
}
