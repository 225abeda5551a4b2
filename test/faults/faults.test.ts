import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { readBundle } from '../../src/capture/bundle.ts';
import { livePorts } from '../../src/capture/live-ports.ts';
import type { Ports } from '../../src/capture/ports.ts';
import { runCommand } from '../../src/capture/run-command.ts';
import { take } from '../../src/capture/take.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { onlink, scratch } from '../cli/run-cli.ts';

/*
 * What goes wrong on real machines: the real ports with one command replaced by a shell script, and the real command
 * line in a process of its own. Nothing is sent anywhere.
 */
const local = ['--no-azure', '--no-probe'];
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const demo = fileURLToPath(new URL('../../fixtures/scenarios/document-spoke-missing-windows/bundle', import.meta.url));
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/tmp']).status === 0;
if (!canMount) console.warn('a disk that fills up: skipped, for nobody may mount one here');
const onLinux = describe.skipIf(process.platform !== 'linux');

/** This machine, but for its `ip`: that is the given shell script. Tools are looked for in system folders first. */
function withIp(script: string): Ports {
  const file = join(scratch(), 'ip');
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const real = livePorts([process.execPath, main]);
  return { ...real, find: async (tool) => (tool === 'ip' ? file : await real.find(tool)) };
}

const routesIn = ({ artifacts }: Capture) => artifacts.filter(({ source }) => source === 'linux-ip-route');

onLinux('a system command that misbehaves is told of, and the rest goes on', () => {
  test.each([
    ['ends oddly', 'echo broken >&2; exit 77'],
    ['is killed', 'kill -9 $$'],
    ['prints what nobody understands', 'echo "Object \\"foo\\" is unknown"'],
    ['is noisy on stderr', 'i=0; while [ $i -lt 2000 ]; do echo noise noise noise >&2; i=$((i+1)); done; echo "[]"'],
    ['prints nothing', 'exit 0'],
    ['stops in the middle of a row', 'printf \'[{"dst":"default","gateway":"192.168\''],
  ])('one that %s', async (_, script) => {
    const capture = await take({}, withIp(script));
    expect(routesIn(capture).length).toBeGreaterThan(0);
    expect(capture.artifacts.some(({ source }) => source === 'host')).toBe(true);
    // Another witness of the table may stand in; nothing ever says that all is well.
    expect(analyze(capture).verdict).not.toBe('ok');
  });

  test('five at once that flood stdout are stopped, and hold no more than what one may print each', async () => {
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 5);
    const flood = { file: '/usr/bin/yes', args: ['0123456789'.repeat(4)], maxBytes: 32_000_000 };
    const answers = await Promise.all(Array.from({ length: 5 }, () => runCommand(flood)));
    clearInterval(watch);
    for (const { outcome } of answers) expect(outcome).toMatchObject({ kind: 'unanswered', code: 'flooded' });
    expect(most - before).toBeLessThan(2 * 5 * flood.maxBytes);
  }, 60_000);

  test('one that is slow costs no more than its time limit, and leaves no child behind', async () => {
    const mark = `7${process.pid}`;
    const ports = withIp(`exec sleep ${mark}`);
    const patient: Ports = { ...ports, run: (request) => ports.run({ ...request, timeoutMs: 700 }) };
    const began = performance.now();
    const capture = await take({}, patient);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(routesIn(capture).map(({ outcome }) => outcome)).toEqual(
      routesIn(capture).map(() => expect.objectContaining({ kind: 'unanswered', code: 'timeout' })),
    );
    expect(capture.artifacts.some(({ source, outcome }) => source === 'host' && outcome.kind === 'answered')).toBe(
      true,
    );
    expect(processesWith(mark)).toEqual([]);
    expect(analyze(capture).verdict).not.toBe('ok');
  });
});

onLinux('an interruption', () => {
  test('ends every child', async () => {
    const mark = `6${process.pid}`;
    const stop = new AbortController();
    const running = take({ stop: stop.signal }, withIp(`exec sleep ${mark}`));
    await expect.poll(() => processesWith(mark).length, { timeout: 10_000 }).toBeGreaterThan(0);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect.poll(() => processesWith(mark), { timeout: 5000 }).toEqual([]);
  });

  test.each([0, 30, 100])(
    '%i ms after the bundle was begun leaves nothing half-written, and exits with 130',
    async (delay) => {
      const folder = join(scratch(), 'out');
      const child = spawn(process.execPath, [main, 'capture', folder, '--half', 'client', ...local], {
        stdio: 'ignore',
      });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await expect.poll(() => existsSync(join(folder, 'manifest.json')), { interval: 5, timeout: 20_000 }).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill('SIGINT');
      expect(await ended).toBe(130);
      expect(readBundle(folder)).toHaveProperty('artifacts');
      expect(readdirSync(folder).filter((name) => !['manifest.json', 'client', 'azure'].includes(name))).toEqual([]);
    },
  );
});

