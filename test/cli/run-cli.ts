import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../scripts/arm-emulator/emulator.ts';
import { compileCache } from '../../scripts/compile-cache.ts';
import type { JsonReport } from '../../src/report/json.ts';

// Each run is a process of its own; a busy machine takes its time for that.
vi.setConfig({ testTimeout: 120_000 });

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The only token that the emulator lets in. */
export const token = 'hunter-token';

/** What a finished run left. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that goes when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onlink-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An emulator for one test, and the file that makes it trusted. */
export async function emulate(options: EmulatorOptions): Promise<Emulator & { readonly caFile: string }> {
  const emulator = await startEmulator({ token, ...options });
  onTestFinished(() => emulator.stop());
  const caFile = join(scratch(), 'ca.pem');
  writeFileSync(caFile, emulator.ca);
  return { ...emulator, caFile };
}

/** A VPN profile that names the server, so that the gateway can be found without a tunnel. */
export function profileFor(server: string): string {
  const file = join(scratch(), 'VpnSettings.xml');
  const routes = '<Routes>10.0.0.0/16</Routes><VpnClientAddressPool>172.16.50.0/24</VpnClientAddressPool>';
  writeFileSync(file, `<VpnProfile><VpnServer>${server}</VpnServer><VpnType>IkeV2</VpnType>${routes}</VpnProfile>`);
  return file;
}

/** A stand-in for a command line tool, first on the path of a run. */
export function standIn(name: string, script: string): string {
  const folder = scratch();
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

/**
 * Runs the real command line in a process of its own. Of this process's environment it gets nothing but the path of
 * Node and the system's: whoever runs the tests may be signed in somewhere.
 */
export async function onlink(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  {
    onStderr,
    timeoutMs = 60_000,
  }: { readonly onStderr?: (text: string, kill: () => void) => void; readonly timeoutMs?: number } = {},
): Promise<Ran> {
  const { PATH: folders = '', ...rest } = environment;
  const PATH = [folders, dirname(process.execPath), '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
  const child = spawn(process.execPath, [main, ...words], {
    env: { HOME: scratch(), PATH, ...compileCache, ...rest },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onStderr?.(stderr, () => child.kill('SIGINT'));
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}

/** The same as JSON, with no packet sent. */
export async function diagnose(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran & { readonly report: JsonReport; readonly notChecked: string }> {
  const ran = await onlink(['diagnose', '--no-probe', '-o', 'json', ...words], environment);
  if (!ran.stdout.startsWith('{')) throw new Error(`no report (exit code ${ran.code}): ${ran.stdout}\n${ran.stderr}`);
  const report = JSON.parse(ran.stdout) as JsonReport;
  return { ...ran, report, notChecked: report.notChecked.map(({ code, why }) => `${code}: ${why}`).join('\n') };
}

/** What a run needs to speak to an emulator and to be let in. */
export const trusting = ({ caFile }: { readonly caFile: string }): Readonly<Record<string, string>> => ({
  NODE_EXTRA_CA_CERTS: caFile,
  ONLINK_ACCESS_TOKEN: token,
});
