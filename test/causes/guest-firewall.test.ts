import { describe, expect, test } from 'vitest';
import type { SecurityRuleSpec } from '../../scripts/scenarios/azure-machine.ts';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { type BundleArtifact, pretty } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, conclude, linux, plain, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';
import { attempt, connecting, deny, effective, group, guarded, read, silent } from './guarded-estate.ts';

/* Everything on the way is in order, and a machine keeps silent: that is the guest's own affair, probably. */
const code = 'guest-firewall-suspected';
const open = guarded({ subnet: 'nsg-app' }, read('nsg-app', []));
const capture = (of: EstateSpec, client: Partial<WindowsSpec> = {}, ...more: readonly BundleArtifact[]) =>
  windows(of, { traces: silent, ...client }, (artifacts) => [...artifacts, ...more]);
const only = (of: Capture) => {
  const [finding, ...rest] = findingsOf(of, code);
  expect(rest).toEqual([]);
  return finding;
};

describe('the guest is suspected', () => {
  test('with what there is to see: the silence, one witness of the way back, and the rule that lets pings in', () => {
    const finding = only(capture(open));
    expect(finding && [finding.severity, finding.confidence, finding.actual]).toEqual([
      'info',
      'likely',
      'silence to ICMP',
    ]);
    expect(finding && cited(finding)).toEqual([
      'no answer from 10.21.1.4',
      'app: the pool goes to VirtualNetworkGateway by 172.16.50.0/24 (VirtualNetworkGateway)',
      'nsg-app: rule AllowVnetInBound (65000) allows VirtualNetwork to 10.21.1.4',
    ]);
  });

  test('where somebody answers, though another of the same VNet does not', () => {
    const traces = { ...silent, '10.20.2.5': 'silent' } as const;
    expect(only(capture(open, { traces }))).toBeDefined();
  });

  test('of a machine that no group guards', () => {
    expect(only(capture(guarded({})))?.summary).toMatch(/^10\.21\.1\.4 does not answer/);
  });

  test('by the way back of one of several machines', () => {
    const machines = [4, 5].map((last) => ({
      name: `app${last}`,
      address: `10.21.1.${last}`,
      in: ['spoke-app', 'app'] as const,
    }));
    const finding = only(capture({ ...open, machines: [...(plain.machines ?? []).slice(0, 1), ...machines] }));
    expect(finding && cited(finding).filter((says) => says.includes('the pool goes'))).toHaveLength(1);
  });

  test('of no more than three by name', () => {
    const hosts = [4, 5, 6, 7].map((last) => `10.21.1.${last}`);
    const machines = hosts.map((address) => ({ name: `app${address}`, address, in: ['spoke-app', 'app'] as const }));
    const traces = {
      '10.20.2.4': 'answers',
      ...Object.fromEntries(hosts.map((one) => [one, 'silent' as const])),
    } as const;
    const of = { ...open, machines: [...(plain.machines ?? []).slice(0, 1), ...machines] };
    expect(only(capture(of, { traces }))?.summary).toMatch(/^10\.21\.1\.4, 10\.21\.1\.5, 10\.21\.1\.6 does not answer/);
  });
});

describe('the guest is not suspected', () => {
  const unreachable = (target: string): BundleArtifact => ({
    id: `windows-tracert:${target}`,
    source: 'windows-tracert',
    half: 'client',
    target,
    file: `client/windows-tracert-${target}.txt`,
    text: `\r\nTracing route to ${target} over a maximum of 8 hops\r\n\r\n  1  10.20.1.5  reports: Destination host unreachable.\r\n\r\nTrace complete.\r\n`,
    exitCode: 0,
  });
  test.each<[string, Capture]>([
    [
      'where nobody answers: then the tunnel is as likely at fault',
      capture(open, { traces: { '10.21.1.4': 'silent' } }),
    ],
    ['where nothing was asked', capture(open, { traces: { '10.20.2.4': 'answers' } })],
    ['where it answers', capture(open, { traces: { '10.20.2.4': 'answers', '10.21.1.4': 'answers' } })],
    [
      'where only a connection was tried',
      capture(open, { traces: { '10.20.2.4': 'answers' } }, connecting(attempt(443, 'timeout'))),
    ],
    ['where a group was not read', capture(guarded({ subnet: 'nsg-app', nic: 'nsg-unread' }, read('nsg-app', [])))],
    [
      'where a group refuses what was tried beside the ping',
      capture(
        guarded({}, effective([deny({ protocol: 'Tcp', ports: '443' })])),
        {},
        connecting(attempt(443, 'timeout')),
      ),
    ],
    [
      'where the way back is cut',
      capture({
        ...open,
        machines: (open.machines ?? []).map((one) => ({ ...one, disabled: one.name === 'app' })),
      }),
    ],
    ['where the client has no route', capture(open, { routes: [all[0] ?? '', all[2] ?? ''], installed: all })],
    [
      'where a part of the prefix is broken otherwise: something else on the way speaks up',
      capture(open, {}, unreachable('10.21.1.9')),
    ],
    [
      'where whether it is offered could not be read',
      capture({
        ...open,
        spokes: (open.spokes ?? []).map((one) => ({
          ...one,
          near: { allowGatewayTransit: undefined },
        })),
      }),
    ],
  ])('%s', (_, of) => {
    expect(findingsOf(of, code)).toEqual([]);
  });
});

describe('a machine that IPv6 leads to is judged by the IPv6 range of the pool', () => {
  const space = 'fd21:5::/48';
  const of = (rules: readonly SecurityRuleSpec[]): EstateSpec => ({
    ...open,
    gateway: { ...open.gateway, pool: [...open.gateway.pool, 'fd50::/64'] },
    spokes: [
      {
        name: 'spoke-app',
        space: [space],
        subnets: [{ name: 'app', prefix: 'fd21:5::/64', networkSecurityGroup: group('nsg-app') }],
      },
    ],
    machines: [
      { name: 'srv', address: '10.20.2.4', in: ['vnet-hub', 'shared'] },
      { name: 'app', address: 'fd21:5::4', in: ['spoke-app', 'app'] },
    ],
    extra: () => [read('nsg-app', rules)],
  });
  const rulesOfSix: BundleArtifact = {
    id: 'linux-ip-rule:6',
    source: 'linux-ip-rule',
    half: 'client',
    argv: ['ip', '-6', '-j', 'rule'],
    file: 'client/linux-ip-rule-6.json',
    text: pretty([
      { priority: 0, src: 'all', table: 'local' },
      { priority: 32766, src: 'all', table: 'main' },
    ]),
    exitCode: 0,
  };
  const onLinux = (rules: readonly SecurityRuleSpec[]) =>
    linux(
      of(rules),
      {
        routes: all,
        extraRoutes: [
          { type: 'unicast', dst: space, dev: 'tun0', table: 'main', metric: 1024, flags: [], pref: 'medium' },
        ],
        traces: { '10.20.2.4': 'answers', 'fd21:5::4': 'silent' },
      },
      (artifacts) => [...artifacts, rulesOfSix],
    );
  const codes = (rules: readonly SecurityRuleSpec[]) => {
    const { infos, errors } = conclude(onLinux(rules));
    return [...errors, ...infos];
  };

  test('which is let in', () => {
    expect(codes([deny()])).toEqual([code]);
  });

  test('which is refused', () => {
    expect(codes([deny({ source: 'fd50::/64' })])).toEqual(['nsg-denies-pool']);
  });
});
