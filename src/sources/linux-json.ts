import type { Problem } from '../facts/origin.ts';
import type { Reading, ReadingContext } from './source.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** What a text of JSON holds, or why it is none. */
export type JsonReading =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'broken'; readonly problem: Problem };

/** Reads JSON as a command printed it; what is cut or broken is told, never guessed at. */
export function readJson(text: string, context: ReadingContext): JsonReading {
  if (text.trim() === '') {
    const problem = {
      origin: { artifact: context.artifact },
      text: excerpt(context.stderr ?? ''),
      why: 'the command printed nothing',
    };
    return { kind: 'broken', problem };
  }
  try {
    return { kind: 'value', value: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) };
  } catch (error) {
    const why = `not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'broken', problem: { origin: { artifact: context.artifact }, text: excerpt(text), why } };
  }
}

/** The same, as a list: a bare object is a list of one. */
export function readJsonList(
  text: string,
  context: ReadingContext,
):
  | { readonly kind: 'list'; readonly list: readonly unknown[]; readonly isBare: boolean }
  | Extract<JsonReading, { kind: 'broken' }> {
  const reading = readJson(text, context);
  if (reading.kind === 'broken') return reading;
  const { value } = reading;
  return Array.isArray(value)
    ? { kind: 'list', list: value, isBare: false }
    : { kind: 'list', list: [value], isBare: true };
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Not by the bracket alone: `[root@laptop ~]# ip route` is a prompt. */
export function isJsonText(text: string): boolean {
  return /^[\s\uFEFF]*(?:\{|\[\s*(?:[[{\]"]|$|(?:null|true|false|-?\d+)\s*[,\]]))/.test(text);
}

/** A string, or a number as text: versions differ in which they print. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** A finite number, or text that is one. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The beginning of a text, for a problem that concerns all of it. */
function excerpt(text: string): string {
  const start = text.trim();
  return start.length > 120 ? `${start.slice(0, 120)}…` : start;
}

/** What a command that has nothing to list prints: a header or an empty list all the same, or nothing at all. */
export type OfNothing = 'prints a frame' | 'stays silent';

/** Whether `ip` was asked for JSON: then a list without rows is `[ ]`, not silence. */
export function isJsonAsked({ argv = [] }: ReadingContext): boolean {
  return argv.some((word) => /^--?j(son)?$/.test(word));
}

/** An answer that did not come: the command failed, or was silent where it never is. Undefined: the text is to be read. */
export function noAnswer(text: string, context: ReadingContext, ofNothing: OfNothing): Reading | undefined {
  if (text.trim() !== '') return undefined;
  const { exitCode, stderr } = context;
  const words = excerpt(stderr ?? '');
  const failed = exitCode !== undefined && exitCode !== null && exitCode !== 0;
  if (!failed && ofNothing === 'stays silent') return undefined;
  const why = failed
    ? `the command failed with exit code ${exitCode}${words === '' ? '' : `: ${words}`}`
    : 'the command printed nothing';
  return { facts: {}, problems: [{ origin: { artifact: context.artifact }, text: words, why }] };
}
