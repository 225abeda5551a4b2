import { describe, expect, test } from 'vitest';
import { type LinuxSpec, swanctlSas } from '../../scripts/scenarios/linux-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { all, type Change, conclude, dialled, linux, plain, rewritten, without } from '../diagnosis/conclude.ts';
import { ladderOf, rungText } from './rung-text.ts';

/* IPsec carries what it has a selector for: policies of the kernel, child SAs of the daemon. */
const [hub, spoke, pool, vip] = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24', '172.16.50.2'] as const;
const others = [hub, pool];

const swan = (client: Partial<LinuxSpec> = {}, ...changes: readonly Change[]) =>
  linux(plain, { kind: 'strongswan', traces: {}, ...client }, (artifacts) =>
    changes.reduce((now, change) => change(now), artifacts),
  );
const active = (...of: Parameters<typeof swan>) => rungText(swan(...of), 'active', spoke).split(' ')[0];
const selected = (...of: Parameters<typeof swan>) => rungText(swan(...of), 'selected', spoke).split(' ')[0];

/** What `ip xfrm policy` prints, instead of what the client would have. */
const policies = (...of: readonly (readonly string[])[]): Change =>
  printed('linux-xfrm-policy', of.map((lines) => `${lines.join('\n')}\n`).join(''));
const printed =
  (source: string, text: string): Change =>
  (artifacts) => [
    ...artifacts.filter((one) => one.source !== source),
    { id: source, source, half: 'client', text, exitCode: 0 },
  ];
const out = (from: string, to: string, ...more: readonly string[]) => [`src ${from} dst ${to} `, ...more];
const [outward, inward, blocked] = ['out', 'in', 'out action block'].map(
  (dir) => `\tdir ${dir} priority 371327 ptype main `,
) as [string, string, string];
const tunnelled = ['\ttmpl src 192.168.88.21 dst 20.50.7.1', '\t\tproto esp reqid 1 mode tunnel'];
const toHub = out(`${vip}/32`, hub, outward, ...tunnelled);
const noSas = without('linux-swanctl-sas');

describe('without a route into the tunnel', () => {
  const bare = { routes: others, remoteSelectors: [] };

  test.each<[string, string, Change]>([
    ['a policy of the kernel takes it', 'held', policies(toHub, out(`${vip}/32`, spoke, outward, ...tunnelled))],
    ['a wider policy takes it', 'held', policies(out(`${vip}/32`, '0.0.0.0/0', outward, ...tunnelled))],
    ['a policy for the whole pool takes it', 'held', policies(out(pool, spoke, outward, ...tunnelled))],
    ['a policy takes half', 'partial', policies(out(`${vip}/32`, '10.21.0.0/17', outward, ...tunnelled))],
    [
      'a policy for what comes in takes nothing',
      'lost',
      policies(toHub, out(`${vip}/32`, spoke, inward, ...tunnelled)),
    ],
    ['a policy that blocks takes nothing into it', 'lost', policies(toHub, out(`${vip}/32`, spoke, blocked))],
    ['a policy that lets pass in the clear takes nothing', 'lost', policies(toHub, out(`${vip}/32`, spoke, outward))],
    [
      "another tunnel's policy takes it there",
      'lost',
      policies(toHub, out('192.168.70.2/32', spoke, outward, ...tunnelled)),
    ],
    [
      "IPv6's policies take nothing of IPv4",
      'lost',
      policies(toHub, out('fd00::2/128', 'fd00:21::/48', outward, ...tunnelled)),
    ],
    ['no policy takes it', 'lost', policies(toHub)],
  ])('%s: %s', (_, state, change) => {
    expect(active(bare, change, noSas)).toBe(state);
  });

  test('the list of the daemon tells, where the policies may not be read', () => {
    const unread = without('linux-xfrm-policy');
    expect(active({ routes: others, remoteSelectors: [hub, spoke] }, unread)).toBe('held');
    expect(active({ routes: others, remoteSelectors: [hub] }, unread)).toBe('lost');
    // The kernel's own policies know better.
    expect(active({ routes: others, remoteSelectors: [hub, spoke] }, policies(toHub))).toBe('lost');
  });

  test.each([
    ['INSTALLED', 'held'],
    ['REKEYING', 'held'],
    ['REKEYED', 'held'],
    ['UPDATING', 'held'],
    ['ROUTED', 'lost'],
    ['CREATED', 'lost'],
    ['DELETING', 'lost'],
  ])('a child SA that is %s: %s', (state, is) => {
    const change: Change = (artifacts) =>
      artifacts.map((one) =>
        one.source === 'linux-swanctl-sas' ? { ...one, text: one.text?.replace('INSTALLED', state) ?? '' } : one,
      );
    expect(active({ routes: others, remoteSelectors: [spoke] }, without('linux-xfrm-policy'), change)).toBe(is);
  });

  test("a child SA of another connection is another tunnel's", () => {
    const site = swanctlSas({ ...client({ remoteSelectors: [spoke] }), tunnelAddress: '192.168.70.2' });
    const both: Change = (artifacts) => [...artifacts, { ...site, id: 'site' }];
    expect(active({ routes: others, remoteSelectors: [hub] }, without('linux-xfrm-policy'), both)).toBe('lost');
  });
});

