import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Scenario } from './scenario.ts';
import { pretty } from './wire.ts';

/*
 * Writes the bundles of fixtures/scenarios: `node scripts/scenarios/write.ts [NAME…]`.
 * A scenario is a file in cases/ that exports `scenario`.
 */
const here = dirname(new URL(import.meta.url).pathname);
const home = join(here, '../../fixtures/scenarios');

/** Writes one scenario's folder anew. */
function writeScenario(
  { name, platform, client, azure, takenAt, manifest, expected, twin }: Scenario,
  to: string = home,
): void {
  const folder = join(to, name);
  // report.json, what onlink tells of it, is the test's to write.
  for (const part of ['bundle', 'expected.json', 'twin.json'])
    rmSync(join(folder, part), { recursive: true, force: true });
  const artifacts = [...client, ...azure];
  for (const { file, text } of artifacts)
    if (file !== undefined && text !== undefined) write(join(folder, 'bundle', file), text);
  const entries = artifacts.map(({ text, ...entry }) => entry);
  const head = {
    format: 'onlink-bundle/1',
    takenAt: takenAt ?? '2026-11-02T09:10:00Z',
    platform,
    tool: 'onlink 0.1.0',
    ...manifest,
  };
  write(join(folder, 'bundle', 'manifest.json'), pretty({ ...head, artifacts: entries }));
  write(join(folder, 'expected.json'), pretty(expected));
  if (twin !== undefined) write(join(folder, 'twin.json'), pretty(twin));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const wanted = process.argv.slice(2);
const all = readdirSync(join(here, 'cases'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
for (const unknown of wanted.filter((name) => !all.includes(name)))
  throw new Error(`No scenario ${unknown} in scripts/scenarios/cases`);
for (const name of wanted.length > 0 ? wanted : all) {
  const { scenario } = (await import(`./cases/${name}.ts`)) as { readonly scenario: Scenario };
  if (scenario.name !== name) throw new Error(`cases/${name}.ts makes a scenario called ${scenario.name}`);
  writeScenario(scenario);
}
