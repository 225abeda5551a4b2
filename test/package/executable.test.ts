import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { isSigned, resourcesOf } from '../../scripts/portable-executable.ts';
import { expectAzure, expectCapture, expectSameReplay, type Program, runProgram } from './try-program.ts';

const folder = await mkdtemp(join(tmpdir(), 'onlink exe '));
afterAll(() => rm(folder, { recursive: true, force: true }));
await execa(process.execPath, ['scripts/build-exe.ts', '--out', folder]);

const names = {
  linux: `onlink-${packageJson.version}-linux-x64`,
  windows: `onlink-${packageJson.version}-win-x64.exe`,
};
const empty = join(folder, 'empty');
await mkdir(empty);

// No node on PATH, nor anything else: the program finds the system's tools where the system keeps them.
const linux: Program = { command: [join(folder, names.linux)], env: { PATH: empty } };

test('the checksums are those of both executables', async () => {
  const sums = (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).trimEnd().split('\n');
  expect(sums.map((line) => line.slice(66))).toEqual([names.linux, names.windows]);
  for (const line of sums) {
    const bytes = await readFile(join(folder, line.slice(66)));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(line.slice(0, 64));
  }
});

test('the one for Linux says its version without a node on PATH', async () => {
  expect(await runProgram(linux, ['--version'])).toEqual({ exitCode: 0, stdout: packageJson.version, stderr: '' });
});

test('the one for Linux replays the demo as the source does', () => expectSameReplay(linux));

test('the one for Linux captures this machine', () => expectCapture(linux, join(folder, 'client half')));

test('the one for Linux asks Azure', () => expectAzure(linux, join(folder, 'azure half'), join(folder, 'ca.pem')));

test('the one for Windows is a program of the console that carries ours, and no signature that is wrong', async () => {
  const program = await readFile(join(folder, names.windows));
  const blobs = resourcesOf(program).filter(({ name }) => name === 'NODE_SEA_BLOB');
  expect(blobs.map(({ type }) => type)).toEqual([10]);
  const [blob] = blobs;
  // What Node looks for first, and our own words behind it.
  expect(blob?.data.readUInt32LE(0)).toBe(0x0143da20);
  expect(blob?.data.includes('Azure Point-to-Site VPN route')).toBe(true);
  expect(program.includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1')).toBe(true);
  expect(isSigned(program)).toBe(false);
  const header = program.readUInt32LE(0x3c);
  const [x64, console] = [0x8664, 3];
  expect([program.readUInt16LE(header + 4), program.readUInt16LE(header + 24 + 68)]).toEqual([x64, console]);
});
