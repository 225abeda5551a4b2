import { expect, test } from 'vitest';
import { deleteRoute } from '../../src/diagnosis/route-commands.ts';
import type { Route } from '../../src/facts/route.ts';
import { linuxIpRoute } from '../../src/sources/linux-ip-route.ts';
import { windowsRoutePrint } from '../../src/sources/windows-route-print.ts';

/* The command names the one row: what else leads to the same destination stays. */
const windows = (row: string): Route | undefined =>
  windowsRoutePrint.parse(`${row}\n`, { artifact: 'a' }).facts.routes?.[0];
const linux = (row: string): Route | undefined => linuxIpRoute.parse(`${row}\n`, { artifact: 'a' }).facts.routes?.[0];

test.each([
  ['10.1.0.0 255.255.0.0 192.168.29.1 192.168.29.37 26', 'route delete 10.1.0.0 mask 255.255.0.0 192.168.29.1'],
  ['10.0.0.0 255.0.0.0 On-link 172.16.50.130 43', 'route delete 10.0.0.0 mask 255.0.0.0'],
  ['0.0.0.0 0.0.0.0 192.168.29.1 192.168.29.37 25', 'route delete 0.0.0.0 mask 0.0.0.0 192.168.29.1'],
  ['10.1.0.4 255.255.255.255 192.168.29.1 192.168.29.37 26', 'route delete 10.1.0.4 mask 255.255.255.255 192.168.29.1'],
])('Windows: %s', (row, command) => {
  const route = windows(row);
  expect(route && deleteRoute(route, 'windows')).toEqual({ shell: 'cmd', command });
});

test.each([
  ['10.1.0.0/16 via 192.168.1.1 dev wlan0', 'sudo ip route del 10.1.0.0/16 via 192.168.1.1 dev wlan0'],
  ['10.1.0.0/16 dev docker0 scope link', 'sudo ip route del 10.1.0.0/16 dev docker0'],
  ['blackhole 10.1.0.0/16', 'sudo ip route del blackhole 10.1.0.0/16'],
  ['10.1.0.0/16 dev tun0 table 220', 'sudo ip route del 10.1.0.0/16 dev tun0 table 220'],
  ['fd04::/48 via fe80::1 dev wlan0', 'sudo ip -6 route del fd04::/48 via fe80::1 dev wlan0'],
  ['10.1.0.0/16 dev $(reboot)', "sudo ip route del 10.1.0.0/16 dev '$(reboot)'"],
])('Linux: %s', (row, command) => {
  const route = linux(row);
  expect(route && deleteRoute(route, 'linux')).toEqual({ shell: 'bash', command });
});
