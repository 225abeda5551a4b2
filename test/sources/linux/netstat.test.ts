import { describe, expect, it } from 'vitest';
import { netstatRoutes } from '../../../src/sources/netstat-routes.ts';

const read = (text: string) => netstatRoutes.parse(text, { artifact: 'x' });
const row = '10.1.0.0        172.16.50.1     255.255.0.0     UG    50     0        0 tun0';

describe('the fifth column', () => {
  it.each([
    ['Destination     Gateway         Genmask         Flags Metric Ref    Use Iface', 50],
    ['Ziel            Router          Genmask         Flags Metric Ref    Use Iface', 50],
    ['受信先サイト    ゲートウェイ    ネットマスク   フラグ Metric Ref 使用数 インタフェース', 50],
    ['Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface', null],
    ['受信先サイト    ゲートウェイ    ネットマスク   フラグ   MSS Window irtt インタフェース', null],
    ['Here it is:', null],
  ])('below %s', (heading, metric) => {
    expect(read(`${heading}\n${row}\n`)).toMatchObject({ facts: { routes: [{ metric }] }, problems: [] });
  });
});

describe('a text without rows', () => {
  it.each([
    'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface',
    'Destination Gateway Flags Netif Expire',
  ])('is an empty table below %s', (heading) => {
    expect(read(`Kernel IP routing table\n${heading}\n`).facts.routes).toEqual([]);
  });
  it.each([
    'these are eight words of prose without numbers',
    'is there a way if the flags differ',
    'netstat',
    'Routing tables',
  ])('is no table: %s', (text) => {
    expect(read(`${text}\n`)).toEqual({ facts: {}, problems: [] });
  });
});

it('keeps the lists of macOS apart: a default without an address is of the list it stands in', () => {
  const title = 'Destination        Gateway            Flags               Netif Expire';
  const line = 'default            link#21            UCSIg               utun4';
  const text = `Internet:\n${title}\n${line}\n\nInternet6:\n${title}\n${line}\n`;
  expect(read(text).facts.routes?.map(({ prefix }) => prefix.first)).toEqual([0, 0n]);
});

describe('a row that is not understood is told', () => {
  it.each([
    [
      '10.1.0.4        172.16.50.1     255.255.0.0     UG    50     0        0 tun0',
      'destination and mask are no prefix',
    ],
    [
      'link-local      *               255.255.0.0     U     0      0        0 wlan0',
      'destination and mask are no prefix',
    ],
    ['default         _gateway        0.0.0.0         UG    0      0        0 wlan0', 'the gateway is not an address'],
    ['fd00:50::1/64   ::              U    256 2     0 tun0', 'the destination is not a prefix'],
    ['fd00:50::/64    gw.example      UG   256 2     0 tun0', 'the gateway is not an address'],
    ['10.1.0.300/16      utun4              USc                 utun4', 'the destination is not a prefix'],
    ['10.1.0.0/16        172.16.50.1        UGS', 'not a row of a routing table'],
    ['10.1.0.0        172.16.50.1     255.255.0.0     UG    x      0        0 tun0', 'not a row of a routing table'],
  ])('%s', (line, why) => {
    expect(read(`${row}\n${line}\n`)).toMatchObject({ facts: { routes: [{}] }, problems: [{ why }] });
  });
});

it.each([
  ['UGSB', 'blackhole'],
  ['UGRS', 'unreachable'],
  ['UmCS', 'multicast'],
  ['UHLWb', 'broadcast'],
  ['UGSc', 'unicast'],
])('reads the flags %s of a BSD as %s', (flags, type) => {
  expect(read(`10.1/16   172.16.50.1   ${flags}   en0\n`).facts.routes).toMatchObject([{ type }]);
});
