import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

/** A system that Node's own packages on npm hold an executable for. */
export type NodeTarget = 'linux-x64' | 'win-x64';

const cache = resolve('node_modules/.cache/onlink');

/** The path of Node's executable for a system, from npm; kept from one build to the next. */
export async function nodeBinary(target: NodeTarget, version: string): Promise<string> {
  const folder = join(cache, `node-${target}-${version}`);
  const file = join(folder, 'bin', target === 'win-x64' ? 'node.exe' : 'node');
  if (await isThere(file)) return file;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'unpack-'));
  try {
    const pack = ['pack', `node-${target}@${version}`, '--silent', '--ignore-scripts', '--pack-destination', work];
    const { stdout } = await execa('npm', pack);
    await execa('tar', ['-xzf', stdout.trim()], { cwd: work });
    await rm(folder, { recursive: true, force: true });
    await rename(join(work, 'package'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return file;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
