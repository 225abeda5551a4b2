import { describe, expect, test } from 'vitest';
import { type EstateSpec, estate, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { unpeeredSubnets } from '../../src/model/peering-offer.ts';
import { expectations, expectedRoutes } from './expectations.ts';

/*
 * Which ranges of a peered VNet clients are offered: the snapshot that the hub's half holds.
 * https://learn.microsoft.com/azure/virtual-network/update-virtual-network-peering-address-space
 */
const base: EstateSpec = {
  hub: { name: 'hub', space: ['10.20.0.0/16'] },
  gateway: { name: 'gw', pool: ['172.16.50.0/24', 'fd00:50::/64'], publicAddress: '20.50.7.1' },
};
const ids = idsOf(base);
const withSpoke = (spoke: Partial<SpokeSpec>): EstateSpec => ({
  ...base,
  spokes: [{ name: 'spoke', space: ['10.21.0.0/16'], ...spoke }],
});
const holding = (...addressPrefixes: readonly string[]) => ({ remoteAddressSpace: { addressPrefixes } });
const knowing = (...addressPrefixes: readonly string[]) => ({ remoteVirtualNetworkAddressSpace: { addressPrefixes } });
const off = { useRemoteGateways: false };
const known = ['10.20.0.0/16', '172.16.50.0/24', 'fd00:50::/64'];
const ranges = (spoke: Partial<SpokeSpec>) =>
  Object.fromEntries(Object.entries(expectations(estate(withSpoke(spoke)))).filter(([one]) => !known.includes(one)));

describe('of a spoke whose space has changed', () => {
  test.each<[string, Partial<SpokeSpec>, Readonly<Record<string, string>>]>([
    [
      'a new range waits for a sync, and the old one is offered',
      { space: ['10.21.0.0/16', '10.31.0.0/16'], near: holding('10.21.0.0/16') },
      {
        '10.21.0.0/16': 'must gateway-transit spoke: held',
        '10.31.0.0/16': 'must unsynced-range spoke: lost (out-of-sync)',
      },
    ],
    [
      'a grown range is offered in part',
      { space: ['10.20.0.0/15'], near: holding('10.21.0.0/16') },
      {
        '10.21.0.0/16': 'must gateway-transit spoke: held',
        '10.20.0.0/15': 'must unsynced-range spoke: partial (out-of-sync)',
      },
    ],
    [
      'a grown range is offered in part though only some subnets are peered',
      { space: ['10.20.0.0/15'], near: { ...holding('10.21.0.0/16'), peerCompleteVnets: false } },
      {
        '10.21.0.0/16': 'must gateway-transit spoke: partial (subnet-peering)',
        '10.20.0.0/15': 'must unsynced-range spoke: partial (out-of-sync, subnet-peering)',
      },
    ],
    [
      'a grown range is not offered where the gateway is not used',
      { space: ['10.20.0.0/15'], near: holding('10.21.0.0/16'), far: off },
      {
        '10.21.0.0/16': 'must gateway-transit spoke: lost (remote-gateways-off)',
        '10.20.0.0/15': 'must unsynced-range spoke: lost (out-of-sync, remote-gateways-off)',
      },
    ],
    [
      'a range that is gone may still be offered',
      { space: ['10.31.0.0/16'], near: { ...holding('10.21.0.0/16', '10.31.0.0/16'), ...knowing('10.31.0.0/16') } },
      { '10.21.0.0/16': 'may gateway-transit spoke: held', '10.31.0.0/16': 'must gateway-transit spoke: held' },
    ],
    [
      'a range that is gone is expected while nobody read the spoke',
      { unread: true, near: { ...holding('10.21.0.0/16'), ...knowing('10.31.0.0/16') } },
      {
        '10.21.0.0/16': 'must gateway-transit spoke: unknown (unread)',
        '10.31.0.0/16': 'must unsynced-range spoke: lost (out-of-sync, unread)',
      },
    ],
    [
      'two halves of a range are the range',
      { space: ['10.21.0.0/17', '10.21.128.0/17'], near: { ...holding('10.21.0.0/16'), ...knowing() } },
      {
        '10.21.0.0/16': 'must gateway-transit spoke: held',
        '10.21.0.0/17': 'must gateway-transit spoke: held',
        '10.21.128.0/17': 'must gateway-transit spoke: held',
      },
    ],
    [
      "the present space counts where the hub's half holds no snapshot",
      { near: { remoteAddressSpace: null } },
      { '10.21.0.0/16': 'must gateway-transit spoke: held' },
    ],
    [
      'nothing is known where neither half nor VNet tells a range',
      { unread: true, near: { remoteAddressSpace: null, remoteVirtualNetworkAddressSpace: null } },
      {},
    ],
  ])('%s', (_, spoke, found) => {
    expect(ranges(spoke)).toEqual(found);
  });

  test('an unsynced range is told by the half that lacks it, and by what else withholds it', () => {
    const says = (spoke: Partial<SpokeSpec>) =>
      expectedRoutes(estate(withSpoke({ space: ['10.31.0.0/16'], near: holding('10.21.0.0/16'), ...spoke })))
        .find(({ reason }) => reason === 'unsynced-range')
        ?.offered.evidence.map((one) => one.says);
    const lacks = "hub's half to-spoke does not hold 10.31.0.0/16 yet";
    expect(says({})).toEqual([lacks]);
    expect(says({ far: off })).toEqual([lacks, "spoke's half to-hub: useRemoteGateways is false"]);
  });
});

describe('a peering for IPv6 only', () => {
  const both = { space: ['10.21.0.0/16', 'fd00:21::/48'] };
  test.each<[string, string, Partial<SpokeSpec>]>([
    [
      "by the hub's half",
      `${ids.hub}/virtualNetworkPeerings/to-spoke`,
      { near: { enableOnlyIPv6Peering: true }, far: { enableOnlyIPv6Peering: false } },
    ],
    [
      "by the spoke's half",
      `${ids.vnet('spoke')}/virtualNetworkPeerings/to-hub`,
      { far: { enableOnlyIPv6Peering: true } },
    ],
  ])('%s carries no IPv4', (_, resource, spoke) => {
    expect(ranges({ ...both, ...spoke })).toEqual({
      '10.21.0.0/16': 'must gateway-transit spoke: lost (ipv6-unsupported)',
      'fd00:21::/48': 'must gateway-transit spoke: held',
    });
    const route = expectedRoutes(estate(withSpoke({ ...both, ...spoke }))).find(({ owner }) => owner === 'spoke');
    expect(route?.offered).toMatchObject({
      evidence: [{ says: expect.stringMatching(/^to-\w+ peers IPv6 only$/) }],
      obstacles: [{ kind: 'ipv6-unsupported', resource }],
    });
  });

  test('may be withheld by more', () => {
    expect(ranges({ near: { enableOnlyIPv6Peering: true }, far: off })).toEqual({
      '10.21.0.0/16': 'must gateway-transit spoke: lost (ipv6-unsupported, remote-gateways-off)',
    });
  });
});

describe('of a subnet peering', () => {
  const subnets = [
    { name: 'App', prefix: '10.21.1.0/24' },
    { name: 'db', prefix: '10.21.2.0/24' },
    { name: 'GatewaySubnet', prefix: '10.21.0.0/27' },
  ];
  const leftOut = (spoke: Partial<SpokeSpec>) => {
    const route = expectedRoutes(estate(withSpoke({ subnets, ...spoke }))).find(({ owner }) => owner === 'spoke');
    const { near, far } = route?.peering ?? {};
    return unpeeredSubnets({ near, far, vnet: route?.vnet }).map(({ name }) => name);
  };

  test.each<[string, Partial<SpokeSpec>, readonly string[]]>([
    [
      "those that the hub's half does not name are left out",
      { near: { peerCompleteVnets: false, remoteSubnetNames: ['app'] } },
      ['db'],
    ],
    [
      "those that the spoke's half alone does not name are left out",
      { far: { peerCompleteVnets: false, localSubnetNames: ['DB'] } },
      ['App'],
    ],
    [
      "the hub's half has the word",
      { near: { peerCompleteVnets: false, remoteSubnetNames: ['app'] }, far: { localSubnetNames: ['db'] } },
      ['db'],
    ],
    [
      'none is left out where it names them all',
      { near: { peerCompleteVnets: false, remoteSubnetNames: ['app', 'DB'] } },
      [],
    ],
    [
      'none is known to be where it does not tell which',
      { near: { peerCompleteVnets: false, remoteSubnetNames: [] } },
      [],
    ],
    [
      'none is known to be where the spoke was not read',
      { unread: true, near: { peerCompleteVnets: false, remoteSubnetNames: ['app'] } },
      [],
    ],
    ['none is left out of a whole one', {}, []],
  ])('%s', (_, spoke, names) => {
    expect(leftOut(spoke)).toEqual(names);
  });
});
