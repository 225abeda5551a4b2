import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { startEmulator } from '../../scripts/arm-emulator/emulator.ts';
import type { WireResource } from '../../scripts/arm-emulator/estate.ts';

/** A program as somebody calls it, and the environment they call it in. Nothing else of ours reaches it. */
export interface Program {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

const demo = resolve('fixtures/scenarios/document-spoke-missing-windows/bundle');

/** Runs the program from the root folder, to its end. */
export async function runProgram(
  { command: [file, ...first], env }: Program,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(file, [...first, ...args], {
    ...{ reject: false, cwd: '/', extendEnv: false, env: { ...env, ...more }, timeout: 60_000, stdin: 'ignore' },
  });
  return { exitCode, stdout, stderr };
}

/** The program from its source, which the built one must equal. */
const fromSource: Program = { command: [process.execPath, resolve('src/main.ts')], env: {} };

/** The demo in each format, byte for byte as from source; and the exit codes. */
export async function expectSameReplay(program: Program): Promise<void> {
  for (const format of ['text', 'json', 'markdown', 'html', 'junit']) {
    const args = ['replay', demo, '-o', format];
    const [built, source] = await Promise.all([runProgram(program, args), runProgram(fromSource, args)]);
    expect(built, format).toEqual(source);
    expect(built.exitCode, built.stderr).toBe(1);
  }
  expect(await runProgram(program, ['replay', demo, '--failure-threshold', 'never'])).toMatchObject({ exitCode: 0 });
  expect(await runProgram(program, ['replay', '/nowhere'])).toMatchObject({ exitCode: 2, stdout: '' });
}

/** A capture of this very machine: the commands by execa, the interfaces by the program started a second time. */
export async function expectCapture(program: Program, folder: string): Promise<void> {
  const { exitCode, stderr } = await runProgram(program, ['capture', folder, '--half', 'client', '--no-probe']);
  expect(exitCode, stderr).toBe(0);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const interfaces = manifest.artifacts.find(({ id }: { id: string }) => id === 'interfaces');
  // Node's own list would say so here.
  expect(interfaces.stderr).toBeUndefined();
  expect(JSON.parse(await readFile(join(folder, interfaces.file), 'utf8'))[0]).toHaveProperty('operstate');
}

/** Azure's half through the bundled SDK, from the emulator. */
export async function expectAzure(program: Program, folder: string, ca: string): Promise<void> {
  const resources = await demoResources();
  const emulator = await startEmulator({ estate: { resources }, token: 'secret-token' });
  try {
    await writeFile(ca, emulator.ca);
    const gateway = resources.find(({ id }) => id.includes('/virtualNetworkGateways/'))?.id ?? '';
    const args = ['capture', folder, '--half', 'azure', '--arm-endpoint', emulator.url, '--gateway', gateway];
    const env = { ONLINK_ACCESS_TOKEN: 'secret-token', NODE_EXTRA_CA_CERTS: ca };
    const { exitCode, stderr } = await runProgram(program, args, env);
    expect(exitCode, stderr).toBe(0);
  } finally {
    await emulator.stop();
  }
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const answered = manifest.artifacts.filter((artifact: { file?: string }) => artifact.file !== undefined);
  const operations = answered.map(({ operation }: { operation: string }) => operation);
  expect(operations).toEqual(expect.arrayContaining(['virtualNetworkGateways.get', 'virtualNetworks.get']));
}

async function demoResources(): Promise<readonly WireResource[]> {
  const folder = join(demo, 'azure');
  const names = (await readdir(folder)).filter((name) => /^\w+\.get\..*\.json$/.test(name));
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))));
}
