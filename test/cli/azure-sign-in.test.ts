import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { estateOf } from '../azure/estate-of.ts';
import { connectProxy } from './connect-proxy.ts';
import { diagnose, emulate, scratch, standIn, token, trusting } from './run-cli.ts';

const aim = ['-g', 'rg-hub', '-n', 'gw'];
const inAnHour = '$(( $(date +%s) + 3600 ))';
const signedIn = `printf '{"accessToken":"${token}","expires_on":%s,"tokenType":"Bearer"}' "${inAnHour}"`;

test('whoever is signed in to the Azure CLI is asked nothing, and the tool is asked once', async () => {
  const emulator = await emulate({ estate: estateOf(3) });
  const log = join(scratch(), 'az.log');
  const { report, notChecked, stdout } = await diagnose(
    ['--arm-endpoint', emulator.url, ...aim, '--tenant', 'contoso.example'],
    {
      NODE_EXTRA_CA_CERTS: emulator.caFile,
      PATH: standIn('az', `echo "$@" >> ${log}\n${signedIn}`),
    },
  );
  expect(report.gateway?.name).toBe('gw');
  expect(notChecked).not.toContain('AZURE-');
  expect(stdout).not.toContain(token);
  const calls = readFileSync(log, 'utf8').trim().split('\n');
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatch(
    /^account get-access-token .*--resource https:\/\/management\.azure\.com.*--tenant contoso\.example/,
  );
});

test('PowerShell and azd are tried where the Azure CLI is not there', async () => {
  const emulator = await emulate({ estate: estateOf(0) });
  const azd = `printf '{"token":"${token}","expiresOn":"%s"}' "$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)"`;
  const withAzd = await diagnose(['--arm-endpoint', emulator.url, ...aim], {
    NODE_EXTRA_CA_CERTS: emulator.caFile,
    PATH: standIn('azd', azd),
  });
  expect(withAzd.report.gateway?.name).toBe('gw');
  const powerShell = `case "$*" in *Get-AzAccessToken*) printf '{"Token":"${token}","ExpiresOn":"%s"}' "$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)";; esac`;
  const withPowerShell = await diagnose(['--arm-endpoint', emulator.url, ...aim], {
    NODE_EXTRA_CA_CERTS: emulator.caFile,
    PATH: standIn('pwsh', powerShell),
  });
  expect(withPowerShell.report.gateway?.name).toBe('gw');
});

test('nobody signed in: one line with the command that mends it, and this computer is told whole', async () => {
  const emulator = await emulate({ estate: estateOf(0) });
  const { report, notChecked, code } = await diagnose(['--arm-endpoint', emulator.url, '--tenant', 'contoso.example'], {
    NODE_EXTRA_CA_CERTS: emulator.caFile,
    PATH: standIn('az', 'echo "ERROR: Please run \'az login\' to setup account." >&2; exit 1'),
  });
  const lines = notChecked.split('\n').filter((line) => line.startsWith('AZURE'));
  expect(lines).toEqual([
    'AZURE-SIGN-IN: signing in to Azure failed. To mend it: az login --tenant contoso.example. Tried: Azure CLI (nobody is signed in), Azure PowerShell (not installed), Azure Developer CLI (not installed).',
  ]);
  expect(report.gateway).toBeNull();
  expect([1, 3]).toContain(code);
  expect(emulator.log).toEqual([]);
});

test('a tool that hangs does not hold the report up, and the browser stays shut', async () => {
  const browser = join(scratch(), 'opened');
  const { notChecked } = await diagnose(['--arm-endpoint', 'https://127.0.0.1:1', '--timeout', '8'], {
    PATH: `${standIn('az', 'sleep 60')}:${standIn('xdg-open', `touch ${browser}`)}`,
  });
  expect(notChecked).toMatch(/AZURE-(SIGN-IN|READ)/);
  expect(() => readFileSync(browser)).toThrow('ENOENT');
});

test.each([
  ['AzureCloud', 'login.microsoftonline.com:443'],
  ['AzureUSGovernment', 'login.microsoftonline.us:443'],
  // What the sign-in library makes of login.chinacloudapi.cn.
  ['AzureChinaCloud', 'login.partner.microsoftonline.cn:443'],
])('a service principal signs in where %s does, by way of the proxy', async (cloud, host) => {
  const proxy = await connectProxy(() => 407);
  const { notChecked } = await diagnose(['--cloud', cloud, '--timeout', '10'], {
    HTTPS_PROXY: proxy.url,
    AZURE_CLIENT_ID: '33333333-3333-4333-8333-333333333333',
    AZURE_TENANT_ID: '44444444-4444-4444-8444-444444444444',
    AZURE_CLIENT_SECRET: 'hunter-secret',
    AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential',
  });
  expect(proxy.asked).toContain(host);
  expect(proxy.asked.every((asked) => asked === host)).toBe(true);
  expect(notChecked).toContain('AZURE-SIGN-IN: signing in to Azure failed. To mend it: check the AZURE_ variables');
  expect(notChecked).not.toContain('hunter');
});

test.each([
  ['AzureCloud', 'management.azure.com:443'],
  ['AzureUSGovernment', 'management.usgovcloudapi.net:443'],
  ['AzureChinaCloud', 'management.chinacloudapi.cn:443'],
])('--cloud %s asks the Resource Manager of that cloud', async (cloud, host) => {
  const proxy = await connectProxy(() => 407);
  await diagnose(['--cloud', cloud], { HTTPS_PROXY: proxy.url, ONLINK_ACCESS_TOKEN: token });
  expect(new Set(proxy.asked)).toEqual(new Set([host]));
});

test('AZURE_TOKEN_CREDENTIALS chooses, and a wrong value is told', async () => {
  const emulator = await emulate({ estate: estateOf(0) });
  const { notChecked } = await diagnose(['--arm-endpoint', emulator.url], {
    NODE_EXTRA_CA_CERTS: emulator.caFile,
    AZURE_TOKEN_CREDENTIALS: 'Sesame',
    PATH: standIn('az', signedIn),
  });
  expect(notChecked).toContain('AZURE_TOKEN_CREDENTIALS=Sesame');
  expect(emulator.log).toEqual([]);
});

test('a token that Azure refuses says how to sign in again', async () => {
  const emulator = await emulate({ estate: estateOf(0) });
  const { notChecked } = await diagnose(['--arm-endpoint', emulator.url, ...aim], {
    ...trusting(emulator),
    ONLINK_ACCESS_TOKEN: 'hunter-stale',
  });
  expect(notChecked).toMatch(/401 InvalidAuthenticationToken.*az login/);
  expect(notChecked).not.toContain('hunter');
});
