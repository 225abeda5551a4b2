import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import { phonebook, type WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, type Change, linux, plain, rewritten, told, windows, without } from '../diagnosis/conclude.ts';

/* What Azure offers, and a list on this machine that is older than the offer. */
const stale = 'client-profile-stale';
const custom = 'custom-route-not-installed';
const [hub, spoke, pool] = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24'] as const;
const early = [hub, pool];
const saysOf = (capture: Capture, code = stale) => told(capture, code).map(({ says }) => says);
const summaryOf = (capture: Capture) => analyze(capture).findings.find(({ code }) => code === stale)?.summary ?? '';
const adding =
  (...more: readonly BundleArtifact[]): Change =>
  (artifacts) => [...artifacts, ...more];
const advertising = (...customRoutes: readonly string[]): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, customRoutes },
});

describe('a package that lacks a spoke', () => {
  test('which was read proves it: issued now, installed and active are compared', () => {
    const capture = windows(plain, { routes: early });
    expect(told(capture, stale)).toMatchObject([
      {
        says: `error proven ${spoke}`,
        actual: 'not listed there',
        commands: [/vpn-client generate/, /EapTls/].map((one) => expect.stringMatching(one)),
      },
    ]);
    expect(summaryOf(capture)).toMatch(/the VPN profile on this computer was made before that and lacks it\.$/);
    const { evidence } = analyze(capture).findings.find(({ code }) => code === stale) ?? expect.fail('not told');
    expect(new Set(evidence.map(({ origin }) => origin.artifact))).toEqual(
      new Set([
        'issued-profile',
        'cmroute-routes',
        'windows-route-print',
        'arm:virtualNetworks.get.vnet-hub',
        'arm:virtualNetworks.get.spoke-app',
      ]),
    );
  });

  test('and another one: both are told of at once', () => {
    const estate = { ...plain, spokes: [...(plain.spokes ?? []), { name: 'spoke-db', space: ['10.25.0.0/16'] }] };
    const capture = windows(estate, { routes: early });
    expect(saysOf(capture)).toEqual([`error proven ${spoke} 10.25.0.0/16`]);
    expect(summaryOf(capture)).toMatch(/lacks them\.$/);
  });

  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      'a half of it is listed, and that half is here',
      [...early, '10.21.0.0/17'],
      [...early, '10.21.0.0/17'],
      [`error proven ${spoke}`],
    ],
    ['a half of it is listed, and nothing of it is here', [...early, '10.21.0.0/17'], early, []],
    ['nothing of the list is here, which comes before that it lacks the spoke', early, [], []],
    ['nothing is here, and the list names none of it', ['10.40.0.0/16'], [], [`error proven ${hub} ${spoke}`]],
  ])('%s', (_, installed, routes, says) => {
    expect(saysOf(windows(plain, { installed, routes }))).toEqual(says);
  });

  test('which could not be read is likely, where other routes of it are here', () => {
    const capture = windows(plain, { routes: early }, without('cmroute-routes'));
    expect(told(capture, stale)).toMatchObject([{ says: `error likely ${spoke}`, actual: 'no route here' }]);
    expect(summaryOf(capture)).toMatch(
      /no route for it is here: most likely the VPN profile on this computer, which could not be read,/,
    );
  });

  test('which does not exist lacks nothing for certain', () => {
    expect(saysOf(windows(plain, { routes: early, installed: null }))).toEqual([`error likely ${spoke}`]);
  });

  test('is not to blame where a profile generated now lacks the spoke as well', () => {
    expect(saysOf(windows({ ...plain, issued: early }, { routes: early }))).toEqual([]);
  });

  test('is not to blame where its peering withholds it', () => {
    const estate = { ...plain, spokes: [{ name: 'spoke-app', space: [spoke], far: { useRemoteGateways: false } }] };
    expect(saysOf(windows(estate, { routes: early }))).toEqual([]);
  });

  test('that lacks only the pool lacks nothing that anybody needs', () => {
    expect(saysOf(windows(plain, { routes: [hub, spoke] }))).toEqual([]);
  });
});

describe('a list of strongSwan that lacks a spoke', () => {
  const conf = (remote: string): BundleArtifact => ({
    id: 'strongswan-conf',
    source: 'strongswan-conf',
    half: 'client',
    text: `connections {\n  azure {\n    remote_addrs = 20.50.7.1\n    children {\n      net {\n        remote_ts = ${remote}\n      }\n    }\n  }\n}\n`,
  });
  const of = (remote: string, spec: Partial<LinuxSpec> = { routes: early }) =>
    linux({ ...plain, issued: null }, { kind: 'strongswan', ...spec }, adding(conf(remote)));

  test('is the list in its configuration', () => {
    const capture = of(hub);
    expect(told(capture, stale)).toMatchObject([
      { says: `error proven ${spoke}`, commands: ['sudo swanctl --load-all'] },
    ]);
    expect(summaryOf(capture)).toMatch(/the list in its configuration was made before that/);
  });

  test('is none where it asks for everything', () => {
    expect(saysOf(of('0.0.0.0/0'))).toEqual([]);
  });

  test('is not called hand-made where the table has the spoke all the same', () => {
    expect(saysOf(of(hub, { routes: all }))).toEqual([]);
  });
});

