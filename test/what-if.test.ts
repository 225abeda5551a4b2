import { describe, expect, test } from 'vitest';
import { readBundle } from '../src/capture/bundle.ts';
import type { WhatIf } from '../src/diagnosis/what-if.ts';
import { isRefusal, parseChange } from '../src/model/what-if-change.ts';
import { formatPrefix } from '../src/net/prefix.ts';
import { whatIf } from '../src/what-if.ts';
import { bundle } from './cli/run.ts';

async function ask(scenario: string, ...texts: readonly string[]) {
  const changes = texts.map((text) => parseChange(text) ?? expect.fail(`not understood: ${text}`));
  return whatIf(readBundle(bundle(scenario)), changes);
}

async function answerTo(scenario: string, ...texts: readonly string[]): Promise<WhatIf> {
  const answer = await ask(scenario, ...texts);
  return isRefusal(answer) ? expect.fail(answer.why) : answer;
}

async function refusalOf(scenario: string, ...texts: readonly string[]): Promise<string> {
  const answer = await ask(scenario, ...texts);
  return isRefusal(answer) ? `${answer.by}: ${answer.why}` : expect.fail('it was not refused');
}

const family = ({ clients }: WhatIf, name: string) =>
  clients.find((client) => client.family === name) ?? expect.fail(name);
const codes = (findings: WhatIf['before']['findings']) => findings.map(({ code }) => code);

describe('a change is RESOURCE.PROPERTY=VALUE', () => {
  test.each([
    ['spoke/to-hub.useRemoteGateways=true', 'spoke/to-hub', 'useRemoteGateways', 'set', 'true'],
    ['gw.customRoutes+=10.9.0.0/16', 'gw', 'customRoutes', 'add', '10.9.0.0/16'],
    ['gw.customRoutes-=10.9.0.0/16', 'gw', 'customRoutes', 'remove', '10.9.0.0/16'],
    ['vnet.west.1.peer=vnet.east', 'vnet.west.1', 'peer', 'set', 'vnet.east'],
    [
      '/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/hub.peer=spoke',
      '/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/hub',
      'peer',
      'set',
      'spoke',
    ],
  ])('%s', (text, resource, property, how, value) => {
    expect(parseChange(text)).toEqual({ text, resource, property, how, value });
  });

  test.each(['', 'x', 'x=true', '.y=true', 'x.y', 'gw.custom routes=1'])('%j is none', (text) => {
    expect(parseChange(text)).toBeUndefined();
  });
});

