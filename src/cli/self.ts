import { isSea } from 'node:sea';

/** How this program starts itself anew: the runtime and the main file, or the one executable. */
export function selfCommand(): readonly [string, ...string[]] {
  const main = process.argv[1];
  return isSea() || main === undefined ? [process.execPath] : [process.execPath, ...process.execArgv, main];
}
