import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { type Change, linux, plain, rewritten, told, windows, without } from '../diagnosis/conclude.ts';
import { cited, explained, findingsOf } from './explained.ts';
import { wanOff } from './virtual-wan.ts';

/* A computer that dials by what the gateway does not speak. */
const offering = (protocols: readonly string[] | undefined, sku?: string): EstateSpec => ({
  ...plain,
  gateway: {
    ...plain.gateway,
    pointToSite: { vpnClientProtocols: protocols },
    ...(sku !== undefined && { sku }),
  },
  issued: null,
});
const file = (source: string, text: string): BundleArtifact => ({
  id: source,
  source,
  half: 'client',
  file: `client/${source}`,
  text,
});
const azureVpn = file(
  'azurevpn-xml',
  '<AzVpnProfile><name>hub</name><serverlist><ServerEntry><fqdn>azuregateway-1.vpn.azure.com</fqdn></ServerEntry></serverlist><version>1</version></AzVpnProfile>',
);
const ovpn = file('openvpn-profile', 'client\nremote azuregateway-1.vpn.azure.com 443\ndev tun\n');
const strongswan = file(
  'strongswan-conf',
  'connections {\n  azure {\n    remote_addrs = azuregateway-1.vpn.azure.com\n    children {\n      net {\n        remote_ts = 0.0.0.0/0\n      }\n    }\n  }\n}\n',
);
const noConnection = without('windows-vpn-connection');
const withFiles =
  (...files: readonly BundleArtifact[]): Change =>
  (artifacts) => [...noConnection(artifacts), ...files];
const linuxOff: Change = (artifacts) =>
  [
    without('openvpn-log'),
    rewritten('linux-ip-route', (rows) => rows.filter(({ dev }) => dev !== 'tun0')),
    rewritten('linux-ip-addr', (rows) => rows.filter(({ ifname }) => ifname !== 'tun0')),
  ].reduce((all, change) => change(all), artifacts);
const code = 'protocol-not-offered';
const off = (of: EstateSpec, client: Partial<WindowsSpec> = {}, change?: Change) =>
  windows(of, { tunnelAddress: null, traces: {}, ...client }, change);
const among = (rows: readonly Record<string, unknown>[]): Change =>
  rewritten('windows-vpn-connection', (own) => rows.map((row) => ({ ...own[0], ...row })));

describe('what the gateway offers', () => {
  test.each([
    ['OpenVPN, and this computer dials IKEv2', ['OpenVPN'], 'Ikev2', 'OpenVPN', 'OpenVPN IkeV2'],
    ['OpenVPN, and this computer tries IKEv2, then SSTP', ['OpenVPN'], 'Automatic', 'OpenVPN', 'OpenVPN IkeV2'],
    [
      'IKEv2 and OpenVPN, and this computer dials SSTP',
      ['IkeV2', 'OpenVPN'],
      'Sstp',
      'IkeV2, OpenVPN',
      'IkeV2 OpenVPN SSTP',
    ],
  ] as const)('is only %s', (_, protocols, protocol, actual, allowed) => {
    const [finding] = told(off(offering(protocols), { protocol }), code);
    expect(finding?.says).toMatch(/^error proven /);
    expect(finding?.actual).toBe(actual);
    expect(finding?.commands[0]).toMatch(new RegExp(` --client-protocol ${allowed}$`));
  });

  test.each([
    ['one of the two that it tries', off(offering(['SSTP']), { protocol: 'Automatic' })],
    ['not told', off(offering(undefined))],
    ['an empty list: nothing was told', off(offering([]))],
    ['something else, and yet the tunnel stands', windows(offering(['OpenVPN']))],
    [
      'something else, and the connection is up',
      off(offering(['OpenVPN']), {}, among([{ ConnectionStatus: 'Connected' }])),
    ],
    [
      'nothing, for it takes no clients',
      off({
        ...offering(['OpenVPN'], 'Basic'),
        gateway: { ...plain.gateway, sku: 'Basic', properties: { vpnClientConfiguration: null } },
      }),
    ],
  ])('says nothing where it is %s', (_, capture) => {
    expect(findingsOf(capture, code)).toEqual([]);
  });

  test('of a Basic gateway is SSTP, whatever its list says, and no resizing mends it', () => {
    const [finding] = findingsOf(off(offering(['IkeV2'], 'Basic')), code);
    expect(finding).toMatchObject({ property: 'sku', actual: 'SSTP', expected: 'IkeV2', confidence: 'proven' });
    expect(finding?.summary).toMatch(/its SKU is Basic/);
    expect(finding?.fixes[0]?.commands).toEqual([]);
    expect(finding?.fixes[0]?.steps[0]).toMatch(/^Replace the Basic gateway/);
    expect(findingsOf(off(offering(['IkeV2'], 'Basic'), { protocol: 'Sstp' }), code)).toEqual([]);
  });

  test('in Virtual WAN stands in the server configuration', () => {
    const spec = { vnets: [{ name: 'app', space: ['10.66.0.0/16'] }], protocols: ['OpenVPN'] };
    const client = { connection: 'wan', server: 'hub-wan.vpn.azure.com', gatewayAddress: '20.7.7.7', routes: [] };
    const [finding] = findingsOf(wanOff(spec, client), code);
    expect(finding?.resource).toMatch(/\/vpnServerConfigurations\/staff$/);
    expect(finding).toMatchObject({ property: 'vpnProtocols', actual: 'OpenVPN', expected: 'IkeV2' });
    expect(finding?.evidence[0].origin.artifact).toBe('arm:vpnServerConfigurations.get.staff');
    expect(finding?.fixes[0]?.commands.map(({ command }) => command)).toEqual([
      'Update-AzVpnServerConfiguration -ResourceGroupName rg-wan -Name staff -VpnProtocol OpenVPN,IkeV2',
    ]);
    expect(finding?.fixes[0]?.verify).toMatch(/^Get-AzVpnServerConfiguration /);
    expect(findingsOf(wanOff({ ...spec, protocols: ['IkeV2'] }, client), code)).toEqual([]);
    // Nobody read it.
    expect(findingsOf(wanOff({ ...spec, properties: { vpnServerConfiguration: null } }, client), code)).toEqual([]);
  });

  test('accounts for what is broken, not for what nobody offers', () => {
    const capture = off(offering(['OpenVPN']), { traces: { '10.99.0.4': 'silent' } });
    expect(explained(capture, code)).toEqual([['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24']]);
  });
});

