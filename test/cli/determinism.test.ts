import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundle, onlink } from './run.ts';

const formats = ['text', 'json', 'markdown', 'html', 'junit'];
const cases = [
  ...formats.map((format) => ['document-spoke-missing-windows', format] as const),
  ['healthy-linux', 'json'] as const,
];
const settings: readonly Readonly<Record<string, string>>[] = [
  { TZ: 'UTC', LANG: 'C.UTF-8' },
  { TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
  { TZ: 'America/St_Johns', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  { TZ: 'Pacific/Apia', LC_ALL: 'C', LANG: '' },
  { TZ: 'Asia/Tokyo', LC_ALL: 'ja_JP.UTF-8', LANGUAGE: 'ja', COLUMNS: '200', TERM: 'xterm-256color' },
];

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Other runtimes that happen to be on this machine: ONLINK_TEST_NODES names them, and the system's own is tried. */
function otherNodes(): readonly { readonly path: string; readonly version: string }[] {
  const named = (process.env['ONLINK_TEST_NODES'] ?? '').split(':');
  const paths = [...named, '/usr/bin/node', '/usr/local/bin/node'].filter((path) => path !== '' && existsSync(path));
  return [...new Set(paths)].flatMap((path) => {
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
    const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
    // Older ones cannot run the sources; the built program needs 22.18 as well.
    const runs = major > 22 || (major === 22 && minor >= 18);
    return runs && version !== process.version ? [{ path, version }] : [];
  });
}

describe('replay is byte for byte the same in every time zone and language', () => {
  test.each(cases)(
    '%s as %s',
    async (scenario, format) => {
      const runs = await Promise.all(
        settings.map((env) => onlink(['replay', bundle(scenario), '-o', format], { env })),
      );
      expect(runs.map(({ stdout }) => stdout.length > 200)).not.toContain(false);
      expect(new Set(runs.map(({ stdout }) => digest(stdout))).size).toBe(1);
      expect(new Set(runs.map(({ code }) => code)).size).toBe(1);
    },
    60_000,
  );
});

describe('under another Node', () => {
  const nodes = otherNodes();
  test.skipIf(nodes.length > 0)(
    'skipped: no other Node that runs TypeScript is here (ONLINK_TEST_NODES=PATH:PATH names some)',
    () => {
      expect(nodes).toEqual([]);
    },
  );

  test.runIf(nodes.length > 0).each(nodes)(
    '$version',
    async ({ path }) => {
      for (const format of formats) {
        const words = ['replay', bundle('hub-transit-off'), '-o', format];
        const [here, there] = await Promise.all([onlink(words), onlink(words, { node: path })]);
        expect({ format, digest: digest(there.stdout) }).toEqual({ format, digest: digest(here.stdout) });
      }
    },
    60_000,
  );
});
