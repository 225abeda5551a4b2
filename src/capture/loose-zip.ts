import { readProfileZip } from '../sources/profile-zip.ts';
import type { LooseFile } from './loose-files.ts';

/** PK\x03\x04, or PK\x05\x06 of an empty archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

// What people pack for a ticket. Not ._route.txt, which macOS packs along; certificates and installers tell no routes.
const texts =
  /^(?!__MACOSX\/)(?:.*\/)?[^./][^/]*\.(?:txt|log|json|xml|conf|out|csv|md)$|^(?!__MACOSX\/)(?:.*\/)?[^./]+$/i;

/** The profile files and outputs in an archive, named after it, and in words what of it was refused. */
export function filesOfZip({ name, bytes }: LooseFile): {
  readonly files: readonly LooseFile[];
  readonly refused: readonly string[];
} {
  const { entries, problems } = readProfileZip(bytes, texts);
  return { files: entries.map((entry) => ({ name: `${name}/${entry.name}`, bytes: entry.bytes })), refused: problems };
}
