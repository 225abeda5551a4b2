import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundle, onlink, root } from './run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'onlink-demo-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('the demo shows the ladder, the cause, the evidence and the fix, and first that it is a bundled capture', async () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const [node, main, ...words] = String(scripts.demo).split(' ');
  expect([node, main]).toEqual(['node', 'src/main.ts']);
  const { code, stdout, stderr } = await onlink(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')[0]).toContain('bundled capture');
  for (const part of ['10.1.0.0/16', 'lost at installed', 'client-profile-stale', 'cmroute-routes', 'vpn-client'])
    expect(stdout).toContain(part);
});

test('the missing route restored in a copy, the finding goes', async () => {
  const copy = join(scratch, 'restored');
  cpSync(bundle('document-spoke-missing-windows'), copy, { recursive: true });
  const edit = (file: string, line: string, added: string) => {
    const path = join(copy, 'client', file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(line);
    writeFileSync(
      path,
      text.replace(line, (found) => `${found}${added}`),
    );
  };
  edit(
    'windows-route-print.txt',
    '         10.0.0.0      255.255.0.0         On-link    172.16.50.130     43\r\n',
    '         10.1.0.0      255.255.0.0         On-link    172.16.50.130     43\r\n',
  );
  const codes = async (folder: string) =>
    JSON.parse((await onlink(['replay', folder, '-o', 'json'])).stdout).findings.map(
      (one: { code: string; severity: string }) => `${one.severity} ${one.code}`,
    );
  expect(await codes(bundle('document-spoke-missing-windows'))).toContain('error client-profile-stale');
  expect(await codes(copy)).not.toContain('error client-profile-stale');
  const text = readFileSync(join(copy, 'client', 'routes.txt'), 'utf8');
  const [first = ''] = text.split('\n');
  edit('routes.txt', first, `\n${first.replace('10.0.0.0', '10.1.0.0')}`);
  expect((await codes(copy)).filter((one: string) => one.includes('client-profile-stale'))).toEqual([]);
});
