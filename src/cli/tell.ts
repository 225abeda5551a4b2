import { writeFileSync } from 'node:fs';
import { UserError } from '../capture/user-error.ts';
import { causes } from '../causes/index.ts';
import type { Acceptance } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { reports } from '../report/report.ts';
import { exitCodeOf } from './exit-code.ts';
import { type OutputOptions, parseAcceptance } from './options.ts';
import { print } from './print.ts';
import { settingFor } from './setting.ts';
import { version } from './version.ts';

/** The causes that `--accept` names. */
export function acceptedBy({ accept = [] }: OutputOptions): readonly Acceptance[] {
  const known = causes.map(({ code }) => code);
  return accept.map((text) => parseAcceptance(text, known));
}

/** Writes the report where it belongs and sets the exit code. */
export async function tell(diagnosis: Diagnosis, options: OutputOptions, bundled?: string): Promise<void> {
  const toFile = options.outputFile !== undefined;
  const render = await reports[options.output]();
  const text = render(diagnosis, {
    toolVersion: version,
    ...settingFor(options, toFile),
    verbose: options.verbose === true,
    ...(bundled !== undefined && { bundled }),
  });
  if (options.outputFile === undefined) await print(text);
  else writeReport(options.outputFile, text);
  process.exitCode = exitCodeOf(diagnosis, options.failureThreshold);
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}
