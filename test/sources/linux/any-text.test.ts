import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseSource, sources } from '../../../src/sources/registry.ts';

const root = join(import.meta.dirname, '../../../fixtures/sources');
const ours = sources.filter(({ id }) => !/^(windows|cmroute|vpn-settings|azurevpn|arm)/.test(id));

function textsOf(id: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(join(root, id))
    .filter((file) => file.endsWith('.txt'))
    .map((file) => ({ name: file.slice(0, -4), text: readFileSync(join(root, id, file), 'utf8') }));
}

describe.each(ours)('$id', (source) => {
  const texts = textsOf(source.id);
  const all = texts.map(({ text }) => text).join('\n');

  it('never throws, whatever it is given', () => {
    // Pieces of real text in another order, cut and strewn with noise, reach deeper than noise alone.
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '\t',
        '\n',
        '{',
        '}',
        '[',
        ']',
        '"',
        ',',
        ' ',
        '\\',
        '\r\n',
        '!X',
        '*',
        '::',
        '/33',
        'NaN',
        '__proto__',
      ),
      fc.nat(all.length).chain((from) => fc.nat(80).map((length) => all.slice(from, from + length))),
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (given) => {
        const { facts, problems } = source.parse(given, { artifact: 'x' });
        source.recognise?.(given);
        return typeof facts === 'object' && Array.isArray(problems);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on a text cut anywhere', () => {
    for (const { text } of texts)
      for (let length = 0; length < text.length; length += 7) source.parse(text.slice(0, length), { artifact: 'x' });
  });

  it('keeps no secret', () => {
    const kept = texts.map(({ text }) => source.parse(text, { artifact: 'x' }));
    expect(JSON.stringify(kept, (_key, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      'not-to-be-kept',
    );
  });

  it.runIf(source.recognise !== undefined)('is recognised by its shape', () => {
    const whole = texts.filter(({ name }) => !/^(empty|garbage|truncated|heading-only)/.test(name));
    expect(whole.map(({ name, text }) => [name, recogniseSource(text)?.id])).toEqual(
      whole.map(({ name }) => [name, source.id]),
    );
    expect(
      texts.filter(({ name }) => /^(empty|garbage)$/.test(name)).map(({ text }) => source.recognise?.(text)),
    ).toEqual([0, 0]);
  });
});
