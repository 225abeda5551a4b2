import { describe, expect, test } from 'vitest';
import { connection, type GatewaySpec, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { plain, windows } from '../diagnosis/conclude.ts';
import { refusalOf } from './what-if-answers.ts';

/* Addresses that two would have, and that Azure gives to one only; and what only looks like it. */
const ids = idsOf(plain);
const spoke = (more: Partial<SpokeSpec>): SpokeSpec => ({ name: 'spoke-app', space: ['10.21.0.0/16'], ...more });
const of = (...spokes: readonly SpokeSpec[]): EstateSpec => ({ ...plain, spokes });
const refusal = (estate: EstateSpec, ...texts: readonly string[]) => refusalOf(windows(estate), ...texts);

describe('address spaces may not overlap', () => {
  const web = { name: 'spoke-web', space: ['10.22.0.0/16'] };
  const both = of(spoke({}), web);

  test.each([
    [
      'peered',
      both,
      'spoke-app.addressPrefixes+=10.20.128.0/17',
      '10.20.0.0/16 of vnet-hub and 10.20.128.0/17 of spoke-app',
    ],
    [
      'peered, where one holds the other',
      both,
      'vnet-hub.addressPrefixes+=10.16.0.0/12',
      '10.16.0.0/12 of vnet-hub and 10.21.0.0/16 of spoke-app',
    ],
    [
      'peered with one and the same',
      both,
      'spoke-app.addressPrefixes+=10.22.4.0/24',
      '10.22.4.0/24 of spoke-app and 10.22.0.0/16 of spoke-web, both peered with vnet-hub',
    ],
    [
      'peered, one of them unread',
      of(spoke({ unread: true })),
      'vnet-hub.addressPrefixes+=10.21.4.0/24',
      '10.21.4.0/24 of vnet-hub and 10.21.0.0/16 of spoke-app',
    ],
    [
      'about to be peered',
      of(spoke({}), { ...web, space: ['10.21.0.0/24'], near: null, far: null }),
      'vnet-hub.peer=spoke-web',
      '10.21.0.0/16 of spoke-app and 10.21.0.0/24 of spoke-web, both peered with vnet-hub',
    ],
  ])('of VNets that are %s', (_, estate, text, why) => {
    expect(refusal(estate, text)).toBe(`azure: address spaces overlap: ${why}`);
  });

  test.each([
    [
      'the VNets are not peered',
      of(spoke({}), { ...web, near: null, far: null }),
      'spoke-web.addressPrefixes+=10.21.4.0/24',
    ],
    [
      'they overlapped before',
      of(spoke({}), { ...web, space: ['10.21.0.0/24'] }),
      'vnet-hub.addressPrefixes+=10.23.0.0/16',
    ],
    [
      'nobody told what the other has',
      of(spoke({ unread: true, near: { remoteAddressSpace: undefined } })),
      'vnet-hub.addressPrefixes+=10.21.4.0/24',
    ],
    ['they are neighbours', both, 'spoke-app.addressPrefixes+=10.23.0.0/16'],
  ])('but nobody minds where %s', (_, estate, text) => {
    expect(refusal(estate, text)).toBe('nobody');
  });
});

describe('the client pool may not overlap', () => {
  const site = (name: string, space: string, from: string) => [
    arm(
      'localNetworkGateways.get',
      ids.id('localNetworkGateways', name),
      localNetworkGateway(ids.place, name, [space]),
    ),
    arm(
      'virtualNetworkGatewayConnections.get',
      ids.id('connections', `to-${name}`),
      connection(ids.place, { name: `to-${name}`, type: 'IPsec', from, to: ids.id('localNetworkGateways', name) }),
    ),
  ];
  const gw = (more: Partial<GatewaySpec>, extra: readonly BundleArtifact[] = []): EstateSpec => ({
    ...plain,
    gateway: { ...plain.gateway, ...more },
    extra: () => extra,
  });
  const hq = gw({}, [
    ...site('hq', '10.101.0.0/16', ids.gateway),
    ...site('far', '10.102.0.0/16', `${ids.gateway}-two`),
  ]);
  const unread = of(spoke({ unread: true }));

  test.each([
    ["the gateway's own VNet", plain, '10.20.7.0/24', '10.20.0.0/16 of vnet-hub'],
    ['a peered VNet', plain, '10.21.7.0/24', '10.21.0.0/16 of spoke-app'],
    ['a peered VNet that nobody read', unread, '10.21.7.0/24', '10.21.0.0/16 of spoke-app'],
    ['a site', hq, '10.101.7.0/24', '10.101.0.0/16 of hq'],
    [
      "a group's pool",
      gw({ groups: [{ name: 'staff', pool: ['172.16.60.0/24'] }] }),
      '172.16.60.0/25',
      '172.16.60.0/24 of the pool of staff',
    ],
  ])('%s', (_, estate, pool, other) => {
    expect(refusal(estate, `vpngw-hub.vpnClientAddressPool=${pool}`)).toBe(
      `azure: address spaces overlap: ${pool} of the client pool of vpngw-hub and ${other}`,
    );
  });

  test.each([
    ["another gateway's site", hq, '10.102.7.0/24'],
    [
      'a VNet that is not peered',
      of({ name: 'island', space: ['10.40.0.0/16'], near: null, far: null }),
      '10.40.7.0/24',
    ],
    [
      'a peered VNet of which nobody told a range',
      of(spoke({ unread: true, near: { remoteAddressSpace: undefined } })),
      '10.21.7.0/24',
    ],
    ['nothing', plain, '172.16.60.0/24'],
    [
      'a peered VNet of a gateway of which nobody told the VNet',
      gw({ properties: { ipConfigurations: undefined } }),
      '10.21.7.0/24',
    ],
  ])('but may be %s', (_, estate, pool) => {
    expect(refusal(estate, `vpngw-hub.vpnClientAddressPool=${pool}`)).toBe('nobody');
  });

  test('a VNet grown into it', () => {
    expect(refusal(plain, 'spoke-app.addressPrefixes+=172.16.0.0/16')).toContain('of the client pool of vpngw-hub');
  });
});

describe('an address space', () => {
  test.each([
    [
      'must hold the subnets',
      'spoke-app.addressPrefixes=10.23.0.0/16',
      'subnet app, 10.21.1.0/24, would lie outside the address space of spoke-app',
    ],
    [
      'is not empty',
      'spoke-app.addressPrefixes-=10.21.0.0/16',
      'spoke-app.addressPrefixes-=10.21.0.0/16: an address space cannot be empty',
    ],
    [
      'is made of networks',
      'spoke-app.addressPrefixes+=10.23.0.1/16',
      'spoke-app.addressPrefixes+=10.23.0.1/16: 10.23.0.1/16 is not a prefix; its network address is 10.23.0.0/16',
    ],
  ])('%s', (_, text, why) => {
    expect(refusal(plain, text)).toBe(`azure: ${why}`);
  });

  test('may shrink around its subnets', () => {
    expect(refusal(plain, 'spoke-app.addressPrefixes=10.21.0.0/17')).toBe('nobody');
  });
});
