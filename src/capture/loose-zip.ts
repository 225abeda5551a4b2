import { readProfileZip } from '../sources/profile-zip.ts';
import type { LooseFile } from './loose-files.ts';

/** PK\x03\x04, or PK\x05\x06 of an empty archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** The profile files of a downloaded package, named after it, and in words what of it was refused. */
export function filesOfZip({ name, bytes }: LooseFile): {
  readonly files: readonly LooseFile[];
  readonly refused: readonly string[];
} {
  const { entries, problems } = readProfileZip(bytes);
  return { files: entries.map((entry) => ({ name: `${name}/${entry.name}`, bytes: entry.bytes })), refused: problems };
}
