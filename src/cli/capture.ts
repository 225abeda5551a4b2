import { captureLive } from './live.ts';
import type { LiveOptions } from './live-options.ts';
import { newBundle } from './new-bundle.ts';

export interface CaptureOptions extends LiveOptions {
  readonly half?: 'client' | 'azure';
}

/** `onlink capture DIR [--half client|azure]`: raw evidence only, written as it comes. */
export async function captureCommand(directory: string, options: CaptureOptions): Promise<void> {
  const bundle = await newBundle(directory);
  const halves = options.half === undefined ? (['client', 'azure'] as const) : ([options.half] as const);
  const capture = await captureLive(options, { halves, keep: bundle.add });
  await bundle.finish(capture);
  const unanswered = capture.artifacts.filter(({ outcome }) => outcome.kind === 'unanswered').length;
  process.stderr.write(
    `${capture.artifacts.length} artifacts in ${directory}, ${unanswered} of them unanswered; onlink replay ${directory}\n`,
  );
}
