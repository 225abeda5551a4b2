import { describe, expect, test } from 'vitest';
import { connection, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, forbidden } from '../../scripts/scenarios/wire.ts';
import { all, conclude, linux, plain } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* What belongs to which ladder: routes of narrower prefixes, probes that brought nothing, addresses inside a stray. */
const ids = idsOf(plain);
const spoke = '10.21.0.0/16';

describe('a site around the VNets', () => {
  const withSite = (range: string): EstateSpec => {
    const to = ids.id('localNetworkGateways', 'hq');
    const value = [connection(ids.place, { name: 'to-hq', type: 'IPsec', from: ids.gateway, to })];
    return {
      ...plain,
      issued: null,
      extra: () => [
        arm('virtualNetworkGateways.listConnections', ids.gateway, { value }),
        arm('localNetworkGateways.get', to, localNetworkGateway(ids.place, 'hq', [range])),
      ],
    };
  };
  const judged = (range: string, ...routes: readonly string[]) => {
    const capture = linux(withSite(range), { routes });
    return `${conclude(capture).prefixes[range]}: ${rungText(capture, 'active', range)}`;
  };

  test('has no part in the routes to those', () => {
    expect(judged('10.0.0.0/8', ...all)).toBe(
      'may not-expected -: lost | what leads into the tunnel belongs to narrower prefixes',
    );
  });

  test('has a part in a route of its own, and in one that reaches beyond them', () => {
    expect(judged('10.0.0.0/8', ...all, '10.99.0.0/16')).toMatch(/^may broken active: partial/);
    expect(judged('10.0.0.0/8', '10.16.0.0/12', '172.16.50.0/24')).toMatch(/^may broken active: partial/);
    expect(judged('192.168.60.0/24', ...all, '192.168.60.0/25')).toMatch(/^may broken active: partial/);
  });

  test('takes nothing from what a client must have', () => {
    const wide: EstateSpec = { ...plain, gateway: { ...plain.gateway, customRoutes: ['10.0.0.0/9'] } };
    expect(rungText(linux(wide, { routes: all }), 'active', '10.0.0.0/9')).toMatch(/^partial/);
  });
});

describe('with the way back read, and no answer', () => {
  const probe = (target: string | undefined, code: string): BundleArtifact => ({
    id: `tcp-connect:${target}`,
    source: 'tcp-connect',
    half: 'client',
    ...(target !== undefined && { target }),
    unanswered: { status: null, code, message: '' },
  });
  const judged = (target: string | undefined, code: string) =>
    conclude(linux(plain, { traces: {} }, (artifacts) => [...artifacts, probe(target, code)])).prefixes[spoke];

  test.each([
    ['a probe of which nothing came back', '10.21.1.4', 'timeout'],
    ['a connection of which nothing came back', '10.21.1.4:443', 'timeout'],
    ['a probe whose answer nobody could read', '10.21.1.4', 'garbled'],
  ])('%s leaves it open', (_, target, code) => {
    expect(judged(target, code)).toBe('must undetermined -');
  });

  test.each([
    ['whose tool is not here', '10.21.1.4', 'absent'],
    ['whose tool could not be run', '10.21.1.4', 'not-run'],
    ['that nobody let it send', '10.21.1.4:443', 'not-permitted'],
    ['that failed before it sent', '10.21.1.4:443', 'failed'],
    ['that somebody called off', '10.21.1.4:443', 'cancelled'],
    ['to a machine elsewhere', '10.20.2.4:443', 'timeout'],
    ['to a name', 'vm.internal.example', 'timeout'],
    ['to nobody', undefined, 'timeout'],
  ])('a probe %s leaves it well', (_, target, code) => {
    expect(judged(target, code)).toBe('must ok -');
  });

  test('to a machine of IPv6, written with its port', () => {
    const properties = { addressPrefix: undefined, addressPrefixes: ['10.21.1.0/24', 'fd00:21::/64'] };
    const subnet = { name: 'app', prefix: '', properties };
    const dual: EstateSpec = {
      ...plain,
      spokes: [{ name: 'spoke-app', space: [spoke, 'fd00:21::/48'], subnets: [subnet] }],
      gateway: { ...plain.gateway, pool: ['172.16.50.0/24', 'fd00:50::/64'] },
      machines: [],
    };
    const row = { type: 'unicast', dst: 'fd00:21::/48', dev: 'tun0', table: 'main', metric: 1024, flags: [] };
    const rules6: BundleArtifact = {
      id: 'linux-ip-rule-6',
      source: 'linux-ip-rule',
      half: 'client',
      argv: ['ip', '-6', '-j', 'rule'],
      text: JSON.stringify([
        { priority: 0, src: 'all', table: 'local' },
        { priority: 32766, src: 'all', table: 'main' },
      ]),
      exitCode: 0,
    };
    const of = (target: string) =>
      conclude(
        linux(dual, { routes: all, extraRoutes: [row], traces: {} }, (artifacts) => [
          ...artifacts,
          rules6,
          probe(target, 'timeout'),
        ]),
      ).prefixes['fd00:21::/48'];
    expect(of('[fd00:21::4]:443')).toBe('must undetermined -');
    expect(of('[fd00:99::4]:443')).toBe('must ok -');
  });
});

describe('an address that somebody asked for', () => {
  test('inside a stray is told with the stray, and by itself beside one', () => {
    const traces = { '10.99.0.4': 'silent', '10.98.0.4': 'silent' } as const;
    const { prefixes } = conclude(linux(plain, { routes: [...all, '10.99.0.0/16'], traces }));
    expect(prefixes).toHaveProperty(['10.99.0.0/16']);
    expect(prefixes).not.toHaveProperty(['10.99.0.4/32']);
    expect(prefixes['10.98.0.4/32']).toBe('never not-expected -');
  });

  test('may stand in what was not read; that it is missed only a private one lets think', () => {
    const refused: EstateSpec = {
      ...plain,
      extra: () => [forbidden('virtualNetworks.get', ids.vnet('other'), 'read')],
    };
    const capture = linux(refused, { traces: { '10.98.0.4': 'silent', '20.60.1.1': 'lost-outside' } });
    expect(conclude(capture).prefixes['10.98.0.4/32']).toBe('may undetermined -');
    const says = 'unknown | virtualNetworks.get was not read: AuthorizationFailed';
    expect(conclude(capture).prefixes['20.60.1.1/32']).toBe('never not-expected -');
    for (const asked of ['10.98.0.4/32', '20.60.1.1/32']) expect(rungText(capture, 'configured', asked)).toBe(says);
    const stray = linux(refused, { routes: [...all, '10.99.0.0/16'] });
    expect(rungText(stray, 'configured', '10.99.0.0/16')).toBe(says);
  });
});