describe('what each kind of client needs', () => {
  test('a flag of the spoke: Windows a new package, OpenVPN and strongSwan a reconnect', async () => {
    const answer = await answerTo('spoke-remote-gateway-off', 'vnet-lab/to-vnet-hub.useRemoteGateways=TRUE');
    expect(codes(answer.before.findings)).toContain('spoke-remote-gateway-off');
    expect(codes(answer.after.findings)).not.toContain('spoke-remote-gateway-off');
    expect(codes(answer.after.findings)).toContain('client-profile-stale');
    const windows = family(answer, 'windows-native');
    expect(windows).toMatchObject({ isCaptured: true, need: 'new-package', lost: [] });
    expect(windows.gained.map(formatPrefix)).toEqual(['10.22.0.0/16']);
    expect(windows.after.find(({ prefix }) => formatPrefix(prefix) === '10.22.0.0/16')?.lostAt).toBe('installed');
    expect(family(answer, 'strongswan').need).toBe('reconnect');
    expect(answer.disrupts).toEqual([]);
  });

  test('transit allowed at the hub: who is pushed routes has to reconnect, and the fault is gone', async () => {
    const before = readBundle(bundle('hub-transit-off'));
    expect(before.platform).toBe('linux');
    const [half] = (await answerTo('hub-transit-off', 'hub-north-gw.customRoutes+=10.200.0.0/16')).before.findings;
    const answer = await answerTo('hub-transit-off', `${half?.resource}.allowGatewayTransit=true`);
    expect(codes(answer.after.findings)).not.toContain('hub-transit-off');
    expect(family(answer, 'openvpn')).toMatchObject({ isCaptured: true, need: 'reconnect' });
  });

  test('the way back: nobody has to do anything at a client', async () => {
    const answer = await answerTo('return-propagation-disabled', 'rt-secure.disableBgpRoutePropagation=false');
    expect(codes(answer.before.findings)).toContain('return-propagation-disabled');
    expect(codes(answer.after.findings)).not.toContain('return-propagation-disabled');
    expect(
      answer.clients.map(({ need }) => need).filter((need) => need !== 'another-client' && need !== 'nothing'),
    ).toEqual([]);
  });

  test('a new peering gives nothing until transit is on at both ends', async () => {
    const plain = await answerTo('vnet-not-peered', 'vnet-main.peer=vnet-island');
    expect(plain.clients.flatMap(({ gained }) => gained)).toEqual([]);
    const whole = await answerTo(
      'vnet-not-peered',
      'vnet-main.peer=vnet-island',
      'vnet-main/vnet-main-to-vnet-island.allowGatewayTransit=true',
      'vnet-island/vnet-island-to-vnet-main.useRemoteGateways=true',
    );
    for (const { gained } of whole.clients) expect(gained.map(formatPrefix)).toEqual(['10.140.0.0/16']);
    expect(family(whole, 'openvpn').need).toBe('reconnect');
  });

  test('a peering removed: its prefix is no longer offered, and its traffic stops', async () => {
    const answer = await answerTo('vnet-not-peered', 'vnet-main.unpeer=vnet-sales');
    expect(family(answer, 'windows-native').lost.map(formatPrefix)).toEqual(['10.121.0.0/16']);
    expect(answer.disrupts.join()).toContain('stops at once');
  });

  test('pool and protocols: a new profile for all, users dropped, a protocol gone leaves its clients outside', async () => {
    const pool = await answerTo(
      'vnet-not-peered',
      `${await gatewayOf('vnet-not-peered')}.vpnClientAddressPool=172.17.201.0/24`,
    );
    expect(pool.clients.map(({ need }) => need)).toEqual(['new-package', 'new-profile', 'new-profile']);
    expect(pool.disrupts.join()).toContain('disconnects');
    const only = await answerTo('vnet-not-peered', `${await gatewayOf('vnet-not-peered')}.vpnClientProtocols=openvpn`);
    expect(family(only, 'strongswan')).toMatchObject({
      need: 'another-client',
      canConnect: { before: true, after: false },
    });
    expect(family(only, 'openvpn')).toMatchObject({ need: 'new-profile' });
  });

  test('limits that would be passed are told, each once passed', async () => {
    const routes = (count: number) =>
      Array.from({ length: count }, (_, at) => `10.${200 + Math.floor(at / 256)}.${at % 256}.0/24`).join(',');
    const gateway = await gatewayOf('vnet-not-peered');
    const few = await answerTo('vnet-not-peered', `${gateway}.customRoutes=${routes(5)}`);
    expect(few.clients.flatMap(({ limits }) => limits)).toEqual([]);
    const many = await answerTo('vnet-not-peered', `${gateway}.customRoutes=${routes(300)}`);
    expect(family(many, 'windows-native').limits.map(({ limit, passed }) => [limit, passed])).toEqual([
      [25, true],
      [255, true],
    ]);
    expect(family(many, 'openvpn').limits).toEqual([]);
    const most = await answerTo('vnet-not-peered', `${gateway}.customRoutes=${routes(1100)}`);
    expect(family(most, 'openvpn').limits.map(({ limit }) => limit)).toEqual([1000]);
  });

  test('what is so already changes nothing', async () => {
    const answer = await answerTo('spoke-remote-gateway-off', 'vnet-web/to-vnet-hub.useRemoteGateways=true');
    expect(codes(answer.after.findings)).toEqual(codes(answer.before.findings));
    expect(answer.notes.join()).toContain('already');
  });
});

async function gatewayOf(scenario: string): Promise<string> {
  const { resource = '' } =
    readBundle(bundle(scenario)).artifacts.find(({ operation }) => operation === 'virtualNetworkGateways.get') ?? {};
  return resource;
}

