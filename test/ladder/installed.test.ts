import { describe, expect, test } from 'vitest';
import { idsOf } from '../../scripts/scenarios/estate.ts';
import { vpnSettings } from '../../scripts/scenarios/profiles.ts';
import { phonebook, type WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, type Change, conclude, linux, plain, rewritten, told, windows, without } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* What this computer keeps of the routes it was given: files, and what the connection carries itself. */
const [hub, spoke] = ['10.20.0.0/16', '10.21.0.0/16'] as const;
const installed = (capture: Capture, prefix: string = spoke) => rungText(capture, 'installed', prefix);
const onWindows = (client: Partial<WindowsSpec>, ...extra: readonly BundleArtifact[]): Capture =>
  windows(plain, client, (artifacts) => [...artifacts, ...extra]);
const changed = (client: Partial<WindowsSpec>, ...changes: readonly Change[]): Capture =>
  windows(plain, client, (artifacts) => changes.reduce((now, change) => change(now), artifacts));

const unanswered = (source: string, code: string, message = '', id = source): BundleArtifact => ({
  id,
  source,
  half: 'client',
  unanswered: { status: null, code, message },
});
const handedIn = (...routes: readonly string[]) =>
  vpnSettings({ server: idsOf(plain).server, routes, pool: ['172.16.50.0/24'], half: 'client' });
const client = (id: string, source: string, text: string): BundleArtifact => ({ id, source, half: 'client', text });
const adding = (...prefixes: readonly string[]) =>
  client(
    'windows-profile-script',
    'windows-profile-script',
    [
      'Add-VpnConnection -Name vnet-hub -ServerAddress x.vpn.azure.com -TunnelType Ikev2',
      ...prefixes.map((prefix) => `Add-VpnConnectionRoute -ConnectionName vnet-hub -DestinationPrefix ${prefix}`),
    ].join('\n'),
  );
const carrying = (...routes: readonly string[]): Change =>
  rewritten('windows-vpn-connection', (rows) => rows.map((row) => ({ ...row, Routes: routes })));
// What Get-VpnConnection shows of five and more.
const cutByView = rewritten('windows-vpn-connection', (rows) =>
  rows.map((row) => ({ ...row, Routes: '{10.20.0.0/16, 10.22.0.0/16, 10.23.0.0/16, 10.24.0.0/16...}' })),
);
// NumRoutes=1: 10.21.0.0/16
const stored = { NumRoutes: 1, Routes: '020000000A15000000000000000000000000000000000000000000001000000000000000' };

const azureVpn = client(
  'azurevpn-xml',
  'azurevpn-xml',
  '<AzVpnProfile><clientconfig><includeroutes><route><destination>10.21.0.0</destination><mask>16</mask></route></includeroutes></clientconfig></AzVpnProfile>',
);

describe('on native Windows', () => {
  test.each<[string, Capture, string]>([
    ['routes.txt has it', onWindows({}), `held | ${spoke} is installed`],
    [
      'routes.txt has half of it',
      onWindows({ installed: [hub, '10.21.0.0/17'] }),
      'partial | 10.21.0.0/17 is installed',
    ],
    ['routes.txt lacks it', onWindows({ installed: [hub] }), `lost | cmroute-routes was read and lacks ${spoke}`],
    [
      'a view cut the list that the connection carries, and there is no file',
      changed({ installed: null }, cutByView),
      'unknown | connection vnet-hub carries more routes than were read',
    ],
    ['there is no file', onWindows({ installed: null }), 'lost | no Connection Manager profile on this machine'],
    [
      'there is no file, in as many words',
      changed({}, without('cmroute-routes'), (artifacts) => [...artifacts, unanswered('cmroute-routes', 'absent')]),
      'lost | cmroute-routes does not exist',
    ],
    [
      'the file may not be read',
      changed({}, without('cmroute-routes'), (artifacts) => [
        ...artifacts,
        unanswered('cmroute-routes', 'not-permitted'),
      ]),
      'unknown | cmroute-routes was not read: not-permitted',
    ],
    ['nobody looked', changed({}, without('cmroute-routes')), 'unknown'],
    [
      'a file that decides nothing is not there',
      changed({}, without('cmroute-routes'), (artifacts) => [...artifacts, unanswered('azurevpn-xml', 'absent')]),
      'unknown',
    ],
    [
      'the profile script adds it',
      changed({}, without('cmroute-routes'), (artifacts) => [...artifacts, adding(spoke)]),
      `held | ${spoke} is installed`,
    ],
    [
      'the profile script adds others',
      changed({}, without('cmroute-routes'), (artifacts) => [...artifacts, adding(hub)]),
      `lost | profile-script was read and lacks ${spoke}`,
    ],
    [
      "strongSwan's file is no file of this client",
      changed({}, without('cmroute-routes'), (artifacts) => [...artifacts, swanctl(spoke)]),
      'unknown',
    ],
    [
      "the Azure VPN Client's file is none either",
      changed({}, without('cmroute-routes'), (artifacts) => [...artifacts, azureVpn]),
      'unknown',
    ],
  ])('%s', (_, capture, says) => {
    expect(installed(capture)).toBe(says);
  });

  test('a package that was handed in speaks only where the computer keeps no file of its own', () => {
    expect(installed(onWindows({ installed: [hub] }, handedIn(spoke)))).toMatch(/^lost/);
    expect(installed(onWindows({ installed: all }, handedIn(hub)))).toMatch(/^held/);
    expect(installed(onWindows({ installed: null }, handedIn(hub, spoke)))).toMatch(/^held/);
    expect(installed(onWindows({ installed: null }, handedIn(hub)))).toBe(
      `lost | vpn-settings-xml was read and lacks ${spoke}`,
    );
    expect(installed(onWindows({ installed: null }, handedIn(hub)), '172.16.50.0/24')).toBe(
      'held | vpn-settings-xml was read',
    );
  });

  test('of a file that was read and one that was not, the other may have what this one lacks', () => {
    const other = unanswered('cmroute-routes', 'not-permitted', '', 'cmroute-routes:programData');
    expect(installed(onWindows({ installed: [hub] }, other))).toBe(
      'unknown | cmroute-routes was not read: not-permitted',
    );
    expect(installed(onWindows({ installed: [hub, '10.21.0.0/17'] }, other))).toMatch(/^unknown/);
    expect(installed(onWindows({ installed: all }, other))).toMatch(/^held/);
    const stale = { routes: [hub], installed: [hub], traces: {} };
    const says = (extra: readonly BundleArtifact[]) =>
      told(onWindows(stale, ...extra), 'client-profile-stale').map((one) => one.says);
    expect(says([])).toEqual([`error proven ${spoke}`]);
    expect(says([other])).toEqual([`error likely ${spoke}`]);
  });
});

