// Not for browsers only: the other entrance loads workers, which nothing here needs.
import { unzipSync } from 'fflate/browser';

/** A known file of a profile package, unpacked. */
interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The known files of a package, and what of it was refused or left aside, in words. */
export interface ProfileZip {
  readonly entries: readonly ZipEntry[];
  readonly problems: readonly string[];
}

// A real package holds a dozen files, the ones we read a few kilobytes each; the installers are never unpacked.
const mostFiles = 1000;
const mostBytes = 4_000_000;
const mostBytesOfAll = 16_000_000;
const mostRatio = 200;

const known = /(^|\/)(VpnSettings\.xml|azurevpn[^/]*\.xml|[^/]+\.ovpn|routes\.txt|[^/]+\.pbk|[^/]+\.ps1)$/i;

/**
 * Reads the profile files of a downloaded VPN client package, or the files of another name that is asked for, in memory
 * and within bounds. Never throws.
 */
export function readProfileZip(bytes: Uint8Array, asked: RegExp = known): ProfileZip {
  const problems: string[] = [];
  // PK\x03\x04, or the end record of an empty archive
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return { entries: [], problems: ['not a zip archive'] };
  let files = 0;
  let total = 0;
  const wanted = (name: string, size: number, packed: number): boolean => {
    files += 1;
    if (files === mostFiles + 1) problems.push(`more than ${mostFiles} files in the archive: the rest was not read`);
    if (files > mostFiles || name.endsWith('/')) return false;
    const refusal = refusalOf(name, { size, packed, total }, asked);
    if (refusal === undefined) total += size;
    else if (refusal !== '') problems.push(`${printable(name)}: ${refusal}`);
    return refusal === undefined;
  };
  try {
    const unpacked = unzipSync(bytes, {
      filter: ({ name, originalSize, size }) => wanted(name, originalSize, size),
    });
    const entries = Object.entries(unpacked).map(([name, content]) => ({
      name: name.replaceAll('\\', '/'),
      bytes: content,
    }));
    if (entries.length === 0) problems.push('no file of a VPN client profile in the archive');
    return { entries, problems };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { entries: [], problems: [...problems, `the archive is damaged: ${why}`] };
  }
}

// Undefined: to be read. Empty: of no interest, and no word about it.
function refusalOf(
  name: string,
  { size, packed, total }: { readonly size: number; readonly packed: number; readonly total: number },
  asked: RegExp,
): string | undefined {
  const path = name.replaceAll('\\', '/');
  const isTrick =
    path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..') || path.includes('\0');
  if (isTrick) return 'its path leads out of the archive: refused';
  if (/\.(exe|msi|zip|cab)$/i.test(path)) return 'an installer or archive within the package: not opened';
  if (!known.test(path) && !asked.test(path)) return '';
  if (size > mostBytes || total + size > mostBytesOfAll) return 'larger than any profile file: refused';
  return size > packed * mostRatio + 1024 ? 'packed more tightly than any text: refused' : undefined;
}

function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
