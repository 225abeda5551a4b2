import { describe, expect, test } from 'vitest';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact, Wire } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { type Change, conclude, linux, plain, rewritten, told, windows } from '../diagnosis/conclude.ts';

/* A second VPN beside this gateway's. Whom a route belongs to is told by what the adapter is, never by its name. */
const code = 'another-vpn-owns-route';
const taken = 'error proven 10.21.0.0/16';
const own = '10.212.134.200';
const saysOf = (capture: Capture) => told(capture, code).map(({ says, actual }) => `${says}: ${actual}`);

type Rows = WindowsSpec['extra'] & object;
const foreign = { prefix: '10.21.0.0/17', interface: own, metric: 6 };
const ownRow = { prefix: `${own}/32`, interface: own, metric: 261 };

const adding =
  (...more: readonly BundleArtifact[]): Change =>
  (artifacts) => [...artifacts, ...more];
/** What systeminformation tells of an adapter. */
const adapter = (iface: string, ifaceName: string, ip4: string): BundleArtifact => ({
  id: 'interfaces',
  source: 'interfaces',
  half: 'client',
  text: JSON.stringify([{ iface, ifaceName, ip4, ip4subnet: '255.255.255.0', type: 'wired' }]),
});

describe('on Windows, where `route print` calls adapters by their address', () => {
  const withRows = (extra: Rows, change?: Change) => windows(plain, { extra }, change);

  test('a narrower route on another tunnel takes a part of the spoke', () => {
    expect(saysOf(withRows([foreign, ownRow]))).toEqual([`${taken}: 10.21.0.0/17 on ${own} wins`]);
  });

  test.each([
    ['Fortinet SSL VPN Virtual Adapter', 'Ethernet 5 (Fortinet SSL VPN Virtual Adapter)'],
    ['Ethernet 5', 'Ethernet 5'],
  ])('an adapter that its list describes as %j is called %s', (description, name) => {
    const capture = withRows([foreign, ownRow], adding(adapter('Ethernet 5', description, own)));
    expect(saysOf(capture)).toEqual([`${taken}: 10.21.0.0/17 on ${name} wins`]);
  });

  test('the winner is cited, and of many routes into this tunnel the first two', () => {
    const halves = ['10.21.0.0/18', '10.21.64.0/18', '10.21.128.0/17'];
    const routes = ['10.20.0.0/16', '172.16.50.0/24', ...halves];
    const rows = halves.map((prefix) => ({ ...foreign, prefix }));
    const [finding] = analyze(windows(plain, { routes, extra: [...rows, ownRow] })).findings;
    expect(finding?.evidence.map(({ says }) => says)).toEqual([
      `10.21.0.0/18 on ${own}, metric 6 wins`,
      '10.21.0.0/18 leads into this tunnel, metric 43',
      '10.21.64.0/18 leads into this tunnel, metric 43',
    ]);
  });
});

describe('on Windows, where a TAP adapter is listed and its address is told nowhere', () => {
  const tap = ' 12...00 ff 1a 2b 3c 4d ......TAP-Windows Adapter V9';
  const card = ' 12...00 15 5d 2b 3c 4d ......Hyper-V Virtual Ethernet Adapter';
  const listing =
    (line: string): Change =>
    (artifacts) =>
      artifacts.map((one) => ({
        ...one,
        ...(one.text !== undefined && {
          text: one.text.replace('Interface List\r\n', `Interface List\r\n${line}\r\n`),
        }),
      }));
  const hop = '10.212.134.1';
  const rows = [{ ...foreign, gateway: hop }, ownRow, { prefix: '10.212.134.0/24', interface: own, metric: 261 }];
  const near = '10.21.9.4';
  const mine = (prefix: string, more: object = {}) => ({ prefix, interface: near, metric: 6, ...more });

  test('routes by way of a router of their own are that adapter’s', () => {
    const capture = windows(plain, { extra: rows }, listing(tap));
    expect(saysOf(capture)).toEqual([`${taken}: 10.21.0.0/17 on ${own} wins`]);
    expect(conclude(capture).errors).toEqual([code]);
  });

  test.each<[why: string, rows: Rows, change?: Change]>([
    ['the list holds no tunnel adapter beside ours', rows],
    ['the other adapter is a network card', rows, listing(card)],
    [
      'the TAP adapter is known to hold another address',
      rows,
      (artifacts) => adding(adapter('TAP-Windows Adapter V9', 'Ethernet 5', '10.8.0.6'))(listing(tap)(artifacts)),
    ],
    [
      'the address is known to be of a network card',
      rows,
      (artifacts) => adding(adapter('Ethernet 5', 'Ethernet 5', own))(listing(tap)(artifacts)),
    ],
    [
      'that address has a default route, as a local network has',
      [...rows, { prefix: '0.0.0.0/0', gateway: hop, interface: own, metric: 60 }],
      listing(tap),
    ],
    [
      'that address keeps a gateway outside, as a local network does',
      [...rows, { prefix: '40.1.2.3/32', gateway: hop, interface: own, metric: 60 }],
      listing(tap),
    ],
    ['it carries its own range alone', [mine('10.21.9.0/24'), mine(`${near}/32`)], listing(tap)],
    [
      'what it routes holds its own address, as a bridged range does',
      [mine('10.21.8.0/22', { gateway: '10.21.9.1' }), mine('10.21.9.0/24'), mine(`${near}/32`)],
      listing(tap),
    ],
  ])('nobody blames a VPN where %s', (_, extra, change) => {
    expect(saysOf(windows(plain, { extra }, change))).toEqual([]);
  });
});

