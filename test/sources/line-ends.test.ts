import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeText } from '../../src/sources/decode.ts';
import { sources } from '../../src/sources/registry.ts';

const home = new URL('../../fixtures/sources/', import.meta.url).pathname;
const folders = new Set(readdirSync(home));
// JSON that is broken is quoted as it stands, line ends and all.
const texts = sources
  .filter(({ id }) => folders.has(id) && id !== 'mtr-json')
  .flatMap((source) =>
    readdirSync(`${home}${source.id}`)
      .filter((name) => !name.endsWith('.json'))
      .map((name) => ({ source, name })),
  );

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one));

// Saved by a Windows editor, or sent through a terminal: the words are the same.
test.each(texts)('$source.id/$name means the same with other line ends', ({ source, name }) => {
  const text = decodeText(readFileSync(`${home}${source.id}/${name}`)).text.replaceAll('\r\n', '\n');
  const read = (ends: string) => plain(source.parse(text.replaceAll('\n', ends), { artifact: 'a' }));
  expect(read('\r\n')).toBe(read('\n'));
  expect(read('\r\r\n')).toBe(read('\n'));
});
