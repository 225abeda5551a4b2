import { describe, expect, test } from 'vitest';
import { gateway, peering } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, estate, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { arm, forbidden } from '../../scripts/scenarios/wire.ts';
import { expectations, expectedRoutes } from './expectations.ts';

/*
 * Whether a peering lets the gateway's clients reach a VNet: connected on both sides, transit allowed at the gateway,
 * the gateway used at the spoke. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit
 */
const space = '10.21.0.0/16';
const base: EstateSpec = {
  hub: { name: 'hub', space: ['10.20.0.0/16'] },
  gateway: { name: 'gw', pool: ['172.16.50.0/24'], publicAddress: '20.50.7.1' },
};
const ids = idsOf(base);
const withSpoke = (spoke: Partial<SpokeSpec>, more: Partial<EstateSpec> = {}): EstateSpec => ({
  ...base,
  spokes: [{ name: 'spoke', space: [space], ...spoke }],
  ...more,
});
const offer = (of: EstateSpec, prefix = space) => expectations(estate(of))[prefix];
const spokeRoute = (of: EstateSpec) => {
  const route = expectedRoutes(estate(of)).find(
    ({ reason }) => reason === 'gateway-transit' || reason === 'unsynced-range',
  );
  return { ...route, says: route?.offered.evidence.map(({ says }) => says) };
};
const offered = (state: string) => `must gateway-transit spoke: ${state}`;

describe('a spoke is', () => {
  test.each<[string, Partial<SpokeSpec>, string]>([
    ['where both halves agree', {}, 'held'],
    ['where the hub allows no transit', { near: { allowGatewayTransit: false } }, 'lost (hub-transit-off)'],
    ['where it does not use the gateway', { far: { useRemoteGateways: false } }, 'lost (remote-gateways-off)'],
    [
      'where both are off',
      { near: { allowGatewayTransit: false }, far: { useRemoteGateways: false } },
      'lost (hub-transit-off, remote-gateways-off)',
    ],
    ["where the hub's half bars all traffic", { near: { allowVirtualNetworkAccess: false } }, 'lost (access-off)'],
    ["where the spoke's half bars all traffic", { far: { allowVirtualNetworkAccess: false } }, 'lost (access-off)'],
    ["where the hub's half waits for the other", { near: { peeringState: 'Initiated' } }, 'lost (not-connected)'],
    ['where the spoke has no half', { far: null }, 'lost (half-missing)'],
    ['where the hub has no half', { near: null, far: { peeringState: 'Initiated' } }, 'lost (half-missing)'],
    ["where the hub's half was deleted", { near: null, far: { peeringState: 'Disconnected' } }, 'lost (not-connected)'],
    [
      "where the hub's half names subnets",
      { near: { peerCompleteVnets: false, remoteSubnetNames: ['app'] } },
      'partial (subnet-peering)',
    ],
    [
      "where the spoke's half names subnets",
      { far: { peerCompleteVnets: false, localSubnetNames: ['app'] } },
      'partial (subnet-peering)',
    ],
    [
      'where both halves name subnets, once',
      { near: { peerCompleteVnets: false }, far: { peerCompleteVnets: false } },
      'partial (subnet-peering)',
    ],
    ['where the spoke was not read', { unread: true }, 'unknown (unread)'],
    ["where the hub's half does not tell its transit", { near: { allowGatewayTransit: null } }, 'unknown (unread)'],
    ["where the hub's half does not tell its state", { near: { peeringState: null } }, 'unknown (unread)'],
    [
      "where the spoke's half does not tell whether it uses the gateway",
      { far: { useRemoteGateways: null } },
      'unknown (unread)',
    ],
    [
      'where something else was said to be off',
      { near: { peeringState: null, allowGatewayTransit: false } },
      'lost (unread, hub-transit-off)',
    ],
  ])('offered %s: %s %s', (_, spoke, state) => {
    expect(offer(withSpoke(spoke))).toBe(offered(state));
  });

  test('in doubt where the hub did not tell its peerings', () => {
    const hub = { ...base.hub, properties: { virtualNetworkPeerings: null } };
    expect(offer(withSpoke({ near: null }, { hub }))).toBe(offered('unknown (unread)'));
  });

  test('nothing where neither half nor VNet was read', () => {
    const half = peering({ from: ids.vnet('spoke'), to: ids.hub, remoteSpace: ['10.20.0.0/16'] });
    const extra = () => [arm('virtualNetworkPeerings.list', ids.vnet('spoke'), { value: [half] })];
    expect(Object.keys(expectations(estate({ ...base, extra })))).toEqual(['10.20.0.0/16', '172.16.50.0/24']);
  });
});

