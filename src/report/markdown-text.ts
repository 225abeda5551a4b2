import { printable, printableLines } from './printable.ts';

/** Foreign text in Markdown that stays text: no markup, no HTML, no mention of a person. */
export function escaped(text: string): string {
  return printable(text)
    .replace(/[\\`*_[\]<>|&~#!$]/g, '\\$&')
    .replace(/@(?=\w)/g, '@<!-- -->')
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/\bwww\./gi, (host) => `${host.slice(0, 3)}\\.`)
    .replace(/(https?):\/\//gi, '$1:\\//');
}

/** Text as it is, in a fixed-width font. Not for a table: there a pipe would still end the cell. */
export function code(text: string): string {
  const safe = printable(text);
  if (safe.trim() === '') return '';
  const fence = '`'.repeat(longestRun(safe) + 1);
  const pad = /^`|`$/.test(safe) || fence.length > 1 ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** A block to copy, which nothing inside can close. */
export function codeBlock(text: string, language: string): readonly string[] {
  const lines = printableLines(text);
  const fence = '`'.repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return [`${fence}${language}`, ...lines, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
