import { analyze } from '../analyze.ts';
import { openCapture } from '../capture/join.ts';
import type { OutputOptions } from './options.ts';
import { acceptedBy, tell } from './tell.ts';

export interface ReplayOptions extends OutputOptions {
  readonly bundled?: boolean;
}

/** `onlink replay PATH...`: diagnoses a bundle, two halves, or loose files. */
export async function replayCommand(paths: readonly string[], options: ReplayOptions): Promise<void> {
  const accepted = acceptedBy(options);
  const capture = openCapture(paths);
  const bundled =
    options.bundled === true
      ? `This is the bundled capture ${paths.join(', ')}: not this computer, not your network.`
      : undefined;
  await tell(analyze(capture, { accepted }), options, bundled);
}