describe('places that cannot be written', () => {
  test.skipIf(!existsSync('/dev/full'))('a report to a full disk is one line and exit code 2', async () => {
    const { code, stderr } = await onlink(['replay', demo, '--output-file', '/dev/full']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot write \/dev\/full: ENOSPC/);
    expect(stderr).not.toMatch(/at .*\.ts:/);
  });

  test.runIf(canMount)('a disk that fills up leaves whole files only, and a bundle that says it is partial', () => {
    const { status, stderr, folder } = onSmallDisk(['capture', 'DISK/b', '--half', 'client', ...local]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(
        /b: the disk is full \(it holds what was written before, and is marked as partial\)/,
      ),
    });
    const { artifacts, notes } = readBundle(folder);
    expect(notes?.join()).toMatch(/cut short/);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.filter(({ name }) => name === 'manifest.json.part')).toEqual([]);
    expect(artifacts.length).toBeGreaterThan(0);
    for (const { parentPath, name } of files)
      if (name.endsWith('.json')) expect(() => JSON.parse(readFileSync(join(parentPath, name), 'utf8'))).not.toThrow();
  });

  test.runIf(canMount)('a diagnosis whose bundle finds no room is printed all the same', () => {
    const { status, stdout, stderr } = onSmallDisk(['diagnose', '-o', 'json', '--save', 'DISK/b', ...local]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('the disk is full') });
    expect(JSON.parse(stdout)).toMatchObject({ verdict: expect.any(String), platform: 'linux' });
  });

  test('a place for the bundle that is taken is told before anything is asked', async () => {
    const { code, stdout, stderr } = await onlink(['diagnose', '--save', demo, ...local]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('already holds a bundle'),
    });
  });

  test('a home that does not exist or may not be written changes nothing', async () => {
    const usual = await onlink(['replay', demo, '-o', 'json']);
    for (const HOME of ['/proc/1/nowhere', '/nonexistent', ''])
      expect(await onlink(['replay', demo, '-o', 'json'], { HOME })).toEqual(usual);
  });

  test('a bundle where a file is in the way is refused by name', async () => {
    const file = join(scratch(), 'taken');
    writeFileSync(file, 'mine');
    const { code, stderr } = await onlink(['capture', file, '--half', 'client', ...local]);
    expect(code).toBe(2);
    expect(stderr).toContain(file);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

test('two runs at once do not meet', async () => {
  const [one, other] = await Promise.all([
    onlink(['replay', demo, '-o', 'json']),
    onlink(['replay', demo, '-o', 'json']),
  ]);
  expect(one).toEqual(other);
});

test('a reader that hangs up early is no fault', async () => {
  const child = spawn(
    '/bin/sh',
    ['-c', `"${process.execPath}" "${main}" replay "${demo}" --verbose | head -n 1; exit 0`],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(stderr).not.toMatch(/EPIPE|internal error/);
});

test('without Azure, not a line of the Azure SDK is loaded', async () => {
  const hook = join(scratch(), 'watch.mjs');
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  if (/^@azure|^systeminformation/.test(specifier)) process.stderr.write('LOADED ' + specifier + '\\n');
  return next(specifier, context);
} });`,
  );
  const { stderr, code } = await onlink(['replay', demo, '--failure-threshold', 'never'], {
    NODE_OPTIONS: `--import=${hook}`,
  });
  expect(code).not.toBe(4);
  expect(stderr).not.toMatch(/LOADED/);
});

/** Runs onlink where DISK has room for a few files; `folder` is what it left there. */
function onSmallDisk(words: readonly string[]) {
  const [disk, kept] = [scratch(), scratch()];
  const script =
    'mount -t tmpfs -o size=24k none "$1"; disk=$1; kept=$2; shift 2; "$@"; code=$?; cp -r "$disk/." "$kept"; exit $code';
  const placed = words.map((word) => word.replace('DISK', disk));
  const argv = ['-rm', 'sh', '-c', script, 'sh', disk, kept, process.execPath, main, ...placed];
  const { status, stdout, stderr } = spawnSync('unshare', argv, { encoding: 'utf8', timeout: 60_000 });
  return { status, stdout, stderr, folder: join(kept, 'b') };
}

/** Processes that have the word in their command line. */
function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(mark));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
