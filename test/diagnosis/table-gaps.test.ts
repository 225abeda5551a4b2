import { expect, test } from 'vitest';
import { all, bothAnswer, type Change, conclude, linux, plain, rewritten, spokeLost, windows } from './conclude.ts';

/* A row that was not understood, and an end that is missing, may be the very route that seems lost. */
const cutAfter =
  (text: string): Change =>
  (artifacts) =>
    artifacts.map((one) =>
      one.source === 'windows-route-print' && one.text !== undefined
        ? { ...one, text: `${one.text.slice(0, one.text.indexOf(text))}${text}` }
        : one,
    );
const garbled = (dst: string, instead: Record<string, unknown>): Change =>
  rewritten('linux-ip-route', (rows) => rows.map((row) => (row['dst'] === dst ? { ...row, ...instead } : row)));

test.each(['Active Routes:', '10.20.0.0', '10.20.255.255', '10.21.0.0', '127.255.255.255', '172.16.50.130'])(
  'a print that stops at %s loses nobody a route',
  (text) => {
    const cut = conclude(windows(plain, { tunnelAddress: '172.16.50.130' }, cutAfter(text)));
    expect(cut).toMatchObject({ errors: [], warnings: [] });
    expect(Object.values(cut.prefixes).filter((one) => one.includes('broken'))).toEqual([]);
  },
);

test('a whole print proves by what it lacks', () => {
  expect(conclude(windows(plain, { routes: all.slice(0, 1), installed: all, traces: spokeLost })).errors).not.toEqual(
    [],
  );
});

test.each([
  ['without a destination', { dst: undefined }],
  ['with a destination nobody can read', { dst: '10.21.0.0/99' }],
])('a row %s may be the route that seems lost', (_, instead) => {
  const { errors, prefixes } = conclude(linux(plain, { traces: bothAnswer }, garbled('10.21.0.0/16', instead)));
  expect({ errors, prefix: prefixes['10.21.0.0/16'] }).toEqual({ errors: [], prefix: 'must undetermined -' });
});

test('a row that leads elsewhere, whatever else it says, is no such route', () => {
  const lan = { dev: 7, gateway: {} };
  const missing: Change = (artifacts) =>
    garbled(
      '192.168.88.0/24',
      lan,
    )(rewritten('linux-ip-route', (rows) => rows.filter(({ dst }) => dst !== '10.21.0.0/16'))(artifacts));
  expect(conclude(linux(plain, { traces: spokeLost }, missing)).prefixes['10.21.0.0/16']).toBe('must broken active');
});
