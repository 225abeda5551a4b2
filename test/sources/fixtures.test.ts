import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/sources/decode.ts';
import { toParseOutput } from '../../src/sources/parse-output.ts';
import { sourceOf } from '../../src/sources/registry.ts';

// fixtures/sources/<source>/<case>.txt beside <case>.json, what `onlink parse` prints of it. Bytes that are not UTF-8
// and bear no mark name their encoding: <case>.<encoding>.txt
const root = join(import.meta.dirname, '../../fixtures/sources');
const cases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: id }) =>
    readdirSync(join(root, id))
      .filter((file) => file.endsWith('.txt'))
      .map((file) => ({ id, name: file.slice(0, -4) })),
  );

describe('every text in fixtures/sources', () => {
  it('has its source and its pair', () => {
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter(({ id }) => sourceOf(id) === undefined)).toEqual([]);
    expect(cases.filter(({ id, name }) => !existsSync(join(root, id, `${name}.json`)))).toEqual([]);
  });

  it.each(cases)('$id: $name', ({ id, name }) => {
    const source = sourceOf(id);
    if (source === undefined) throw new Error(`no source ${id}`);
    const encoding = /\.([\w-]+)$/.exec(name)?.[1];
    const { text } = decodeText(readFileSync(join(root, id, `${name}.txt`)), encoding);
    const context = { artifact: id };
    const printed = JSON.parse(JSON.stringify(toParseOutput(source, source.parse(text, context), context)));
    expect(printed).toEqual(JSON.parse(readFileSync(join(root, id, `${name}.json`), 'utf8')));
  });
});
