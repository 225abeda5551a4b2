import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { whyNoWine } from '../../scripts/wine/requirements.ts';
import { type Answer, blockTool, callsOf, layAnswers, putTool, removeTool } from '../../scripts/wine/tools.ts';
import { type Ran, startWindows, userFolder, type Windows } from '../../scripts/wine/windows.ts';
import { captured, germanAnswers, germanTable } from './client-of.ts';

const missing = await whyNoWine();
if (missing !== undefined && process.env['CI'] !== undefined) throw new Error(`the tests under Wine: ${missing}`);
if (missing !== undefined) console.warn(`the tests under Wine: skipped, ${missing}`);

let windows: Windows;
beforeAll(async () => {
  if (missing === undefined) windows = await startWindows();
});
// A test that takes PowerShell away leaves the next one a machine that has it.
afterEach(async () => {
  if (missing === undefined) await putTool(windows.drive, 'powershell');
});
afterAll(() => windows?.end());

const demo = 'fixtures/scenarios/document-spoke-missing-windows/bundle';
const user = 'Jörg Müller';

const onlink = (args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran> =>
  windows.run(['C:\\Program Files\\onlink\\onlink.mjs', ...args], env);

/** The same from source on this system. */
async function here(args: readonly string[]): Promise<Pick<Ran, 'exitCode' | 'stdout'>> {
  const options = { reject: false, stripFinalNewline: false } as const;
  const { exitCode, stdout } = await execa(process.execPath, ['src/main.ts', ...args], options);
  return { exitCode: exitCode ?? null, stdout };
}

interface Entry {
  readonly id: string;
  readonly file?: string;
  readonly encoding?: string;
  readonly stderr?: string;
  readonly durationMs?: number;
  readonly unanswered?: { readonly code: string; readonly message: string };
}

interface Bundle {
  readonly platform: string;
  readonly folder: string;
  readonly artifacts: ReadonlyMap<string, Entry>;
}

async function bundleAt(...path: readonly string[]): Promise<Bundle> {
  const folder = join(windows.drive, ...path);
  const { platform, artifacts } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  return { platform, folder, artifacts: new Map(artifacts.map((entry: Entry) => [entry.id, entry])) };
}

async function bytesOf({ folder, artifacts }: Bundle, id: string): Promise<Buffer> {
  return readFile(join(folder, artifacts.get(id)?.file ?? `no file of ${id}`));
}

/** Captures as that user with these tools, into a folder named after the case. */
async function capture(name: string, answers: readonly Answer[], ...flags: readonly string[]): Promise<[Bundle, Ran]> {
  const env = { ...(await userFolder(windows.drive, user)), ...(await layAnswers(windows.drive, name, answers)) };
  const folder = `C:\\users\\${user}\\Bündel ${name} 日本`;
  const ran = await onlink(['capture', folder, '--no-azure', ...flags], env);
  expect(ran.exitCode, ran.stderr).toBe(0);
  return [await bundleAt('users', user, `Bündel ${name} 日本`), ran];
}

describe.skipIf(missing !== undefined)('on win32', () => {
  test('says its version', async () => {
    expect(await onlink(['--version'])).toMatchObject({ exitCode: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  test('replays a bundle as Linux does, in every format, from a path with spaces and umlauts', async () => {
    await cp(demo, join(windows.drive, 'Meine Büro Dateien', 'bundle'), { recursive: true });
    for (const format of ['text', 'json', 'markdown', 'html', 'junit']) {
      const { exitCode, stdout } = await onlink(['replay', 'C:\\Meine Büro Dateien\\bundle', '-o', format]);
      expect({ exitCode, stdout }, format).toEqual(await here(['replay', demo, '-o', format]));
      expect(exitCode).toBe(1);
    }
  });

  test('replays loose files, and writes the report where it is told', async () => {
    const [table, profile] = ['windows-route-print.txt', 'routes.txt'].map((name) => join(demo, 'client', name));
    await mkdir(join(windows.drive, 'Lose Dateien'), { recursive: true });
    for (const file of [table, profile])
      await copyFile(`${file}`, join(windows.drive, 'Lose Dateien', `${file}`.split('/').at(-1) ?? ''));
    const { exitCode, stdout } = await onlink([
      'replay',
      'C:\\Lose Dateien',
      '-o',
      'json',
      '--output-file',
      'C:\\Lose Dateien\\Bericht ä.json',
    ]);
    const same = await here([
      'replay',
      join(windows.drive, 'Lose Dateien', 'windows-route-print.txt'),
      join(windows.drive, 'Lose Dateien', 'routes.txt'),
      '-o',
      'json',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: same.exitCode, stdout: '' });
    const report = JSON.parse(await readFile(join(windows.drive, 'Lose Dateien', 'Bericht ä.json'), 'utf8'));
    expect(report.prefixes).toEqual(JSON.parse(same.stdout).prefixes);
  });

  test('captures a German client, byte for byte and by absolute paths', async () => {
    const pbk = join(windows.drive, 'users', user, 'AppData', 'Roaming', 'Microsoft', 'Network', 'Connections', 'Pbk');
    await mkdir(pbk, { recursive: true });
    await copyFile('fixtures/sources/windows-phonebook/stored-routes.txt', join(pbk, 'rasphone.pbk'));
    const [bundle] = await capture('deutsch', germanAnswers, '--target', '10.1.0.4:443');
    expect(bundle.platform).toBe('windows');
    expect(await bytesOf(bundle, 'windows-route-print')).toEqual(germanTable);
    for (const id of [
      'windows-route-print',
      'windows-route-print:ipv6',
      'windows-ipconfig',
      'windows-tracert:10.1.0.4',
    ])
      expect(bundle.artifacts.get(id), id).toMatchObject({ encoding: 'cp850', exitCode: 0 });
    expect(bundle.artifacts.get('windows-net-route')).toMatchObject({ exitCode: 0 });
    expect([...bundle.artifacts.keys()].filter((id) => id.startsWith('windows-phonebook:'))).toHaveLength(1);
    // Bound to the tunnel's address and unbound: the target's machine is here, and nothing listens.
    for (const id of ['tcp-connect:10.1.0.4:443', 'tcp-connect:10.1.0.4:443@172.16.50.130'])
      expect(JSON.parse((await bytesOf(bundle, id)).toString()), id).toMatchObject({ outcome: 'refused' });
    const calls = await callsOf(windows.drive, 'deutsch');
    expect(calls.every(({ program }) => /^C:\\windows\\system32\\/i.test(program))).toBe(true);
    expect(Math.max(...calls.map(({ characters }) => characters))).toBeLessThan(32_767);
  });

  test('diagnoses that capture as Linux does, and finds the tunnel', async () => {
    const linux = await here(['replay', join(windows.drive, 'users', user, 'Bündel deutsch 日本'), '-o', 'json']);
    const { exitCode, stdout } = await onlink(['replay', `C:\\users\\${user}\\Bündel deutsch 日本`, '-o', 'json']);
    expect(exitCode).toBe(linux.exitCode);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(linux.stdout));
    expect(JSON.parse(stdout).tunnel).toMatchObject({ interface: 'Büro', address: '172.16.50.130', protocol: 'ikev2' });
  });

  test('lists the interfaces in a process of its own', async () => {
    const bundle = await bundleAt('users', user, 'Bündel deutsch 日本');
    expect(bundle.artifacts.get('interfaces')).toMatchObject({ exitCode: 0 });
    // The fuller list asks PowerShell as well, and says what it can without.
    expect(JSON.parse((await bytesOf(bundle, 'interfaces')).toString())[0]).toMatchObject({
      iface: 'lo',
      internal: true,
    });
  });

  test('diagnoses a live client without Azure: undetermined, and the bundle is kept', async () => {
    const env = {
      ...(await userFolder(windows.drive, user)),
      ...(await layAnswers(windows.drive, 'live', germanAnswers)),
    };
    const folder = `C:\\users\\${user}\\Gesichert`;
    const { exitCode, stdout, stderr } = await onlink(['diagnose', '--no-azure', '--no-probe', '--save', folder], env);
    expect(exitCode, stderr).toBe(3);
    expect(stdout).toContain('172.16.50.130');
    const kept = await bundleAt('users', user, 'Gesichert');
    expect([...kept.artifacts.keys()].filter((id) => /tracert|tcp/.test(id))).toEqual([]);
    expect((await callsOf(windows.drive, 'live')).filter(({ program }) => /tracert/i.test(program))).toEqual([]);
  });

  test.each([
    ['866', 'Текущая кодовая страница: 866', 'ibm866', 'russian.ibm866', 'russian-reports.ibm866'],
    ['932', '現在のコード ページ: 932', 'shift_jis', 'japanese.shift_jis', 'japanese-silent.shift_jis'],
    ['936', '活动代码页: 936', 'gbk', 'chinese-glued-headings.gbk', 'chinese-glued-unit.gbk'],
  ])('reads code page %s where PowerShell is missing', async (page, said, encoding, table, trace) => {
    await removeTool(windows.drive, 'powershell');
    const [bundle] = await capture(
      page,
      [
        { line: 'chcp', bytes: `${said}\r\n` },
        { line: 'route print -4', bytes: captured('windows-route-print', table) },
        { line: 'tracert', bytes: captured('windows-tracert', trace) },
      ],
      '--target',
      '10.1.0.4:443',
    );
    expect(bundle.artifacts.get('windows-net-route')?.unanswered).toMatchObject({ code: 'not-run' });
    expect(bundle.artifacts.get('windows-route-print')).toMatchObject({ encoding });
    expect(await bytesOf(bundle, 'windows-tracert:10.1.0.4')).toEqual(captured('windows-tracert', trace));
    const source = join(bundle.folder, 'client', 'windows-route-print.txt');
    const parsed = await here(['parse', 'windows-route-print', source, '--encoding', encoding]);
    const drive = source.slice(windows.drive.length).replaceAll('/', '\\');
    const there = await onlink(['parse', 'windows-route-print', `C:${drive}`, '--encoding', encoding]);
    expect(there.stdout).toBe(parsed.stdout);
    expect(JSON.parse(there.stdout).routes.length).toBeGreaterThan(3);
  });

  test('goes on where a policy blocks PowerShell, and where `route` crashes', async () => {
    await blockTool(windows.drive, 'powershell');
    const [bundle] = await capture(
      'gesperrt',
      [
        { line: 'chcp', bytes: 'Aktive Codepage: 850.\r\n' },
        { line: 'route print', exitCode: 0xc0000005 },
        { line: 'netsh interface ipv4', bytes: captured('windows-netsh-route', 'german.cp850') },
        { line: 'netsh interface ipv6', exitCode: 1 },
      ],
      '--no-probe',
    );
    expect(bundle.artifacts.get('windows-net-route')?.unanswered).toMatchObject({ code: 'not-run' });
    expect(bundle.artifacts.get('windows-route-print')?.unanswered).toMatchObject({ code: 'failed' });
    expect(bundle.artifacts.get('windows-netsh-route')).toMatchObject({ encoding: 'cp850', exitCode: 0 });
    expect(bundle.artifacts.get('windows-netsh-route:ipv6')?.unanswered).toMatchObject({ code: 'failed' });
  });

  test('waits no longer than allowed for tools that hang, and ends them', async () => {
    const hanging = germanAnswers.map((answer) =>
      /^(powershell|ipconfig)/.test(answer.line) ? { ...answer, bytes: '', waitBeforeMs: 90_000 } : answer,
    );
    const [bundle, { seconds }] = await capture('langsam', hanging, '--no-probe', '--timeout', '6');
    expect(seconds).toBeLessThan(20);
    for (const id of ['windows-net-route', 'windows-ipconfig'])
      expect(bundle.artifacts.get(id)?.unanswered, id).toMatchObject({ code: 'timeout' });
    expect(bundle.artifacts.get('windows-route-print')).toMatchObject({ exitCode: 0 });
    const { stdout } = await execa('ps', ['-eo', 'args'], { reject: false });
    expect(stdout.split('\n').filter((line) => /system32\\.*(EncodedCommand|ipconfig\.exe)/i.test(line))).toEqual([]);
  });

  test.each([
    ['a path that does not exist', ['replay', 'C:\\gibt es nicht'], 2],
    ['a wrong flag', ['replay', '--so-nicht'], 2],
    ['a bundle that is there already', ['capture', `C:\\users\\${user}\\Gesichert`, '--no-azure'], 2],
    ['findings below the threshold', ['replay', 'C:\\Meine Büro Dateien\\bundle', '--failure-threshold', 'never'], 0],
  ])('exit code: %s', async (_, args, exitCode) => {
    const { stdout, ...ran } = await onlink(args, await layAnswers(windows.drive, 'exit', germanAnswers));
    expect(ran.exitCode, ran.stderr).toBe(exitCode);
    if (exitCode === 2) expect(stdout).toBe('');
  });
});