describe('a spoke that the package lacks and the table has', () => {
  const byHand = (client: Partial<WindowsSpec> = {}, change?: Change, estate = plain) =>
    saysOf(windows(estate, { installed: early, ...client }, change));
  const plumbing = (name: string, flag: number) => adding(phonebook(name, { PlumbIKEv2TSAsRoutes: flag }));

  test('works until the next connect: somebody added the route', () => {
    const capture = windows(plain, { installed: early });
    expect(saysOf(capture)).toEqual([`warning likely ${spoke}`]);
    expect(summaryOf(capture)).toMatch(/^10\.21\.0\.0\/16 \(spoke-app\) works by a route that somebody added;/);
  });

  test.each([
    ['takes no routes from the selectors', 'vnet-hub', 0, [`warning likely ${spoke}`]],
    ['takes them from the selectors, and nothing is to mend', 'vnet-hub', 1, []],
    ['is not the one that takes them from the selectors', 'Contoso', 1, [`warning likely ${spoke}`]],
  ])('on a connection that %s', (_, name, flag, says) => {
    expect(byHand({}, plumbing(name, flag))).toEqual(says);
  });

  test('beside a wider route is hand-made all the same', () => {
    expect(byHand({ routes: [...all, '10.20.0.0/15'] })).toEqual([`warning likely ${spoke}`]);
  });

  test.each<[string, readonly string[]]>([
    ['there is no package to renew', byHand({ installed: null })],
    ['a profile generated now lacks it too', byHand({}, undefined, { ...plain, issued: early })],
    ['its route is a wider one that belongs to more', byHand({ routes: ['10.20.0.0/15', pool] })],
    ['two halves lead there, which nobody types', byHand({ routes: [...early, '10.21.0.0/17', '10.21.128.0/17'] })],
    [
      'something else takes a part of it, which is the graver fault',
      byHand({ extra: [{ prefix: '10.21.9.0/24', interface: '192.168.29.37', metric: 281 }] }),
    ],
    [
      'its peering withholds it',
      byHand({}, undefined, {
        ...plain,
        spokes: [{ name: 'spoke-app', space: [spoke], far: { useRemoteGateways: false } }],
      }),
    ],
  ])('is not told of where %s', (_, says) => {
    expect(says).toEqual([]);
  });

  test('is told of beside a spoke that is missing', () => {
    const estate = { ...plain, spokes: [...(plain.spokes ?? []), { name: 'spoke-db', space: ['10.25.0.0/16'] }] };
    expect(saysOf(windows(estate, { installed: early, routes: all }))).toEqual([
      'error proven 10.25.0.0/16',
      `warning likely ${spoke}`,
    ]);
  });
});

describe('custom routes that are missing while every VNet is here', () => {
  const site = advertising('10.99.0.0/16', '10.98.0.0/16');
  const both = '10.99.0.0/16 10.98.0.0/16';
  const of = (client: Partial<WindowsSpec>, change?: Change) => {
    const capture = windows(site, client, change);
    return [...saysOf(capture, custom), ...saysOf(capture).map((says) => `stale: ${says}`)];
  };

  test.each<[string, Partial<WindowsSpec>, readonly string[], Change?]>([
    ['the package was made before', { routes: all }, [`error proven ${both}`]],
    ['the package could not be read', { routes: all }, [`error likely ${both}`], without('cmroute-routes')],
    ['a VNet is missing too: the whole package is old', { routes: early }, [`stale: error proven ${spoke} ${both}`]],
    [
      'the package lists one of them: its routes are not in force',
      { routes: all, installed: [...all, '10.99.0.0/16'] },
      ['stale: error proven 10.98.0.0/16'],
    ],
  ])('%s', (_, client, says, change) => {
    expect(of(client, change)).toEqual(says);
  });

  const openVpn = (routes: readonly string[]) => linux({ ...site, issued: null }, { routes });
  const strongSwan = (routes: readonly string[], remoteSelectors: readonly string[]) =>
    linux({ ...site, issued: null }, { kind: 'strongswan', routes, remoteSelectors });

  test.each<[string, Capture]>([
    ['OpenVPN is pushed its routes', openVpn(all)],
    ['strongSwan asks for whatever the gateway grants', strongSwan(all, all)],
  ])('no list can be old where %s', (_, capture) => {
    expect(saysOf(capture, custom)).toEqual([]);
    expect(analyze(capture).findings.map(({ code }) => code)).toContain('session-older-than-change');
  });

  test('a list of strongSwan can be', () => {
    const conf: BundleArtifact = {
      id: 'strongswan-conf',
      source: 'strongswan-conf',
      half: 'client',
      text: `conn azure\n  right=20.50.7.1\n  rightsubnet=${hub}, ${spoke}\n  keyexchange=ikev2\n`,
    };
    const capture = linux({ ...site, issued: null }, { kind: 'strongswan', routes: all }, adding(conf));
    expect(saysOf(capture, custom)).toEqual([`error proven ${both}`]);
  });
});

test('routes of which the connection itself keeps a list count as a package', () => {
  const routes = rewritten('windows-vpn-connection', (list) => list.map((one) => ({ ...one, Routes: [hub] })));
  expect(saysOf(windows(plain, { routes: early, installed: null }, routes))).toEqual([`error proven ${spoke}`]);
});
