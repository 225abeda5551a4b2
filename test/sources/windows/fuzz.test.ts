import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/sources/decode.ts';
import { readProfileZip } from '../../../src/sources/profile-zip.ts';
import { sources } from '../../../src/sources/registry.ts';
import { windowsRoutePrint } from '../../../src/sources/windows-route-print.ts';

const root = join(import.meta.dirname, '../../../fixtures/sources');
const mine = sources.filter(({ id }) => /^(windows-|cmroute|vpn-settings|azurevpn)/.test(id));
const context = { artifact: 'a' };

function textsOf(id: string): readonly string[] {
  return readdirSync(join(root, id))
    .filter((file) => file.endsWith('.txt'))
    .map((file) => decodeText(readFileSync(join(root, id, file)), /\.([\w-]+)\.txt$/.exec(file)?.[1]).text);
}

const edit = fc.record({
  at: fc.nat({ max: 100_000 }),
  remove: fc.nat({ max: 12 }),
  insert: fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '\n',
      '\t',
      '.',
      ':',
      '/',
      '10.1.0.0',
      '*',
      '=',
      '"',
      '}',
      '\u00a0',
      '在',
      '4294967296',
      '<',
    ),
    fc.string({ maxLength: 6 }),
  ),
});

function edited(text: string, edits: readonly { at: number; remove: number; insert: string }[]): string {
  return edits.reduce((current, { at, remove, insert }) => {
    const place = current.length === 0 ? 0 : at % current.length;
    return current.slice(0, place) + insert + current.slice(place + remove);
  }, text);
}

describe('texts that were damaged on the way', () => {
  it.each(mine.map((source) => [source.id, source] as const))(
    '%s never throws, nor does its recogniser',
    (id, source) => {
      fc.assert(
        fc.property(fc.constantFrom(...textsOf(id)), fc.array(edit, { maxLength: 8 }), (text, edits) => {
          const damaged = edited(text, edits);
          source.parse(damaged, context);
          const sure = source.recognise?.(damaged) ?? 0;
          expect(sure).toBeGreaterThanOrEqual(0);
          expect(sure).toBeLessThanOrEqual(1);
        }),
        { numRuns: 60, seed: 7 },
      );
    },
  );

  it('route print: every row comes out as a route, a persistent route or a problem', () => {
    const cell = fc.constantFrom(
      '10.0.0.0',
      '255.255.0.0',
      '10.1.0.9',
      '0.0.0.0',
      '999.1.1.1',
      'On-link',
      'Auf',
      'リンク上',
      '43',
      '1',
      '0x2',
      '172.16.50.130',
      '10.1',
      '-',
    );
    const row = fc.tuple(
      fc.constantFrom('10.0.0.0', '10.1.2.3', '0.0.0.0', '10.1.999.1'),
      fc.array(cell, { maxLength: 6 }),
    );
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(' ', '\t', '   ', '\u00a0'),
        (rows, blank) => {
          const text = `${rows.map(([first, cells]) => [first, ...cells].join(blank)).join('\n')}\n`;
          const { facts, problems } = windowsRoutePrint.parse(text, context);
          const read = (facts.routes?.length ?? 0) + (facts.persistent?.length ?? 0) + problems.length;
          expect(read).toBe(rows.length);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });

  it.each([
    '1.',
    '10.0.0.0 ',
    '9 ',
    '1 1 :',
    '0x1 ...00 ',
    '1 1 a:b/1 ',
    '[',
    '<',
    '-DestinationPrefix ',
    ' . . :',
    '*  ',
    '1 ms ',
  ])(
    'a megabyte of %j takes no parser longer than a second',
    (unit) => {
      const line = unit.repeat(Math.ceil(400 / unit.length));
      const texts = [`${line}\n`.repeat(2500), unit.repeat(Math.ceil(1_000_000 / unit.length))];
      for (const source of mine)
        for (const text of texts) {
          const began = performance.now();
          source.parse(text, context);
          expect(performance.now() - began, source.id).toBeLessThan(4000);
        }
    },
    120_000,
  );

  it('a zip is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readProfileZip(bytes);
        readProfileZip(Uint8Array.from([0x50, 0x4b, 3, 4, ...bytes]));
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});
