import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { all, type Change, linux, plain, rewritten, told, windows, without } from '../diagnosis/conclude.ts';
import { cited, explained, findingsOf } from './explained.ts';

/* No connection at all, one that carries nothing, and one that is older than the network. */
const textOf =
  (id: string, change: (text: string) => string): Change =>
  (artifacts) =>
    artifacts.map((one) => (one.id === id && one.text !== undefined ? { ...one, text: change(one.text) } : one));
const down: EstateSpec = { ...plain, spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'] }] };
const noAzure: Change = (artifacts) => artifacts.filter(({ half }) => half === 'client');
const also =
  (...changes: readonly Change[]): Change =>
  (artifacts) =>
    changes.reduce((sofar, change) => change(sofar), artifacts);

describe('vpn-not-connected', () => {
  const code = 'vpn-not-connected';
  const off = (change?: Change, connection = 'vnet-hub') =>
    windows(down, { tunnelAddress: null, traces: { '10.99.0.4': 'silent' }, connection }, change);
  const fixOf = (capture: Parameters<typeof findingsOf>[0]) => findingsOf(capture, code)[0]?.fixes[0];

  test('is proven where the pool is known, and accounts for what Azure offers', () => {
    expect(told(off(), code).map(({ says }) => says)).toEqual([
      'error proven 10.20.0.0/16 10.21.0.0/16 172.16.50.0/24',
    ]);
    expect(cited(off(), code)).toEqual([
      ['connection vnet-hub is not connected', 'no address of 172.16.50.0/24 is on any interface'],
    ]);
    const withheld = {
      ...plain,
      spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], far: { useRemoteGateways: false } }],
    };
    expect(explained(windows(withheld, { tunnelAddress: null }), code)).toEqual([['10.20.0.0/16', '172.16.50.0/24']]);
  });

  test.each([
    ['a connection says that it is down', noAzure, 'proven'],
    ['nothing was told of any connection', also(noAzure, without('windows-vpn-connection')), 'likely'],
  ])('without Azure, where %s', (_, change, confidence) => {
    const [finding] = findingsOf(off(change), code);
    expect(finding).toMatchObject({ confidence, severity: 'error' });
    expect(finding?.evidence.at(-1)?.says).toBe('no route or interface looks like a tunnel');
  });

  test('without Azure nobody can say it of a computer whose connection is up', () => {
    const up = rewritten('windows-vpn-connection', ([own]) => [
      { ...own, ConnectionStatus: 'Connected' },
      { ...own, Name: 'other' },
    ]);
    expect(findingsOf(off(also(noAzure, up)), code)).toEqual([]);
    expect(fixOf(off(up))?.commands[0]?.command).toBe('rasdial "other"');
  });

  test('names the connection to dial: the one to Azure', () => {
    expect(fixOf(off())?.commands).toEqual([{ shell: 'cmd', command: 'rasdial "vnet-hub"' }]);
    expect(fixOf(off())?.steps[0]).toContain('(vnet-hub)');
    const office = rewritten('windows-vpn-connection', ([own]) => [
      { ...own, Name: 'Office', ServerAddress: 'vpn.corp.example' },
      own,
    ]);
    expect(fixOf(off(office))?.commands[0]?.command).toBe('rasdial "vnet-hub"');
    const onlyOffice = rewritten('windows-vpn-connection', ([own]) => [
      { ...own, Name: 'Office', ServerAddress: 'vpn.corp.example' },
    ]);
    expect(fixOf(off(onlyOffice))?.commands[0]?.command).toBe('rasdial "Office"');
  });

  test.each([
    ['whose name would end the command and begin another', off(undefined, 'hub" & calc'), '(hub" & calc)'],
    ['that nobody named; then the gateway is', off(without('windows-vpn-connection')), '(vpngw-hub)'],
    ['that nobody named', off(also(noAzure, without('windows-vpn-connection'))), 'Connect the VPN, then'],
  ])('offers no command for a connection %s', (_, capture, step) => {
    expect(fixOf(capture)?.commands).toEqual([]);
    expect(fixOf(capture)?.steps[0]).toContain(step);
  });

  test('by a list of interfaces alone, as long as it tells their addresses', () => {
    const addresses = rewritten('linux-ip-addr', (rows) => rows.filter(({ ifname }) => ifname !== 'tun0'));
    const listed = also(without('linux-ip-route', 'openvpn-log'), addresses);
    expect(findingsOf(linux(plain, { traces: {} }, listed), code)).toHaveLength(1);
    expect(findingsOf(linux(plain, { traces: {} }, also(listed, without('linux-ip-addr'))), code)).toEqual([]);
  });

  describe('with strongSwan', () => {
    const ike = { kind: 'strongswan' as const, traces: { '10.20.2.4': 'silent', '10.21.1.4': 'silent' } as const };
    const child = / {2}azure: #5[\s\S]*$/;
    const sas = (change: (text: string) => string) => linux(plain, ike, textOf('linux-swanctl-sas', change));
    const second = (text: string) => text.replaceAll('azure', 'second');

    test('IKE without a child carries nothing, whatever routes stand', () => {
      const capture = sas((text) => text.replace(child, ''));
      expect(cited(capture, code)).toEqual([['IKE azure is up and has no child SA']]);
      expect(explained(capture, code)).toEqual([all]);
    });

    test.each([
      [
        'one that is installed beside one that is gone',
        (text: string) => text + second(/ {2}azure: #5[\s\S]*$/.exec(text)?.[0] ?? '').replace('INSTALLED', 'DELETED'),
      ],
      ['another IKE', (text: string) => second(text.replace(child, '')) + text],
      ['one that is being renewed', (text: string) => text.replace('INSTALLED', 'REKEYED')],
    ])('is not told of a child: %s', (_, change) => {
      expect(findingsOf(sas(change), code)).toEqual([]);
    });

    test('is not told of an IKE that is not up', () => {
      expect(
        findingsOf(
          sas((text) => text.replace(child, '').replace('ESTABLISHED', 'CONNECTING')),
          code,
        ),
      ).toEqual([]);
    });
  });
});

