import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze } from '../src/analyze.ts';
import { readBundle } from '../src/capture/bundle.ts';
import { causes } from '../src/causes/index.ts';
import type { Evidence } from '../src/facts/origin.ts';
import { formatPrefix } from '../src/net/prefix.ts';
import { renderJson } from '../src/report/json.ts';

/*
 * A scenario is a bundle a user could have sent: fixtures/scenarios/<name>/bundle. `expected.json` says what an expert
 * concludes. `twin.json`, in the folder of a cause, changes one line of one file so that this cause must stay silent.
 * `report.json` is the whole of what onlink tells of it.
 */
interface Expected {
  readonly verdict: 'ok' | 'broken' | 'undetermined';
  /** Codes of all findings, each once, sorted. */
  readonly findings: readonly string[];
  readonly unexplained?: number;
  readonly prefixes?: Readonly<Record<string, { readonly verdict: string; readonly lostAt: string | null }>>;
}
interface Twin {
  readonly file: string;
  /** A whole line without its indentation, and what stands there instead. */
  readonly line: string;
  readonly instead: string;
  /** Which of several equal lines, from 1. */
  readonly occurrence?: number;
  readonly findings: readonly string[];
}

const home = new URL('../fixtures/scenarios/', import.meta.url).pathname;
const names = readdirSync(home).filter((name) => existsSync(join(home, name, 'expected.json')));
const read = <T>(...path: readonly string[]): T => JSON.parse(readFileSync(join(home, ...path), 'utf8')) as T;
const codesOf = (findings: readonly { readonly code: string }[]) =>
  [...new Set(findings.map(({ code }) => code))].sort();

describe.each(names)('%s', (name) => {
  test('concludes what an expert would', () => {
    const expected = read<Expected>(name, 'expected.json');
    const diagnosis = analyze(readBundle(join(home, name, 'bundle')));
    expect(codesOf(diagnosis.findings)).toEqual(expected.findings);
    expect(diagnosis.verdict).toBe(expected.verdict);
    expect(diagnosis.unexplained.map(formatPrefix)).toHaveLength(expected.unexplained ?? 0);
    for (const [prefix, wanted] of Object.entries(expected.prefixes ?? {})) {
      const ladder = diagnosis.ladders.find((one) => formatPrefix(one.prefix) === prefix);
      expect({ prefix, verdict: ladder?.verdict, lostAt: ladder?.lostAt }).toEqual({ prefix, ...wanted });
    }
  });

  // What expected.json does not say: every rung's evidence, the fixes, the words. `vitest run -u` writes it anew; then read it.
  test('is told as agreed', async () => {
    const report = renderJson(analyze(readBundle(join(home, name, 'bundle'))), { toolVersion: '0.0.0-test' });
    await expect(report).toMatchFileSnapshot(join(home, name, 'report.json'));
  });

  test('bears out what it claims', () => {
    const capture = readBundle(join(home, name, 'bundle'));
    const { findings, ladders } = analyze(capture);
    const artifacts = new Set(capture.artifacts.map(({ id }) => id));
    const isBorneOut = (evidence: readonly Evidence[]) =>
      evidence.length > 0 && evidence.every(({ origin }) => artifacts.has(origin.artifact));
    expect(findings.filter(({ evidence }) => !isBorneOut(evidence))).toEqual([]);
    // Only what nobody knows, or what does not apply, needs no proof.
    const claimed = ladders
      .flatMap(({ prefix, rungs }) => rungs.map((rung) => ({ prefix, ...rung })))
      .filter(({ state }) => state === 'held' || state === 'lost' || state === 'partial');
    expect(claimed.filter(({ evidence }) => !isBorneOut(evidence))).toEqual([]);
  });

  test.runIf(existsSync(join(home, name, 'twin.json')))('is silent in its twin, which differs in one line', () => {
    const twin = read<Twin>(name, 'twin.json');
    const scratch = mkdtempSync(join(tmpdir(), 'onlink-twin-'));
    try {
      cpSync(join(home, name, 'bundle'), scratch, { recursive: true });
      const file = join(scratch, twin.file);
      const before = readFileSync(file, 'utf8').split('\n');
      const places = before.flatMap((line, index) => (line.trim() === twin.line ? [index] : []));
      const at = places[(twin.occurrence ?? 1) - 1];
      expect({ twin: twin.line, found: at !== undefined }).toEqual({ twin: twin.line, found: true });
      const after = before.map((line, index) => (index === at ? line.replace(twin.line, () => twin.instead) : line));
      expect(after.filter((line, index) => line !== before[index])).toHaveLength(1);
      writeFileSync(file, after.join('\n'));
      const codes = codesOf(analyze(readBundle(scratch)).findings);
      expect(codes).not.toContain(name);
      expect(codes).toEqual(twin.findings);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});

test('every cause has its scenario and its silent twin', () => {
  const lacking = causes
    .map(({ code }) => code)
    .filter((code) => !existsSync(join(home, code, 'twin.json')) || !existsSync(join(home, code, 'expected.json')));
  expect(lacking).toEqual([]);
});

test('no cause code is given twice, and each scenario of a cause shows it', () => {
  const codes = causes.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const name of names.filter((one) => codes.includes(one)))
    expect(read<Expected>(name, 'expected.json').findings).toContain(name);
});
