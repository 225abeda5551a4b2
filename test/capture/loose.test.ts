import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLoose } from '../../src/capture/loose.ts';
import { piecesOf } from '../../src/capture/loose-text.ts';
import { UserError } from '../../src/capture/user-error.ts';
import type { Artifact } from '../../src/facts/capture.ts';
import { decodeText } from '../../src/sources/decode.ts';
import { readClient } from '../../src/sources/read-client.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onlink loose '));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function loose(files: Readonly<Record<string, string | Uint8Array>>) {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return readLoose([folder]);
}
const told = (artifacts: readonly Artifact[]) => artifacts.map(({ id, source, half }) => `${id} ${source} ${half}`);
const textOf = ({ outcome, encoding }: Artifact) =>
  outcome.kind === 'answered' ? decodeText(outcome.bytes, encoding).text : '';

const rule = '='.repeat(75);
const routePrint = `${rule}
Interface List
 17...........................Azure P2S
 12...02 00 00 00 00 01 ......Ethernet
  1...........................Software Loopback Interface 1
${rule}

IPv4 Route Table
${rule}
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0     192.168.29.1    192.168.29.37     25
         10.0.0.0      255.255.0.0         On-link    172.16.50.130     43
         10.1.0.0      255.255.0.0         On-link    172.16.50.130     43
${rule}
Persistent Routes:
  None
`;
const tracert = (target: string) => `
Tracing route to ${target} over a maximum of 8 hops

  1    28 ms    27 ms    28 ms  ${target}

Trace complete.
`;
const ipRoute =
  'default via 192.168.29.1 dev wlan0 proto dhcp metric 600 \n10.1.0.0/16 via 172.16.50.1 dev tun0 \n192.168.29.0/24 dev wlan0 proto kernel scope link src 192.168.29.37 \n';
const ipRule =
  '0:\tfrom all lookup local\n220:\tfrom all lookup 220\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
const vnet = {
  id: '/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/spoke1',
  addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
};

describe('files are recognised by what they hold', () => {
  test('whatever their names, in folders or by themselves', async () => {
    const { capture, problems } = await loose({
      'a.txt': routePrint,
      'deep/b': tracert('10.1.0.4'),
      'c.log': JSON.stringify([vnet]),
      'd.json': JSON.stringify({ value: [vnet] }),
      'e.json': JSON.stringify(vnet),
      '.hidden': 'not looked at',
    });
    expect(problems).toEqual([]);
    expect(told(capture.artifacts).sort()).toEqual([
      'a.txt windows-route-print client',
      'c.log arm azure',
      'd.json arm azure',
      'deep/b windows-tracert client',
      'e.json arm azure',
    ]);
    expect(capture).toMatchObject({ platform: 'windows', takenAt: null });
    const one = readLoose([join(folder, 'a.txt'), join(folder, 'deep', 'b')]);
    expect(told(one.capture.artifacts)).toEqual(['a.txt windows-route-print client', 'b windows-tracert client']);
  });

  test('and keep their bytes and encoding where nothing is damaged', async () => {
    const bytes = Buffer.from(`\ufeff${routePrint.replaceAll('\n', '\r\n')}`, 'utf16le');
    const { capture } = await loose({ 'utf16.txt': bytes });
    // Carriage returns alone are damage to nobody, but they are evened out.
    expect(capture.artifacts.map(({ source }) => source)).toEqual(['windows-route-print']);
    const { capture: plain } = await loose({ 'utf16.txt': Buffer.from(`\ufeff${routePrint}`, 'utf16le') });
    expect(plain.artifacts[0]).toMatchObject({ encoding: 'utf-16le' });
  });

  test('in an archive packed for a ticket too', async () => {
    const packed = zipSync({
      'ticket/route.txt': strToU8(routePrint),
      'ticket/tracert 10.1.0.4.log': strToU8(tracert('10.1.0.4')),
      'ticket/table': strToU8(ipRoute),
      'OpenVPN/vpnconfig.ovpn': strToU8('client\ndev tun\nremote gw.example 443\n'),
      '__MACOSX/ticket/._route.txt': strToU8('\0\0'),
      'Generic/VpnServerRoot.cer': strToU8('MIID'),
      'WindowsAmd64/VpnClientSetupAmd64.exe': strToU8('MZ'),
    });
    const { capture, problems } = await loose({ 'all.zip': packed });
    expect(told(capture.artifacts).sort()).toEqual([
      'all.zip/OpenVPN/vpnconfig.ovpn openvpn-profile client',
      'all.zip/ticket/route.txt windows-route-print client',
      'all.zip/ticket/table linux-ip-route client',
      'all.zip/ticket/tracert 10.1.0.4.log windows-tracert client',
    ]);
    expect(problems.map(({ why }) => why)).toEqual([expect.stringContaining('VpnClientSetupAmd64.exe')]);
  });

  test('on Linux they make a Linux capture', async () => {
    const { capture } = await loose({ r: ipRoute, u: ipRule });
    expect(told(capture.artifacts)).toEqual(['r linux-ip-route client', 'u linux-ip-rule client']);
    expect(capture.platform).toBe('linux');
  });

  test('what is not recognised is reported with its first line', async () => {
    const { capture, problems } = await loose({
      'mail.txt': '\nHello,\nthe VPN is slow today.\n',
      'photo.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3, 0, 0xff, 0xfe, 1]),
      'empty.txt': ' \n',
    });
    expect(capture.artifacts).toEqual([]);
    expect(problems).toMatchObject([
      { origin: { artifact: 'empty.txt' }, why: 'an empty file' },
      { origin: { artifact: 'mail.txt', line: 2 }, text: 'Hello,' },
      { origin: { artifact: 'photo.png' }, why: expect.stringContaining('binary') },
    ]);
  });

  test('that are not there are a user’s mistake', async () => {
    expect(() => readLoose([join(folder, 'none')])).toThrow(UserError);
  });
});