describe('routes that the connection itself carries', () => {
  const none = { installed: null };

  test('count, whether the system lists them or the phonebook keeps them', () => {
    expect(installed(changed(none, carrying(spoke)))).toBe(`held | ${spoke} is installed`);
    expect(installed(onWindows(none, phonebook('vnet-hub', stored)))).toBe(`held | ${spoke} is installed`);
    expect(installed(changed(none, carrying(hub)))).toBe(
      `lost | connection vnet-hub carries routes of its own and lacks ${spoke}`,
    );
  });

  test('count for that connection alone', () => {
    const another: Change = rewritten('windows-vpn-connection', (rows) => [
      ...rows,
      { ...rows[0], Name: 'work', ServerAddress: 'vpn.example.com', ConnectionStatus: 'Disconnected', Routes: [spoke] },
    ]);
    expect(installed(changed(none, another))).toMatch(/^lost \| no Connection Manager profile/);
    expect(installed(onWindows(none, phonebook('work', stored)))).toMatch(/^lost \| no Connection Manager profile/);
  });

  test('count for whichever there is, where none is known to be this tunnel', () => {
    const unlisted = changed({}, without('windows-vpn-connection', 'cmroute-routes'), (artifacts) => [
      ...artifacts,
      phonebook('vnet-hub', stored),
      client('cmroute-routes', 'cmroute-routes', ''),
    ]);
    expect(installed(unlisted)).toBe(`held | ${spoke} is installed`);
  });

  test('that lack it are no proof while routes.txt may not be read', () => {
    const refused = changed({ ...none, routes: [hub] }, without('cmroute-routes'), carrying(hub), (artifacts) => [
      ...artifacts,
      unanswered('cmroute-routes', 'not-permitted'),
    ]);
    expect(installed(refused)).toBe('unknown | cmroute-routes was not read: not-permitted');
  });
});

describe('with strongSwan', () => {
  const swan = (...extra: readonly BundleArtifact[]) =>
    linux(plain, { kind: 'strongswan' }, (artifacts) => [...artifacts, ...extra]);

  test.each<[string, Capture, string]>([
    ['its file asks for it', swan(swanctl(`${hub},${spoke}`)), `held | ${spoke} is installed`],
    ['its file asks for others', swan(swanctl(hub)), `lost | strongswan-conf was read and lacks ${spoke}`],
    ['its file takes what the gateway grants', swan(swanctl('0.0.0.0/0')), 'not-applicable'],
    ['no file was looked for', swan(), 'not-applicable'],
    ['there is no file', swan(unanswered('strongswan-conf', 'absent')), 'not-applicable'],
    [
      'its file may not be read',
      swan(unanswered('strongswan-conf', 'not-permitted')),
      'unknown | strongswan-conf was not read: not-permitted',
    ],
    [
      'a package that was handed in lacks it',
      swan(handedIn(hub)),
      `lost | vpn-settings-xml was read and lacks ${spoke}`,
    ],
    [
      "Windows' routes.txt lies about",
      swan(client('routes', 'cmroute-routes', 'ADD 10.99.0.0 MASK 255.255.0.0 default METRIC default IF default\r\n')),
      'not-applicable',
    ],
    ["Windows' script lies about", swan(adding('10.99.0.0/16')), 'not-applicable'],
  ])('%s', (_, capture, says) => {
    expect(installed(capture)).toBe(says);
  });
});

test('where routes are pushed at connect no file has to list them', () => {
  const ovpn = client(
    'ovpn',
    'openvpn-profile',
    'client\nremote x.vpn.azure.com 443\ndev tun\nroute 10.99.0.0 255.255.0.0\n',
  );
  expect(installed(linux(plain, {}, (artifacts) => [...artifacts, ovpn]))).toBe('not-applicable');
});

test('of a client whose kind nobody knows, a list that was handed in is believed', () => {
  const unknown = (...extra: readonly BundleArtifact[]) =>
    changed({}, without('windows-vpn-connection', 'cmroute-routes'), (artifacts) => [...artifacts, ...extra]);
  expect(installed(unknown())).toBe('unknown');
  expect(installed(unknown(handedIn(hub)))).toBe(`lost | vpn-settings-xml was read and lacks ${spoke}`);
  expect(conclude(unknown(handedIn(hub, spoke)))).toMatchObject({ errors: [], verdict: 'ok' });
});

function swanctl(selectors: string): BundleArtifact {
  const text = `connections {\n  azure {\n    remote_addrs = x.vpn.azure.com\n    children {\n      net {\n        remote_ts = ${selectors}\n      }\n    }\n  }\n}\n`;
  return client('strongswan-conf', 'strongswan-conf', text);
}
