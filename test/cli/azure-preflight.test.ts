import { expect, test } from 'vitest';
import { estateOf } from '../azure/estate-of.ts';
import { connectProxy } from './connect-proxy.ts';
import { diagnose, emulate, onlink, token, trusting } from './run-cli.ts';

const aim = ['-g', 'rg-hub', '-n', 'gw'];
const faulty = (kind: 'forbidden' | 'proxy-refuses' | 'html', match: string) =>
  emulate({ estate: estateOf(1, { faults: [{ match, kind }] }) });

test.each([
  ['DNS', 'https://arm.invalid', /: dns \(the name of Azure Resource Manager does not resolve/],
  ['TCP', 'https://127.0.0.1:1', /: tcp \(no connection/],
] as const)('%s: the layer by name, and this computer is told whole', async (_, endpoint, said) => {
  const { report, notChecked, code } = await diagnose(['--arm-endpoint', endpoint], { ONLINK_ACCESS_TOKEN: token });
  expect(notChecked).toMatch(said);
  expect(report.platform).toBe('linux');
  expect([1, 3]).toContain(code);
});

test('TLS: a certificate nobody trusts is named with the way out, NODE_EXTRA_CA_CERTS trusts it', async () => {
  const emulator = await emulate({ estate: estateOf(0) });
  const { notChecked } = await diagnose(['--arm-endpoint', emulator.url, ...aim], { ONLINK_ACCESS_TOKEN: token });
  expect(notChecked).toMatch(/: tls \(the certificate is not trusted.*NODE_EXTRA_CA_CERTS/);
  const trusted = await diagnose(['--arm-endpoint', emulator.url, ...aim], trusting(emulator));
  expect(trusted.report.gateway?.name).toBe('gw');
});

test("the system's own store is tried, through a proxy as well", async () => {
  const emulator = await emulate({ estate: estateOf(0) });
  const proxy = await connectProxy(() => 200);
  // To Node on Linux this file is the system's store.
  const environment = { ONLINK_ACCESS_TOKEN: token, SSL_CERT_FILE: emulator.caFile };
  const direct = await diagnose(['--arm-endpoint', emulator.url, ...aim], environment);
  expect(direct.report.gateway?.name).toBe('gw');
  const proxied = await diagnose(['--arm-endpoint', emulator.url, ...aim], { ...environment, HTTPS_PROXY: proxy.url });
  expect(proxied.report.gateway?.name).toBe('gw');
  expect(proxy.asked.length).toBeGreaterThan(0);
});

test.each(['HTTPS_PROXY', 'https_proxy'])('%s is used, with or without a scheme', async (name) => {
  const emulator = await emulate({ estate: estateOf(0) });
  const proxy = await connectProxy(() => 200);
  for (const address of [proxy.url, proxy.url.slice('http://'.length)]) {
    const { report } = await diagnose(['--arm-endpoint', emulator.url, ...aim], {
      ...trusting(emulator),
      [name]: address,
    });
    expect(report.gateway?.name).toBe('gw');
  }
  expect(new Set(proxy.asked)).toEqual(new Set([new URL(emulator.url).host]));
});

test.each(['127.0.0.1', '*', 'localhost, 127.0.0.1:443'])('NO_PROXY=%s leaves the proxy out', async (exceptions) => {
  const emulator = await emulate({ estate: estateOf(0) });
  const proxy = await connectProxy(() => 407);
  const { report } = await diagnose(['--arm-endpoint', emulator.url, ...aim], {
    ...trusting(emulator),
    HTTPS_PROXY: proxy.url,
    NO_PROXY: exceptions,
  });
  expect(report.gateway?.name).toBe('gw');
  expect(proxy.asked).toEqual([]);
});

test('a proxy that wants credentials (407) is named, and its own credentials are not', async () => {
  const proxy = await connectProxy(() => 407);
  const { notChecked, stdout, stderr } = await diagnose([], {
    ONLINK_ACCESS_TOKEN: token,
    HTTPS_PROXY: proxy.url.replace('http://', 'http://jane:hunter-proxy@'),
  });
  expect(notChecked).toMatch(/^AZURE-PROXY: the proxy wants credentials of its own \(407\)/m);
  expect(stdout + stderr).not.toContain('hunter');
});

test.each(['socks5://127.0.0.1:1', 'http://'])('a proxy that cannot be used (%s) is no crash', async (address) => {
  const { notChecked } = await diagnose([], { ONLINK_ACCESS_TOKEN: token, HTTPS_PROXY: address });
  expect(notChecked).toMatch(/^AZURE-PROXY: HTTPS_PROXY names no http proxy/m);
});

test("a proxy's own refusal is not taken for a missing right", async () => {
  const proxy = await connectProxy(() => 403);
  const { notChecked } = await diagnose([], { ONLINK_ACCESS_TOKEN: token, HTTPS_PROXY: proxy.url });
  expect(notChecked).toContain("403 not-json (not Azure's own answer; something in between gave it");
  expect(notChecked).not.toContain('Microsoft.Network/');
});

test('a missing right: the action, the scope, and the role that has it; one line for many', async () => {
  const emulator = await emulate({
    estate: estateOf(3, { faults: [{ match: 'effectiveRouteTable', kind: 'forbidden' }] }),
  });
  const { notChecked } = await diagnose(['--arm-endpoint', emulator.url, ...aim], trusting(emulator));
  const lines = notChecked.split('\n').filter((line) => line.startsWith('AZURE-READ'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/vm\d-nic and 2 more: 403 AuthorizationFailed/);
  expect(lines[0]).toMatch(
    /needs Microsoft\.Network\/networkInterfaces\/effectiveRouteTable\/action on \/subscriptions\/.*onlink rights/,
  );
});

test('a guest network that answers everything with its page proves nothing', async () => {
  const emulator = await faulty('html', '/');
  const { report, notChecked, code } = await diagnose(['--arm-endpoint', emulator.url, ...aim], trusting(emulator));
  expect(notChecked).toContain('200 not-json');
  expect(report.gateway).toBeNull();
  expect([1, 3]).toContain(code);
});

test('what this computer shows is told before Azure answers, unless quiet was asked for', async () => {
  const emulator = await emulate({ estate: estateOf(0), latencyMs: 1000 });
  const words = ['--no-probe', '--arm-endpoint', emulator.url, ...aim];
  let answered: number | undefined;
  const onStderr = () => {
    answered ??= emulator.log.length;
  };
  const { stderr } = await onlink(words, trusting(emulator), { onStderr });
  expect(answered).toBe(0);
  expect(stderr).toMatch(/^\[\d+\.\d s\] this computer: /);
  expect((await onlink([...words, '--quiet'], trusting(emulator))).stderr).toBe('');
});

test('what is being asked is told on request only', async () => {
  const emulator = await emulate({ estate: estateOf(0) });
  const words = ['--no-probe', '--arm-endpoint', emulator.url, ...aim];
  expect((await onlink(words, trusting(emulator))).stderr).not.toMatch(/asking/);
  expect((await onlink([...words, '--verbose'], trusting(emulator))).stderr).toMatch(
    /^\[\d+\.\d s\] asking the gateway/m,
  );
});