describe('Azure would refuse', () => {
  test.each([
    ['hub-transit-off', ['OWN.useRemoteGateways=true'], 'azure: ', 'allowGatewayTransit is off on the other half'],
    ['spoke-has-own-gateway', ['OWN.useRemoteGateways=true'], 'azure: ', 'has a gateway of its own'],
    ['vnet-not-peered', ['vnet-main.peer=vnet-sales'], 'azure: ', 'peered already'],
    ['vnet-not-peered', ['vnet-main.peer=vnet-main'], 'azure: ', 'with itself'],
    [
      'vnet-not-peered',
      ['vnet-island.addressPrefixes=10.121.0.0/17', 'vnet-main.peer=vnet-island'],
      'azure: ',
      'overlap',
    ],
    ['vnet-not-peered', ['vnet-main.addressPrefixes+=10.121.4.0/24'], 'azure: ', 'overlap'],
    ['vnet-not-peered', ['GATEWAY.vpnClientAddressPool=10.121.8.0/24'], 'azure: ', 'the client pool of'],
    ['vnet-not-peered', ['GATEWAY.vpnClientAddressPool=10.120.0.0/24'], 'azure: ', 'overlap'],
    ['vnet-not-peered', ['GATEWAY.vpnClientAddressPool=10.1.2.3/24'], 'azure: ', '10.1.2.0/24'],
    ['vnet-not-peered', ['GATEWAY.vpnClientProtocols=PPTP'], 'azure: ', 'PPTP'],
    [
      'vnet-not-peered',
      ['vnet-island.peer=vnet-sales', 'vnet-sales/vnet-sales-to-vnet-island.useRemoteGateways=true'],
      'azure: ',
      'cannot use remote gateways',
    ],
    ['peering-disconnected', ['HOME.peer=FAR'], 'azure: ', 'Disconnected'],
    ['vnet-not-peered', ['nobody.peer=vnet-main'], 'onlink: ', 'nothing that was read is called nobody'],
    ['vnet-not-peered', ['vnet-main.allowGatewayTransit=true'], 'onlink: ', 'is a vnet'],
    ['vnet-not-peered', ['vnet-main.colour=blue'], 'onlink: ', 'colour is no property'],
    ['vnet-not-peered', ['GATEWAY.customRoutes-=10.77.0.0/16'], 'onlink: ', 'is not in the list now'],
    ['vnet-not-peered', ['GATEWAY.customRoutes=everything'], 'onlink: ', 'not a prefix'],
  ] as const)('%s %j', async (scenario, texts, by, why) => {
    const named = await Promise.all(texts.map((text) => withNames(scenario, text)));
    const refusal = await refusalOf(scenario, ...named);
    expect(refusal.startsWith(by)).toBe(true);
    expect(refusal).toContain(why);
  });
});

/** Names of a scenario that its author may change. */
async function withNames(scenario: string, text: string): Promise<string> {
  if (text.includes('GATEWAY')) return text.replace('GATEWAY', await gatewayOf(scenario));
  if (!/OWN|HOME/.test(text)) return text;
  const capture = readBundle(bundle(scenario));
  const { before } = (await whatIf(capture, [])) as WhatIf;
  const finding = before.findings.find(({ code }) => code === scenario) ?? expect.fail(scenario);
  const route = finding.explains[0]?.origin;
  const peering = route?.kind === 'expected' ? route.route.peering : undefined;
  return text
    .replace('OWN', peering?.far?.id ?? '')
    .replace('HOME', peering?.near?.from ?? peering?.far?.to ?? '')
    .replace('FAR', peering?.near?.to ?? peering?.far?.from ?? '');
}

test('a security rule and its finding', async () => {
  const { before } = (await whatIf(readBundle(bundle('nsg-denies-pool')), [])) as WhatIf;
  const finding = before.findings.find(({ code }) => code === 'nsg-denies-pool');
  expect(finding).toBeDefined();
  const refusal = await refusalOf('nsg-denies-pool', 'nothing.access=Allow');
  const [, rule = ''] = /it could be ([^\s,]+)/.exec(refusal) ?? [];
  const answer = await answerTo('nsg-denies-pool', `${rule}.access=Allow`);
  expect(codes(answer.after.findings)).not.toContain('nsg-denies-pool');
});