describe('on Windows, where Get-NetRoute calls adapters by their alias', () => {
  const address = '10.21.5.5';
  const row = (DestinationPrefix: string, InterfaceAlias: string, Protocol = 3): Wire => ({
    AddressFamily: 2,
    DestinationPrefix,
    NextHop: '0.0.0.0',
    InterfaceIndex: 52,
    InterfaceAlias,
    RouteMetric: 1,
    InterfaceMetric: 5,
    Protocol,
    State: 1,
  });
  /** Its range holds its own address, so nothing but the list of connections tells it from a local network. */
  const beside = (alias: string, status: string, change: Change = adding()) => {
    const contoso = { Name: 'Contoso', ServerAddress: 'vpn.contoso.example', TunnelType: 'Ikev2' };
    const connected = rewritten('windows-vpn-connection', (list) => [
      ...list,
      { ...contoso, ConnectionStatus: status },
    ]);
    const routed = rewritten('windows-net-route', (list) => [
      ...list,
      row('10.21.0.0/17', alias),
      row(`${address}/32`, alias, 2),
    ]);
    return windows(plain, { lists: 'net-route' }, (artifacts) => change(connected(routed(artifacts))));
  };

  test.each([
    [
      'called after a connection that is up',
      'Contoso',
      'Connected',
      adding(),
      [`${taken}: 10.21.0.0/17 on Contoso wins`],
    ],
    ['called after one that is down', 'Contoso', 'Disconnected', adding(), []],
    ['called after none', 'Ethernet 5', 'Connected', adding(), []],
    [
      'described by the name of a connection that is up',
      'Ethernet 5',
      'Connected',
      adding(adapter('Ethernet 5', 'Contoso', address)),
      [`${taken}: 10.21.0.0/17 on Ethernet 5 (Contoso) wins`],
    ],
  ])('an adapter %s', (_, alias, status, change, says) => {
    const capture = beside(alias, status, change);
    expect(saysOf(capture)).toEqual(says);
    expect(conclude(capture).errors).toEqual([says.length > 0 ? code : 'local-network-overlap']);
  });

  test('a metric that is not told is not made up', () => {
    const untold = rewritten('windows-net-route', (list) =>
      list.map(({ RouteMetric: _route, InterfaceMetric: _interface, ...rest }) => rest),
    );
    const [finding] = analyze(beside('Contoso', 'Connected', untold)).findings;
    expect(finding?.evidence.map(({ says }) => says)).toEqual([
      '10.21.0.0/17 on Contoso wins',
      '10.21.0.0/16 leads into this tunnel',
    ]);
  });
});

describe('on Linux, where the kind of a link tells', () => {
  const link = (ifname: string, kind: string): Wire => ({
    ifindex: 9,
    ifname,
    flags: ['UP', 'LOWER_UP'],
    mtu: 1420,
    link_type: 'none',
    linkinfo: { info_kind: kind },
    addr_info: [{ family: 'inet', local: '10.66.0.2', prefixlen: 24, scope: 'global', label: ifname }],
  });
  const route = (dst: string, more: Wire): Wire => ({ type: 'unicast', dst, scope: 'link', flags: [], ...more });

  test.each<[what: string, spec: Partial<LinuxSpec>, errors: readonly string[]]>([
    [
      'WireGuard is another VPN',
      {
        extraInterfaces: [link('wg0', 'wireguard')],
        extraRoutes: [route('10.21.0.0/17', { dev: 'wg0', table: 'main', protocol: 'boot' })],
      },
      [code],
    ],
    [
      'a bridge is a local network',
      {
        extraInterfaces: [link('br-dev', 'bridge')],
        extraRoutes: [route('10.21.0.0/17', { dev: 'br-dev', table: 'main', protocol: 'kernel' })],
      },
      ['local-network-overlap'],
    ],
    [
      'a table of its own, with the LAN as sender, is a rule and no VPN',
      {
        extraRules: [{ priority: 100, src: 'all', table: '100' }],
        extraRoutes: [
          route('10.21.0.0/17', {
            dev: 'wlp2s0',
            gateway: '192.168.88.1',
            prefsrc: '192.168.88.21',
            table: '100',
            protocol: 'static',
          }),
        ],
      },
      ['policy-rule-bypass'],
    ],
  ])('%s', (_, spec, errors) => {
    expect(conclude(linux(plain, spec)).errors).toEqual(errors);
  });
});