describe('a document of Azure is recognised in whatever it is wrapped', () => {
  const row = { addressPrefixes: ['10.1.0.0/16'], nextHopType: 'Remote Hub', nextHops: ['/x'] };
  test.each([
    ['az graph query', { count: 1, data: [vnet], skip_token: null, total_records: 1 }],
    ['Get-AzVHubEffectiveRoute', { Value: [row] }],
    ['an operation polled to its end', { status: 'Succeeded', properties: { output: { value: [row] } } }],
    ['an older operation', { status: 'Succeeded', properties: { value: [row] } }],
  ])('%s', async (_, document) => {
    const { capture, problems } = await loose({ a: JSON.stringify(document, null, 2) });
    expect(told(capture.artifacts)).toEqual(['a arm azure']);
    expect(problems).toEqual([]);
  });

  test.each([
    ['a refusal', { error: { code: 'AuthorizationFailed', message: 'no' } }],
    ['a document of another cloud', { Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }] }],
    ['an empty list', { value: [] }],
  ])('but not %s', async (_, document) => {
    expect((await loose({ a: JSON.stringify(document) })).capture.artifacts).toEqual([]);
  });
});

describe('what chat and mail do to a text is survived', () => {
  const fenced = `It fails since Monday:\n\n\`\`\`text\nC:\\Users\\ann>route print\n${routePrint}\nC:\\Users\\ann>tracert -d 10.1.0.4\n${tracert('10.1.0.4')}\`\`\`\nThanks!`;

  test.each([
    ['fences and prompts', fenced],
    [
      'quoting',
      fenced
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n'),
    ],
    [
      'indentation',
      fenced
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n'),
    ],
    ['no-break spaces', fenced.replaceAll(' ', '\u00a0')],
    [
      'mixed line ends',
      fenced
        .split('\n')
        .map((line, i) => line + ['\n', '\r\n', '\r\r\n'][i % 3])
        .join(''),
    ],
  ])('%s', async (_, text) => {
    const { capture, problems } = await loose({ 'ticket.md': text });
    expect(told(capture.artifacts)).toEqual([
      'ticket.md windows-route-print client',
      'ticket.md#2 windows-tracert client',
    ]);
    expect(capture.artifacts[1]).toMatchObject({ argv: ['tracert', '-d', '10.1.0.4'], target: '10.1.0.4' });
    expect(problems.map(({ text: line }) => line)).toEqual(['It fails since Monday:', 'Thanks!']);
    const { client } = readClient(capture);
    expect(client.routes.v4?.length).toBe(3);
    expect(client.traces).toMatchObject([{ reached: true }]);
  });

  test('and lines keep their numbers', async () => {
    const { capture } = await loose({ 't.md': fenced });
    const lines = fenced.split('\n');
    for (const artifact of capture.artifacts) {
      const kept = textOf(artifact).split('\n');
      const first = kept.findIndex((line) => line.trim() !== '');
      expect(kept[first]?.trim()).toBe(lines[first]?.trim());
    }
  });
});

