import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBundle } from '../../src/capture/bundle.ts';
import { openBundle } from '../../src/capture/bundle-writer.ts';
import { livePorts } from '../../src/capture/live-ports.ts';
import type { Ports } from '../../src/capture/ports.ts';
import type { CommandAnswer, CommandRequest } from '../../src/capture/run-command.ts';
import { take } from '../../src/capture/take.ts';
import type { Probe } from '../../src/capture/take-probes.ts';
import type { Artifact, Platform, Unanswered } from '../../src/facts/capture.ts';
import { address } from '../../src/net/address.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onlink take '));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What a machine answers to a command line, by its beginning; `undefined` tool: not installed. */
type Answers = Readonly<
  Record<string, { stdout?: string | Uint8Array; stderr?: string; exitCode?: number; outcome?: Unanswered }>
>;

function answer(line: string, answers: Answers, cancelled: boolean): CommandAnswer {
  const {
    stdout = '',
    stderr,
    exitCode = 0,
    outcome,
  } = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1] ?? {
    exitCode: 1,
  };
  const about = { startedAt: '2026-11-22T10:00:00.000Z', durationMs: 5, ...(stderr !== undefined && { stderr }) };
  if (cancelled) return { ...about, outcome: { kind: 'unanswered', status: null, code: 'cancelled', message: '' } };
  const bytes = typeof stdout === 'object' ? stdout : new TextEncoder().encode(stdout);
  return { ...about, outcome: outcome ?? { kind: 'answered', bytes, exitCode } };
}

