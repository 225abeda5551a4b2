import { describe, expect, test } from 'vitest';
import { connection, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, conclude, linux, plain, told, windows } from '../diagnosis/conclude.ts';

/* What counts as a stray, and when it is proven: everything that could list it was read, and nothing does. */
const ids = idsOf(plain);
const stray = '10.99.0.0/16';
const led = { routes: [...all, stray] };
const withAzure = (...extra: readonly BundleArtifact[]): EstateSpec => ({ ...plain, extra: () => extra });
const prefixesOf = (...of: Parameters<typeof linux>) => conclude(linux(...of)).prefixes;

describe('no stray is', () => {
  test.each([
    ['10.55.0.5', '10.0.0.0/8', '10.55.0.0/24'],
    ['172.16.50.2', '172.16.0.0/16', '172.16.50.0/24'],
    ['192.168.77.2', '192.168.77.0/24', '192.168.77.0/25'],
  ])('the classful network of %s, %s, that Windows adds by itself', (tunnelAddress, classful, pool) => {
    const estate = { ...plain, gateway: { ...plain.gateway, pool: [pool] } };
    const routes = ['10.20.0.0/16', '10.21.0.0/16', pool];
    const row = { prefix: classful, interface: tunnelAddress, metric: 43 };
    const { prefixes, warnings } = conclude(windows(estate, { tunnelAddress, routes, extra: [row] }));
    expect(prefixes).not.toHaveProperty([classful]);
    expect(warnings).not.toContain('stray-route');
  });

  test('a default into the tunnel, or its halves', () => {
    for (const halves of [['0.0.0.0/0'], ['0.0.0.0/1', '128.0.0.0/1']])
      expect(Object.values(prefixesOf(plain, { routes: [...all, ...halves] })).join()).not.toMatch(
        /never not-expected configured/,
      );
  });

  test('the pool of another group of users', () => {
    const groups = [{ name: 'staff', pool: ['172.16.51.0/24'] }];
    const estate = { ...plain, gateway: { ...plain.gateway, groups } };
    expect(prefixesOf(estate, { routes: [...all, '172.16.51.0/24'] })).not.toHaveProperty(['172.16.51.0/24']);
  });

  test('a part of what is expected', () => {
    expect(prefixesOf(plain, { routes: [...all, '10.21.128.0/17'] })).not.toHaveProperty(['10.21.128.0/17']);
  });
});

describe('a route to what nothing lists', () => {
  test('is lost at configured, however often the table has it', () => {
    expect(prefixesOf(plain, { routes: [...led.routes, stray] })[stray]).toBe('never not-expected configured');
    expect(conclude(linux(plain, led)).warnings).toEqual(['stray-route']);
    const twice = told(linux(plain, { routes: [...led.routes, stray] }), 'stray-route');
    expect(twice.map(({ says }) => says)).toEqual([`warning proven ${stray}`]);
  });

  test.each<[string, ...BundleArtifact[]]>([
    ['a site whose ranges were not read', site('IPsec', 'lng-gone')],
    ['a gateway further on whose connections were not read', site('Vnet2Vnet', 'vpngw-far')],
    ['BGP of which nobody asked what it taught', site('IPsec', 'lng-read', { enableBgp: true }), lng()],
    ['connections that may not be read', refused(site('IPsec', 'lng-gone'))],
  ])('may lie behind %s', (_, ...extra) => {
    const told = conclude(linux(withAzure(...extra), led));
    expect(told.prefixes[stray]).toMatch(/ -$/);
    expect(told.warnings).not.toContain('stray-route');
  });

  test('is proven beside a site whose ranges were read and are others', () => {
    const { prefixes, warnings } = conclude(linux(withAzure(site('IPsec', 'lng-read'), lng()), led));
    expect(prefixes[stray]).toBe('never not-expected configured');
    expect(warnings).toContain('stray-route');
  });
});

describe('a route wider than what Azure has', () => {
  const wide = '10.16.0.0/12';
  const wider = { routes: [...all, wide] };
  const summaryOf = (capture: Capture) =>
    analyze(capture)
      .findings.filter(({ code }) => code === 'stray-route')
      .map(({ confidence, summary }) => `${confidence}: ${summary}`);

  test.each([
    ['Windows', windows(plain, { ...wider, installed: all })],
    ['Linux', linux(plain, wider)],
  ])('is known in part, and told of, on %s', (_, capture) => {
    const { prefixes, verdict, warnings } = conclude(capture);
    expect(prefixes[wide]).toBe('never not-expected configured');
    // The spokes and the hub work all the same.
    expect({ verdict, warnings }).toEqual({ verdict: 'ok', warnings: ['stray-route'] });
    expect(summaryOf(capture)).toEqual([
      `proven: ${wide} goes into the tunnel, but Azure lists only a part of it: packets to the rest vanish at the gateway.`,
    ]);
    const stray = analyze(capture).ladders.find(({ origin }) => origin.kind === 'stray');
    expect(stray?.rungs[0]).toMatchObject({
      state: 'partial',
      evidence: [{ says: `of ${wide} Azure lists only 10.20.0.0/15` }],
    });
  });

  test('is what Azure knows less of than it seems, where the rest of it answers', () => {
    const traces = { '10.20.2.4': 'answers', '10.21.1.4': 'answers', '10.25.1.4': 'answers' } as const;
    expect(summaryOf(linux(plain, { ...wider, traces }))).toEqual([
      `likely: ${wide} goes into the tunnel and answers, yet only a part of it is listed in what was read of Azure: our view of Azure is incomplete.`,
    ]);
  });

  test('is none where the gateway advertises all of it', () => {
    const estate = { ...plain, gateway: { ...plain.gateway, customRoutes: [wide] } };
    expect(conclude(linux(estate, wider)).warnings).toEqual([]);
  });

  test('is left open where something that could list the rest was not read', () => {
    const told = conclude(linux(withAzure(site('IPsec', 'lng-gone')), wider));
    expect(told.prefixes[wide]).toMatch(/ -$/);
    expect(told.warnings).not.toContain('stray-route');
  });
});

function site(type: 'IPsec' | 'Vnet2Vnet', far: string, properties: object = {}): BundleArtifact {
  const to = ids.id(type === 'IPsec' ? 'localNetworkGateways' : 'virtualNetworkGateways', far);
  const value = [connection(ids.place, { name: 'to-far', type, from: ids.gateway, to, properties: { ...properties } })];
  return arm('virtualNetworkGateways.listConnections', ids.gateway, { value });
}

function lng(): BundleArtifact {
  const id = ids.id('localNetworkGateways', 'lng-read');
  return arm('localNetworkGateways.get', id, localNetworkGateway(ids.place, 'lng-read', ['192.168.60.0/24']));
}

function refused({ text: _text, ...rest }: BundleArtifact): BundleArtifact {
  return { ...rest, unanswered: { status: 403, code: 'AuthorizationFailed', message: '' } };
}
