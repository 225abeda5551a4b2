import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBundle, writeBundle } from '../../src/capture/bundle.ts';
import { openBundle } from '../../src/capture/bundle-writer.ts';
import { UserError } from '../../src/capture/user-error.ts';
import type { Artifact, Capture } from '../../src/facts/capture.ts';
import { address } from '../../src/net/address.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onlink bundle '));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const bytes = (text: string) => new TextEncoder().encode(text);
const answered = (id: string, text: string, more: Partial<Artifact> = {}): Artifact => ({
  id,
  source: id.split(':')[0] ?? id,
  half: 'client',
  outcome: { kind: 'answered', bytes: bytes(text), exitCode: 0 },
  ...more,
});
const capture = (...artifacts: readonly Artifact[]): Capture => ({
  takenAt: '2026-11-22T10:00:00Z',
  platform: 'linux',
  artifacts,
});

/** A bundle written by hand: a manifest of the given entries, and the given files. */
async function byHand(manifest: object, files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
const head = { format: 'onlink-bundle/1', platform: 'windows' };
const routePrint = { source: 'windows-route-print', half: 'client', file: 'client/r.txt' };

function refusal(path: string): string {
  try {
    readBundle(path);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }
  throw new Error(`${path} was read`);
}

describe('a bundle written by onlink', () => {
  test('comes back as it was, byte for byte', async () => {
    const original = capture(
      answered('linux-ip-route', 'default via 192.168.29.1 dev wlan0\r\n', { argv: ['ip', 'route'], durationMs: 6 }),
      answered('windows-tracert:fd00::1', 'été', { target: 'fd00::1', encoding: 'windows-1252', family: 6 }),
      answered('arm:001', '{"id":"/subscriptions/s"}', { half: 'azure', operation: 'virtualNetworks.get', retries: 2 }),
      {
        id: 'arm:002',
        source: 'arm',
        half: 'azure',
        outcome: { kind: 'unanswered', status: 403, code: 'AuthorizationFailed', message: 'no' },
      },
    );
    const path = join(folder, 'new', 'bundle');
    await writeBundle(path, { ...original, notes: ['told'], azureTakenAt: '2026-11-20T00:00:00Z' }, 'onlink 0');
    expect(readBundle(path)).toEqual({ ...original, notes: ['told'], azureTakenAt: '2026-11-20T00:00:00Z' });
    expect(await readdir(join(path, 'client'))).toEqual(['linux-ip-route.txt', 'windows-tracert-fd00-1.txt']);
    expect(await readdir(join(path, 'azure'))).toEqual(['001.json']);
    expect(await readdir(path)).not.toContain('manifest.json.part');
  });

  test('keeps what the person asked for', async () => {
    const request = {
      gatewayName: 'gw',
      resourceGroup: 'rg',
      targets: [address('10.1.0.4'), address('fd00::4')],
      probes: false,
    };
    await writeBundle(join(folder, 'b'), { ...capture(), request }, 'onlink 0');
    expect(readBundle(join(folder, 'b')).request).toEqual(request);
  });

  test('keeps an exit code apart from none, and a negative Windows one', async () => {
    const none = answered('host', '{}');
    const original = capture(
      { ...none, outcome: { kind: 'answered', bytes: bytes('{}'), exitCode: null } },
      { ...none, id: 'x', outcome: { kind: 'answered', bytes: bytes(''), exitCode: -1073741819 } },
    );
    await writeBundle(join(folder, 'b'), original, 'onlink 0');
    expect(readBundle(join(folder, 'b'))).toEqual(original);
  });

  test('gives ids that differ by case or sign alone files of their own', async () => {
    await writeBundle(
      join(folder, 'b'),
      capture(answered('a:B', '1'), answered('a:b', '2'), answered('a-b', '3')),
      't',
    );
    const read = readBundle(join(folder, 'b'));
    expect(
      read.artifacts.map(({ outcome }) => outcome.kind === 'answered' && String.fromCharCode(...outcome.bytes)),
    ).toEqual(['1', '2', '3']);
  });

  test('is never written over', async () => {
    await writeBundle(folder, capture(), 'onlink 0');
    await expect(writeBundle(folder, capture(), 'onlink 0')).rejects.toThrow(/already holds a bundle/);
    await writeFile(join(folder, 'file'), '');
    await expect(writeBundle(join(folder, 'file'), capture(), 'onlink 0')).rejects.toThrow(UserError);
  });

  test('killed half-way says so and holds what was asked before', async () => {
    const path = join(folder, 'b');
    const writer = await openBundle(path, { takenAt: null, platform: 'linux' }, 'onlink 0');
    expect(readBundle(path).notes).toHaveLength(1);
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => writer.add(answered(`linux-traceroute:10.0.0.${i}`, `${i}`))),
    );
    const halfWay = readBundle(path);
    expect(halfWay.artifacts).toHaveLength(40);
    expect(halfWay.notes?.[0]).toMatch(/cut short/);
    const order = [...halfWay.artifacts].sort((a, b) => a.id.localeCompare(b.id));
    await writer.finish(capture(...order));
    expect(readBundle(path)).toEqual(capture(...order));
  });

  test('tells a file cut short from one that was changed', async () => {
    await writeBundle(folder, capture(answered('linux-ip-route', 'default dev tun0\n')), 'onlink 0');
    const file = join(folder, 'client', 'linux-ip-route.txt');
    await writeFile(file, 'default dev t');
    expect(refusal(folder)).toMatch(/linux-ip-route\.txt" is truncated: 13 of 17 bytes/);
    await writeFile(file, 'default dev tun1\n');
    expect(refusal(folder)).toMatch(/linux-ip-route\.txt" was changed/);
    await writeFile(file, 'default dev tun0\nmore\n');
    expect(refusal(folder)).toMatch(/was changed/);
    await rm(file);
    expect(refusal(folder)).toMatch(/linux-ip-route\.txt" is missing/);
  });

  test('of a hundred thousand routes and two thousand documents is read in a moment', async () => {
    const row = (i: number) =>
      `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} via 172.16.50.1 dev tun0 metric 50\n`;
    const table = Array.from({ length: 100_000 }, (_, i) => row(i)).join('');
    const documents = Array.from({ length: 2000 }, (_, i) => answered(`arm:${i}`, `{"id":"${i}"}`, { half: 'azure' }));
    const before = performance.now();
    await writeBundle(folder, capture(answered('linux-ip-route', table), ...documents), 'onlink 0');
    expect(readBundle(folder).artifacts).toHaveLength(2001);
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

describe('a bundle written by hand', () => {
  test('needs little, and keys it does not know are ignored', async () => {
    const entries = [
      { ...routePrint, comment: 'pasted from a ticket', target: null },
      { source: 'windows-tracert', half: 'client', file: './client\\t.txt', target: '10.1.0.4' },
      { source: 'windows-tracert', half: 'client', file: 'client/r.txt', target: '10.1.0.4' },
      { source: 'arm', half: 'azure', unanswered: { status: 429 } },
      { source: 'cmroute-routes', half: 'client', unanswered: { message: 'none found' } },
    ];
    const path = await byHand(
      { ...head, author: 'me', artifacts: entries },
      { 'client/r.txt': 'r', 'client/t.txt': 't' },
    );
    const { takenAt, artifacts } = readBundle(path);
    expect(takenAt).toBeNull();
    expect(artifacts.map(({ id }) => id)).toEqual([
      'windows-route-print',
      'windows-tracert:10.1.0.4',
      'windows-tracert:10.1.0.4#2',
      'arm:004',
      'cmroute-routes',
    ]);
    expect(artifacts.map(({ outcome }) => (outcome.kind === 'unanswered' ? outcome.code : outcome.exitCode))).toEqual([
      null,
      null,
      null,
      'http-429',
      'not-told',
    ]);
  });

  test('may have a manifest saved by Windows in UTF-16 or with a byte order mark', async () => {
    const text = JSON.stringify({ ...head, artifacts: [] });
    await writeFile(join(folder, 'manifest.json'), Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(readBundle(folder).platform).toBe('windows');
    await writeFile(join(folder, 'manifest.json'), `\ufeff${text}`);
    expect(readBundle(folder).platform).toBe('windows');
  });

  test.each([
    ['no manifest', undefined, /manifest\.json" is missing/],
    ['no JSON', '{"format":', /manifest\.json: not JSON/],
    ['a list', '[]', /JSON object/],
    ['no format', '{}', /no "format"/],
    ['another format', '{"format":"zip"}', /unknown format "zip"/],
    ['a newer format', '{"format":"onlink-bundle/2"}', /newer onlink \(format onlink-bundle\/2\)/],
    ['no artifacts', JSON.stringify(head), /"artifacts" must be a list/],
    [
      'a target that is no address',
      JSON.stringify({ ...head, artifacts: [], request: { targets: ['vm1'] } }),
      /request: "targets": "vm1"/,
    ],
    [
      'a request that is none',
      JSON.stringify({ ...head, artifacts: [], request: { azure: 'no' } }),
      /"azure" must be true or false/,
    ],
    ['another platform', JSON.stringify({ ...head, platform: 'darwin', artifacts: [] }), /"platform".*"darwin"/],
  ])('with %s is refused', async (_, manifest, message) => {
    if (manifest !== undefined) await writeFile(join(folder, 'manifest.json'), manifest);
    expect(refusal(folder)).toMatch(message);
  });

  test.each([
    ['text', 'artifacts[0]: must be an object'],
    [{ ...routePrint, half: 'server' }, 'artifacts[0]: "half"'],
    [{ half: 'client', file: 'client/r.txt' }, 'lacks "source"'],
    [{ source: 'arm', half: 'azure' }, 'needs either "file" or "unanswered"'],
    [{ ...routePrint, exitCode: '0' }, '"exitCode" must be a number'],
    [{ ...routePrint, argv: 'route print' }, '"argv" must be a list of texts'],
    [{ ...routePrint, family: 5 }, '"family" must be 4 or 6'],
    [{ ...routePrint, file: 7 }, '"file" must be text'],
    [{ source: 'arm', half: 'azure', unanswered: 'no' }, 'artifacts[0].unanswered: must be an object'],
    [{ source: 'arm', half: 'azure', unanswered: { status: '403' } }, '"status" must be a number'],
  ])('with an entry %j is refused', async (entry, message) => {
    await byHand({ ...head, artifacts: [entry] }, { 'client/r.txt': '' });
    expect(refusal(folder)).toContain(message);
  });

  test.each([
    '/etc/hostname',
    '../outside.txt',
    'client/../../outside.txt',
    'client\\..\\..\\outside.txt',
    'C:\\Windows\\win.ini',
    '\\\\host\\share',
    'client/r.txt:stream',
    'c\0d',
  ])('whose file %j leads out is refused', async (file) => {
    await byHand({ ...head, artifacts: [{ ...routePrint, file }] });
    expect(refusal(folder)).toMatch(/leads out of the bundle/);
  });

  test('with a folder, nothing, or a missing file in place of a file is refused', async () => {
    await byHand({ ...head, artifacts: [{ ...routePrint, file: 'client' }] }, { 'client/r.txt': '' });
    expect(refusal(folder)).toMatch(/"client" is no regular file/);
    await byHand({ ...head, artifacts: [{ ...routePrint, file: 'client/r.txt/x' }] });
    expect(refusal(folder)).toMatch(/is missing/);
    await byHand({ ...head, artifacts: [{ ...routePrint, file: './' }] });
    expect(refusal(folder)).toMatch(/names no file/);
  });

  test.skipIf(process.platform === 'win32')('with a symbolic link is refused, wherever it points', async () => {
    await byHand({ ...head, artifacts: [routePrint] }, { 'real/r.txt': 'r' });
    await symlink(join(folder, 'real'), join(folder, 'client'));
    expect(refusal(folder)).toMatch(/symbolic link/);
    await rm(join(folder, 'client'));
    await mkdir(join(folder, 'client'));
    await symlink('/etc/hostname', join(folder, 'client', 'r.txt'));
    expect(refusal(folder)).toMatch(/"client\/r.txt" is or passes a symbolic link/);
  });

  test('with two artifacts of one id, or names that differ by case alone, is refused', async () => {
    await byHand(
      {
        ...head,
        artifacts: [
          { ...routePrint, id: 'a' },
          { ...routePrint, id: 'a' },
        ],
      },
      { 'client/r.txt': '' },
    );
    expect(refusal(folder)).toMatch(/two artifacts have the id "a"/);
    await byHand({ ...head, artifacts: [routePrint, { ...routePrint, file: 'client/R.TXT' }] });
    expect(refusal(folder)).toMatch(/"client\/r.txt" and "client\/R.TXT" are one file/);
  });

  test('that is a file, or is not there, is refused by name', async () => {
    expect(refusal(join(folder, 'none'))).toMatch(/none: no such folder/);
    await writeFile(join(folder, 'x.txt'), '');
    expect(refusal(join(folder, 'x.txt'))).toMatch(/x\.txt: a bundle is a folder/);
  });
});

test('the manifest names files with forward slashes and carries their sizes', async () => {
  await writeBundle(folder, capture(answered('host', '{}')), 'onlink 0');
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  expect(manifest.artifacts[0]).toMatchObject({ file: 'client/host.json', bytes: 2 });
  expect(manifest).not.toHaveProperty('partial');
});
