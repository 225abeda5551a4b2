import { openBundle } from '../capture/bundle-writer.ts';
import { interruption } from './interruption.ts';
import { captureLive } from './live.ts';
import type { LiveOptions } from './live-options.ts';
import { toolName } from './version.ts';

export interface CaptureOptions extends LiveOptions {
  readonly half?: 'client' | 'azure';
}

/** `onlink capture DIR [--half client|azure]`: raw evidence only, written as it comes. */
export async function captureCommand(directory: string, options: CaptureOptions): Promise<void> {
  // From before the first file is written: what is left behind then is whole, and marked as partial.
  const stop = interruption();
  const platform = process.platform === 'win32' ? 'windows' : 'linux';
  const bundle = await openBundle(directory, { takenAt: new Date().toISOString(), platform }, toolName);
  stop.throwIfAborted();
  const halves = options.half === undefined ? (['client', 'azure'] as const) : ([options.half] as const);
  const capture = await captureLive(options, { halves, keep: bundle.add });
  await bundle.finish(capture);
  const unanswered = capture.artifacts.filter(({ outcome }) => outcome.kind === 'unanswered').length;
  process.stderr.write(
    `${capture.artifacts.length} artifacts in ${directory}, ${unanswered} of them unanswered; onlink replay ${directory}\n`,
  );
}
