import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeBundle } from '../../src/capture/bundle.ts';
import { joinCaptures, openCapture } from '../../src/capture/join.ts';
import { UserError } from '../../src/capture/user-error.ts';
import type { Artifact, Capture } from '../../src/facts/capture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onlink join '));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const answered = (id: string, half: Artifact['half'], text: string): Artifact => ({
  id,
  source: id.split(':')[0] ?? id,
  half,
  outcome: { kind: 'answered', bytes: new TextEncoder().encode(text), exitCode: 0 },
});
const routes = (...rows: readonly object[]) => answered('linux-ip-route', 'client', JSON.stringify(rows));
const addresses = (mac: string, ...locals: readonly string[]) =>
  answered(
    'linux-ip-addr',
    'client',
    JSON.stringify([
      {
        ifindex: 2,
        ifname: 'wlan0',
        address: mac,
        flags: ['UP'],
        addr_info: [{ family: 'inet', local: locals[0], prefixlen: 24 }],
      },
      {
        ifindex: 9,
        ifname: 'tun0',
        link_type: 'none',
        flags: ['POINTOPOINT', 'UP'],
        linkinfo: { info_kind: 'tun' },
        addr_info: [{ family: 'inet', local: locals[1], prefixlen: 24 }],
      },
    ]),
  );
const client = (
  tunnel: string,
  takenAt = '2026-11-22T10:00:00Z',
  mac = '02:00:00:00:00:01',
  lan = '192.168.29.37',
): Capture => ({
  takenAt,
  platform: 'linux',
  artifacts: [
    routes(
      { dst: 'default', gateway: '192.168.29.1', dev: 'wlan0', flags: [] },
      { dst: '10.1.0.0/16', gateway: '172.16.50.1', dev: 'tun0', flags: [] },
      { dst: '172.16.50.0/24', dev: 'tun0', protocol: 'kernel', scope: 'link', prefsrc: tunnel, flags: [] },
    ),
    addresses(mac, lan, tunnel),
  ],
});
const id = (type: string, name: string) =>
  `/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/${type}/${name}`;
const gateway = {
  id: id('virtualNetworkGateways', 'gw'),
  name: 'gw',
  properties: {
    gatewayType: 'Vpn',
    vpnClientConfiguration: {
      vpnClientAddressPool: { addressPrefixes: ['172.16.50.0/24'] },
      vpnClientProtocols: ['OpenVPN'],
    },
  },
};
const azure = (takenAt = '2026-11-22T10:01:00Z'): Capture => ({
  takenAt,
  platform: 'windows',
  artifacts: [answered('arm:001', 'azure', JSON.stringify(gateway)), answered('linux-ip-route', 'azure', '')].slice(
    0,
    1,
  ),
});

describe('two halves', () => {
  test('are one capture, of the client’s platform and time, and are said to belong together', () => {
    for (const order of [
      [client('172.16.50.2'), azure()],
      [azure(), client('172.16.50.2')],
    ]) {
      const joined = joinCaptures(order);
      expect(joined).toMatchObject({
        takenAt: '2026-11-22T10:00:00Z',
        azureTakenAt: '2026-11-22T10:01:00Z',
        platform: 'linux',
      });
      expect(joined.artifacts).toHaveLength(3);
      expect(joined.notes).toEqual([
        expect.stringMatching(
          /belong together: the tunnel address 172\.16\.50\.2 lies in Azure's pool 172\.16\.50\.0\/24/,
        ),
      ]);
    }
  });

  test('of another VPN are doubted', () => {
    expect(joinCaptures([client('172.31.9.2'), azure()]).notes).toEqual([
      expect.stringMatching(/may not belong together: the tunnel address 172\.31\.9\.2/),
    ]);
  });

  test('far apart in time say so', () => {
    const notes = (at: string) => joinCaptures([client('172.16.50.2'), azure(at)]).notes?.at(-1);
    expect(notes('2026-11-22T13:00:00Z')).toMatch(/3 hours after the client's/);
    expect(notes('2026-11-15T10:00:00Z')).toMatch(/7 days before/);
    expect(notes('2026-11-22T10:20:00Z')).toMatch(/20 minutes after/);
    expect(notes('not a time')).toMatch(/belong together/);
  });

  test('keep artifacts of one id apart', () => {
    const joined = joinCaptures([client('172.16.50.2'), azure(), azure()]);
    expect(joined.artifacts.map((artifact) => artifact.id)).toEqual([
      'linux-ip-route',
      'linux-ip-addr',
      'arm:001',
      'arm:001#2',
    ]);
  });

  test('of two hosts, or of one host twice, are refused', () => {
    const other = client('172.16.50.3', '2026-11-22T10:00:00Z', '02:00:00:00:00:99', '192.168.178.20');
    expect(() => joinCaptures([client('172.16.50.2'), other])).toThrow(/different hosts/);
    expect(() => joinCaptures([client('172.16.50.2'), { ...other, platform: 'windows' }])).toThrow(/linux and windows/);
    expect(() => joinCaptures([client('172.16.50.2'), client('172.16.50.2')])).toThrow(/two captures of one client/);
    expect(() => joinCaptures([client('172.16.50.2'), other])).toThrow(UserError);
  });
});

describe('the one door', () => {
  test('opens a bundle, its manifest, two bundles, and a package beside them', async () => {
    const [ours, theirs] = [join(folder, 'client'), join(folder, 'azure')];
    await writeBundle(ours, client('172.16.50.2'), 'onlink 0');
    await writeBundle(theirs, azure(), 'onlink 0');
    expect(openCapture([ours])).toEqual(client('172.16.50.2'));
    expect(openCapture([join(ours, 'manifest.json')])).toEqual(client('172.16.50.2'));
    expect(openCapture([ours, theirs]).artifacts).toHaveLength(3);
    const settings =
      '<?xml version="1.0"?><VpnProfile><VpnServer>gw</VpnServer><VpnType>IkeV2</VpnType><Routes>10.1.0.0/16</Routes></VpnProfile>';
    await writeFile(join(folder, 'p.zip'), zipSync({ 'Generic/VpnSettings.xml': new TextEncoder().encode(settings) }));
    const three = openCapture([ours, theirs, join(folder, 'p.zip')]);
    expect(three.artifacts.at(-1)).toMatchObject({
      id: 'p.zip/Generic/VpnSettings.xml',
      source: 'vpn-settings-xml',
      half: 'client',
    });
    expect(three.platform).toBe('linux');
  });

  test('notes what among loose files is not recognised, and refuses where nothing is', async () => {
    await writeFile(join(folder, 'mail.txt'), 'Hello,\nit does not work.\n');
    expect(() => openCapture([folder])).toThrow(/nothing here is recognised\n {2}mail\.txt, line 1: .*"Hello,"/);
    await writeFile(
      join(folder, 'r.txt'),
      'default via 192.168.29.1 dev wlan0 proto dhcp metric 600\n10.1.0.0/16 dev tun0 proto static scope link\n',
    );
    const capture = openCapture([folder]);
    expect(capture).toMatchObject({ platform: 'linux', notes: [expect.stringContaining('mail.txt, line 1')] });
    expect(() => openCapture([])).toThrow(UserError);
    expect(() => openCapture([join(folder, 'none')])).toThrow(/none: no such file or folder/);
  });

  test('a damaged package is told, not thrown', async () => {
    await writeFile(join(folder, 'p.zip'), new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3]));
    expect(() => openCapture([join(folder, 'p.zip')])).toThrow(/p\.zip: /);
  });
});
