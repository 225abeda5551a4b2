import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { largeTable } from '../../scripts/bench/large-tables.ts';
import { seeded } from '../../scripts/bench/seeded.ts';
import { bundleFolders, tryBundle } from '../../scripts/fuzz/bundles.ts';
import { corpus, fixtures, scenarioCaptures, targets, tryAnalysis, tryReader } from '../../scripts/fuzz/fuzz.ts';
import { linuxIpRoute } from '../../src/sources/linux-ip-route.ts';
import { readProfileXml } from '../../src/sources/profile-xml.ts';
import { readProfileZip } from '../../src/sources/profile-zip.ts';
import { strongswanConf } from '../../src/sources/strongswan-conf.ts';
import { windowsRoutePrint } from '../../src/sources/windows-route-print.ts';

const files = corpus();

describe('damaged captures and noise', () => {
  test.each(Object.keys(targets))('%s reads or refuses them, quickly', (target) => {
    const own = files.filter(({ name }) => name.startsWith(`sources/${target}/`));
    const others = files.filter((_, index) => index % 25 === 0);
    const failures = [...own, ...others].flatMap(({ bytes }, index) =>
      Array.from({ length: 4 }, (_, round) => tryReader(index * 4 + round + 1, target, bytes) ?? []).flat(),
    );
    expect(failures).toEqual([]);
  });

  test('bundles hurt on disk are read or refused by name, and nothing beside them is', () => {
    const folders = bundleFolders(join(fixtures, 'scenarios'));
    expect(
      folders.flatMap((folder, index) => [1, 2, 3, 4].flatMap((round) => tryBundle(index * 4 + round, folder) ?? [])),
    ).toEqual([]);
  });

  test('a whole analysis comes to an end, and every finding cites something', () => {
    const failures = scenarioCaptures().flatMap(({ name, capture }, index) =>
      Array.from({ length: 6 }, (_, round) => tryAnalysis(index * 6 + round + 1, name, capture) ?? []).flat(),
    );
    expect(failures).toEqual([]);
  });
});

describe('no row of data is dropped in silence', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('ip -j route, damage %i: rows in are routes and problems out', (seed) => {
    const random = seeded(seed);
    const rows = JSON.parse(largeTable('ip-json', 200, 'shuffled')) as Record<string, unknown>[];
    const hurt = rows.map((row) => (random() < 0.3 ? hurtRow(row, random) : row));
    const { facts, problems } = linuxIpRoute.parse(JSON.stringify(hurt), { artifact: 'a' });
    expect((facts.routes?.length ?? 0) + problems.length).toBe(hurt.length);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('route print, damage %i: rows in are routes and problems out', (seed) => {
    const random = seeded(seed);
    const lines = largeTable('route-print', 200, 'shuffled').split('\r\n');
    const isRow = (line: string) => /^\s*\d+\.\d+\.\d+\.\d+\s/.test(line);
    const hurt = lines.map((line) => (isRow(line) && random() < 0.3 ? hurtLine(line, random) : line));
    const { facts, problems } = windowsRoutePrint.parse(hurt.join('\r\n'), { artifact: 'a' });
    const read = (facts.routes?.length ?? 0) + (facts.persistent?.length ?? 0) + problems.length;
    expect(read).toBe(lines.filter(isRow).length);
  });
});

describe('bombs', () => {
  test('a zip that unpacks to much is refused before it is unpacked', () => {
    const bomb = zipSync({ 'Generic/VpnSettings.xml': new Uint8Array(30_000_000) }, { level: 9 });
    const before = process.memoryUsage().rss;
    const { entries, problems } = readProfileZip(bomb);
    expect({ entries, problems: problems.length > 0 }).toEqual({ entries: [], problems: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test('an archive within an archive stays shut, and a path that leads out is refused', () => {
    const inner = zipSync({ 'VpnSettings.xml': new TextEncoder().encode('<VpnProfile/>') });
    const { entries, problems } = readProfileZip(zipSync({ 'a.zip': inner, '../VpnSettings.xml': new Uint8Array(3) }));
    expect(entries).toEqual([]);
    expect(problems.join('\n')).toMatch(/leads out of the archive/);
  });

  test.each([
    [
      'entities of entities',
      `<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "${'&a;'.repeat(500)}">]><VpnProfile>&b;</VpnProfile>`,
    ],
    ['a file of this machine', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><VpnProfile>&x;</VpnProfile>'],
    ['nesting without end', `<VpnProfile>${'<a>'.repeat(200_000)}`],
    ['profiles without end', '<VpnProfile><Routes>10.1.0.0/16'.repeat(50_000)],
    ['comments without end', `<VpnProfile>${'<!-- '.repeat(200_000)}`],
  ])('XML with %s is refused', { retry: 2 }, (_, text) => {
    const began = performance.now();
    expect(readProfileXml(text, 'VpnProfile', { artifact: 'a' })).toMatchObject({
      elements: [],
      problems: [expect.anything()],
    });
    expect(performance.now() - began).toBeLessThan(1500);
  });

  test.each([
    ['sections without end', `connections {${'a {'.repeat(100_000)}`],
    ['lenders of lenders', Array.from({ length: 5000 }, (_, i) => `s${i} : s${i + 1}, s${i + 2} { }`).join('\n')],
    ['conn of conn', Array.from({ length: 5000 }, (_, i) => `conn c${i}\n also=c${i + 1}\n right=gw`).join('\n')],
  ])('strongSwan files with %s are read', (_, text) => {
    const whole = text.startsWith('s0') ? `${text}\nconnections { a : s0 { remote_addrs = gw } }` : text;
    expect(strongswanConf.parse(whole, { artifact: 'a' }).facts.profiles?.length).toBeGreaterThan(0);
  });

  test('JSON nested without end is a problem, not a crash', () => {
    for (const text of [
      '['.repeat(300_000),
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
      `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
    ])
      for (const target of ['linux-ip-route', 'windows-net-route', 'mtr-json', 'interfaces', 'arm'])
        expect(() => targets[target]?.(new TextEncoder().encode(text)), target).not.toThrow();
  });
});

function hurtRow(row: Record<string, unknown>, random: () => number): unknown {
  const keys = Object.keys(row);
  const key = keys[Math.floor(random() * keys.length)] ?? 'dst';
  const values = [null, 7, '', 'x', {}, [], '10.0.0.0/33', -1, { host: 'x' }];
  return random() < 0.1 ? null : { ...row, [key]: values[Math.floor(random() * values.length)] };
}

/** The first cell stays: what begins with an address is a row, whatever follows. */
function hurtLine(line: string, random: () => number): string {
  const cells = line.trim().split(/\s+/);
  const at = 1 + Math.floor(random() * (cells.length - 1));
  const values = ['999.1.1.1', 'x9', '255.0.255.0', '-', '10.1', ''];
  return `  ${cells.map((cell, index) => (index === at ? (values[Math.floor(random() * values.length)] ?? '') : cell)).join('   ')}`;
}
