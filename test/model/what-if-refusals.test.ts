import { describe, expect, test } from 'vitest';
import { gateway, peering } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { plain, windows } from '../diagnosis/conclude.ts';
import { refusalOf } from './what-if-answers.ts';

/* What Azure would not take, said before anybody tries; and its twins, which it would. */
const ids = idsOf(plain);
const off = { useRemoteGateways: false };
const spoke = (more: Partial<SpokeSpec>): SpokeSpec => ({ name: 'spoke-app', space: ['10.21.0.0/16'], ...more });
const of = (...spokes: readonly SpokeSpec[]): EstateSpec => ({ ...plain, spokes });
const refusal = (estate: EstateSpec, ...texts: readonly string[]) => refusalOf(windows(estate), ...texts);

/** Another VNet, peered with the spoke as well: a second half that lives in the spoke. */
const second = (properties: object) =>
  peering({
    from: ids.vnet('spoke-app'),
    to: ids.vnet('vnet-two'),
    remoteSpace: ['10.70.0.0/16'],
    properties: { ...properties },
  });
const gatewaySubnet = { name: 'GatewaySubnet', prefix: '10.70.1.0/27' };
const two = (more: Partial<SpokeSpec> = {}): SpokeSpec => ({
  name: 'vnet-two',
  space: ['10.70.0.0/16'],
  near: null,
  far: null,
  subnets: [gatewaySubnet, { name: 'app', prefix: '10.70.2.0/24' }],
  peerings: [
    peering({
      from: ids.vnet('vnet-two'),
      to: ids.vnet('spoke-app'),
      remoteSpace: ['10.21.0.0/16'],
      properties: { allowGatewayTransit: true },
    }),
  ],
  ...more,
});
const use = 'spoke-app/to-vnet-hub.useRemoteGateways=true';
const useSecond = 'spoke-app/to-vnet-two.useRemoteGateways=true';

describe('a spoke cannot use remote gateways', () => {
  const standingThere = {
    name: 'GatewaySubnet',
    prefix: '10.21.9.0/27',
    properties: {
      ipConfigurations: [{ id: `${ids.id('virtualNetworkGateways', 'gw-own')}/ipConfigurations/default` }],
    },
  };

  test.each([
    [
      'while the other half does not allow transit',
      of(spoke({ near: { allowGatewayTransit: false }, far: off })),
      use,
      'allowGatewayTransit is off on the other half; set both on, --set vnet-hub/to-spoke-app.allowGatewayTransit=true, or this one off, --set spoke-app/to-vnet-hub.useRemoteGateways=false',
    ],
    [
      'where the flag is set already, and set now once more',
      of(spoke({ near: { allowGatewayTransit: false } })),
      use,
      'allowGatewayTransit is off on the other half; set both on, --set vnet-hub/to-spoke-app.allowGatewayTransit=true, or this one off, --set spoke-app/to-vnet-hub.useRemoteGateways=false',
    ],
    ['where there is no other half', of(spoke({ near: null, far: off })), use, 'vnet-hub has no half of this peering'],
    [
      'where it has a gateway of its own',
      of(spoke({ far: off, subnets: [standingThere] })),
      use,
      'spoke-app has a gateway of its own, gw-own',
    ],
    [
      'through two peerings',
      of(spoke({ peerings: [second(off)] }), two()),
      useSecond,
      'spoke-app/to-vnet-hub does already, and only one peering of a VNet may',
    ],
    [
      'of a VNet that has none',
      of(spoke({ far: off, peerings: [second(off)] }), two({ subnets: [{ name: 'app', prefix: '10.70.2.0/24' }] })),
      useSecond,
      'vnet-two has no gateway',
    ],
  ])('%s', (_, estate, text, why) => {
    const half = text.slice(0, text.indexOf('.'));
    expect(refusal(estate, text)).toBe(`azure: ${half} cannot use remote gateways: ${why}`);
  });

  test('any more, once transit is taken from it', () => {
    expect(refusal(plain, 'vnet-hub/to-spoke-app.allowGatewayTransit=false')).toMatch(
      /^azure: spoke-app\/to-vnet-hub cannot use remote gateways: allowGatewayTransit is off/,
    );
  });

  test.each([
    [
      'both ends are changed, in whatever order',
      of(spoke({ near: { allowGatewayTransit: false }, far: off })),
      [use, 'vnet-hub/to-spoke-app.allowGatewayTransit=true'],
    ],
    [
      'transit and its use end together',
      plain,
      ['vnet-hub/to-spoke-app.allowGatewayTransit=false', 'spoke-app/to-vnet-hub.useRemoteGateways=false'],
    ],
    [
      'it changes over to another gateway',
      of(spoke({ peerings: [second(off)] }), two()),
      [useSecond, 'spoke-app/to-vnet-hub.useRemoteGateways=false'],
    ],
    [
      'nobody could read the far VNet',
      of(spoke({ far: off, peerings: [second(off)] }), two({ unread: true })),
      [useSecond],
    ],
    [
      'the subnets of the far VNet were not told',
      of(spoke({ far: off, peerings: [second(off)] }), two({ subnets: [] })),
      [useSecond],
    ],
    [
      'it was wrong before, and something else is changed',
      of(spoke({ near: { allowGatewayTransit: false } })),
      ['vpngw-hub.customRoutes=10.97.0.0/16'],
    ],
    [
      'it was wrong before, and another flag of it is changed',
      of(spoke({ near: { allowGatewayTransit: false } })),
      ['spoke-app/to-vnet-hub.allowForwardedTraffic=false'],
    ],
    [
      'its flag is taken away',
      of(spoke({ near: { allowGatewayTransit: false } })),
      ['spoke-app/to-vnet-hub.useRemoteGateways=false'],
    ],
    ['the half in the hub is deleted under it', plain, ['vnet-hub/to-spoke-app.remove=true']],
  ])('but nobody minds where %s', (_, estate, texts) => {
    expect(refusal(estate, ...texts)).toBe('nobody');
  });

  test('but nobody minds where the gateway is known, and the list of subnets is not whole', () => {
    const estate = of(
      spoke({ far: off, peerings: [second(off)] }),
      two({ subnets: [{ name: 'app', prefix: '10.70.2.0/24' }] }),
    );
    const there: BundleArtifact = arm(
      'virtualNetworkGateways.get',
      ids.id('virtualNetworkGateways', 'gw-two'),
      gateway(ids.place, {
        name: 'gw-two',
        pool: ['172.20.0.0/24'],
        home: ids.vnet('vnet-two'),
        publicAddress: '20.50.7.2',
      }),
    );
    expect(refusal({ ...estate, extra: () => [there] }, useSecond)).toBe('nobody');
  });
});
