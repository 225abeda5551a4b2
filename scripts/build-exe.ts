import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import packageJson from '../package.json' with { type: 'json' };
import { bundleOptions } from './bundle.ts';
import { type NodeTarget, nodeBinary } from './node-binary.ts';
import { withoutSignature } from './portable-executable.ts';

/*
 * `npm run build:exe [--out DIR] [linux-x64|win-x64 ...]`: the program and its Node in one file per system, for machines
 * that have no Node. Node itself puts the two together; the Node of the other system comes from npm. SHA256SUMS is what
 * `sha256sum --check` reads.
 */
const targets: readonly NodeTarget[] = ['linux-x64', 'win-x64'];

async function bundleInto(folder: string): Promise<string> {
  const file = join(folder, 'onlink.mjs');
  // An executable holds one script: nothing is split off.
  await build({ ...bundleOptions, entryPoints: ['src/main.ts'], outfile: file, target: 'node26' });
  return file;
}

async function runtimeFor(target: NodeTarget, folder: string): Promise<string> {
  const ours = process.platform === 'linux' && process.arch === 'x64' ? 'linux-x64' : undefined;
  if (target === ours) return process.execPath;
  const file = await nodeBinary(target, process.versions.node);
  if (target === 'linux-x64') return file;
  const unsigned = join(folder, 'node.exe');
  await writeFile(unsigned, withoutSignature(await readFile(file)));
  return unsigned;
}

async function buildFor(target: NodeTarget, main: string, work: string, out: string): Promise<string> {
  const name = `onlink-${packageJson.version}-${target}${target === 'win-x64' ? '.exe' : ''}`;
  const output = join(out, name);
  const config = join(work, `${target}.json`);
  const about = { main, mainFormat: 'module', output, executable: await runtimeFor(target, work) };
  await writeFile(config, JSON.stringify({ ...about, disableExperimentalSEAWarning: true }));
  await execa(process.execPath, ['--build-sea', config]);
  await chmod(output, 0o755);
  const sum = createHash('sha256').update(await readFile(output));
  return `${sum.digest('hex')}  ${name}\n`;
}

async function buildAll(wanted: readonly NodeTarget[], out: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'onlink-exe-'));
  try {
    await mkdir(out, { recursive: true });
    const main = await bundleInto(work);
    await copyFile(`${main}.LEGAL.txt`, join(out, 'LEGAL.txt'));
    const sums: string[] = [];
    for (const target of wanted) sums.push(await buildFor(target, main, work, out));
    await writeFile(join(out, 'SHA256SUMS'), sums.join(''));
    process.stdout.write(sums.join(''));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const words = process.argv.slice(2);
const at = words.indexOf('--out');
const [out = 'executables'] = at < 0 ? [] : words.splice(at, 2).slice(1);
const wanted = targets.filter((target) => words.length === 0 || words.includes(target));
if (words.some((word) => !targets.some((target) => target === word))) {
  process.stderr.write(`build-exe: of ${words.join(', ')} only ${targets.join(', ')} can be built\n`);
  process.exitCode = 2;
} else {
  await buildAll(wanted, resolve(out));
}
