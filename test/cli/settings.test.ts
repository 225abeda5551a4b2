import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { configPath } from '../../src/cli/config.ts';
import { bundle, onlink } from './run.ts';

const home = mkdtempSync(join(tmpdir(), 'onlink-config-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const settings = (content: unknown) => {
  mkdirSync(join(home, 'onlink'), { recursive: true });
  writeFileSync(join(home, 'onlink', 'config.json'), typeof content === 'string' ? content : JSON.stringify(content));
};
beforeEach(() => rmSync(join(home, 'onlink'), { recursive: true, force: true }));

const replay = (words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
  onlink(['replay', bundle('hub-transit-off'), ...words], { env: { XDG_CONFIG_HOME: home, ...env } });
const starts = { '{': 'json', '<': 'junit' } as const;
const formatOf = (text: string) => starts[text.charAt(0) as keyof typeof starts] ?? 'text';

describe('a flag wins over the environment, and that over the file', () => {
  test('each by itself and over the next', async () => {
    expect(formatOf((await replay()).stdout)).toBe('text');
    settings({ output: 'json' });
    expect(formatOf((await replay()).stdout)).toBe('json');
    expect(formatOf((await replay([], { ONLINK_OUTPUT: 'junit' })).stdout)).toBe('junit');
    expect(formatOf((await replay(['-o', 'text'], { ONLINK_OUTPUT: 'junit' })).stdout)).toBe('text');
  });

  test('lists and switches', async () => {
    settings({ accept: ['hub-transit-off'], 'failure-threshold': 'warning' });
    expect((await replay()).code).not.toBe(1);
    expect((await replay(['--accept', 'stray-route'])).code).toBe(1);
    settings({});
    expect((await replay([], { ONLINK_ACCEPT: 'stray-route,hub-transit-off' })).code).not.toBe(1);
    settings({ 'no-azure': true, noProbe: true, output: 'json' });
    const live = await onlink(['--timeout', '5'], { env: { XDG_CONFIG_HOME: home } });
    expect(live.stderr).toBe('');
    expect(JSON.parse(live.stdout).notChecked.length).toBeGreaterThan(0);
  }, 60_000);
});

describe('a file that is wrong', () => {
  test('an unknown key is told and ignored', async () => {
    settings({ outptu: 'json' });
    const { code, stderr, stdout } = await replay();
    expect(stderr).toContain('"outptu" is no flag');
    expect(formatOf(stdout)).toBe('text');
    expect(code).toBe(1);
  });

  test.each([
    ['{ "output": ', 'no JSON'],
    ['[]', 'an object'],
    ['{ "output": "yaml" }', '"output"'],
    ['{ "output": ["json", "text"] }', 'one text'],
    ['{ "verbose": "yes" }', 'true or false'],
  ])('%s is a mistake that names the file', async (content, names) => {
    settings(content);
    const { code, stdout, stderr } = await replay();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('config.json');
    expect(stderr).toContain(names);
  });
});

test('the file lies where the system keeps settings', () => {
  expect(configPath({ XDG_CONFIG_HOME: '/x' }, 'linux', '/home/u')).toBe('/x/onlink/config.json');
  expect(configPath({ XDG_CONFIG_HOME: 'relative' }, 'linux', '/home/u')).toBe('/home/u/.config/onlink/config.json');
  expect(configPath({}, 'linux', '/home/u')).toBe('/home/u/.config/onlink/config.json');
  expect(configPath({ APPDATA: '/roaming' }, 'win32', '/u')).toBe('/roaming/onlink/config.json');
});