describe('how this computer would dial', () => {
  const wish = (change: Change, offered: readonly string[] = ['SSTP'], client: Partial<WindowsSpec> = {}) =>
    findingsOf(off(offering(offered), client, change), code).map(
      ({ confidence, expected }) => `${confidence} ${expected}`,
    );
  const office = { Name: 'Office', ServerAddress: 'vpn.corp.example', TunnelType: 'Sstp' };

  test.each([
    ['by its connection', (all: readonly BundleArtifact[]) => all, ['proven IkeV2']],
    ['by two connections, of one protocol', among([{ Name: 'a' }, { Name: 'b' }]), ['proven IkeV2']],
    ['by its connection to Azure, not by one to the office', among([office, {}]), ['proven IkeV2']],
    [
      'by an Azure VPN Client, whatever leads to the office',
      (all: readonly BundleArtifact[]) => [...among([{ ...office, TunnelType: 'Ikev2' }])(all), azureVpn],
      ['proven OpenVPN'],
    ],
    [
      'perhaps by a connection whose server nobody knows',
      among([{ ...office, TunnelType: 'Ikev2' }]),
      ['likely IkeV2'],
    ],
    ['by a profile of the Azure VPN Client', withFiles(azureVpn), ['proven OpenVPN']],
    ['by two profiles of one kind', withFiles(azureVpn, ovpn), ['proven OpenVPN']],
    ['by a connection of a kind that is not understood, which tells nothing', among([{ TunnelType: 'Pptp' }]), []],
    ['by nothing that is known', noConnection, []],
  ])('%s', (_, change, wishes) => {
    expect(wish(change)).toEqual(wishes);
  });

  test('a connection to Azure that is up is what counts, not one to the office', () => {
    const up = { ConnectionStatus: 'Connected' };
    expect(wish(among([{ ...office, ...up }, {}]))).toEqual(['proven IkeV2']);
    expect(wish(among([{ ...office, ...up, TunnelType: 'Ikev2' }]))).toEqual([]);
    expect(wish(among([{}, { Name: 'second', ...up }]))).toEqual([]);
  });

  test('cites the connection, or the file', () => {
    expect(cited(off(offering(['SSTP'])), code)[0]).toContain('connection vnet-hub uses ikev2');
    expect(cited(off(offering(['SSTP']), {}, withFiles(azureVpn)), code)[0]).toContain(
      'a azurevpn-xml profile lies here',
    );
  });

  test.each([
    ['a file of strongSwan', [strongswan], ['OpenVPN'], ['proven IkeV2']],
    ['a file of OpenVPN', [ovpn], ['IkeV2'], ['proven OpenVPN']],
    ['its kind: nothing but Windows speaks SSTP', [], ['SSTP'], ['likely IkeV2 or OpenVPN']],
    ['its kind, and the gateway speaks one of them', [], ['SSTP', 'OpenVPN'], []],
  ])('on Linux by %s', (_, files, offered, wishes) => {
    const capture = linux(offering(offered), { traces: {} }, (all) => [...linuxOff(all), ...files]);
    expect(findingsOf(capture, code).map(({ confidence, expected }) => `${confidence} ${expected}`)).toEqual(wishes);
  });

  test('of a computer that nobody looked at nothing is said', () => {
    const azureOnly: Change = (artifacts) => artifacts.filter(({ half }) => half === 'azure');
    expect(findingsOf(linux(offering(['SSTP']), {}, azureOnly), code)).toEqual([]);
  });
});
