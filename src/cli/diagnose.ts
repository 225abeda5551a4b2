import { analyze } from '../analyze.ts';
import { writeBundle } from '../capture/bundle.ts';
import { captureLive } from './live.ts';
import type { LiveOptions } from './live-options.ts';
import type { OutputOptions } from './options.ts';
import { acceptedBy, tell } from './tell.ts';
import { toolName } from './version.ts';

export interface DiagnoseOptions extends LiveOptions, OutputOptions {
  readonly save?: string;
}

/** `onlink [diagnose]`: captures, compares, explains. */
export async function diagnoseCommand(options: DiagnoseOptions): Promise<void> {
  const accepted = acceptedBy(options);
  const capture = await captureLive(options, { halves: ['client', 'azure'] });
  if (options.save !== undefined) await writeBundle(options.save, capture, toolName);
  await tell(analyze(capture, { accepted }), options);
}
