import type { Setting } from '../report/page.ts';

/** How text is set where it goes: on this terminal, into a pipe, or into a file. */
export function settingFor(options: { readonly color?: boolean }, toFile = false): Setting {
  const terminal = !toFile && process.stdout.isTTY === true;
  return {
    colour: wantsColour(options, terminal),
    unicode: toFile || wantsUnicode(terminal),
    width: terminal ? Math.max(60, Math.min(process.stdout.columns ?? 80, 120)) : 80,
  };
}

// https://no-color.org; FORCE_COLOR outweighs the terminal's looks, --no-color outweighs all.
function wantsColour({ color }: { readonly color?: boolean }, terminal: boolean): boolean {
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
