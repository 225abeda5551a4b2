import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { sources } from '../../src/sources/registry.ts';
import { bundle, onlink, root, start } from './run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'onlink-cli-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array) => {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
};
const golden = (name: string) => `${root}fixtures/cli/${name}`;
const demo = bundle('document-spoke-missing-windows');
const onLinux = bundle('document-spoke-missing-linux');

/** One line for a person, nothing for a script, and no stack. */
function expectMistake({ code, stdout, stderr }: Awaited<ReturnType<typeof onlink>>, names: string): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(names);
  expect(stderr).not.toMatch(/^\s+at /m);
}

describe('what is printed stays what it was', () => {
  test.each([
    ['replay.txt', 1, ['replay', demo]],
    ['replay.json', 1, ['replay', demo, '-o', 'json']],
    ['explain-windows.txt', 0, ['explain', '10.1.0.4', '10.0.0.4', '--from', demo]],
    ['explain-linux.txt', 0, ['explain', '10.1.0.4', '10.0.0.4', '--from', onLinux]],
    ['explain.json', 0, ['explain', '10.1.0.4', '--from', demo, '-o', 'json']],
    [
      'what-if.txt',
      0,
      ['what-if', '--from', bundle('hub-transit-off'), '--set', 'hub-north-gw.customRoutes+=10.200.0.0/16'],
    ],
    [
      'what-if.json',
      0,
      [
        'what-if',
        '--from',
        bundle('hub-transit-off'),
        '--set',
        'hub-north-gw.customRoutes+=10.200.0.0/16',
        '-o',
        'json',
      ],
    ],
  ] as const)('%s', async (name, wanted, words) => {
    const { code, stdout, stderr } = await onlink(words);
    expect({ code, stderr }).toEqual({ code: wanted, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(golden(name));
  });
});

describe('the catalogue and the sources', () => {
  test('causes lists every code, a code or its number gives its page', async () => {
    const { code, stdout } = await onlink(['causes']);
    expect(code).toBe(0);
    for (const cause of causes) expect(stdout).toContain(`  ${cause.code} `);
    const page = await onlink(['causes', 'hub-transit-off']);
    expect(page.stdout).toContain('# hub-transit-off');
    expect((await onlink(['causes', 'c04'])).stdout).toBe(page.stdout);
    expectMistake(await onlink(['causes', 'no-such']), 'no cause is called no-such');
  });

  test('parse lists every source, and reads a file or stdin alike', async () => {
    const list = await onlink(['parse', '--list']);
    for (const { id } of sources) expect(list.stdout).toContain(id);
    const path = join(root, 'fixtures/sources/windows-route-print');
    const text = readFileSync(join(path, 'empty.txt'));
    const [fromFile, fromPipe] = await Promise.all([
      onlink(['parse', 'windows-route-print', join(path, 'empty.txt')]),
      onlink(['parse', 'windows-route-print'], { input: text }),
    ]);
    expect(fromFile).toMatchObject({ code: 0, stderr: '' });
    expect(fromPipe.stdout).toBe(fromFile.stdout);
    expect(JSON.parse(fromPipe.stdout).source).toBe('windows-route-print');
  });

  test('rights prints the role as az takes it', async () => {
    const { stdout } = await onlink(['rights', '-o', 'json', '--subscription', 'sub-1']);
    expect(JSON.parse(stdout)).toMatchObject({ IsCustom: true, AssignableScopes: ['/subscriptions/sub-1'] });
  });
});

describe('bad input is named, in one line, with exit 2', () => {
  test('files', async () => {
    const binary = file(
      'noise.bin',
      new Uint8Array(4096).map((_, index) => (index * 151) % 256),
    );
    const torn = join(scratch, 'torn');
    mkdirSync(torn);
    writeFileSync(join(torn, 'manifest.json'), '{ "format": "onlink-bundle/1", ');
    const newer = join(scratch, 'newer');
    mkdirSync(newer);
    writeFileSync(
      join(newer, 'manifest.json'),
      '{ "format": "onlink-bundle/9", "platform": "linux", "artifacts": [] }',
    );
    const cases = [
      [['replay', join(scratch, 'missing')], 'missing'],
      [['replay', binary], 'noise.bin'],
      [['replay', file('prose.txt', 'Dear team,\nthe VPN does not work.\n')], 'prose.txt'],
      [['replay', torn], 'manifest.json'],
      [['replay', newer], 'onlink-bundle/9'],
      [['explain', '10.1.0.4', '--from', join(scratch, 'missing')], 'missing'],
      [['parse', 'windows-route-print', join(scratch, 'missing')], 'ENOENT'],
      [['parse', 'windows-route-print', scratch], 'EISDIR'],
      [['redact', join(scratch, 'missing'), join(scratch, 'out')], 'missing'],
      [['what-if', '--from', join(scratch, 'missing'), '--set', 'a.b=c'], 'missing'],
    ] as const;
    await Promise.all(cases.map(async ([words, names]) => expectMistake(await onlink(words), names)));
  });

  test('words', async () => {
    const cases = [
      [['diagnos'], 'Did you mean diagnose?'],
      [['--no-azur'], 'Did you mean --no-azure?'],
      [['replay'], "missing required argument 'paths'"],
      [['replay', demo, '--outptu', 'json'], 'Did you mean --output?'],
      [['replay', demo, '-o', 'yaml'], 'yaml'],
      [['10.1.0.4'], 'onlink explain 10.1.0.4'],
      [['./bundle'], 'onlink replay ./bundle'],
      [['explain', 'web01'], 'not an IP address: web01'],
      [['explain', '10.1.0.400', '--from', demo], '10.1.0.400'],
      [['parse', 'no-such-source'], 'no-such-source'],
      [['parse'], 'name a source'],
      [['replay', demo, '--accept', 'no-such-cause'], 'no cause is called no-such-cause'],
      [['--timeout', 'soon'], '--timeout'],
      [['--arm-endpoint', 'http://here'], 'https'],
      [['completion', 'tcsh'], 'tcsh'],
    ] as const;
    await Promise.all(cases.map(async ([words, names]) => expectMistake(await onlink(words), names)));
  });

  test('binary noise on stdin is parsed to problems or nothing, never a crash', async () => {
    const noise = new Uint8Array(20_000).map((_, index) => (index * index * 31) % 256);
    for (const source of ['windows-route-print', 'linux-ip-route', 'windows-tracert', 'arm'])
      expect((await onlink(['parse', source], { input: noise })).code).toBeLessThanOrEqual(2);
  });
});

describe('the streams', () => {
  test('whoever reads only the head is not answered with an error', async () => {
    const child = start(['replay', demo, '-o', 'json']);
    const errors: Uint8Array[] = [];
    child.stderr?.on('data', (chunk: Uint8Array) => errors.push(chunk));
    child.stdout?.once('data', () => child.stdout?.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(Buffer.concat(errors).toString()).toBe('');
    expect(code).toBe(1);
  });

  test('a live run without a tunnel or a sign-in ends with 1 or 3, the report on stdout, and no stack', async () => {
    const { code, stdout, stderr } = await onlink(['--no-probe', '--timeout', '5', '--verbose', '-o', 'json'], {
      env: { AZURE_CONFIG_DIR: scratch },
    });
    expect([1, 3]).toContain(code);
    const report = JSON.parse(stdout);
    expect(report.tunnel).toBeNull();
    expect(report.verdict).not.toBe('ok');
    expect(stderr).toMatch(/^\[\d+\.\d s\] /m);
    expect(stderr).not.toMatch(/^\s+at /m);
  }, 60_000);

  test('progress is silent where nobody watches', async () => {
    const { stderr } = await onlink(['--no-probe', '--no-azure', '--timeout', '5', '-o', 'json']);
    expect(stderr).toBe('');
  }, 60_000);

  test('--output-file takes the report, stdout stays empty, and the exit code is the same', async () => {
    const path = join(scratch, 'report.json');
    const { code, stdout } = await onlink(['replay', demo, '-o', 'json', '--output-file', path]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(readFileSync(path, 'utf8')).schemaVersion).toBe('1');
    expectMistake(await onlink(['replay', demo, '--output-file', join(scratch, 'no', 'such', 'dir')]), 'cannot write');
  });
});

describe('--failure-threshold and --accept', () => {
  test('a threshold of never ends with 0, or 3 where something could not be told', async () => {
    const { code } = await onlink(['replay', bundle('hub-transit-off'), '--failure-threshold', 'never']);
    expect(code).toBe(0);
  });

  test('an accepted finding is listed as accepted, and is no finding any more', async () => {
    const scenario = bundle('hub-transit-off');
    const before = JSON.parse((await onlink(['replay', scenario, '-o', 'json'])).stdout);
    const [finding] = before.findings;
    for (const where of [
      '',
      `=${finding.resource}`,
      `=${finding.resource.split('/').at(-1)}`,
      `=${finding.prefixes[0]}`,
    ]) {
      const { code, stdout } = await onlink(['replay', scenario, '-o', 'json', '--accept', `hub-transit-off${where}`]);
      const report = JSON.parse(stdout);
      expect(report.findings).toEqual([]);
      expect(report.accepted.map((one: { code: string }) => one.code)).toEqual(['hub-transit-off']);
      expect(code).not.toBe(1);
    }
    const text = (await onlink(['replay', scenario, '--accept', 'hub-transit-off'])).stdout;
    expect(text).toContain('Accepted as deliberate');
    const other = await onlink(['replay', scenario, '-o', 'json', '--accept', 'hub-transit-off=10.255.0.0/16']);
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout).accepted).toEqual([]);
  });
});
