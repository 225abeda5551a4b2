import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { formatAddress } from '../../src/net/address.ts';
import { type Change, conclude, plain, windows } from './conclude.ts';

/* Which address is the tunnel's, as the tables of Windows tell it one by one, each in its own way. The pool is known. */
const only =
  (source: string, text: string): Change =>
  (artifacts) => [
    ...artifacts.filter(({ half }) => half === 'azure'),
    { id: source, source, half: 'client', text, exitCode: 0 },
  ];
function found(source: string, rows: readonly string[]) {
  const capture = windows(plain, {}, only(source, `${rows.join('\n')}\n`));
  const { tunnel } = analyze(capture);
  return { address: tunnel === null ? undefined : formatAddress(tunnel.address), errors: conclude(capture).errors };
}

const connected = { address: '172.16.50.130', errors: [] };
const down = { address: undefined, errors: ['vpn-not-connected'] };
const isOurs = (row: string) => /172\.16\.50\.|10\.2[01]\./.test(row);

describe('Get-NetRoute as a table', () => {
  const heading = [
    'ifIndex DestinationPrefix                              NextHop                                  RouteMetric ifMetric PolicyStore',
    '------- -----------------                              -------                                  ----------- -------- -----------',
  ];
  const rows = [
    '41      255.255.255.255/32                             0.0.0.0                                          256 25       ActiveStore',
    '41      172.16.50.255/32                               0.0.0.0                                          256 25       ActiveStore',
    '41      172.16.50.130/32                               0.0.0.0                                          256 25       ActiveStore',
    '41      172.16.50.0/24                                 0.0.0.0                                           18 25       ActiveStore',
    '41      10.21.0.0/16                                   0.0.0.0                                           18 25       ActiveStore',
    '41      10.20.0.0/16                                   0.0.0.0                                           18 25       ActiveStore',
    '16      192.168.29.255/32                              0.0.0.0                                          256 25       ActiveStore',
    '16      192.168.29.37/32                               0.0.0.0                                          256 25       ActiveStore',
    '16      192.168.29.0/24                                0.0.0.0                                          256 25       ActiveStore',
    '16      0.0.0.0/0                                      192.168.29.1                                       0 25       ActiveStore',
  ];
  const table = (of: readonly string[]) => found('windows-net-route', [...heading, ...of]);

  test('an own address has the metric of the system', () => {
    expect(table(rows)).toEqual(connected);
    expect(table(rows.filter((row) => !isOurs(row)))).toEqual(down);
  });

  test('a single host of the pool behind the tunnel is no own address', () => {
    const host =
      '41      172.16.50.7/32                                 0.0.0.0                                           18 25       ActiveStore';
    expect(table([host, ...rows])).toEqual(connected);
    expect(table([host, ...rows.filter((row) => !row.includes('172.16.50.130'))]).address).toBeUndefined();
  });
});

test('netsh: without metrics the only host of an interface is its own address', () => {
  const rows = [
    'Publish  Type      Met  Prefix                    Idx  Gateway/Interface Name',
    '-------  --------  ---  ------------------------  ---  ------------------------',
    'No       Manual    0    0.0.0.0/0                  16  192.168.29.1',
    'No       Manual    18   10.20.0.0/16               41  vnet-hub',
    'No       Manual    18   10.21.0.0/16               41  vnet-hub',
    'No       Manual    18   172.16.50.0/24             41  vnet-hub',
    'No       System    256  172.16.50.130/32           41  vnet-hub',
    'No       System    256  172.16.50.255/32           41  vnet-hub',
    'No       System    256  192.168.29.0/24            16  Wi-Fi',
    'No       System    256  192.168.29.37/32           16  Wi-Fi',
    'No       System    256  192.168.29.255/32          16  Wi-Fi',
  ];
  expect(found('windows-netsh-route', rows)).toEqual(connected);
  expect(
    found(
      'windows-netsh-route',
      rows.filter((row) => !isOurs(row)),
    ),
  ).toEqual(down);
});

describe('route print', () => {
  const heading = ['IPv4 Route Table', 'Active Routes:'];
  const lan = '          0.0.0.0          0.0.0.0     192.168.29.1    192.168.29.37     25';

  test('rows cut out of it name the own address in their column', () => {
    const rows = [
      '        10.20.0.0      255.255.0.0         On-link    172.16.50.130     43',
      '        10.21.0.0      255.255.0.0         On-link    172.16.50.130     43',
      '      172.16.50.0    255.255.255.0         On-link    172.16.50.130     43',
    ];
    expect(found('windows-route-print', [...heading, ...rows])).toEqual(connected);
    expect(found('windows-route-print', [...heading, lan])).toEqual(down);
  });

  test('a broadcast row whose prefix was cut is no own address', () => {
    const broadcast = '    172.16.50.255  255.255.255.255         On-link    192.168.29.37    281';
    expect(found('windows-route-print', [...heading, lan, broadcast])).toEqual(down);
  });
});
