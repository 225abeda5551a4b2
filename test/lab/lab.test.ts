import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { runEnclosed } from '../../scripts/lab/enclosure.ts';
import { missingHere } from '../../scripts/lab/requirements.ts';

const main = fileURLToPath(new URL('../../scripts/lab/main.ts', import.meta.url));
const missing = await missingHere(['openvpn']);

describe('the command line', () => {
  test('lists its states', async () => {
    const { stdout, exitCode } = await lab('list');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('return-propagation-disabled');
  });

  test('refuses a state that is none, naming it', async () => {
    const { stdout, exitCode } = await lab('no-such-state');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('no-such-state');
  });

  test('where a tool is missing it says which and ends as skipped', async () => {
    const { stdout, exitCode } = await execa(process.execPath, [main, 'healthy'], {
      reject: false,
      env: { PATH: '/nowhere' },
    });
    // The system folders are looked into whatever the path says; unshare lives outside them.
    expect(stdout).toContain('skipped: unshare is not installed');
    expect(exitCode).toBe(77);
  });
});

/** These need what the lab needs; where it is missing the lab itself says so with exit code 77. */
describe.skipIf(missing.length > 0)('the enclosure', () => {
  const never = new AbortController().signal;

  test('nothing made inside is left outside', async () => {
    const inside = await runEnclosed(['sh', '-c', 'ip netns add left-behind && ip netns'], never, 20);
    expect(inside.stdout).toContain('left-behind');
    expect(await outputOf(['ip', 'netns'])).not.toContain('left-behind');
  });

  test('it has no way out: no device but its own loopback, no route', async () => {
    const { stdout } = await runEnclosed(['sh', '-c', 'ip -o link; ip route show table all type unicast'], never, 20);
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(1);
  });

  test('an interruption ends all that runs in it', async () => {
    const controller = new AbortController();
    const marker = `${31_536_000 + process.pid}`;
    const running = runEnclosed(['sh', '-c', `sleep ${marker} & wait`], controller.signal, 60);
    await expect.poll(() => sleeping(marker)).toBe(true);
    controller.abort();
    await running;
    await expect.poll(() => sleeping(marker)).toBe(false);
  });

  test('time that runs out ends it too, and says so', async () => {
    const { exitCode, stderr } = await runEnclosed(['sleep', '60'], never, 1);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('out of time');
  });
});

describe.skipIf(missing.length > 0)('a real tunnel', () => {
  test('shows every machine at hop 1, and what is not pushed outside', async () => {
    const inside = (name: string) =>
      runEnclosed([process.execPath, main, '--inside', 'check', name], new AbortController().signal, 25);
    for (const name of ['openvpn-subnet', 'openvpn-without-storage']) {
      const { stdout, stderr } = await inside(name);
      const observations: unknown = JSON.parse(stdout || '[]');
      expect(observations, stderr).not.toEqual([]);
      for (const observation of observations as { says: string; holds: boolean }[]) {
        expect(observation.holds, observation.says).toBe(true);
      }
    }
  });
});

async function lab(...argv: readonly string[]): Promise<{ stdout: string; exitCode: number | undefined }> {
  const { stdout, exitCode } = await execa(process.execPath, [main, ...argv], { reject: false });
  return { stdout, exitCode };
}

async function sleeping(marker: string): Promise<boolean> {
  return (await outputOf(['ps', '-eo', 'args'])).includes(`sleep ${marker}`);
}

async function outputOf([file, ...rest]: readonly [string, ...string[]]): Promise<string> {
  const { stdout } = await execa(file, rest, { reject: false });
  return stdout;
}
