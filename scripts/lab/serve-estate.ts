import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { scratch } from './enclosure.ts';
import { type EstateFlags, estateOf } from './estate.ts';
import { LabError, poll, run, startDaemon } from './hosts.ts';

/** The bearer token that the lab's ARM wants; it opens nothing else. */
export const accessToken = 'lab-token';

/** Where the lab's ARM listens, and whom to trust for it. */
export type Arm = { readonly endpoint: string; readonly caFile: string };

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const log = `${scratch}/arm.json`;

export async function serveEstate(flags: EstateFlags): Promise<unknown> {
  const { startEmulator } = await import('../arm-emulator/emulator.ts');
  return startEmulator({ estate: estateOf(flags), token: accessToken });
}
export async function startEstate(name: string): Promise<Arm> {
  startDaemon('client', [process.execPath, main, '--inside', 'estate', name], log);
  throw new LabError(`not yet ${String(readFile)} ${String(poll)} ${String(run)}`);
}