function machine(
  platform: Platform,
  answers: Answers,
  more: Partial<Ports> = {},
): Ports & { readonly asked: string[]; readonly most: { now: number; ever: number } } {
  const asked: string[] = [];
  const most = { now: 0, ever: 0 };
  const tools = new Set(Object.keys(answers).map((line) => line.split(' ')[0]));
  const live = { places: {}, list: async () => ({ paths: [] }), readFile: async () => new Uint8Array() };
  const run = async ({ file, args, signal }: CommandRequest): Promise<CommandAnswer> => {
    const line = [file.replace('/bin/', ''), ...args].join(' ');
    asked.push(line);
    const traces = line.startsWith('tra') ? 1 : 0;
    most.now += traces;
    most.ever = Math.max(most.ever, most.now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    most.now -= traces;
    return answer(line, answers, signal?.aborted === true);
  };
  return {
    platform,
    now: () => new Date('2026-11-22T10:00:00Z'),
    find: async (tool) => (tools.has(tool) ? `/bin/${tool}` : undefined),
    run,
    tcpConnect: async ({ target, port, boundTo }) => ({
      target,
      port,
      boundTo,
      localAddress: null,
      outcome: 'timeout',
      ms: null,
    }),
    interfaces: async () => ({
      outcome: { kind: 'answered', bytes: new TextEncoder().encode('[]'), exitCode: 0 },
      startedAt: '',
      durationMs: 1,
    }),
    lookup: async (name) => ({ name, addresses: [] }),
    host: () => ({ platform }),
    ...live,
    ...more,
    asked,
    most,
  };
}

const byId = (artifacts: readonly Artifact[], id: string) => artifacts.find((artifact) => artifact.id === id);
const codeOf = (artifact: Artifact | undefined) =>
  artifact?.outcome.kind === 'unanswered' ? artifact.outcome.code : artifact?.outcome.kind;

const modern: Answers = {
  'ip -4 -j -d route': { stdout: '[]' },
  'ip -6 -j -d route': { stdout: '[]' },
  'ip -4 -j -d rule': { stdout: '[]' },
  'ip -6 -j -d rule': { stdout: '[]' },
  'ip -j -d addr': { stdout: '[]' },
  'ip xfrm policy': { exitCode: 1, stderr: 'RTNETLINK answers: Operation not permitted\nDump terminated' },
  'traceroute --version': { stdout: 'Modern traceroute for Linux, version 2.1.2\n' },
};

describe('the facts of a Linux client', () => {
  test('come from ip as JSON; what may not be read, or is not there, is told apart', async () => {
    const ports = machine('linux', modern);
    const { artifacts, takenAt, platform } = await take({}, ports);
    expect({ takenAt, platform }).toEqual({ takenAt: '2026-11-22T10:00:00.000Z', platform: 'linux' });
    expect(byId(artifacts, 'linux-ip-route')).toMatchObject({
      argv: ['ip', '-4', '-j', '-d', 'route', 'show', 'table', 'all'],
      family: 4,
    });
    expect(byId(artifacts, 'linux-ip-route:ipv6')).toMatchObject({ family: 6, outcome: { kind: 'answered' } });
    expect(codeOf(byId(artifacts, 'linux-xfrm-policy'))).toBe('not-permitted');
    expect(codeOf(byId(artifacts, 'linux-swanctl-sas'))).toBe('not-run');
    expect(codeOf(byId(artifacts, 'host'))).toBe('answered');
    expect(new Set(artifacts.map(({ id }) => id)).size).toBe(artifacts.length);
  });

  test('fall back to text where ip knows no -j, keeping no failure of the source that answered', async () => {
    const usage = { exitCode: 1, stdout: '', stderr: 'Usage: ip [OPTIONS]' };
    const ports = machine('linux', { 'ip -4 -j': usage, 'ip -4 route': { stdout: 'default dev tun0\n' } });
    const { artifacts } = await take({}, ports);
    expect(artifacts.filter(({ source }) => source === 'linux-ip-route').map(codeOf)).toEqual(['answered', 'failed']);
    expect(byId(artifacts, 'linux-ip-route')?.argv).toEqual(['ip', '-4', 'route', 'show', 'table', 'all']);
    expect(byId(artifacts, 'linux-ip-route:ipv6')?.outcome).toMatchObject({ code: 'failed' });
  });

  test('fall back to /proc/net/route, and say that ip was not there', async () => {
    const { artifacts } = await take({}, machine('linux', { 'cat /proc/net/route': { stdout: 'Iface\n' } }));
    expect(codeOf(byId(artifacts, 'linux-proc-route'))).toBe('answered');
    expect(codeOf(byId(artifacts, 'linux-ip-route'))).toBe('not-run');
    expect(codeOf(byId(artifacts, 'netstat-routes'))).toBe('not-run');
  });

  test('hold files of VPN clients, their secrets left out, and say where none was', async () => {
    await mkdir(join(folder, 'openvpn', 'client'), { recursive: true });
    await writeFile(join(folder, 'openvpn', 'client', 'azure.ovpn'), 'dev tun\n<key>\nhush\n</key>\n');
    await writeFile(join(folder, 'openvpn', 'notes.txt'), 'no profile');
    const { list, readFile } = livePorts([process.execPath]);
    const { artifacts } = await take({}, machine('linux', modern, { places: { etc: folder }, list, readFile }));
    const profile = byId(artifacts, 'openvpn-profile:etc/openvpn/client/azure.ovpn');
    expect(profile?.outcome.kind === 'answered' && Buffer.from(profile.outcome.bytes).toString()).toBe(
      'dev tun\n<key>\n***\n</key>\n',
    );
    expect(byId(artifacts, 'strongswan-conf')?.outcome).toMatchObject({
      code: 'absent',
      message: expect.stringContaining('swanctl'),
    });
  });
});

test('a folder that is closed to us is not an absent file', async () => {
  const closed: Unanswered = {
    kind: 'unanswered',
    status: null,
    code: 'not-permitted',
    message: '/etc/openvpn/client',
  };
  const list: Ports['list'] = async (place) =>
    place.endsWith('openvpn') ? { paths: [`${place}/a.ovpn`], closed } : { paths: [] };
  const ports = machine('linux', modern, { places: { etc: '/etc' }, list });
  const { artifacts } = await take({}, ports);
  expect(artifacts.filter(({ source }) => source === 'openvpn-profile').map(codeOf)).toEqual([
    'answered',
    'not-permitted',
  ]);
  expect(artifacts.filter(({ source }) => source === 'strongswan-conf').map(codeOf)).toEqual(['absent']);
});

describe('the facts of a Windows client', () => {
  test('are marked with the code page of its console, and keep what odd exit codes came with', async () => {
    const ports = machine('windows', {
      'chcp.com': { stdout: new Uint8Array(Buffer.from('Aktive Codepage: 850.\r\n')) },
      'route print -4': { stdout: 'table', exitCode: 1 },
      'route print -6': { stdout: '', exitCode: 1 },
      'netsh interface ipv6': { stdout: 'six' },
    });
    const { artifacts } = await take({}, ports);
    expect(byId(artifacts, 'windows-route-print')).toMatchObject({ encoding: 'cp850', outcome: { exitCode: 1 } });
    expect(codeOf(byId(artifacts, 'windows-netsh-route'))).toBeUndefined();
    expect(codeOf(byId(artifacts, 'windows-route-print:ipv6'))).toBe('failed');
    expect(codeOf(byId(artifacts, 'windows-netsh-route:ipv6'))).toBe('answered');
  });

  test('of two users’ phonebooks both are kept', async () => {
    const ports = machine(
      'windows',
      {},
      {
        places: { appData: 'C:\\Users\\Ann Lee\\AppData\\Roaming', programData: 'C:\\ProgramData' },
        list: async (place) => ({ paths: place.endsWith('Pbk') ? [`${place}\\rasphone.pbk`] : [] }),
      },
    );
    const { artifacts } = await take({}, ports);
    expect(artifacts.filter(({ source }) => source === 'windows-phonebook').map(({ id }) => id)).toEqual([
      'windows-phonebook:appData/Microsoft/Network/Connections/Pbk/rasphone.pbk',
      'windows-phonebook:programData/Microsoft/Network/Connections/Pbk/rasphone.pbk',
    ]);
  });
});

describe('probes', () => {
  const targets = ['10.0.0.4', '10.1.0.4', '10.10.0.4', '104.211.109.42'].map(address);
  const traces: readonly Probe[] = targets.map((target) => ({ kind: 'trace', target }));
  const probing = (ports: Ports, probes: readonly Probe[] = traces) => take({ chooseProbes: () => probes }, ports);
  const header = 'traceroute to 10.1.0.4 (10.1.0.4), 4 hops max, 60 byte packets\n';
  const silent = `${header} 1  *\n 2  *\n 3  *\n 4  *\n`;

  test('are chosen from the facts, and none are sent unasked', async () => {
    const ports = machine('linux', modern);
    let seen = 0;
    await take(
      {
        chooseProbes: ({ artifacts }) => {
          seen = artifacts.length;
          return [];
        },
      },
      ports,
    );
    expect(seen).toBeGreaterThan(8);
    await take({}, ports);
    expect(ports.asked.filter((line) => /trace|mtr/.test(line))).toEqual([]);
  });

  test('with the usual traceroute go out together; a silent one is asked again with patience', async () => {
    const ports = machine('linux', { ...modern, traceroute: { stdout: silent } });
    const { artifacts } = await probing(ports, [...traces, ...traces.slice(0, 1)]);
    expect(
      artifacts
        .filter(({ source }) => source === 'linux-traceroute')
        .map(({ id }) => id)
        .slice(0, 3),
    ).toEqual(['linux-traceroute:10.0.0.4', 'linux-traceroute:10.0.0.4#patient', 'linux-traceroute:10.1.0.4']);
    expect(ports.most.ever).toBeGreaterThan(1);
    expect(ports.asked).toContain('traceroute -n -q 1 -w 4 -m 4 10.1.0.4');
  });

  test('that were answered are not asked again', async () => {
    const ports = machine('linux', { ...modern, traceroute: { stdout: `${header} 1  10.1.0.4  1.002 ms\n` } });
    expect((await probing(ports)).artifacts.filter(({ source }) => source === 'linux-traceroute')).toHaveLength(4);
  });

  test('of a traceroute that shares ICMP go one at a time', async () => {
    const ports = machine('linux', {
      ...modern,
      'traceroute --version': { exitCode: 1 },
      traceroute: { stdout: silent },
    });
    await probing(ports);
    expect(ports.most.ever).toBe(1);
  });

  test('that the host itself refuses are answers', async () => {
    const ports = machine('linux', {
      ...modern,
      traceroute: { stdout: header, exitCode: 1, stderr: 'connect: Network is unreachable' },
    });
    const { artifacts } = await probing(ports);
    expect(byId(artifacts, 'linux-traceroute:10.1.0.4')).toMatchObject({
      stderr: 'connect: Network is unreachable',
      outcome: { exitCode: 1 },
    });
    expect(ports.asked.filter((line) => line.startsWith('tracepath'))).toEqual([]);
  });

  test('go to the next tool where one may not open its socket, and both are recorded', async () => {
    const ports = machine('linux', {
      ...modern,
      traceroute: { exitCode: 1, stderr: 'traceroute: socket: Operation not permitted' },
      tracepath: { stdout: ' 1?: [LOCALHOST] pmtu 1500\n' },
    });
    const { artifacts } = await probing(ports, traces.slice(0, 1));
    expect(codeOf(byId(artifacts, 'linux-tracepath:10.0.0.4'))).toBe('answered');
    expect(codeOf(byId(artifacts, 'linux-traceroute:10.0.0.4'))).toBe('not-permitted');
  });

  test('by TCP say what they were bound to; names are looked up', async () => {
    const target = address('10.1.0.4');
    const { artifacts } = await probing(machine('linux', modern), [
      { kind: 'tcp', target, port: 443, boundTo: null },
      { kind: 'tcp', target: address('fd00::4'), port: 22, boundTo: address('fd00::9') },
      { kind: 'lookup', name: 'gw.example' },
    ]);
    expect(artifacts.slice(-3).map(({ id, target: aim }) => [id, aim])).toEqual([
      ['tcp-connect:10.1.0.4:443', '10.1.0.4:443'],
      ['tcp-connect:[fd00::4]:22@fd00::9', '[fd00::4]:22'],
      ['dns-lookup:gw.example', undefined],
    ]);
  });
});

describe('an end that comes early', () => {
  test('by the deadline: what is missing is recorded as late', async () => {
    const { artifacts } = await take({ deadline: AbortSignal.abort() }, machine('linux', modern));
    expect(codeOf(byId(artifacts, 'linux-ip-route'))).toBe('timeout');
  });

  test('by a person: take throws, and the bundle stays marked as cut short', async () => {
    const stop = new AbortController();
    const path = join(folder, 'bundle');
    const writer = await openBundle(path, { takenAt: null, platform: 'linux' }, 'onlink 0');
    const chooseProbes = () => {
      stop.abort(new Error('interrupted'));
      return [];
    };
    await expect(take({ stop: stop.signal, keep: writer.add, chooseProbes }, machine('linux', modern))).rejects.toThrow(
      'interrupted',
    );
    const { artifacts, notes } = readBundle(path);
    expect(notes?.[0]).toMatch(/cut short/);
    expect(codeOf(byId(artifacts, 'linux-ip-route'))).toBe('answered');
  });
});

test('taken live and replayed, a capture is the same', async () => {
  const path = join(folder, 'bundle');
  const writer = await openBundle(path, { takenAt: null, platform: 'linux' }, 'onlink 0');
  const ports = machine('linux', { ...modern, traceroute: { stdout: '' } });
  const probe: Probe = { kind: 'trace', target: address('10.1.0.4') };
  const live = await take({ keep: writer.add, chooseProbes: () => [probe] }, ports);
  await writer.finish(live);
  expect(readBundle(path)).toEqual(live);
});

test.skipIf(process.platform !== 'linux')(
  'this machine can be asked, and knows its interfaces even where the fuller list fails',
  async () => {
    const { artifacts } = await take({}, livePorts([process.execPath, '-e', 'process.exit(7)', '--']));
    const interfaces = byId(artifacts, 'interfaces');
    expect(interfaces?.stderr).toMatch(/exit code 7/);
    expect(
      interfaces?.outcome.kind === 'answered' && JSON.parse(Buffer.from(interfaces.outcome.bytes).toString()),
    ).toHaveProperty('lo');
    expect(artifacts.some(({ source, outcome }) => /route/.test(source) && outcome.kind === 'answered')).toBe(true);
  },
);

test('what a machine or a document says never becomes a word of a command', async () => {
  const hostile = '; touch /tmp/owned #`id`$(id)';
  const routes = JSON.stringify([
    { type: 'unicast', dst: '10.1.0.0/16', dev: hostile, table: hostile, protocol: hostile, flags: [hostile] },
  ]);
  const ports = machine('linux', {
    ...modern,
    'ip -4 -j': { stdout: routes },
    'ip -j': { stdout: routes },
    traceroute: { stdout: `traceroute to ${hostile}\n 1  ${hostile}  1.0 ms\n` },
  });
  const probes: readonly Probe[] = [
    { kind: 'trace', target: address('10.1.0.4') },
    { kind: 'kernel', target: address('fd00::4') },
    { kind: 'tcp', target: address('10.1.0.4'), port: 22, boundTo: null },
    { kind: 'lookup', name: hostile },
  ];
  await take({ chooseProbes: () => probes }, ports);
  expect(ports.asked.some((line) => line.includes('10.1.0.4'))).toBe(true);
  for (const line of ports.asked) expect(line).toMatch(/^[\w ./:=,@-]+$/);
});
