import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeBinary } from '../../scripts/node-binary.ts';
import { expectAzure, expectCapture, expectSameReplay, type Program, runProgram } from './try-program.ts';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const folder = await mkdtemp(join(tmpdir(), 'onlink pack '));
const prefix = join(folder, 'prefix');
const packed = await pack();
const missing = await install(packed);
if (missing !== undefined) console.warn(`npm i -g of the tarball: skipped, ${missing}`);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function pack(): Promise<Packed> {
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder]);
  return JSON.parse(stdout)[0];
}

/** Why it could not be installed for want of a registry; any other failure is thrown. */
async function install({ filename }: Packed): Promise<string | undefined> {
  const args = ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', join(folder, filename)];
  const { exitCode, stderr } = await execa('npm', args, { reject: false });
  if (exitCode === 0) return undefined;
  const unreached = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.exec(stderr)?.[0];
  if (unreached === undefined || process.env['CI'] !== undefined) throw new Error(stderr);
  return `the registry was not reached (${unreached})`;
}

test('the tarball holds the program and what people read, and nothing of the workshop', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'package.json',
      'README.md',
      'CHANGELOG.md',
      'dist/onlink.mjs',
      'schema/report-1.schema.json',
    ]),
  );
  const rest = paths.filter(
    (path) => !/^(dist|schema|docs)\/|^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path),
  );
  expect(rest).toEqual([]);
  expect(paths.filter((path) => path.endsWith('.ts'))).toEqual([]);
  // Every piece is the last build's: the first file leads to all of them.
  expect(packed.size).toBeLessThan(2_000_000);
});

describe.skipIf(missing !== undefined)('the installed program', () => {
  const bin = join(prefix, 'bin', 'onlink');
  const nodes = async (): Promise<readonly string[]> => [
    dirname(process.execPath),
    dirname(await nodeBinary('linux-x64', '22.18.0')),
  ];
  let programs: readonly Program[] = [];
  beforeAll(async () => {
    const found = await nodes();
    // As a shell starts it: by its first line, with that node first in PATH.
    programs = found.map((path) => ({ command: [bin], env: { PATH: `${path}:/usr/bin:/bin` } }));
  });

  test('says its version, on this Node and on the oldest it promises', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    for (const program of programs)
      expect(await runProgram(program, ['--version'])).toEqual({ exitCode: 0, stdout: version, stderr: '' });
  });

  test('tells somebody with a Node that is too old which one it needs', async () => {
    const old = { command: [await nodeBinary('linux-x64', '20.20.2'), bin] as const, env: {} };
    for (const args of [['--version'], ['replay', 'nowhere']])
      expect(await runProgram(old, args)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: 'onlink: this is Node 20.20.2; onlink needs Node 22.18 or later',
      });
  });

  test('replays the demo as the source does', async () => {
    for (const program of programs) await expectSameReplay(program);
  });

  test('captures this machine', async () => {
    for (const [index, program] of programs.entries()) await expectCapture(program, join(folder, `client ${index}`));
  });

  test('asks Azure', async () => {
    for (const [index, program] of programs.entries())
      await expectAzure(program, join(folder, `azure ${index}`), join(folder, 'ca.pem'));
  });

  test('brings no runtime and no tool of the workshop along', async () => {
    const installed = await readdir(join(prefix, 'lib', 'node_modules', 'onlink', 'node_modules'));
    const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    const unwanted = installed.filter((name) => name in devDependencies || name.startsWith('node-'));
    expect(unwanted).toEqual([]);
  });
});
