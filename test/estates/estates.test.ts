import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, readCapture } from '../../src/analyze.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { draw } from './draw-estate.ts';
import { type FaultName, fittingFaults, plantedFaults } from './planted-faults.ts';
import { captureOfDrawn, deliveredTo } from './random-estate.ts';

// `ONLINK_ESTATES=5000 npm test -- test/estates` draws more.
const count = Number(process.env['ONLINK_ESTATES'] ?? 1000);
const seeds = Array.from({ length: count }, (_, index) => index + 1);

describe(`${count} random estates`, () => {
  test('each healthy one is found healthy, with the prefixes that a client should have', () => {
    for (const seed of seeds) {
      const drawn = draw(seed);
      const { verdict, findings, ladders, unexplained } = analyze(captureOfDrawn(drawn));
      const musts = ladders
        .filter(({ expectation }) => expectation === 'must')
        .map(({ prefix }) => formatPrefix(prefix));
      expect({ seed, verdict, codes: codesOf(findings), unexplained, musts: musts.sort() }).toEqual({
        seed,
        verdict: 'ok',
        codes: [],
        unexplained: [],
        musts: [...deliveredTo(drawn)].sort(),
      });
    }
  }, 120_000);

  test('each with one planted fault shows exactly that cause', () => {
    const planted = new Set<FaultName>();
    for (const seed of seeds) {
      const drawn = draw(seed);
      const possible = fittingFaults(drawn);
      const fault = possible[seed % possible.length] ?? 'stray-route';
      planted.add(fault);
      const { findings, unexplained } = analyze(captureOfDrawn(drawn, fault));
      expect({ seed, fault, codes: codesOf(findings), unexplained }).toEqual({
        seed,
        fault,
        codes: [fault],
        unexplained: [],
      });
    }
    if (count >= 1000) expect([...planted].sort()).toEqual(Object.keys(plantedFaults).sort());
  }, 120_000);

  test('what is captured is read without a line left over', () => {
    for (const seed of seeds.filter((one) => one % 10 === 0))
      expect({ seed, problems: readCapture(captureOfDrawn(draw(seed))).problems }).toEqual({ seed, problems: [] });
  });
});

test('the generator knows nothing of the model it is held against', () => {
  for (const file of ['draw-estate.ts', 'random-estate.ts', 'planted-faults.ts'])
    expect(readFileSync(new URL(file, import.meta.url), 'utf8')).not.toMatch(
      /from '.*src\/(model|ladder|causes|diagnosis)\//,
    );
});

function codesOf(findings: readonly { readonly code: string }[]): readonly string[] {
  return [...new Set(findings.map(({ code }) => code))];
}
