import { type BundleWriter, openBundle } from '../capture/bundle-writer.ts';
import { interruption } from './interruption.ts';
import { toolName } from './version.ts';

/** Begins the bundle of a capture of this machine; refused at once, before anything is asked, where it can't be. */
export async function newBundle(directory: string): Promise<BundleWriter> {
  // From before the first file is written: what is left behind then is whole, and marked as partial.
  const stop = interruption();
  const platform = process.platform === 'win32' ? 'windows' : 'linux';
  const bundle = await openBundle(directory, { takenAt: new Date().toISOString(), platform }, toolName);
  stop.throwIfAborted();
  return bundle;
}
