import { describe, expect, test } from 'vitest';
import { connection, localNetworkGateway, vnet, vnetId } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { phonebook, type WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { bothAnswer, type Change, plain, told, windows, without } from '../diagnosis/conclude.ts';

/* Windows takes all of 10/8 into a tunnel whose own address begins with 10. */
const code = 'class-based-route';
const [hub, spoke, pool] = ['10.20.0.0/16', '10.21.0.0/16', '10.99.0.0/24'] as const;
const ten: EstateSpec = { ...plain, gateway: { ...plain.gateway, pool: [pool] } };
const row = { prefix: '10.0.0.0/8', interface: '10.99.0.5', metric: 43 };
const enabled = (name = 'vnet-hub'): Change => adding(phonebook(name, { DisableClassBasedDefaultRoute: 0 }));
const adding =
  (...more: readonly ReturnType<typeof phonebook>[]): Change =>
  (artifacts) => [...artifacts, ...more];
const then =
  (...changes: readonly Change[]): Change =>
  (artifacts) =>
    changes.reduce((so, change) => change(so), artifacts);
const of = (client: Partial<WindowsSpec> = {}, change: Change = enabled(), estate: EstateSpec = ten) =>
  windows(estate, { tunnelAddress: '10.99.0.5', routes: [hub, spoke, pool], extra: [row], ...client }, change);
const saysOf = (capture: Capture) => told(capture, code).map(({ says }) => says);
const findingOf = (capture: Capture) =>
  analyze(capture).findings.find((one) => one.code === code) ?? expect.fail('not told');
const evidenceOf = (capture: Capture) =>
  findingOf(capture)
    .evidence.map(({ says }) => says)
    .slice(2);
const ids = idsOf(ten);
const withSite = (...space: readonly string[]): EstateSpec => ({
  ...ten,
  extra: () => [
    arm('virtualNetworkGateways.listConnections', ids.gateway, {
      value: [
        connection(ids.place, {
          name: 'to-hq',
          type: 'IPsec',
          from: ids.gateway,
          to: ids.id('localNetworkGateways', 'hq'),
        }),
      ],
    }),
    arm('localNetworkGateways.get', ids.id('localNetworkGateways', 'hq'), localNetworkGateway(ids.place, 'hq', space)),
  ],
});

describe('is only worth a word where it takes nothing', () => {
  test('and all networks have routes of their own', () => {
    const capture = of();
    expect(told(capture, code)).toMatchObject([{ says: 'info proven 10.0.0.0/8', actual: '0' }]);
    expect(findingOf(capture).summary).toBe(
      'Windows added 10.0.0.0/8 for the class of 10.99.0.5: it comes from Windows, not from Azure.',
    );
  });

  test.each<[string, Capture]>([
    ['and the pool alone has no route of its own', of({ routes: [hub, spoke] })],
    ['and a site, which no client is given, has none', of({}, enabled(), withSite('10.77.0.0/16'))],
    ['and somebody asked for a machine of Azure', of({ traces: bothAnswer })],
    [
      'and somebody asked for one of a site',
      of({ traces: { '10.77.0.4': 'silent' } }, enabled(), withSite('10.77.0.0/16')),
    ],
    ['and somebody asked for an address of another class', of({ traces: { '172.20.0.4': 'lost-outside' } })],
    [
      'and the address that somebody asked for is kept outside by a longer route',
      of({
        traces: { '10.200.0.4': 'lost-outside' },
        extra: [row, { prefix: '10.200.0.0/16', gateway: '192.168.29.1', interface: '192.168.29.37', metric: 26 }],
      }),
    ],
  ])('%s', (_, capture) => {
    expect(saysOf(capture)).toEqual(['info proven 10.0.0.0/8']);
  });
});

describe('is a warning where it takes', () => {
  test('a company network that somebody asked for', () => {
    const capture = of({ traces: { '10.200.0.4': 'silent' } });
    expect(saysOf(capture)).toEqual(['warning proven 10.0.0.0/8']);
    expect(findingOf(capture).summary).toBe(
      "Windows added 10.0.0.0/8 for the class of 10.99.0.5, and it takes addresses that are not Azure's into the tunnel.",
    );
    expect(evidenceOf(capture)).toEqual(["10.200.0.4 goes into the tunnel and is not Azure's"]);
  });

  test('the same where Azure is to carry the internet too: a default claims no company network', () => {
    const forced = { ...ten, gateway: { ...ten.gateway, customRoutes: ['0.0.0.0/0'] } };
    expect(evidenceOf(of({ traces: { '10.200.0.4': 'silent' } }, enabled(), forced))).toEqual([
      "10.200.0.4 goes into the tunnel and is not Azure's",
    ]);
  });

  test('the networks beside this computer’s own: its router and its address are of that class', () => {
    const capture = of({ lan: { address: '10.50.0.37', router: '10.50.0.1' } });
    expect(saysOf(capture)).toEqual(['warning proven 10.0.0.0/8']);
    expect(evidenceOf(capture)).toEqual([
      "the local network's router 10.50.0.1 is in the same class",
      "this computer's 10.50.0.37 is in the same class: its neighbours' networks go into the tunnel",
    ]);
  });

  test('a network of Azure that has no route of its own', () => {
    const capture = of({ routes: [hub, pool] });
    expect(saysOf(capture)).toEqual(['warning proven 10.0.0.0/8']);
    expect(findingOf(capture).summary).toMatch(
      /takes 10\.21\.0\.0\/16, which has no route of its own, into the tunnel\.$/,
    );
  });

  test('both, and four of the captured addresses are cited', () => {
    const asked = ['10.200.0.1', '10.200.0.2', '10.200.0.3', '10.200.0.4', '10.200.0.5'];
    const capture = of({ routes: [hub, pool], traces: Object.fromEntries(asked.map((one) => [one, 'silent'])) });
    expect(findingOf(capture).summary).toMatch(/takes addresses that are not Azure's and 10\.21\.0\.0\/16, which/);
    expect(evidenceOf(capture)).toHaveLength(4);
  });
});

describe('how sure it is', () => {
  test.each<[string, string, string, Change]>([
    ['the phonebook leaves it on', 'proven', '0', then(without('cmroute-routes'), enabled())],
    ['a package was read, which does not name it', 'proven', '10.0.0.0/8 is on-link on the tunnel', adding()],
    ['neither was read', 'likely', '10.0.0.0/8 is on-link on the tunnel', without('cmroute-routes')],
    [
      'the phonebook speaks of another connection',
      'likely',
      '10.0.0.0/8 is on-link on the tunnel',
      then(without('cmroute-routes'), enabled('Contoso')),
    ],
  ])('where %s', (_, confidence, actual, change) => {
    expect(told(of({}, change), code)).toMatchObject([{ says: `info ${confidence} 10.0.0.0/8`, actual }]);
  });

  test('the connection is named in the command that adds the exact routes, where it is known', () => {
    const step = (change: Change) => findingOf(of({}, change)).fixes[1]?.steps[1];
    expect(step(adding())).toMatch(/-ConnectionName vnet-hub /);
    expect(step(without('windows-vpn-connection'))).toMatch(/-ConnectionName CONNECTION-NAME /);
  });
});

test.each<[string, Capture]>([
  ['a custom route', of({}, adding(), { ...ten, gateway: { ...ten.gateway, customRoutes: ['10.0.0.0/8'] } })],
  ['what a site has', of({}, adding(), withSite('10.0.0.0/8'))],
  ['a route of the package', of({ installed: [hub, spoke, pool, '10.0.0.0/8'] }, adding())],
  [
    'a VNet that is not even peered',
    of({}, adding(), {
      ...ten,
      extra: () => [
        arm(
          'virtualNetworks.get',
          vnetId(ids.place, { name: 'apart' }),
          vnet(ids.place, { name: 'apart', space: ['10.0.0.0/8'] }),
        ),
      ],
    }),
  ],
  ['nothing that Windows would add, where the phonebook says not to', of({}, adding(phonebook('vnet-hub')))],
])('%s of exactly this prefix is no work of Windows', (_, capture) => {
  expect(saysOf(capture)).toEqual([]);
});
