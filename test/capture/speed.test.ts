import { expect, test } from 'vitest';
import { piecesOf } from '../../src/capture/loose-text.ts';
import { withoutSecrets } from '../../src/capture/secrets.ts';

const rule = '='.repeat(75);

test.each(['[{', '{', '[', '{"a', rule, '  1  2 ms 2 ms 2 ms 10.0.0.1', '$ ip route', '<?xml ?>', '[]'])(
  'a megabyte of %j is cut in less than a second',
  (line) => {
    const text = `${line}\n`.repeat(Math.ceil(1_000_000 / (line.length + 1)));
    const before = performance.now();
    piecesOf(text);
    expect(performance.now() - before).toBeLessThan(2500);
  },
);

test.each([
  ['beginnings without an end', '-----BEGIN PRIVATE KEY-----!\n'.repeat(40_000)],
  ['open elements', '<key>!'.repeat(150_000)],
  ['quotes', '"sharedKey":"'.repeat(80_000)],
  ['a long line', `"password": "${'\\'.repeat(1_000_000)}`],
  ['words', 'secret = '.repeat(110_000)],
  ['a long name', `$${'psk'.repeat(300_000)}`],
  ['braces', `secret = x${'}'.repeat(1_000_000)}x`],
])('a megabyte of %s is cleaned in less than a second', { retry: 2 }, (_, text) => {
  const before = performance.now();
  withoutSecrets('arm', new Uint8Array(Buffer.from(text)));
  expect(performance.now() - before).toBeLessThan(1000);
});