describe('a spoke with a gateway of its own', () => {
  const own = ids.id('virtualNetworkGateways', 'own');
  const document = gateway(ids.place, { name: 'own', home: ids.vnet('spoke'), pool: [], publicAddress: '20.50.7.9' });
  const subnet = (ipConfigurations: readonly object[]) => [
    { name: 'app', prefix: '10.21.1.0/24' },
    { name: 'gatewaySubnet', prefix: '10.21.0.0/27', properties: { ipConfigurations } },
  ];
  const used = [{ id: `${ids.vnet('spoke')}/subnets/x` }, { id: `${own}/ipConfigurations/default` }];

  test.each<[string, Partial<SpokeSpec>, Partial<EstateSpec>]>([
    [
      'that was read',
      { far: { useRemoteGateways: false } },
      { extra: () => [arm('virtualNetworkGateways.get', own, document)] },
    ],
    ['that its GatewaySubnet names', { far: { useRemoteGateways: false }, subnets: subnet(used) }, {}],
    [
      'and a half that does not tell whether it uses another',
      { far: { useRemoteGateways: null }, subnets: subnet(used) },
      {},
    ],
  ])("%s can't use the hub's", (_, spoke, more) => {
    const { offered: found, says } = spokeRoute(withSpoke(spoke, more));
    expect(found).toMatchObject({ state: 'lost', obstacles: [{ kind: 'own-gateway', gateway: own }] });
    expect(says).toEqual(["spoke's half to-hub: spoke has a gateway of its own, own"]);
  });

  test.each<[string, Partial<SpokeSpec>]>([
    ['an empty GatewaySubnet', { subnets: subnet([]) }],
    ['no GatewaySubnet', {}],
  ])("is none by %s: it could use the hub's", (_, spoke) => {
    expect(offer(withSpoke({ far: { useRemoteGateways: false }, ...spoke }))).toBe(
      offered('lost (remote-gateways-off)'),
    );
  });
});

describe('the evidence', () => {
  const transit = "hub's half to-spoke: peeringState Connected, allowGatewayTransit true";
  const use = "spoke's half to-hub: peeringState Connected, useRemoteGateways true";

  test.each<[string, Partial<SpokeSpec>, readonly string[]]>([
    ['names what both halves say', {}, [transit, use]],
    ['names the one half that was read', { unread: true }, [transit]],
    [
      "says nothing for a half that doesn't",
      { near: { allowGatewayTransit: null, peeringState: null } },
      ["hub's half to-spoke: peeringState not told, allowGatewayTransit not told", use],
    ],
    [
      "says nothing for the spoke's half either",
      { far: { useRemoteGateways: null } },
      [transit, "spoke's half to-hub: peeringState Connected, useRemoteGateways not told"],
    ],
    [
      'is the flag that is off',
      { near: { allowGatewayTransit: false } },
      ["hub's half to-spoke: allowGatewayTransit is false"],
    ],
    [
      'is the flag that bars traffic',
      { far: { allowVirtualNetworkAccess: false } },
      ["spoke's half to-hub: allowVirtualNetworkAccess is false"],
    ],
    ['is the state', { far: { peeringState: 'Disconnected' } }, ["spoke's half to-hub: peeringState is Disconnected"]],
    ['is the half without its other', { far: null }, ["hub's half to-spoke: spoke has no peering back"]],
    [
      "is the list of the hub's half, of subnets there",
      { near: { peerCompleteVnets: false, remoteSubnetNames: ['app', 'db'] } },
      ["hub's half to-spoke: only subnets app, db are peered"],
    ],
    [
      "is the list of the spoke's half, of its own subnets",
      { far: { peerCompleteVnets: false, localSubnetNames: ['app'], remoteSubnetNames: ['shared'] } },
      ["spoke's half to-hub: only subnets app are peered"],
    ],
    [
      'is a list that is not told',
      { near: { peerCompleteVnets: false, remoteSubnetNames: [] } },
      ["hub's half to-spoke: only subnets of a list are peered"],
    ],
  ])('%s', (_, spoke, says) => {
    expect(spokeRoute(withSpoke(spoke)).says).toEqual(says);
  });

  test('is the refusal, where the spoke may not be read', () => {
    const { resource: _nameless, ...list } = forbidden('virtualNetworks.listAll', ids.hub, 'read');
    const extra = () => [
      list,
      forbidden('virtualNetworkGateways.listConnections', ids.gateway, 'read'),
      forbidden('virtualNetworks.get', ids.vnet('other'), 'read'),
      forbidden('virtualNetworks.get', ids.vnet('spoke'), 'read'),
    ];
    const { says, offered: found } = spokeRoute(withSpoke({ unread: true }, { extra }));
    expect(says).toEqual(['spoke could not be read: AuthorizationFailed']);
    expect(found?.evidence[0]?.origin).toMatchObject({ artifact: 'arm:virtualNetworks.get.spoke' });
  });

  test('leads back to the resources', () => {
    const { vnet: home, peering: halves, configured } = spokeRoute(withSpoke({}));
    expect([home?.name, halves?.near?.name, halves?.far?.name]).toEqual(['spoke', 'to-spoke', 'to-hub']);
    expect(configured?.evidence).toMatchObject([{ says: `${space} is address space of spoke` }]);
    const oneSided = spokeRoute(withSpoke({ near: null }));
    expect([oneSided.vnet?.name, oneSided.peering?.near, oneSided.peering?.far?.name]).toEqual([
      'spoke',
      undefined,
      'to-hub',
    ]);
  });
});
