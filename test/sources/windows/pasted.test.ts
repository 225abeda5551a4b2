import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../../src/net/address.ts';
import { formatPrefix } from '../../../src/net/prefix.ts';
import { windowsIpconfig } from '../../../src/sources/windows-ipconfig.ts';
import { windowsProfileScript } from '../../../src/sources/windows-profile-script.ts';
import { windowsTracert } from '../../../src/sources/windows-tracert.ts';

const context = { artifact: 'a' };

describe('a hop of tracert', () => {
  const read = (...rows: readonly string[]) => {
    const { facts, problems } = windowsTracert.parse(['Tracing route to 10.1.0.4', '', ...rows].join('\n'), context);
    const hops = (facts.traces ?? []).flatMap((trace) => trace.hops);
    return { hops: hops.map(({ ttl, replies }) => [ttl, ...replies.map(told)].join(' ')), lines: problems.length };
  };
  type Reply = NonNullable<
    ReturnType<typeof windowsTracert.parse>['facts']['traces']
  >[number]['hops'][number]['replies'][number];
  const told = (reply: Reply): string => {
    if (reply.kind === 'answer') return `${reply.ms}@${formatAddress(reply.from)}`;
    return reply.kind === 'error' ? reply.error : '*';
  };

  it.each([
    [
      'has its address on the next line',
      ['3  12 ms  11 ms  12 ms', '10.0.0.9'],
      ['3 12@10.0.0.9 11@10.0.0.9 12@10.0.0.9'],
      0,
    ],
    ['is cut, and a whole one follows', ['1  2 ms  1 ms  1 ms', '2  1 ms  *  *  10.0.0.9'], ['2 1@10.0.0.9 * *'], 1],
    ['is cut, and the closing words follow', ['1  2 ms  1 ms  1 ms  gw', 'Trace complete.'], [], 1],
    [
      'has a name with an address in brackets behind it',
      ['1  1 ms  1 ms  1 ms  gw (10.0.0.9)'],
      ['1 1@10.0.0.9 1@10.0.0.9 1@10.0.0.9'],
      0,
    ],
    ['lacks a time and has words before its address', ['4  3 ms  *  router 10.0.0.9'], [], 1],
    ['has an arrow behind it and two times', ['2  *  9 ms  10.0.0.9  ->'], ['2 * 9@10.0.0.9'], 0],
    ['has two times, then who reports', ['2  *  9 ms  10.0.0.9  reports: no.'], ['2 * 9@10.0.0.9 host-unreachable'], 0],
    ['was stopped by Ctrl-C', ['1  *  ^C'], ['1 *'], 0],
    ['is number nought', ['0  1 ms  1 ms  1 ms  10.0.0.9'], [], 1],
  ] as const)('%s', (_name, rows, hops, lines) => {
    expect(read(...rows)).toEqual({ hops, lines });
  });
});

describe('a profile script', () => {
  const read = (...rows: readonly string[]) => {
    const { facts, problems } = windowsProfileScript.parse(rows.join('\n'), context);
    const [profile] = facts.profiles ?? [];
    return {
      routes: profile?.routes.map(({ prefix }) => formatPrefix(prefix)),
      server: profile?.server,
      lines: problems.length,
    };
  };
  it.each([
    [
      'goes on after a backtick',
      ['Add-VpnConnectionRoute hub `', '  -DestinationPrefix 10.1.0.0/16'],
      ['10.1.0.0/16'],
      null,
      0,
    ],
    ['never closes a comment', ['<# old', 'Add-VpnConnectionRoute hub 10.1.0.0/16'], ['10.1.0.0/16'], null, 0],
    ['has a route behind a comment', ['<# old #> Add-VpnConnectionRoute hub 10.1.0.0/16'], ['10.1.0.0/16'], null, 0],
    [
      'has its arguments in a table on one line',
      ["$a = @{ Name = 'hub'; ServerAddress = 'gw.example' }", 'Add-VpnConnection @a'],
      [],
      'gw.example',
      0,
    ],
    ['splats a table nobody gave', ['Add-VpnConnection @a -ServerAddress gw.example'], [], 'gw.example', 0],
    [
      'loops over what only a run tells',
      ['foreach ($r in (Get-Routes)) {', 'Add-VpnConnectionRoute hub -DestinationPrefix $r }'],
      [],
      null,
      1,
    ],
  ] as const)('%s', (_name, rows, routes, server, lines) => {
    expect(read(...rows)).toEqual({ routes, server, lines });
  });
});

describe('ipconfig', () => {
  const names = (text: string) => windowsIpconfig.parse(text, context).facts.interfaces?.map(({ name }) => name);
  it('tells a heading from a German key without a value by its indent, where no empty line is left', () => {
    const rows = [
      'PPP-Adapter hub:',
      '   Verbindungsspezifisches DNS-Suffix:',
      '   IPv4-Adresse  . . . : 172.16.50.130',
      '   Subnetzmaske  . . . : 255.255.255.255',
    ];
    expect(names(rows.join('\n'))).toEqual(['PPP-Adapter hub']);
  });
});
