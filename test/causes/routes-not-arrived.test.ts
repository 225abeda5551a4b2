import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact, Wire } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, type Change, linux, plain, told, windows, without } from '../diagnosis/conclude.ts';

/* The tunnel stands, its routes were handed out, and the system has none of them. */
const code = 'client-routes-not-installed';
const [hub, spoke, pool] = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24'] as const;
const both = `${hub} ${spoke}`;
const saysOf = (capture: Capture) => told(capture, code).map(({ says, actual }) => `${says}: ${actual}`);
const findingOf = (capture: Capture) =>
  analyze(capture).findings.find((one) => one.code === code) ?? expect.fail('not told');
const adding =
  (...more: readonly BundleArtifact[]): Change =>
  (artifacts) => [...artifacts, ...more];
const json = (source: string, value: unknown): BundleArtifact => ({
  id: source,
  source,
  half: 'client',
  text: JSON.stringify(value),
});

describe('a native Windows client with a package', () => {
  const nothing: Partial<WindowsSpec> = { routes: [], installed: all };
  const byClass = { prefix: '172.16.0.0/16', interface: '172.16.50.2', metric: 43 };

  test.each<[string, Partial<WindowsSpec>, readonly string[], Change?]>([
    ['no route is here', nothing, [`error proven ${both}: none of them is`]],
    ['the pool alone is here', { ...nothing, routes: [pool] }, [`error proven ${both}: none of them is`]],
    [
      'the class of its address alone is here',
      { ...nothing, extra: [byClass] },
      [`error proven ${both}: none of them is`],
    ],
    ['the package could not be read', nothing, [`error likely ${both}: none of them is`], without('cmroute-routes')],
    ['one of its networks is here', { ...nothing, routes: [hub] }, []],
    ['half of one is here', { ...nothing, routes: ['10.21.0.0/17'] }, []],
    ['the list that was read names none of them', { routes: [], installed: ['10.40.0.0/16'] }, []],
    ['the list names one of them', { routes: [], installed: [hub] }, [`error proven ${both}: none of them is`]],
  ])('where %s', (_, client, says, change) => {
    expect(saysOf(windows(plain, client, change))).toEqual(says);
  });

  test('the class of its address may hold a part of a custom route, which is no route of Azure either', () => {
    const estate = {
      ...plain,
      gateway: { ...plain.gateway, pool: ['172.31.5.0/24'], customRoutes: ['172.16.0.0/12'] },
    };
    const capture = windows(estate, {
      tunnelAddress: '172.31.5.2',
      routes: [],
      installed: ['172.16.0.0/12', hub, spoke],
      extra: [{ prefix: '172.31.0.0/16', interface: '172.31.5.2', metric: 43 }],
    });
    expect(saysOf(capture)).toEqual([`error proven ${both} 172.16.0.0/12: none of them is`]);
  });

  test('a network that the package lists, and Azure has taken away since, came by the script all the same', () => {
    const estate: EstateSpec = {
      ...plain,
      spokes: [
        { name: 'spoke-app', space: [spoke] },
        { name: 'spoke-old', space: ['10.30.0.0/16'], near: null, far: null },
      ],
    };
    const capture = windows(estate, { routes: ['10.30.0.0/16'], installed: [...all, '10.30.0.0/16'] });
    expect(saysOf(capture)).toEqual([]);
    expect(analyze(capture).findings.map((one) => one.code)).toContain('session-older-than-change');
  });

  test('can do without the script until then: the connection takes each route', () => {
    const { summary, fixes } = findingOf(windows(plain, nothing));
    expect(summary).toMatch(/none of its routes got into this computer's table: .* are missing\.$/);
    expect(fixes.map(({ by }) => by)).toEqual(['user', 'user', 'client-owner']);
    expect(fixes.flatMap(({ commands }) => commands.map(({ command }) => command)).slice(0, 2)).toEqual([
      'Add-VpnConnectionRoute -ConnectionName vnet-hub -DestinationPrefix 10.20.0.0/16 -PassThru',
      'Add-VpnConnectionRoute -ConnectionName vnet-hub -DestinationPrefix 10.21.0.0/16 -PassThru',
    ]);
  });

  test('lacks one network in the singular', () => {
    const { summary } = findingOf(windows({ ...plain, spokes: [] }, { ...nothing, traces: {} }));
    expect(summary).toMatch(/10\.20\.0\.0\/16 .* is missing\.$/);
  });

  describe('and what its system tells of the script', () => {
    const event = (Message: string, more: object = {}) => json('windows-ras-events', [{ Id: 20226, Message, ...more }]);
    const unread: Change = without('cmroute-routes');
    const proofs = (...more: readonly BundleArtifact[]) => {
      const { confidence, evidence } = findingOf(
        windows(plain, nothing, (artifacts) => adding(...more)(unread(artifacts))),
      );
      return [confidence, ...evidence.map(({ says }) => says).filter((says) => /^event|ARM64/.test(says))];
    };
    const failed = ['proven', 'event 20226: the script that updates the routing table failed'];

    test.each<[string, readonly BundleArtifact[], readonly string[]]>([
      ['nothing', [], ['likely']],
      ['8007026f in words', [event('Custom action to update your routing table failed (8007026f).')], failed],
      ['2147943023, which is the same', [event('It failed.', { code: 2_147_943_023 })], failed],
      ['-2147024273, which is the same', [event('It failed.', { code: -2_147_024_273 })], failed],
      ['another failure', [event('The user dialed a connection which has failed: 809')], ['likely']],
      [
        'ARM64, for which there is no script',
        [json('host', { architecture: 'ARM64' })],
        ['proven', "this is an ARM64 computer: the package's route script does not exist for it"],
      ],
      ['x64', [json('host', { architecture: 'x64' })], ['likely']],
    ])('%s', (_, more, says) => {
      expect(proofs(...more)).toEqual(says);
    });

    test.each([
      ['ARM64', /On ARM64 use the Azure VPN Client/],
      ['x64', /Install the package again/],
    ])('on %s', (architecture, step) => {
      const { fixes } = findingOf(windows(plain, nothing, adding(json('host', { architecture }))));
      expect(fixes[0]?.steps[0]).toMatch(step);
    });
  });
});

describe('a client whose routes are pushed', () => {
  const of = (spec: Partial<LinuxSpec>, change?: Change) => linux({ ...plain, issued: null }, spec, change);
  const profile = (...options: readonly string[]): BundleArtifact => ({
    id: 'openvpn-profile',
    source: 'openvpn-profile',
    half: 'client',
    text: ['client', 'remote azuregateway-1.vpn.azure.com 443', 'dev tun', ...options, ''].join('\n'),
  });

  test.each<[string, Capture, readonly string[]]>([
    ['the log shows all, and none is here', of({ routes: [], pushed: all }), [`error proven ${both}: none of them is`]],
    ['the log shows all, and one is here', of({ routes: [hub], pushed: all }), [`error proven ${spoke}: some are not`]],
    [
      'the log shows one, and none is here',
      of({ routes: [], pushed: [hub] }),
      [`error proven ${hub}: none of them is`],
    ],
    [
      'no log was read, and none is here',
      of({ routes: [] }, without('openvpn-log')),
      [`error likely ${both}: none of them is`],
    ],
    ['no log was read, and one is here', of({ routes: [hub] }, without('openvpn-log')), []],
  ])('where %s', (_, capture, says) => {
    expect(saysOf(capture)).toEqual(says);
  });

  test('and whose profile says to ignore them', () => {
    const { confidence, evidence, fixes } = findingOf(
      of({ routes: [] }, (artifacts) => adding(profile('route-nopull'))(without('openvpn-log')(artifacts))),
    );
    expect([confidence, evidence[0].says]).toEqual([
      'proven',
      'the profile says route-nopull: pushed routes are ignored',
    ]);
    expect(fixes.map(({ by, commands }) => [by, commands.length])).toEqual([['user', 0]]);
  });
});

describe('strongSwan with selectors and no routes', () => {
  const ikev2: EstateSpec = { ...plain, issued: null };
  const selectors: Partial<LinuxSpec> = { kind: 'strongswan', remoteSelectors: all };
  const route = (dst: string, more: Wire = {}): Wire => ({
    type: 'unicast',
    dst,
    dev: 'docker0',
    table: 'main',
    protocol: 'kernel',
    scope: 'link',
    prefsrc: '10.21.0.1',
    flags: [],
    ...more,
  });

  test.each<[string, Capture, readonly string[]]>([
    [
      'for nothing: none is here',
      linux(ikev2, { ...selectors, routes: [] }),
      [`error likely ${both}: none of them is`],
    ],
    ['for the spoke', linux(ikev2, { ...selectors, routes: [hub, pool] }), [`error likely ${spoke}: some are not`]],
    [
      'for the spoke, which Docker has',
      linux(ikev2, { ...selectors, routes: [hub, pool], extraRoutes: [route(spoke)] }),
      [],
    ],
    [
      'for the spoke, of which Docker has a part: the rest would be lost without it too',
      linux(ikev2, { ...selectors, routes: [hub, pool], extraRoutes: [route('10.21.9.0/24')] }),
      [`error likely ${spoke}: some are not`],
    ],
    [
      'for a spoke that its peering withholds',
      linux(
        { ...ikev2, spokes: [{ name: 'spoke-app', space: [spoke], far: { useRemoteGateways: false } }] },
        { ...selectors, routes: [hub, pool] },
      ),
      [],
    ],
  ])('%s', (_, capture, says) => {
    expect(saysOf(capture)).toEqual(says);
  });

  test('has charon install them', () => {
    const {
      summary,
      fixes: [fix],
    } = findingOf(linux(ikev2, { ...selectors, routes: [hub, pool] }));
    expect(summary).toMatch(/but not all of its routes got into this computer's table/);
    expect(fix?.verify).toBe('ip route show table 220');
  });
});
