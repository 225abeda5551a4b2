import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { Wire } from '../../scripts/scenarios/wire.ts';
import { type Change, linux, plain, rewritten, told, without } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './explained.ts';

/* Linux asks its tables in the order of the rules: one before the tunnel's decides, and so does one that is missing. */
const code = 'policy-rule-bypass';
const row = (more: Wire): Wire => ({
  type: 'unicast',
  dev: 'wlp2s0',
  table: '90',
  protocol: 'static',
  scope: 'global',
  flags: [],
  ...more,
});
const byRouter = row({ dst: 'default', gateway: '192.168.88.1' });

describe('a rule that somebody made', () => {
  const shaped = linux(plain, {
    extraRules: [{ priority: 90, src: 'all', dst: '10.21.0.0', dstlen: 16, table: '90' }],
    extraRoutes: [byRouter],
    traces: {},
  });

  test('is named, and taken out', () => {
    const [finding, ...others] = findingsOf(shaped, code);
    expect(others).toEqual([]);
    expect(told(shaped, code).map(({ says }) => says)).toEqual(['error proven 10.21.0.0/16']);
    expect(finding?.summary).toMatch(/^Rule 90 asks table 90 first/);
    expect(finding?.fixes[0]?.commands).toEqual([{ shell: 'bash', command: 'sudo ip rule del priority 90' }]);
    expect(cited(shaped, code)[0]).toEqual([
      'rule 90 asks table 90',
      '0.0.0.0/0 in table 90 leads to wlp2s0',
      '10.21.0.0/16 in table main leads into the tunnel',
    ]);
  });

  test('of IPv6 is taken out there', () => {
    const six: EstateSpec = {
      ...plain,
      gateway: { ...plain.gateway, pool: ['172.16.50.0/24', 'fd00:50::/64'] },
      spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16', 'fd00:21::/48'] }],
    };
    const rules: Change = (artifacts) => [
      ...artifacts,
      {
        id: 'linux-ip-rule-6',
        source: 'linux-ip-rule',
        half: 'client',
        argv: ['ip', '-6', '-j', 'rule'],
        file: 'client/rules6.json',
        text: JSON.stringify([
          { priority: 0, src: 'all', table: 'local' },
          { priority: 90, src: 'all', dst: 'fd00:21::', dstlen: 48, table: '90' },
          { priority: 32766, src: 'all', table: 'main' },
        ]),
        exitCode: 0,
      },
    ];
    const extraRoutes = [
      row({ dst: 'fd00:21::/48', dev: 'tun0', table: 'main' }),
      row({ dst: '::/0', gateway: 'fe80::1' }),
    ];
    const [finding] = findingsOf(linux(six, { extraRoutes, traces: {} }, rules), code);
    expect(finding?.fixes[0]?.commands[0]?.command).toBe('sudo ip -6 rule del priority 90');
  });
});

describe('a rule that is missing', () => {
  const noIke = without('linux-xfrm-policy', 'linux-swanctl-sas');
  const withRule =
    (...rules: readonly Wire[]): Change =>
    (artifacts) =>
      rewritten('linux-ip-rule', (rows) => [...rows.filter(({ table }) => table !== '220'), ...rules])(
        noIke(artifacts),
      );
  const of = (...rules: readonly Wire[]) => linux(plain, { kind: 'strongswan', traces: {} }, withRule(...rules));

  test.each([
    ['is none at all', of()],
    ['comes after that of the system', of({ priority: 40_000, src: 'all', table: '220' })],
  ])("where strongSwan's %s, the system's own is left alone", (_, capture) => {
    const [finding] = findingsOf(capture, code);
    expect(finding?.summary).toMatch(/^No rule asks table 220 before table main/);
    expect(finding?.fixes[0]?.commands).toEqual([
      { shell: 'bash', command: 'sudo ip rule add priority 220 table 220' },
    ]);
    expect(finding?.fixes[0]?.steps).toHaveLength(1);
    expect(finding?.evidence[0].says).toBe('rule 32766 asks table main');
  });

  test('where it stands, nothing is told', () => {
    expect(findingsOf(of({ priority: 220, src: 'all', table: '220' }), code)).toEqual([]);
  });
});
