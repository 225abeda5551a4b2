import { describe, expect, test } from 'vitest';
import { phonebook, type WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, type Change, linux, plain, rewritten, told, windows, without } from '../diagnosis/conclude.ts';

/* A connection that somebody typed into Settings: there is no package, so there is nothing old to renew. */
const code = 'connection-without-profile';
const both = '10.20.0.0/16 10.21.0.0/16';
const bare: Partial<WindowsSpec> = { routes: [], installed: null };
const saysOf = (capture: Capture) => told(capture, code).map(({ says }) => says);
const findingOf = (capture: Capture) =>
  analyze(capture).findings.find((one) => one.code === code) ?? expect.fail('not told');

/** One change after the other. */
const then =
  (...changes: readonly Change[]): Change =>
  (artifacts) =>
    changes.reduce((so, change) => change(so), artifacts);
const adding =
  (...more: readonly BundleArtifact[]): Change =>
  (artifacts) => [...artifacts, ...more];
const connections = (change: (list: readonly Record<string, unknown>[]) => unknown) =>
  rewritten('windows-vpn-connection', change);
/** Nobody found the file of a package: why not. */
const unanswered = (source: string, status: string, message = ''): Change =>
  then(
    without('cmroute-routes'),
    adding({ id: source, source, half: 'client', unanswered: { status: null, code: status, message } }),
  );

describe('without a package, and without a route', () => {
  test('the connection is what lacks them: its routes, or the package', () => {
    const finding = findingOf(windows(plain, bare, adding(phonebook('vnet-hub'))));
    expect(finding).toMatchObject({
      confidence: 'proven',
      summary:
        'The connection vnet-hub was made by hand: no package lies behind it and it carries no routes, so 10.20.0.0/16 (vnet-hub), 10.21.0.0/16 (spoke-app) never got here.',
      expected: 'routes to them',
      actual: 'none',
    });
    expect(finding.evidence.slice(0, 3).map(({ says }) => says)).toEqual([
      'no Connection Manager profile on this machine',
      'connection vnet-hub carries no routes of its own',
      'phonebook entry vnet-hub carries no routes, and takes none from the selectors',
    ]);
    const commands = finding.fixes.flatMap((fix) => fix.commands.map(({ command }) => command));
    expect(commands.filter((command) => command.startsWith('Add-VpnConnectionRoute'))).toHaveLength(2);
  });

  test('of one network it is one route', () => {
    expect(findingOf(windows({ ...plain, spokes: [] }, { ...bare, traces: {} })).expected).toBe('a route to it');
  });

  test('the reason is told in words where there are any, else by its code', () => {
    const [looked] = findingOf(windows(plain, bare, unanswered('cmroute-routes', 'absent'))).evidence;
    expect(looked.says).toBe('cmroute-routes: absent');
  });

  test.each<[string, readonly string[], Change?]>([
    ['a connection is listed, and no file', [`error proven ${both}`]],
    ['no script of a profile either', [`error proven ${both}`], unanswered('windows-profile-script', 'absent')],
    [
      'one place was looked at in vain, the other said so in words only',
      [`error proven ${both}`],
      adding({
        id: 'script',
        source: 'windows-profile-script',
        half: 'client',
        unanswered: { status: null, code: 'not-told', message: 'no script' },
      }),
    ],
    [
      'that there is no file is told in words only',
      [`error likely ${both}`],
      unanswered('cmroute-routes', 'not-told', 'no such folder'),
    ],
    ['no connection was listed, and no file exists', [`error likely ${both}`], without('windows-vpn-connection')],
    [
      'a phonebook lists it, which does not say whether it takes routes from the selectors',
      [`error proven ${both}`],
      adding(phonebook('vnet-hub', { PlumbIKEv2TSAsRoutes: '' })),
    ],
    [
      'another entry takes its routes from the selectors',
      [`error proven ${both}`],
      adding(phonebook('Contoso', { PlumbIKEv2TSAsRoutes: 1 })),
    ],
    [
      'another connection has routes',
      [`error proven ${both}`],
      connections((list) => [
        ...list,
        { ...list[0], Name: 'Contoso', ConnectionStatus: 'Disconnected', Routes: ['10.40.0.0/16'] },
      ]),
    ],
    ['the file may not be read', [], unanswered('cmroute-routes', 'EACCES', 'permission denied')],
    ['nobody looked for a file', [], without('cmroute-routes')],
    ['something else is absent', [], unanswered('windows-nrpt', 'absent')],
    ['it takes its routes from the selectors', [], adding(phonebook('vnet-hub', { PlumbIKEv2TSAsRoutes: 1 }))],
    [
      'it carries a route of its own',
      [],
      connections((list) => list.map((one) => ({ ...one, Routes: ['10.40.0.0/16'] }))),
    ],
    [
      'neither a connection nor a file is told of',
      [],
      then(without('windows-vpn-connection'), unanswered('cmroute-routes', 'not-told', 'no such folder')),
    ],
  ])('where %s', (_, says, change) => {
    expect(saysOf(windows(plain, bare, change))).toEqual(says);
  });

  test('a connection that is down is not the one that lacks them', () => {
    const down = connections((list) => [
      { ...list[0], Name: 'Contoso', ServerAddress: 'vpn.contoso.example', ConnectionStatus: 'Disconnected' },
    ]);
    const { confidence, evidence, summary } = findingOf(windows(plain, bare, down));
    expect(summary).toMatch(/^The connection to the VPN was made by hand/);
    expect([confidence, ...evidence.map(({ says }) => says)].join()).not.toMatch(/Contoso/);
  });
});

describe('is not told of', () => {
  const tap = adding({
    id: 'openvpn-profile',
    source: 'openvpn-profile',
    half: 'client',
    text: 'client\nremote azuregateway-1.vpn.azure.com 443\ndev tun\n',
  });

  test.each<[string, Capture]>([
    ['one network that came without a package', windows(plain, { ...bare, routes: ['10.20.0.0/16'] })],
    ['a package that is here', windows(plain, { ...bare, installed: all })],
    [
      'OpenVPN on Windows, which is pushed its routes',
      windows(plain, bare, then(without('windows-vpn-connection'), tap)),
    ],
    [
      'a Linux client of a kind that nobody knows',
      linux(
        { ...plain, issued: null },
        { routes: [] },
        then(without('openvpn-log'), unanswered('cmroute-routes', 'absent'), (artifacts) =>
          artifacts.map((one) =>
            one.text === undefined ? one : { ...one, text: one.text.replaceAll('tun0', 'ppp0') },
          ),
        ),
      ),
    ],
  ])('%s', (_, capture) => {
    expect(saysOf(capture)).toEqual([]);
  });
});
