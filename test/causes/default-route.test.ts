import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import { type WindowsSpec, windowsClient } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';
import { all, conclude, dialled, linux, plain, told, windows, without } from '../diagnosis/conclude.ts';
import { routeRow } from './findings.ts';
import { hubEstate, hubGateway } from './hub-estate.ts';

/* A default route into the tunnel, and one beside it. */
const code = 'default-route-loses-metric';
const advertising = (...customRoutes: readonly string[]): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, customRoutes },
});
const forced = advertising('0.0.0.0/0', '10.99.0.0/16');
/** The tunnel's default has metric 43. */
const lan = (metric: number) => ({ address: '192.168.29.37', router: '192.168.29.1', metric });
const byOwnSetting: Partial<WindowsSpec> = { routes: [...all, '0.0.0.0/0'], installed: all };
const saysOf = (capture: Capture) => told(capture, code).map(({ says }) => says);
const finding = (capture: Capture) =>
  analyze(capture).findings.find((one) => one.code === code) ?? expect.fail('not told');

describe('a default that Azure advertises', () => {
  test.each([
    [25, ['error proven 0.0.0.0/0']],
    [75, []],
  ])('beside a local one of metric %i', (metric, says) => {
    expect(saysOf(windows(forced, { lan: lan(metric) }))).toEqual(says);
  });

  test('is better advertised as two halves, and the other custom routes stay', () => {
    const [one] = told(windows(forced), code);
    expect(one?.actual).toBe('192.168.29.37 wins by metric');
    expect(one?.commands[0]).toMatch(/--custom-routes 10\.99\.0\.0\/16 0\.0\.0\.0\/1 128\.0\.0\.0\/1$/);
  });

  test('is told with both metrics, and with what stays outside', () => {
    const { summary, evidence } = finding(windows(forced));
    expect(summary).toBe(
      'The default route into the tunnel (metric 43) loses to the one on 192.168.29.37 (metric 25): 0.0.0.0/0 (custom route) stays outside the VPN.',
    );
    expect(evidence.map(({ says }) => says)).toEqual([
      'the default route on 192.168.29.37 has metric 25, and wins',
      'the default route into the tunnel has metric 43',
    ]);
  });

  test('and which another VPN takes is that VPN’s doing alone', () => {
    const other = '10.212.134.200';
    const capture = windows(forced, {
      lan: lan(75),
      extra: [
        { prefix: '0.0.0.0/0', interface: other, metric: 6 },
        { prefix: '10.212.0.0/16', interface: other, metric: 6 },
        { prefix: '10.55.0.0/16', interface: other, metric: 6 },
        { prefix: `${other}/32`, interface: other, metric: 261 },
      ],
    });
    const { errors, warnings } = conclude(capture);
    expect({ errors, warnings }).toEqual({
      errors: ['another-vpn-owns-route'],
      warnings: ['internet-through-gateway'],
    });
  });

  test.each([
    ['halves of another VPN are narrower', ['0.0.0.0/1', '128.0.0.0/1'], ['another-vpn-owns-route']],
    ['a route by way of a router is made by hand', ['8.8.8.0/24'], ['manual-route-misdirected']],
  ])('but %s', (_, prefixes, errors) => {
    const [gateway, address] = prefixes.length > 1 ? [undefined, '10.212.134.200'] : ['192.168.29.1', '192.168.29.37'];
    const extra = [
      ...prefixes.map((prefix) => ({ prefix, interface: address, metric: 6, ...(gateway && { gateway }) })),
      ...(gateway === undefined ? [{ prefix: `${address}/32`, interface: address, metric: 261 }] : []),
    ];
    expect(conclude(windows(forced, { lan: lan(75), extra })).errors).toEqual(errors);
  });
});

test('beside halves of a default the own networks of this computer are no fault, what somebody routed by hand is', () => {
  const capture = windows(advertising('0.0.0.0/1', '128.0.0.0/1'), {
    lan: { address: '10.50.0.37', router: '10.50.0.1' },
    extra: [{ prefix: '8.8.8.0/24', gateway: '10.50.0.1', interface: '10.50.0.37', metric: 6 }],
  });
  expect(conclude(capture).errors).toEqual(['manual-route-misdirected']);
});

test('in Virtual WAN there are no custom routes to set: the profile is what to change', () => {
  const client = {
    ...dialled(plain),
    connection: 'hub-east',
    server: 'hub-east.vpn.azure.com',
    tunnelAddress: '172.16.50.2',
    routes: ['0.0.0.0/0', '10.20.0.0/16', '172.16.50.0/24'],
  };
  const { resource, severity, fixes } = finding(captureOf('windows', windowsClient(client), hubEstate));
  expect({ resource, severity }).toEqual({ resource: hubGateway, severity: 'error' });
  expect(fixes.map(({ by }) => by)).toEqual(['client-owner']);
});

describe('a default that only this client has', () => {
  const of = (metric: number, client: Partial<WindowsSpec> = {}) =>
    windows(plain, { ...byOwnSetting, lan: lan(metric), ...client });

  test.each([
    ['loses: nobody counted on it', 25, ['warning proven']],
    ['wins', 75, []],
  ])('%s', (_, metric, says) => {
    expect(saysOf(of(metric)).map((one) => one.trim())).toEqual(says);
  });

  test('loses, and nothing is said to stay outside', () => {
    expect(finding(of(25)).summary).toMatch(/loses to the one on 192\.168\.29\.37 \(metric 25\)\.$/);
  });

  test('is not there at all', () => {
    expect(saysOf(windows(plain, { lan: lan(25) }))).toEqual([]);
  });
});

describe('the version of an Azure VPN Client’s profile', () => {
  const profile = (version: string): BundleArtifact => ({
    id: 'azurevpn-xml',
    source: 'azurevpn-xml',
    half: 'client',
    text: `<AzVpnProfile><name>hub</name>${version}<clientconfig/></AzVpnProfile>`,
  });
  const cited = (version: string) =>
    finding(windows(forced, {}, (artifacts) => [...artifacts, profile(version)]))
      .evidence.map(({ says }) => says)
      .filter((says) => says.includes('version'));

  test.each([
    ['<version>1</version>', ['the profile is of version 1']],
    ['', []],
  ])('%j', (version, says) => {
    expect(cited(version)).toEqual(says);
  });
});

describe('on Linux', () => {
  const into = routeRow('default', { dev: 'tun0', gateway: '172.16.50.1', metric: 700 });
  const of = (spec: Partial<LinuxSpec>) => linux(plain, { extraRoutes: [into], ...spec });

  test('a default of metric 700 loses to one of metric 600', () => {
    expect(saysOf(of({}))).toHaveLength(1);
  });

  test.each<[string, Capture]>([
    ['the rules were not read', linux(plain, { extraRoutes: [into] }, without('linux-ip-rule'))],
    [
      'a part of the addresses finds another default by a rule',
      of({
        extraRules: [{ priority: 90, src: 'all', dst: '8.0.0.0', dstlen: 8, table: '90' }],
        extraRoutes: [into, routeRow('default', { dev: 'tun0', gateway: '172.16.50.1', table: '90' })],
      }),
    ],
  ])('nobody says so where %s', (_, capture) => {
    expect(saysOf(capture)).toEqual([]);
  });
});
