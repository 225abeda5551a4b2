import { writeFile } from 'node:fs/promises';
import { UserError } from '../capture/user-error.ts';
import { causes } from '../causes/index.ts';
import type { Acceptance } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { reports } from '../report/report.ts';
import { exitCodeOf } from './exit-code.ts';
import { type OutputOptions, parseAcceptance } from './options.ts';
import { print } from './print.ts';
import { version } from './version.ts';

/** The causes that `--accept` names. */
export function acceptedBy({ accept = [] }: OutputOptions): readonly Acceptance[] {
  const known = causes.map(({ code }) => code);
  return accept.map((text) => parseAcceptance(text, known));
}

/** Writes the report where it belongs and sets the exit code. */
export async function tell(diagnosis: Diagnosis, options: OutputOptions, bundled?: string): Promise<void> {
  const toFile = options.outputFile !== undefined;
  const terminal = !toFile && process.stdout.isTTY === true;
  const render = await reports[options.output]();
  const text = render(diagnosis, {
    toolVersion: version,
    colour: wantsColour(options, terminal),
    unicode: toFile || wantsUnicode(terminal),
    width: terminal ? Math.max(60, Math.min(process.stdout.columns ?? 80, 120)) : 80,
    verbose: options.verbose === true,
    ...(bundled !== undefined && { bundled }),
  });
  if (options.outputFile === undefined) await print(text);
  else await writeReport(options.outputFile, text);
  process.exitCode = exitCodeOf(diagnosis, options.failureThreshold);
}

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

// https://no-color.org; FORCE_COLOR outweighs the terminal's looks, --no-color outweighs all.
function wantsColour({ color }: OutputOptions, terminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (color === false || (NO_COLOR !== undefined && NO_COLOR !== '')) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false') return true;
  return terminal && TERM !== 'dumb';
}

/** A pipe or a file gets UTF-8; a terminal what its locale says, and a Windows console what its font can show. */
function wantsUnicode(terminal: boolean): boolean {
  if (!terminal) return true;
  if (process.platform === 'win32')
    return process.env['WT_SESSION'] !== undefined || process.env['TERM_PROGRAM'] !== undefined;
  const locale = process.env['LC_ALL'] || process.env['LC_CTYPE'] || process.env['LANG'] || '';
  return /utf-?8/i.test(locale) && process.env['TERM'] !== 'linux';
}
