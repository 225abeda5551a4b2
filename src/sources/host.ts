import type { Host } from '../facts/client.ts';
import { isRecord, numberOf, readJson, textOf } from './linux-json.ts';
import type { Reading, ReadingContext, Source } from './source.ts';

/** Our own record of the machine: system, build, architecture, locale, code page, user id. */
export const host: Source = { id: 'host', title: 'onlink: what machine this is', parse };

type Draft = { -readonly [Key in keyof Host]: Host[Key] };

// {"osVersion":"10.0.19045","build":"19045.3693","architecture":"x64","locale":"de-DE","codePage":850}
function parse(text: string, context: ReadingContext): Reading {
  const reading = readJson(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const origin = { artifact: context.artifact };
  if (!isRecord(reading.value))
    return { facts: {}, problems: [{ origin, text: text.trim().slice(0, 120), why: 'not an object' }] };
  const draft: Draft = { origin };
  for (const key of ['osVersion', 'build', 'architecture', 'locale'] as const) {
    const value = textOf(reading.value[key]);
    if (value !== undefined) draft[key] = value;
  }
  for (const key of ['codePage', 'uid'] as const) {
    const value = numberOf(reading.value[key]);
    if (value !== undefined) draft[key] = value;
  }
  return { facts: { host: draft }, problems: [] };
}