describe('several outputs in one file are told apart', () => {
  const sources = async (text: string) => (await loose({ x: text })).capture.artifacts.map(({ source }) => source);

  test('without prompts, by their shape', async () => {
    const texts = [routePrint, tracert('10.1.0.4'), tracert('10.0.0.4'), routePrint];
    expect(await sources(texts.join('\n'))).toEqual([
      'windows-route-print',
      'windows-tracert',
      'windows-tracert',
      'windows-route-print',
    ]);
  });

  test('Linux ones, with and without prompts', async () => {
    const trace = 'traceroute to 10.1.0.4 (10.1.0.4), 4 hops max, 60 byte packets\n 1  10.1.0.4  1.5 ms\n';
    expect(await sources(`ann@pc:~$ ip route\n${ipRoute}ann@pc:~$ ip rule\n${ipRule}`)).toEqual([
      'linux-ip-route',
      'linux-ip-rule',
    ]);
    expect(await sources(`${ipRoute}${ipRule}${trace}${trace}`)).toEqual([
      'linux-ip-route',
      'linux-ip-rule',
      'linux-traceroute',
      'linux-traceroute',
    ]);
  });

  test('JSON documents one after another, pretty or not', async () => {
    const az = `$ az network vnet list -o json\n${JSON.stringify([vnet], null, 2)}\n${JSON.stringify(vnet)}\n`;
    expect(await sources(az)).toEqual(['arm', 'arm']);
  });

  test('a document and whatever prose or prompt follows it', async () => {
    const document = JSON.stringify(vnet, null, 2);
    const text = `This is the hub:\n${document}\nand this the spoke:\n${document}\nann ➜ az network vnet list\n${document}\nRegards`;
    const { capture, problems } = await loose({ x: text });
    expect(capture.artifacts.map(({ source }) => source)).toEqual(['arm', 'arm', 'arm']);
    expect(problems.map(({ text: line }) => line)).toEqual([
      'This is the hub:',
      'and this the spoke:',
      'ann ➜ az network vnet list',
      'Regards',
    ]);
  });

  test.each(['PS Azure:\\>', 'PS /home/ann>', 'PS C:\\Users\\ann>', 'ann@Azure:~$', '❯', '$'])(
    'documents of Azure below the prompt %s',
    async (prompt) => {
      const shown = (name: string) => `${prompt} az network vnet show -n ${name}\n${JSON.stringify(vnet, null, 2)}\n`;
      const { capture, problems } = await loose({ x: `${shown('hub')}${shown('spoke1')}${prompt}\n` });
      expect(capture.artifacts.map(({ argv }) => argv?.at(-1))).toEqual(['hub', 'spoke1']);
      expect(problems.map(({ text: line }) => line)).toEqual(prompt.endsWith('>') ? [] : [prompt]);
    },
  );

  describe('a list of which a part was cut off', () => {
    const named = (name: string) => ({ ...vnet, id: `${vnet.id}-${name}`, name });
    const listed = JSON.stringify({ value: [named('a'), named('b'), named('c')] }, null, 2);
    const row = { addressPrefix: ['10.1.0.0/16'], nextHopType: 'VNetPeering', source: 'Default', state: 'Active' };
    const rows = JSON.stringify({ value: [row, row, row] }, null, 2);
    const names = async (text: string) =>
      (await loose({ x: text })).capture.artifacts.map((artifact) => JSON.parse(textOf(artifact)).name);

    test('its end: what stands before it is read', async () => {
      expect(await names(listed.slice(0, listed.lastIndexOf('addressPrefixes')))).toEqual(['a', 'b']);
    });
    test('its beginning: what stands behind it is read', async () => {
      expect(await names(listed.slice(listed.indexOf('addressPrefixes')))).toEqual(['b', 'c']);
    });
    test.each([
      ['end', rows.slice(0, rows.lastIndexOf('addressPrefix'))],
      ['beginning', rows.slice(rows.indexOf('addressPrefix'))],
    ])('a few rows are no table of effective routes: its %s', async (_, text) => {
      const { capture, problems } = await loose({ x: text });
      expect(capture.artifacts).toEqual([]);
      expect(problems.length).toBeGreaterThan(0);
    });
  });

  test('a document in the colours of a terminal', async () => {
    const coloured = JSON.stringify(vnet, null, 2).replace(/"(\w+)":/g, '\u001b[34;01m"$1"\u001b[39;49;00m:');
    expect(await sources(coloured)).toEqual(['arm']);
  });

  test.each(['-', '\\', '|', '/'])('an answer of az over which its wheel still stands: %s', async (wheel) => {
    const table = JSON.stringify({ nextLink: null, value: [vnet] }, null, 2).replace('{', `{${wheel} Finished ..`);
    expect(await sources(`$ az network vnet list -o json\n${table}\n`)).toEqual(['arm']);
  });

  test('a tracert to a name keeps its two lines of heading', () => {
    const named =
      'Routenverfolgung zu vm1 [10.1.0.4]\nüber maximal 30 Hops:\n\n  1    28 ms    27 ms    28 ms  10.1.0.4\n';
    const pieces = piecesOf(`${routePrint}\n${named}`);
    expect(pieces).toHaveLength(2);
    expect(pieces[1]?.text.trim().split('\n')[0]).toBe('Routenverfolgung zu vm1 [10.1.0.4]');
  });

  test('comments and headings of profiles are no prompts', () => {
    const profile = '# 2048 bit key\ndev tun\n$ not a command\n[Azure VPN]\nType=2\n';
    expect(piecesOf(profile)).toEqual([{ text: profile }]);
  });

  test.each([
    'route all Azure traffic through the tunnel',
    'route 10.8.0.0 255.255.0.0',
    'ip address of the DNS server',
    'ip route of the hub',
    'Get-VpnConnection | Remove-VpnConnection',
    'ping every 10 seconds',
    'ipsec configuration',
    'netstat showed nothing',
    'type of the tunnel',
    'sudo is not needed',
  ])('a comment that begins with the name of a command cuts no profile: # %s', (comment) => {
    for (const mark of ['# ', '#']) {
      const profile = `client\n${mark}${comment}\nremote gw.example 443\nroute 10.1.0.0 255.255.0.0\n`;
      expect(piecesOf(profile)).toEqual([{ text: profile }]);
    }
  });

  test('nor does a variable of a script', () => {
    const script = "$ip = '10.0.0.4'\n$route = '10.1.0.0/16'\nAdd-VpnConnectionRoute hub $route\n";
    expect(piecesOf(script)).toEqual([{ text: script }]);
  });

  test.each([
    'ip route show table 220',
    'ip -6 -j rule',
    'ip a',
    'route -n',
    'route',
    'netstat -rn',
    'traceroute -n 10.1.0.4',
    'mtr gw.example',
    'swanctl --list-sas',
    'ipsec statusall',
    'nmcli con show azure',
    'cat /etc/ipsec.conf',
    'sudo -n ip route',
    'az network vnet list',
  ])('but root types at a bare mark too: # %s', (command) => {
    expect(piecesOf(`It says:\n# ${command}\n10.1.0.0/16 dev tun0\n`)).toMatchObject([
      { text: 'It says:' },
      { argv: command.split(' ') },
    ]);
  });

  test('a profile of each kind, one below the other', async () => {
    const azure = '<AzVpnProfile>\n  <name>hub</name>\n</AzVpnProfile>\n';
    const settings = '<VpnProfile>\n  <Routes>10.1.0.0/16</Routes>\n</VpnProfile>\n';
    expect(await sources(`${azure}${settings}${azure}`)).toEqual(['azurevpn-xml', 'vpn-settings-xml', 'azurevpn-xml']);
    expect(await sources(`<?xml version="1.0"?>\n${settings}\nand the other:\n\n${azure}`)).toEqual([
      'vpn-settings-xml',
      'azurevpn-xml',
    ]);
    const intune = `<VPNProfile>\n <PluginProfile>\n  <CustomConfiguration>\n${azure}</CustomConfiguration>\n </PluginProfile>\n</VPNProfile>\n`;
    expect(await sources(intune)).toEqual(['azurevpn-xml']);
  });

  test('what nobody knows is told without its secrets, and so is a command line', async () => {
    const { capture, problems } = await loose({
      'ipsec.secrets': ': PSK "hush"\n',
      t: `C:\\>rasdial Azure ann hush\n${routePrint}`,
    });
    expect(problems.map(({ text }) => text)).toEqual([': PSK ***']);
    expect(capture.artifacts[0]?.argv).toEqual(['rasdial', 'Azure', 'ann', '***']);
  });
});

test('more outputs than anybody pastes stay together at the end, and none is lost', () => {
  const lines = Array.from({ length: 3000 }, (_, at) => `{"id":${at}}`);
  const pieces = piecesOf(lines.join('\n'));
  expect(pieces.length).toBeLessThanOrEqual(1000);
  expect(pieces.flatMap(({ text }) => text.split('\n').filter((line) => line !== ''))).toEqual(lines);
});

test('a numbered list of addresses is no routing table', async () => {
  const { capture, problems } = await loose({ 'notes.txt': '1 10.1.0.4\n2 10.2.0.4\n3 10.3.0.5\n' });
  expect(capture.artifacts).toEqual([]);
  expect(problems.map(({ why }) => why)).toEqual(['not recognised as the output or file of any source']);
});