describe('with a route into the tunnel', () => {
  test('it goes there as far as a selector reaches', () => {
    expect(selected()).toBe('held');
    expect(selected({ remoteSelectors: [hub, '10.21.0.0/17'] })).toBe('partial');
    expect(selected({ remoteSelectors: [hub] })).toBe('lost');
    const parts = ladderOf(swan({}, without('linux-xfrm-policy')), spoke)?.parts;
    expect(parts?.map(({ intoTunnel }) => intoTunnel)).toEqual([true]);
  });

  test('it goes there where nobody could read the selectors', () => {
    expect(selected({}, without('linux-xfrm-policy', 'linux-swanctl-sas'))).toBe('held');
  });

  test('a policy that blocks it keeps it here', () => {
    const capture = swan({}, policies(toHub, out('0.0.0.0/0', spoke, blocked)), noSas);
    expect(rungText(capture, 'selected', spoke)).toBe(`lost | an xfrm policy takes ${spoke}`);
    expect(conclude(capture).errors).toEqual(['local-route-discards']);
  });

  test('a child SA being renewed keeps the tunnel up, and so nobody says it is down', () => {
    const renewed: Change = (artifacts) =>
      artifacts.map((one) =>
        one.source === 'linux-swanctl-sas' ? { ...one, text: one.text?.replace('INSTALLED', 'REKEYING') ?? '' } : one,
      );
    expect(conclude(linux(plain, { kind: 'strongswan' }, renewed))).toMatchObject({ errors: [], verdict: 'ok' });
  });
});

describe('a tunnel in user space, with a device of its own', () => {
  const libipsec = (
    sas: Partial<LinuxSpec>,
    routes: readonly string[] = all,
    extra: Change = (artifacts) => artifacts,
  ) =>
    linux(plain, { routes, traces: {} }, (artifacts) =>
      extra([
        ...renamed(artifacts.filter(({ source }) => source !== 'openvpn-log')),
        swanctlSas(client({ remoteSelectors: all, ...sas })),
      ]),
    );
  const renamed: (artifacts: readonly BundleArtifact[]) => readonly BundleArtifact[] = (artifacts) =>
    artifacts.map((one) => ({
      ...one,
      ...(one.text !== undefined && { text: one.text.replaceAll('tun0', 'ipsec0') }),
    }));

  test('goes by its routes: a selector of the daemon leads nothing there by itself', () => {
    expect(rungText(libipsec({}), 'active', spoke)).toMatch(/^held/);
    expect(rungText(libipsec({}, others), 'active', spoke)).toMatch(/^lost/);
  });

  test('carries no more than the daemon agreed, for the kernel has no policy', () => {
    const none = policies();
    expect(rungText(libipsec({}, all, none), 'selected', spoke)).toMatch(/^held/);
    expect(rungText(libipsec({ remoteSelectors: others }, all, none), 'selected', spoke)).toMatch(/^lost/);
  });

  test('of OpenVPN has nothing to do with IPsec, whoever could list its policies', () => {
    const none = linux(plain, { traces: {} }, (artifacts) => policies()(artifacts));
    expect(rungText(none, 'selected', spoke)).toMatch(/^held/);
  });
});

test("charon's table without the rule that asks it is asked by nobody", () => {
  const unasked = rewritten('linux-ip-rule', (rows) => rows.filter(({ table }) => table !== '220'));
  const noDefault = rewritten('linux-ip-route', (rows) => rows.filter(({ dst }) => dst !== 'default'));
  expect(active({}, unasked)).toBe('held');
  expect(rungText(swan({}, unasked, noSas, policies()), 'selected', spoke)).toBe(
    'lost | 0.0.0.0/0 wins, to wlp2s0, metric 600',
  );
  expect(rungText(swan({}, unasked, noDefault, noSas, policies()), 'selected', spoke)).toBe('lost');
});

function client(more: Partial<LinuxSpec>): LinuxSpec {
  return { ...dialled(plain), kind: 'strongswan', tunnelAddress: vip, ...more };
}
