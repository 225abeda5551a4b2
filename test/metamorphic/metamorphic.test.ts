import { describe, expect, test } from 'vitest';
import { seeded } from '../../scripts/bench/seeded.ts';
import { analyze } from '../../src/analyze.ts';
import type { Artifact, Capture } from '../../src/facts/capture.ts';
import { comparePrefixes, formatPrefix } from '../../src/net/prefix.ts';
import { draw } from '../estates/draw-estate.ts';
import { fittingFaults } from '../estates/planted-faults.ts';
import { captureOfDrawn } from '../estates/random-estate.ts';

/*
 * What must not change a diagnosis, and what must change it in one way only. Each change is made to the raw texts, as
 * another machine or another estate would have printed them.
 */
const seeds = Array.from({ length: 30 }, (_, index) => index + 1);

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
    each((capture) => {
      // Two halves lead where the whole did. A stray is another matter: its halves are two strays.
      if (capture.platform !== 'linux') return;
      expect(
        told(withTexts(capture, (text, { source }) => (source === 'linux-ip-route' ? withHalves(text) : text))),
      ).toEqual(told(capture));
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
      if (drawn.kind !== 'openvpn') continue;
      const capture = captureOfDrawn(drawn);
      const halved = withTexts(capture, (text, { source }) =>
        source === 'linux-ip-route' ? withHalves(text, (prefix, half) => prefix !== lost || half === 0) : text,
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

function withTexts(capture: Capture, change: (text: string, artifact: Artifact) => string): Capture {
  const artifacts = capture.artifacts.map((artifact): Artifact => {
    const { outcome } = artifact;
    if (outcome.kind !== 'answered') return artifact;
    const text = change(new TextDecoder().decode(outcome.bytes), artifact);
    return { ...artifact, outcome: { ...outcome, bytes: new TextEncoder().encode(text) } };
  });
  return { ...capture, artifacts };
}

/** Everything in 10.0.0.0/8 moved up by 30 blocks of /16, in the texts and in what the probes aimed at. */
const movedUp = (text: string): string =>
  text.replace(
    /(?<![\d.])10\.(\d{1,3})(?=(?:\.\d{1,3}){2}(?![\d.]|\/8\b))/g,
    (_, second) => `10.${Number(second) + 30}`,
  );

function moved(capture: Capture): Capture {
  const { artifacts, ...rest } = withTexts(capture, movedUp);
  return {
    ...rest,
    artifacts: artifacts.map((one) => ({ ...one, ...(one.target !== undefined && { target: movedUp(one.target) }) })),
  };
}

function shuffledArtifacts(capture: Capture, seed: number): Capture {
  return { ...capture, artifacts: shuffled(capture.artifacts, seed) };
}

function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = seeded(seed);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function shuffledRows(text: string, source: string, seed: number): string {
  if (source === 'linux-ip-route') return JSON.stringify(shuffled(JSON.parse(text) as readonly unknown[], seed));
  if (source !== 'windows-route-print') return text;
  const lines = text.split('\r\n');
  const isRow = (line: string) => /^\s*\d+(\.\d+){3}\s+\d+(\.\d+){3}\s.*\s\d+$/.test(line);
  const rows = [...shuffled(lines.filter(isRow), seed)];
  return lines.map((line) => (isRow(line) ? (rows.pop() ?? line) : line)).join('\r\n');
}

function renamedAzure(capture: Capture): Capture {
  const rename = (text: string) =>
    text
      .replaceAll(/\bspoke-(\d)/g, 'landing-zone-$1')
      .replaceAll(/\/subscriptions\/[0-9a-f-]{36}/g, '/subscriptions/6a1c0b52-7e0d-4a53-9a55-2d6a3f1b9c10')
      .replaceAll('rg-connectivity', 'rg-net')
      .replaceAll('rg-workloads', 'rg-apps');
  const renamed = withTexts(capture, (text, { half }) => (half === 'azure' ? rename(text) : text));
  return {
    ...renamed,
    artifacts: renamed.artifacts.map((one) => ({
      ...one,
      ...(one.resource !== undefined && { resource: rename(one.resource) }),
    })),
  };
}

function withUnrelatedRoutes(text: string, source: string): string {
  if (source === 'linux-ip-route') {
    const rows = JSON.parse(text) as readonly Record<string, unknown>[];
    const way = rows.find(({ dst, gateway }) => dst === 'default' && gateway !== undefined);
    const more = ['198.18.4.0/24', '203.0.112.0/23'].map((dst) => ({ ...way, dst }));
    return JSON.stringify([...rows, ...more]);
  }
  if (source !== 'windows-route-print') return text;
  const row = '       198.18.4.0    255.255.255.0     192.168.29.1    192.168.29.37     26';
  return text.replace(/(\r\n\s+0\.0\.0\.0\s+0\.0\.0\.0[^\r\n]*)/, `$1\r\n${row}`);
}

const unrelatedVNet: Artifact = {
  id: 'arm:unrelated',
  source: 'arm',
  half: 'azure',
  operation: 'virtualNetworks.get',
  outcome: {
    kind: 'answered',
    exitCode: null,
    bytes: new TextEncoder().encode(
      JSON.stringify({
        id: '/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/elsewhere/providers/Microsoft.Network/virtualNetworks/island',
        name: 'island',
        type: 'Microsoft.Network/virtualNetworks',
        properties: { addressSpace: { addressPrefixes: ['192.0.2.0/24'] }, subnets: [], virtualNetworkPeerings: [] },
      }),
    ),
  },
};

/** On-link, None, and the headings, as other Windows print them. */
const languages = [
  { onLink: 'Auf Verbindung', none: 'Keine', active: 'Aktive Routen:' },
  { onLink: 'リンク上', none: 'なし', active: 'アクティブ ルート:' },
  { onLink: 'В сети', none: 'Отсутствует', active: 'Активные маршруты:' },
  { onLink: 'على الارتباط', none: 'بلا', active: 'التوجيهات النشطة:' },
] as const;

function translated(text: string, source: string, { onLink, none, active }: (typeof languages)[number]): string {
  return source === 'windows-route-print'
    ? text
        .replaceAll('On-link', onLink)
        .replaceAll(/\bNone\b/g, none)
        .replaceAll('Active Routes:', active)
    : text;
}

/** Each route into the tunnel as its two halves, of which `keep` takes what it likes. */
function withHalves(text: string, keep: (prefix: string, half: 0 | 1) => boolean = () => true): string {
  const rows = JSON.parse(text) as readonly Record<string, unknown>[];
  return JSON.stringify(
    rows.flatMap((row) => {
      const { dst, dev, table } = row;
      const isSplit =
        typeof dst === 'string' &&
        dst.startsWith('10.') &&
        !dst.startsWith('10.222.') &&
        (dev === 'tun0' || table === '220');
      if (!isSplit) return [row];
      return ([0, 1] as const).filter((half) => keep(dst, half)).map((half) => ({ ...row, dst: halfOf(dst, half) }));
    }),
  );
}

// 10.7.0.0/16 → 10.7.0.0/17 and 10.7.128.0/17; the lengths drawn are 16 to 22.
function halfOf(prefix: string, half: 0 | 1): string {
  const [address = '', length] = prefix.split('/');
  const third = half * 2 ** (23 - Number(length));
  return `${address.replace(/\.0\.0$/, `.${third}.0`)}/${Number(length) + 1}`;
}
