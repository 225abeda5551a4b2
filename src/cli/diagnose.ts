import { analyze } from '../analyze.ts';
import type { BundleWriter } from '../capture/bundle-writer.ts';
import { captureLive } from './live.ts';
import type { LiveOptions } from './live-options.ts';
import { newBundle } from './new-bundle.ts';
import type { OutputOptions } from './options.ts';
import { acceptedBy, tell } from './tell.ts';

export interface DiagnoseOptions extends LiveOptions, OutputOptions {
  readonly save?: string;
}

/** `onlink [diagnose]`: captures, compares, explains. */
export async function diagnoseCommand(options: DiagnoseOptions): Promise<void> {
  const accepted = acceptedBy(options);
  const bundle = options.save === undefined ? undefined : patient(await newBundle(options.save));
  const plan = { halves: ['client', 'azure'] as const, ...(bundle !== undefined && { keep: bundle.add }) };
  const capture = await captureLive(options, plan);
  await bundle?.finish(capture);
  await tell(analyze(capture, { accepted }), options);
  bundle?.throwIfFailed();
}

/** A bundle that may fail half-way: the diagnosis comes first, and what became of the bundle is said after it. */
function patient({ add, finish }: BundleWriter): BundleWriter & { readonly throwIfFailed: () => void } {
  const failures: unknown[] = [];
  const noted = (error: unknown) => {
    failures.push(error);
  };
  return {
    add: (artifact) => add(artifact).catch(noted),
    finish: (capture) => finish(capture).catch(noted),
    throwIfFailed: () => {
      if (failures.length > 0) throw failures[0];
    },
  };
}
