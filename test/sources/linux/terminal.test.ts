import { describe, expect, it } from 'vitest';
import { linuxIpAddr } from '../../../src/sources/linux-ip-addr.ts';
import { linuxIpRoute } from '../../../src/sources/linux-ip-route.ts';
import { linuxIpRule } from '../../../src/sources/linux-ip-rule.ts';
import { linuxTraceroute } from '../../../src/sources/linux-traceroute.ts';
import { netstatRoutes } from '../../../src/sources/netstat-routes.ts';
import { toParseOutput } from '../../../src/sources/parse-output.ts';
import { recogniseSource } from '../../../src/sources/registry.ts';
import type { Source } from '../../../src/sources/source.ts';

const esc = String.fromCharCode(27);
const bell = String.fromCharCode(7);

function printed(source: Source, text: string): object {
  const context = { artifact: source.id };
  return toParseOutput(source, source.parse(text, context), context);
}

describe('a table that came through a terminal, a page or a mail', () => {
  const table = `default via 192.168.29.1 dev wlan0 proto dhcp metric 600 
10.1.0.0/16 via 172.16.50.1 dev tun0 
10.4.0.0/16 
\tnexthop via 172.16.50.1 dev tun0 weight 1 
\tnexthop dev tun1 weight 2 
`;
  const plain = printed(linuxIpRoute, table);
  // `ip -c route`: address, device and family are coloured, each with the blank behind it.
  const coloured = table
    .replace(/via ([\d.]+) /g, `via ${esc}[35m$1 ${esc}[0m`)
    .replace(/dev (\w+) /g, `dev ${esc}[36m$1 ${esc}[0m`);

  it.each([
    ['with colours', coloured],
    ['with colours whose escapes a page has swallowed', coloured.replaceAll(esc, '')],
    ['with bold colours', coloured.replaceAll('[36m', '[1;36m')],
    ['with the window title that a prompt sets', `${esc}]0;u@laptop: ~${bell}${table}`],
    ['with spaces that do not break', table.replaceAll(' ', '\u00a0')],
    ['with marks that have no width', table.replaceAll('dev ', '\u200bdev ')],
    ['quoted in a mail', table.replace(/^(?=.)/gm, '> ')],
    ['quoted twice', table.replace(/^(?=.)/gm, '>> ')],
  ])('%s reads as it does without', (_, text) => {
    expect(printed(linuxIpRoute, text)).toEqual(plain);
    expect(recogniseSource(text)?.id).toBe('linux-ip-route');
  });

  it('loses no silence to the ^C behind it', () => {
    const text = 'traceroute to 10.1.0.4 (10.1.0.4), 30 hops max, 60 byte packets\n 1  * * *^C\nuser@laptop:~$ \n';
    const silent = { silent: true };
    expect(printed(linuxTraceroute, text)).toMatchObject({
      problems: [],
      hops: [{ ttl: 1, replies: [silent, silent, silent] }],
    });
  });

  it('keeps a single row that is quoted, as a row or as a problem', () => {
    expect(linuxIpRoute.parse('> 10.1.0.0/16 dev tun0\n10.2.0.0/16 dev tun0\n', { artifact: 'x' })).toMatchObject({
      facts: { routes: [{ origin: { line: 2 } }] },
      problems: [{ origin: { line: 1 } }],
    });
  });
});

describe('what stands around an answer is no part of it', () => {
  it.each([
    'user@laptop:~$ ip route',
    '[root@laptop ~]# ip route show table all',
    'user@laptop:~$',
    'user@laptop:~$ ',
    '❯ ip route',
    '➜  ~ ip route',
    '$ ip route',
    '# after the reboot',
  ])('%s', (line) => {
    const text = `${line}\n10.1.0.0/16 via 172.16.50.1 dev tun0 \n`;
    expect(printed(linuxIpRoute, text)).toMatchObject({ problems: [], routes: [{ prefix: '10.1.0.0/16' }] });
  });

  it.each(['user@laptop:~$ ip -j route', '\n[root@laptop ~]# ip -j -d route', '# from the laptop\n$ ip -j route'])(
    'nor of JSON: %s',
    (above) => {
      const json = '[{"dst":"10.1.0.0/16","gateway":"172.16.50.1","dev":"tun0","flags":[] }]';
      for (const text of [`${above}\n${json}\n`, `${above}\n${json}\nuser@laptop:~$ \n`]) {
        expect(printed(linuxIpRoute, text)).toMatchObject({ problems: [], routes: [{ prefix: '10.1.0.0/16' }] });
        expect(recogniseSource(text)?.id).toBe('linux-ip-route');
      }
    },
  );

  it.each([
    [linuxIpRoute, '# 10.1.0.0/16 via 172.16.50.1 dev tun0', '10.2.0.0/16 dev tun0'],
    [linuxIpRoute, '> default via 192.168.29.1 dev wlan0', '10.2.0.0/16 dev tun0'],
    [linuxIpRoute, '# blackhole 10.1.0.0/16', '10.2.0.0/16 dev tun0'],
    [linuxIpRoute, '% fd00::/64 dev tun0 metric 256 pref medium', '10.2.0.0/16 dev tun0'],
    [linuxIpRule, '> 220:	from all lookup 220', '0:	from all lookup local'],
    [linuxIpAddr, '# 3: tun0: <POINTOPOINT,UP> mtu 1500', '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536'],
    [linuxTraceroute, '$ 2  * * *', ' 1  10.1.0.4  28.1 ms'],
    [netstatRoutes, '# default 192.168.29.1 0.0.0.0 UG 0 0 0 x', '10.1.0.0 0.0.0.0 255.255.0.0 U 0 0 0 tun0'],
  ])('but a row behind a mark is told: $id %s', (source, line, row) => {
    expect(source.parse(`${row}\n${line}\n`, { artifact: 'x' }).problems).toMatchObject([{ origin: { line: 2 } }]);
  });
});

describe('numbers before rows', () => {
  it('are types where all names are numbers, and elsewhere not understood: 6 is no blackhole in line 6', () => {
    const listed = '     5\t10.4.0.0/16 via 172.16.50.1 dev tun0 \n     6\t10.1.0.0/16 dev tun0 proto static \n';
    expect(linuxIpRoute.parse(listed, { artifact: 'x' })).toMatchObject({ facts: {}, problems: [{}, {}] });
    expect(printed(linuxIpRoute, '6 10.1.0.0/16 proto 3 \n')).toMatchObject({ routes: [{ type: 'blackhole' }] });
  });
});
