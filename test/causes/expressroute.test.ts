import { describe, expect, test } from 'vitest';
import { gateway, gatewayRoute } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { all, linux, plain, told } from '../diagnosis/conclude.ts';
import { findingsOf } from './findings.ts';

/* An ExpressRoute gateway beside the VPN gateway, and addresses that only it may lead to. */
const code = 'expressroute-transit';
const ids = idsOf(plain);
const [dataCentre, elsewhere] = ['10.5.0.0/16', '10.6.1.4'];

/** The plain estate with these ExpressRoute gateways: by name what each has learned; null: not read. */
const beside = (circuits: Readonly<Record<string, readonly string[] | null>>, home = ids.hub): EstateSpec => ({
  ...plain,
  extra: ({ place, id }) =>
    Object.entries(circuits).flatMap(([name, learned]) => [
      arm(
        'virtualNetworkGateways.get',
        id('virtualNetworkGateways', name),
        gateway(place, {
          name,
          pool: [],
          home,
          publicAddress: '20.52.6.7',
          properties: { gatewayType: 'ExpressRoute', vpnClientConfiguration: null },
        }),
      ),
      ...(learned === null
        ? []
        : [
            arm('virtualNetworkGateways.getLearnedRoutes', id('virtualNetworkGateways', name), {
              value: learned.map((prefix) =>
                gatewayRoute(prefix, { origin: 'EBgp', nextHop: '10.20.1.4', sourcePeer: '10.20.1.4' }),
              ),
            }),
          ]),
    ]),
});
const asking = (of: EstateSpec, ...addresses: readonly string[]) =>
  linux(of, { traces: { '10.20.2.4': 'answers', ...Object.fromEntries(addresses.map((one) => [one, 'silent'])) } });
const says = (of: EstateSpec, ...addresses: readonly string[]) =>
  told(asking(of, ...addresses), code).map((one) => one.says);

describe('what somebody asked for', () => {
  test('is known to that gateway alone', () => {
    const [finding] = findingsOf(asking(beside({ ergw: [dataCentre] }), '10.5.1.4'), code);
    expect(finding).toMatchObject({
      severity: 'info',
      confidence: 'proven',
      resource: ids.id('virtualNetworkGateways', 'ergw'),
    });
    expect(finding?.summary).toMatch(/^10\.5\.0\.0\/16 .* is known only to the ExpressRoute gateway ergw/);
  });

  test('is listed nowhere, while what it learned was not read', () => {
    const [finding] = findingsOf(asking(beside({ ergw: null }), elsewhere), code);
    expect(finding).toMatchObject({ severity: 'info', confidence: 'likely' });
    expect(finding?.summary).toMatch(
      /^10\.6\.1\.4\/32 .* it may be behind the ExpressRoute gateway ergw, whose routes were not read/,
    );
  });

  test('is partly the one and partly the other, of two gateways: no more than likely', () => {
    expect(says(beside({ ergw1: null, ergw2: [dataCentre] }), '10.5.1.4', elsewhere)).toEqual([
      `info likely ${dataCentre} ${elsewhere}/32`,
    ]);
  });

  test.each<[string, EstateSpec, string]>([
    ['is public', beside({ ergw: null }), '203.0.113.9'],
    ['is not among what it learned', beside({ ergw: [dataCentre] }), elsewhere],
    ['is a VNet’s', beside({ ergw: null }), '10.21.1.4'],
    ['is beside a gateway of another VNet', beside({ ergw: null }, ids.vnet('spoke-app')), elsewhere],
    ['is a VNet’s, of a range that the gateway learned around it', beside({ ergw: ['10.0.0.0/8'] }), '10.21.1.4'],
    ['is where no such gateway is', plain, elsewhere],
  ])('is not behind it where it %s', (_, of, address) => {
    expect(says(of, address)).toEqual([]);
  });
});

describe('what that gateway alone knows', () => {
  const of = beside({ ergw: [dataCentre] });
  test('is told where the client sends it into the tunnel, asked or not', () => {
    expect(told(linux(of, { routes: [...all, dataCentre] }), code).map((one) => one.says)).toEqual([
      `info proven ${dataCentre}`,
    ]);
  });

  test.each([
    ['nobody asks', linux(of)],
    [
      'some of it answers',
      linux(of, { routes: [...all, dataCentre], traces: { '10.5.1.4': 'answers', '10.5.1.5': 'silent' } }),
    ],
    [
      'it answers: it works, promised or not',
      linux(of, { routes: [...all, dataCentre], traces: { '10.5.1.4': 'answers' } }),
    ],
  ])('is not worth a word where %s', (_, capture) => {
    expect(told(capture, code)).toEqual([]);
  });
});
