import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { estate } from '../../scripts/scenarios/estate.ts';
import { linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { windowsClient } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import { livePorts } from '../../src/capture/live-ports.ts';
import type { Ports } from '../../src/capture/ports.ts';
import { take } from '../../src/capture/take.ts';
import type { Capture, Platform } from '../../src/facts/capture.ts';
import { address } from '../../src/net/address.ts';
import { captureOf } from '../capture-of.ts';
import { scratch } from '../cli/run-cli.ts';
import { bothAnswer, dialled, plain } from '../diagnosis/conclude.ts';

/*
 * Each command that a capture runs, in each way to fail that real machines show, while all the others do their work. The
 * commands are shell scripts that print what a healthy client's would, started by the real ports.
 */
const openVpn = linuxClient({ ...dialled(plain), kind: 'openvpn', tunnelAddress: '172.16.50.2' });
const native = { ...dialled(plain), connection: 'vnet-hub', tunnelAddress: '172.16.50.2' };
const windows = [...windowsClient(native), ...windowsClient({ ...native, lists: 'net-route' })];
const textOf = (id: string) => [...openVpn, ...windows].find((one) => one.id === id)?.text ?? '';
const traces = (source: string, options: string) =>
  Object.fromEntries(Object.keys(bothAnswer).map((to) => [`${options} ${to}`, textOf(`${source}:${to}`)]));

/** What each tool prints, by its arguments; to any others it says that it does not know them. */
const tools: Readonly<Record<Platform, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  linux: {
    ip: {
      '-4 -j -d route show table all': textOf('linux-ip-route'),
      '-6 -j -d route show table all': '[]',
      '-4 -j -d rule': textOf('linux-ip-rule'),
      '-6 -j -d rule': '[]',
      '-j -d addr': textOf('linux-ip-addr'),
    },
    traceroute: {
      '--version': 'Modern traceroute for Linux, version 2.1.2',
      ...traces('linux-traceroute', '-n -q 1 -w 1 -m 4'),
    },
  },
  windows: {
    'chcp.com': { '': 'Active code page: 850' },
    route: { 'print -4': textOf('windows-route-print') },
    powershell: { '*': textOf('windows-net-route') },
    tracert: traces('windows-tracert', '-d -h 4 -w 1000'),
  },
};
/** What no command prints: the files of a client, and Azure's half. */
const others: Readonly<Record<Platform, readonly BundleArtifact[]>> = {
  linux: [...openVpn.filter(({ source }) => source === 'openvpn-log'), ...estate(plain)],
  windows: [...windowsClient(native).filter(({ source }) => /connection|cmroute/.test(source)), ...estate(plain)],
};

const mishaps: Readonly<Record<string, string>> = {
  'ends oddly': 'echo "cannot do that" >&2; exit 77',
  'is killed': 'kill -9 $$',
  'is killed half-way': 'sh "$0.sound" "$@" | head -c 200; kill -9 $$',
  'prints nothing': 'exit 0',
  'prints what nobody understands': 'echo "Object \\"foo\\" is unknown, try \\"help\\"."',
  'is noisy on stderr, and prints nothing': 'i=0; while [ $i -lt 500 ]; do echo noise noise >&2; i=$((i+1)); done',
  'floods stdout': 'exec yes 0123456789',
  'floods stderr': 'exec yes 0123456789 >&2',
  hangs: 'exec sleep 600',
};

/** A client whose tools are these scripts. */
function machine(platform: Platform, broken?: { readonly tool: string; readonly script: string | undefined }): Ports {
  const folder = scratch();
  for (const [tool, answers] of Object.entries(tools[platform])) {
    const cases = Object.entries(answers).map(([args, text], index) => {
      const file = join(folder, `${tool}.${index}`);
      writeFileSync(file, text);
      return `${args === '*' ? '*' : `"${args}"`}) exec cat "${file}";;`;
    });
    const sound = `case "$*" in\n${cases.join('\n')}\n*) echo "unknown: $*" >&2; exit 1;; esac`;
    writeFileSync(join(folder, `${tool}.sound`), sound);
    const script = broken?.tool === tool ? broken.script : sound;
    if (script !== undefined) writeFileSync(join(folder, tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const real = livePorts([process.execPath]);
  const present = (tool: string) =>
    tool in tools[platform] && !(broken?.tool === tool && broken.script === undefined) ? join(folder, tool) : undefined;
  return {
    ...real,
    platform,
    places: {},
    find: async (tool) => present(tool),
    run: (request) => real.run({ ...request, timeoutMs: 1500, maxBytes: 1_000_000 }),
    interfaces: async () => ({
      outcome: { kind: 'answered', bytes: new TextEncoder().encode('[]'), exitCode: 0 },
      startedAt: '',
      durationMs: 1,
    }),
  };
}

/** What was taken there, with the files and Azure's half as the scenario has them. */
async function captureAt(ports: Ports): Promise<Capture> {
  const targets = Object.keys(bothAnswer).map((text) => ({ kind: 'trace' as const, target: address(text) }));
  const taken = await take({ chooseProbes: () => targets }, ports);
  const given = captureOf(ports.platform, others[ports.platform]).artifacts;
  const replaced = new Set(given.map(({ source }) => source));
  const asked = taken.artifacts.filter(({ source }) => !replaced.has(source));
  return { ...taken, artifacts: [...asked, ...given] };
}

const errorsOf = (capture: Capture) =>
  analyze(capture)
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

describe.skipIf(process.platform !== 'linux').each(['linux', 'windows'] as const)('on a %s client', (platform) => {
  test('where every command does its work all is well', async () => {
    const sound = await captureAt(machine(platform));
    expect({ errors: errorsOf(sound), verdict: analyze(sound).verdict }).toEqual({ errors: [], verdict: 'ok' });
  });

  test.each(Object.keys(tools[platform]))('%s that fails is told of, and is no fault of the network', async (tool) => {
    const ways = [['is not installed', undefined], ...Object.entries(mishaps)] as const;
    const outcomes = await Promise.all(
      ways.map(async ([way, script]) => {
        const capture = await captureAt(machine(platform, { tool, script }));
        const { verdict, problems } = analyze(capture);
        const refused = capture.artifacts.some(
          ({ argv, outcome }) => argv?.[0] === tool && outcome.kind !== 'answered',
        );
        // Without its code page the console's texts are read by what they look like.
        const isTold = refused || problems.length > 0 || tool === 'chcp.com';
        return { way, errors: errorsOf(capture), broken: verdict === 'broken', isTold };
      }),
    );
    expect(outcomes).toEqual(ways.map(([way]) => ({ way, errors: [], broken: false, isTold: true })));
  });
});
