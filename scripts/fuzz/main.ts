import { join } from 'node:path';
import { bundleFolders, tryBundle } from './bundles.ts';
import { corpus, type Failure, fixtures, scenarioCaptures, targets, tryAnalysis, tryReader } from './fuzz.ts';

/*
 * `npm run fuzz [-- SECONDS [SEED]]`: damages real captures at random and reads them, for as long as wanted. Prints each
 * failure with its seed; the same seed gives the same damage.
 */
const [seconds = 60, firstSeed = Date.now() % 1_000_000_000] = process.argv.slice(2).map(Number);
const until = performance.now() + seconds * 1000;
const files = corpus();
const captures = scenarioCaptures();
const folders = bundleFolders(join(fixtures, 'scenarios'));
const names = Object.keys(targets);
const failures: Failure[] = [];
let seed = firstSeed;
for (; performance.now() < until; seed += 1) {
  const file = files[seed % files.length];
  const scenario = captures[seed % captures.length];
  const own = names.find((name) => file?.name.startsWith(`sources/${name}/`));
  const target = seed % 3 === 0 && own !== undefined ? own : (names[(seed * 31) % names.length] ?? 'arm');
  const found = file && tryReader(seed, target, file.bytes);
  const whole = scenario && seed % 10 === 0 ? tryAnalysis(seed, scenario.name, scenario.capture) : undefined;
  const folder = folders[seed % folders.length];
  const onDisk = folder && seed % 10 === 5 ? tryBundle(seed, folder) : undefined;
  for (const failure of [found, whole, onDisk])
    if (failure !== undefined) {
      failures.push(failure);
      console.log(`seed ${failure.seed}, ${failure.target}: ${failure.what}`);
    }
}
console.log(`${seed - firstSeed} rounds from seed ${firstSeed}: ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
