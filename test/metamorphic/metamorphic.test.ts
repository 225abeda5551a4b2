import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { comparePrefixes, formatPrefix } from '../../src/net/prefix.ts';
import { draw } from '../estates/draw-estate.ts';
import { fittingFaults } from '../estates/planted-faults.ts';
import { captureOfDrawn } from '../estates/random-estate.ts';
import {
  languages,
  moved,
  movedUp,
  renamedAzure,
  shuffledArtifacts,
  shuffledRows,
  translated,
  unrelatedVNet,
  withHalves,
  withTexts,
  withUnrelatedRoutes,
} from './changes.ts';

/*
 * What must not change a diagnosis, and what must change it in one way only. Each change is made to the raw texts, as
 * another machine or another estate would have printed them.
 */
const seeds = Array.from({ length: 72 }, (_, index) => index + 1);

describe('the diagnosis stays the same', () => {
  test('when the rows of the routing table and the list of artifacts stand in another order', () => {
    each((capture, seed) => {
      expect(
        told(
          shuffledArtifacts(
            withTexts(capture, (text, { source }) => shuffledRows(text, source, seed)),
            seed,
          ),
        ),
      ).toEqual(told(capture));
    });
  });

  test('when every resource has another name and another subscription', () => {
    each((capture) => {
      const renamed = renamedAzure(capture);
      expect(told(renamed)).toEqual(told(capture));
    });
  });

  test('when Azure writes its ids in other capitals', () => {
    each((capture) => {
      const cased = withTexts(capture, (text, { source }) =>
        source === 'arm'
          ? text.replaceAll('/resourceGroups/', '/RESOURCEGROUPS/').replaceAll('Microsoft.Network', 'microsoft.network')
          : text,
      );
      expect(told(cased)).toEqual(told(capture));
    });
  });

  test('when routes are added that concern nobody', () => {
    each((capture) => {
      const before = told(capture);
      const after = told(withTexts(capture, (text, { source }) => withUnrelatedRoutes(text, source)));
      expect(after).toEqual(before);
    });
  });

  test('when a VNet is added that nothing ties to the gateway', () => {
    each((capture) =>
      expect(told({ ...capture, artifacts: [...capture.artifacts, unrelatedVNet] })).toEqual(told(capture)),
    );
  });

  test('when Windows speaks another language', () => {
    each((capture) => {
      if (capture.platform !== 'windows') return;
      for (const words of languages)
        expect(told(withTexts(capture, (text, { source }) => translated(text, source, words)))).toEqual(told(capture));
    });
  });

  test('when a route into the tunnel is split in its two halves', () => {
    // Two halves lead where the whole did.
    each((capture, seed) => {
      const { tunnelAddress } = draw(seed);
      const halved = withTexts(capture, (text, { source }) => withHalves(text, source, tunnelAddress));
      expect({ seed, ...told(halved) }).toEqual({ seed, ...told(capture) });
    });
  });
});

describe('the diagnosis changes exactly as it should', () => {
  test('when all addresses move by the same distance, so do the prefixes, and nothing else', () => {
    each((capture) => {
      const before = told(capture);
      expect(told(moved(capture))).toEqual({
        ...before,
        prefixes: before.prefixes.map(movedUp).sort(),
        findings: before.findings.map(movedUp).sort(),
      });
    });
  });

  test('when one half of a split route is taken away, that prefix is no longer whole', () => {
    for (const seed of seeds) {
      const drawn = draw(seed);
      const [lost = ''] = drawn.spokes[drawn.victim]?.space ?? [];
      // strongSwan has selectors beside its routes: a route alone is no half.
      if (drawn.kind === 'strongswan') continue;
      const capture = captureOfDrawn(drawn);
      const halved = withTexts(capture, (text, { source }) =>
        withHalves(text, source, drawn.tunnelAddress, (prefix, half) => prefix !== lost || half === 0),
      );
      const before = told(capture).prefixes;
      const after = told(halved).prefixes;
      expect({ seed, changed: after.filter((line) => !before.includes(line)) }).toEqual({
        seed,
        changed: [`${lost} broken active`],
      });
    }
  });
});

/** Healthy estates and ones with a fault, by turns. */
function each(check: (capture: Capture, seed: number) => void): void {
  for (const seed of seeds) {
    const drawn = draw(seed);
    const possible = fittingFaults(drawn);
    check(captureOfDrawn(drawn, seed % 3 === 0 ? undefined : possible[seed % possible.length]), seed);
  }
}

/** What a person takes from a diagnosis: verdicts, what was lost where, and each finding with what it concerns. */
function told(capture: Capture) {
  const { verdict, ladders, findings, unexplained } = analyze(capture);
  return {
    verdict,
    prefixes: ladders.map((one) => `${formatPrefix(one.prefix)} ${one.verdict} ${one.lostAt}`).sort(),
    findings: findings
      .map(({ code, severity, rung, prefixes }) =>
        [code, severity, rung, ...prefixes.toSorted(comparePrefixes).map(formatPrefix)].join(' '),
      )
      .sort(),
    unexplained: unexplained.map(formatPrefix),
  };
}