describe('session-older-than-change', () => {
  const code = 'session-older-than-change';
  const hubOnly = ['10.20.0.0/16', '172.16.50.0/24'];
  const step = (capture: Parameters<typeof findingsOf>[0]) => findingsOf(capture, code)[0]?.fixes[0]?.steps[1];
  const lists = (remote: string): BundleArtifact => ({
    id: 'strongswan-conf',
    source: 'strongswan-conf',
    half: 'client',
    file: 'client/swanctl.conf',
    text: `connections {\n  azure {\n    remote_addrs = azuregateway-1.vpn.azure.com\n    children {\n      net {\n        remote_ts = ${remote}\n      }\n    }\n  }\n}\n`,
  });
  const swan = (remote?: string) =>
    linux(plain, { kind: 'strongswan', routes: hubOnly, traces: {} }, (artifacts) =>
      remote === undefined ? artifacts : [...artifacts, lists(remote)],
    );
  const spokes = ['10.21.0.0/16'];

  test.each([
    [
      'a log of OpenVPN shows what was pushed, and the prefix is not among it',
      linux(plain, { routes: hubOnly, traces: {} }),
      'proven',
      spokes,
    ],
    [
      'the log shows that nothing of all that was pushed',
      linux(plain, { routes: ['172.16.50.0/24'], traces: {} }),
      'proven',
      ['10.20.0.0/16', '10.21.0.0/16'],
    ],
    ['OpenVPN left no log', linux(plain, { routes: hubOnly, traces: {} }, without('openvpn-log')), 'likely', spokes],
    ['a package has the prefix', windows(plain, { routes: hubOnly, installed: all, traces: {} }), 'likely', spokes],
    ['strongSwan asks for everything', swan(), 'likely', spokes],
    ['strongSwan asks for the prefix', swan('10.20.0.0/16, 10.21.0.0/16'), 'likely', spokes],
    ['strongSwan asks for a part of the prefix', swan('10.20.0.0/16, 10.21.0.0/17'), 'likely', spokes],
  ])('is told where %s', (_, capture, confidence, prefixes) => {
    expect(told(capture, code).map(({ says }) => says)).toEqual([['error', confidence, ...prefixes].join(' ')]);
  });

  test.each([
    ['the log shows that the prefix was pushed', linux(plain, { routes: hubOnly, pushed: all, traces: {} })],
    ['the package lacks the prefix', windows(plain, { routes: hubOnly, installed: hubOnly, traces: {} })],
    [
      'the package has a part of it',
      windows(plain, { routes: hubOnly, installed: [...hubOnly, '10.21.0.0/17'], traces: {} }),
    ],
    ['strongSwan does not ask for it', swan('10.20.0.0/16')],
    [
      'nobody read what the native client was given',
      windows(plain, { routes: hubOnly, traces: {} }, without('cmroute-routes')),
    ],
  ])('is not told where %s', (_, capture) => {
    expect(findingsOf(capture, code)).toEqual([]);
  });

  test('says what to look at if connecting again does not help', () => {
    expect(step(linux(plain, { routes: hubOnly, traces: {} }))).toMatch(/newly downloaded profile/);
    expect(step(swan())).toMatch(/swanctl --list-sas/);
    expect(step(windows(plain, { routes: hubOnly, installed: all, traces: {} }))).toMatch(/as an administrator/);
  });

  test('cites the log, with the time where it stamps its lines', () => {
    const pushed = (change: (text: string) => string) =>
      cited(linux(plain, { routes: hubOnly, traces: {} }, textOf('openvpn-log', change)), code)[0]?.[0];
    expect(pushed((text) => text)).toMatch(/^the gateway pushed 2 routes at 2026-11-02.*, not this one$/);
    expect(pushed((text) => text.replaceAll('2026-11-02 08:58:41 ', ''))).toBe(
      'the gateway pushed 2 routes, not this one',
    );
  });
});
