import { addresses, healthyRoutes, prefixes } from './addresses.ts';
import { broken, lost } from './expectations.ts';
import { byNobody, clientRoute, openvpn } from './scenarios.ts';
import type { Run, State } from './state.ts';

const onOpenvpn: Pick<Run, 'tunnel' | 'estate' | 'changes'> = { tunnel: openvpn, estate: {}, changes: [] };

/** The routes into the tunnel are there, or should be; something on the client decides otherwise. */
export const clientTableStates: readonly State[] = [
  {
    ...onOpenvpn,
    name: '07-lan-more-specific-shadows',
    title: 'the LAN hands out a more specific route than the tunnel',
    changes: [clientRoute('10.1.0.0/24', ...byNobody, 'proto', 'dhcp', 'metric', '600')],
    expected: broken(['local-network-overlap'], { [prefixes.spoke1]: lost('selected', { selected: 'partial' }) }),
  },
  {
    ...onOpenvpn,
    name: '08-lan-subnet-overlaps',
    title: 'the home LAN itself lies inside the spoke',
    changes: [{ at: 'client', argv: ['ip', 'addr', 'add', '10.1.0.77/24', 'dev', 'wlan0'] }],
    expected: broken(['local-network-overlap'], { [prefixes.spoke1]: lost('selected', { selected: 'partial' }) }),
  },
  {
    ...onOpenvpn,
    name: '09-lower-metric-competitor',
    title: 'a static route for the same prefix over the LAN has the lower metric',
    tunnel: { ...openvpn, clientLines: ['route-metric 50'] },
    changes: [clientRoute(prefixes.spoke1, ...byNobody, 'proto', 'static', 'metric', '10')],
    expected: broken([['manual-route-misdirected', 'local-network-overlap']], {
      [prefixes.spoke1]: lost('selected', { active: 'held', selected: 'lost' }),
    }),
  },
  {
    ...onOpenvpn,
    name: '10-spoke2-and-storage-not-pushed',
    title: 'two prefixes that Azure offers were not pushed to this session',
    tunnel: { ...openvpn, push: healthyRoutes.slice(0, 2) },
    expected: broken(
      ['session-older-than-change'],
      { [prefixes.spoke2]: lost('active'), [prefixes.storage]: lost('active') },
      { mayFind: ['custom-route-not-installed'] },
    ),
  },
  {
    ...onOpenvpn,
    name: '11-policy-rule-bypass',
    title: 'a rule sends one spoke to another table; two more rules concern other traffic only',
    changes: [
      clientRoute('default', 'via', addresses.lanGateway, 'dev', 'wlan0', 'table', '100'),
      clientRule('pref', '1000', 'to', prefixes.spoke1, 'lookup', '100'),
      clientRule('pref', '1001', 'fwmark', '0xca6c/0xffff', 'lookup', '51820'),
      clientRule('pref', '1002', 'from', addresses.clientLan, 'uidrange', '1000-1000', 'lookup', '100'),
    ],
    expected: broken(['policy-rule-bypass'], {
      [prefixes.spoke1]: lost('selected', { active: 'held', selected: 'lost' }),
    }),
  },
  {
    ...onOpenvpn,
    name: '12-local-special-routes',
    title: 'the client discards parts of three prefixes, and has routes of every odd kind',
    changes: [
      clientRoute('blackhole', '10.0.0.0/24'),
      clientRoute('unreachable', '10.1.0.0/24'),
      clientRoute('prohibit', '10.10.0.0/24'),
      clientRoute('throw', '10.20.0.0/16'),
      clientRoute(
        ...['10.30.0.0/16', 'nexthop', 'via', '172.16.50.1', 'dev', 'tun0', 'weight', '2'],
        ...['nexthop', 'via', addresses.lanGateway, 'dev', 'wlan0', 'weight', '1'],
      ),
      clientRoute('10.40.0.0/16', 'via', '203.0.113.9', 'dev', 'wlan0', 'onlink'),
      clientRoute('10.50.0.0/16', 'dev', 'tun0'),
      clientRoute(
        '10.60.0.0/16',
        'dev',
        'tun0',
        'src',
        addresses.client,
        'mtu',
        '1400',
        'proto',
        'bird',
        'metric',
        '77',
      ),
    ],
    expected: broken(['local-route-discards', 'stray-route'], {
      [prefixes.hub]: lost('selected', { selected: 'partial' }),
      [prefixes.spoke1]: lost('selected', { selected: 'partial' }),
      [prefixes.spoke2]: lost('selected', { selected: 'partial' }),
      '10.50.0.0/16': { verdict: ['not-expected'], lostAt: 'configured' },
      '10.60.0.0/16': { verdict: ['not-expected'], lostAt: 'configured' },
    }),
  },
];

function clientRule(...rule: readonly string[]): { readonly at: 'client'; readonly argv: readonly string[] } {
  return { at: 'client', argv: ['ip', 'rule', 'add', ...rule] };
}
