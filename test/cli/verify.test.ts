import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../scripts/arm-emulator/emulator.ts';
import { bundle, onlink } from './run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'onlink-verify-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The documents of a bundle as an Azure that lives, with what was mended since. */
function estateOf(name: string, mend: (text: string) => string) {
  const folder = join(bundle(name), 'azure');
  const documents = readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.includes('Effective'))
    .map((file) => JSON.parse(mend(readFileSync(join(folder, file), 'utf8'))) as { readonly id: string });
  return { resources: documents.filter(({ id }) => typeof id === 'string') };
}

async function verify(name: string, code: string, mend: (text: string) => string, ...more: readonly string[]) {
  const emulator: Emulator = await startEmulator({ estate: estateOf(name, mend), token: 'a-token' });
  try {
    const ca = join(scratch, 'ca.pem');
    writeFileSync(ca, emulator.ca);
    const ended = await onlink(
      ['verify', code, ...more, '--from', bundle(name), '--arm-endpoint', emulator.url, '-o', 'json'],
      { env: { NODE_EXTRA_CA_CERTS: ca, ONLINK_ACCESS_TOKEN: 'a-token' } },
    );
    return { ...ended, log: emulator.log };
  } finally {
    await emulator.stop();
  }
}

describe('verify asks again what the finding rests on', () => {
  test('still there: exit 1, and no more was asked than what it cites', async () => {
    const { code, stdout, log } = await verify('hub-transit-off', 'hub-transit-off', (text) => text);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ code: 'hub-transit-off', answer: 'still-there' });
    expect(code).toBe(1);
    expect(log.length).toBeGreaterThan(0);
    expect(log.length).toBeLessThanOrEqual(2);
    expect(answer.asked.every((what: string) => what.startsWith('virtualNetworks.get '))).toBe(true);
  });

  test('gone: exit 0', async () => {
    const { code, stdout } = await verify('hub-transit-off', 'hub-transit-off', (text) =>
      text.replaceAll('"allowGatewayTransit": false', '"allowGatewayTransit": true'),
    );
    expect(JSON.parse(stdout)).toMatchObject({ answer: 'gone' });
    expect(code).toBe(0);
  });

  test('no right to look any more: cannot tell, exit 3', async () => {
    const { code, stdout } = await onlink([
      ...['verify', 'hub-transit-off', '--from', bundle('hub-transit-off'), '--no-azure', '-o', 'json'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ answer: 'cannot-tell' });
    expect(code).toBe(3);
  });

  test("another system's capture cannot be asked again here", async () => {
    const elsewhere = process.platform === 'win32' ? 'healthy-linux' : 'local-network-overlap';
    const { code, stdout } = await onlink([
      ...['verify', 'local-network-overlap', '--from', bundle(elsewhere), '--no-azure', '--no-probe', '-o', 'json'],
    ]);
    if (stdout !== '') expect(JSON.parse(stdout).answer).toBe('cannot-tell');
    expect(code).toBe(process.platform === 'win32' ? 2 : 3);
  });

  test('what the bundle does not hold, or no cause is called, is a mistake', async () => {
    const none = await onlink(['verify', 'stray-route', '--from', bundle('hub-transit-off')]);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('holds no finding stray-route');
    const unknown = await onlink(['verify', 'no-such-cause']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('no cause is called no-such-cause');
    const prefix = await onlink(['verify', 'stray-route', '10.1.0.0/99']);
    expect(prefix.stderr).toContain('not a prefix');
  });
});
