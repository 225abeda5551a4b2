import { describe, expect, test } from 'vitest';
import { edited, printedRow } from '../../scripts/scenarios/lines.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { type BundleArtifact, pretty, type Wire } from '../../scripts/scenarios/wire.ts';
import { linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, only, routeRow } from './findings.ts';

/* What this computer is connected to itself never enters the tunnel. */
const spoke = '10.21.0.0/16';
const row = (dst: string, more: Wire) => routeRow(dst, { protocol: 'kernel', scope: 'link', ...more });
const onLinux = (...extraRoutes: readonly Wire[]) => linux(plain, { extraRoutes });
const onWindows = (client: Partial<WindowsSpec>, ...more: readonly BundleArtifact[]) =>
  windows(plain, client, (artifacts) => [...artifacts, ...more]);

describe('local-network-overlap', () => {
  const code = 'local-network-overlap';
  const bridge = (dev: string, source = '10.21.9.1') => onLinux(row('10.21.9.0/24', { dev, prefsrc: source }));
  const adapter = (iface: string) =>
    onWindows(
      {
        extra: [
          { prefix: '10.21.9.0/24', interface: '10.21.9.1', metric: 281 },
          { prefix: '10.21.9.1/32', interface: '10.21.9.1', metric: 281 },
        ],
      },
      {
        id: 'interfaces',
        source: 'interfaces',
        half: 'client',
        file: 'client/interfaces.json',
        text: pretty([
          { iface, ifaceName: iface, ip4: '10.21.9.1', ip4subnet: '255.255.255.0', mac: '00:15:5d:1:2:3' },
        ]),
      },
    );

  test.each([
    ['docker0', bridge('docker0'), /daemon\.json/],
    ['a Docker network of its own', bridge('br-5c1f0e7a9b21'), /daemon\.json/],
    ['a bridge that somebody named', bridge('br-lan'), /the router's LAN range, or the range of Docker/],
    ['libvirt', bridge('virbr0'), /virsh net-edit/],
    ['WSL', adapter('vEthernet (WSL)'), /\.wslconfig/],
    ['Hyper-V', adapter('vEthernet (Default Switch)'), /range of the Hyper-V switch/],
    ['Wi-Fi', adapter('Wi-Fi'), /the router's LAN range, or the range of Docker/],
  ])('of %s says whose range to move', (_, capture, advice) => {
    expect(only(capture, code).fixes[0]?.steps[0]).toMatch(advice);
  });

  test.each([
    ['a longer prefix', '10.21.9.0/24', 281, '10.21.9.0/24 on 192.168.29.37 wins, for its prefix is longer'],
    ['a lower metric', spoke, 11, `${spoke} on 192.168.29.37 wins, for its metric is lower (11 against 43)`],
  ])('wins by %s', (_, prefix, metric, actual) => {
    const capture = onWindows({ extra: [{ prefix, interface: '192.168.29.37', metric }] });
    expect(told(capture, code)).toEqual([{ says: `error proven ${spoke}`, actual, commands: [] }]);
  });

  test('wins by its place, among equal metrics', () => {
    const lan = { address: '10.21.0.37', length: 16, router: '10.21.0.1', metric: 25 };
    const row = (metric: number) => printedRow({ prefix: spoke, interface: '172.16.50.2', metric });
    const capture = windows(plain, { lan }, (artifacts) => edited(artifacts, 'windows-route-print', row(43), row(281)));
    expect(only(capture, code).actual).toBe(
      `${spoke} on 10.21.0.37 wins, for it is listed first, and no metric tells otherwise`,
    );
  });

  test('wins by its place, where the table tells no metrics', () => {
    const rows = [
      ['0.0.0.0', '192.168.88.1', '0.0.0.0', 'UG', 'wlp2s0'],
      [spoke, '0.0.0.0', '255.255.0.0', 'U', 'docker0'],
      ['10.20.0.0', '172.16.50.1', '255.255.0.0', 'UG', 'tun0'],
      [spoke, '172.16.50.1', '255.255.0.0', 'UG', 'tun0'],
    ].map(([to = '', hop = '', mask = '', flags = '', device = '']) =>
      [
        to.replace(/\/.*/, '').padEnd(15),
        hop.padEnd(15),
        mask.padEnd(15),
        flags.padEnd(5),
        ' 0 0          0 ',
        device,
      ].join(' '),
    );
    const netstat: BundleArtifact = {
      id: 'netstat-routes',
      source: 'netstat-routes',
      half: 'client',
      file: 'client/netstat-routes.txt',
      text: [
        'Kernel IP routing table',
        'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface',
        ...rows,
        '',
      ].join('\n'),
      exitCode: 0,
    };
    const capture = linux(plain, {}, (artifacts) => [
      ...artifacts.filter(({ source }) => source !== 'linux-ip-route'),
      netstat,
    ]);
    const finding = only(capture, code);
    expect(finding.actual).toBe(`${spoke} on docker0 wins, for it is listed first, and no metric tells otherwise`);
    expect(cited(finding)).toEqual([
      `${spoke} is on-link on docker0, and wins`,
      `${spoke} leads into the tunnel on tun0`,
    ]);
  });

  test('is routed where the router announced it', () => {
    const capture = onLinux(row('10.21.9.0/24', { gateway: '192.168.88.1', dev: 'wlp2s0', protocol: 'dhcp' }));
    expect(cited(only(capture, code))).toContain('10.21.9.0/24 is routed on wlp2s0, metric 0, and wins');
  });

  describe('is confirmed by this computer’s own report', () => {
    const report = (target: string, from: string): BundleArtifact => ({
      id: `windows-tracert:${target}`,
      source: 'windows-tracert',
      half: 'client',
      target,
      file: `client/windows-tracert-${target}.txt`,
      text: `\r\nTracing route to ${target} over a maximum of 8 hops\r\n\r\n  1  ${from}  reports: Destination host unreachable.\r\n\r\nTrace complete.\r\n`,
      exitCode: 0,
    });
    const reports = (target: string, from: string) => {
      const extra = [{ prefix: '10.21.9.0/24', interface: '192.168.29.37', metric: 281 }];
      const capture = onWindows({ extra, traces: {} }, report(target, from));
      return cited(only(capture, code)).filter((says) => says.includes('reports'));
    };

    test('that nobody there has the address', () => {
      expect(reports('10.21.9.4', '192.168.29.37')).toEqual([
        "this computer's own 192.168.29.37 reports host-unreachable",
      ]);
    });

    test.each([
      ['the router’s report', '10.21.9.4', '192.168.29.1'],
      ['a report on another address', '10.21.1.4', '192.168.29.37'],
    ])('and not by %s', (_, target, from) => {
      expect(reports(target, from)).toEqual([]);
    });
  });
});
