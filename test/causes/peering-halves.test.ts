import { describe, expect, test } from 'vitest';
import { gateway, peering } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { linux, plain, told } from '../diagnosis/conclude.ts';
import { cited, explained, findingsOf } from './explained.ts';

/* What each half of a peering says, and what it does not know yet. */
const ids = idsOf(plain);
const spokeOf = (more: Partial<SpokeSpec>, hub: Partial<EstateSpec['hub']> = {}): EstateSpec => ({
  ...plain,
  hub: { ...plain.hub, ...hub },
  spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], ...more }],
});
const quiet = { traces: {} };
const prefixes = (...texts: readonly string[]) => ({ addressPrefixes: texts });

describe('peering-disconnected', () => {
  const code = 'peering-disconnected';
  const gone = { peeringState: 'Disconnected' };

  test.each([
    [
      "the gateway's half is left",
      { near: gone, far: null },
      ['delete', 'create --allow-gateway-transit', 'create --use-remote-gateways'],
    ],
    // Azure refuses useRemoteGateways before the other half shares its gateway.
    [
      "the spoke's half is left",
      { near: null, far: gone },
      ['delete', 'create --allow-gateway-transit', 'create --use-remote-gateways'],
    ],
  ])('where %s, both are made anew, the one that shares the gateway first', (_, halves, acts) => {
    const [finding] = told(linux(spokeOf(halves), quiet), code);
    expect(finding?.says).toBe('error proven 10.21.0.0/16');
    const act = (command: string) => /peering (\w+) .*?(--[a-z]+-(?:gateway-transit|remote-gateways))?$/.exec(command);
    expect(finding?.commands.map((command) => act(command)?.slice(1).filter(Boolean).join(' '))).toEqual(acts);
    const left = halves.near === null ? 'spoke-app -n to-vnet-hub' : 'vnet-hub -n to-spoke-app';
    expect(finding?.commands[0]).toContain(`--vnet-name ${left}`);
  });
});

describe('peering-half-missing', () => {
  const code = 'peering-half-missing';

  test.each([
    ['Initiated', 'proven'],
    ['Connected', 'likely'],
  ])('of a half that is %s and has no counterpart it is %s, and told once', (peeringState, confidence) => {
    const findings = told(linux(spokeOf({ near: { peeringState }, far: null }), quiet), code);
    expect(findings.map(({ says, actual }) => [says, actual])).toEqual([
      [`error ${confidence} 10.21.0.0/16`, peeringState],
    ]);
  });

  test('of a half whose state was not told there is no word on it', () => {
    const [finding] = findingsOf(linux(spokeOf({ near: { peeringState: undefined }, far: null }), quiet), code);
    expect(finding?.actual).toBeUndefined();
    expect(finding?.evidence[0].says).toMatch(/peeringState is not told/);
  });

  test('of a half that waits it is told even where the other VNet was not read', () => {
    const findings = told(linux(spokeOf({ near: { peeringState: 'Initiated' }, unread: true }), quiet), code);
    expect(findings.map(({ says }) => says)).toEqual(['error proven 10.21.0.0/16']);
    expect(told(linux(spokeOf({ unread: true }), quiet), code)).toEqual([]);
  });
});

describe('peering-out-of-sync', () => {
  const code = 'peering-out-of-sync';
  const says = (estate: EstateSpec) =>
    findingsOf(linux(estate, quiet), code).map(({ severity, actual, expected }) => [severity, actual, expected]);
  const grown = ['10.21.0.0/16', '10.31.0.0/16'];

  test('a range that was added is an error: nobody is given it', () => {
    const estate = spokeOf({ space: grown, near: { remoteAddressSpace: prefixes('10.21.0.0/16') } });
    expect(says(estate)).toEqual([['error', '10.21.0.0/16', '10.21.0.0/16, 10.31.0.0/16']]);
    expect(explained(linux(estate, quiet), code)).toEqual([['10.31.0.0/16']]);
    expect(cited(linux(estate, quiet), code)[0]).toEqual([
      "vnet-hub's half to-spoke-app holds 10.21.0.0/16",
      "vnet-hub's half to-spoke-app: peeringSyncLevel is FullyInSync",
      '10.31.0.0/16 is address space of spoke-app',
    ]);
  });

  test('a range that was taken away is a warning: clients are still given it', () => {
    const held = prefixes('10.21.0.0/16', '10.31.0.0/16', '10.32.0.0/16');
    const now = prefixes('10.21.0.0/16');
    const near = { remoteAddressSpace: held, remoteVirtualNetworkAddressSpace: now, peeringSyncLevel: undefined };
    const estate = spokeOf({ near });
    expect(says(estate)).toEqual([['warning', '10.21.0.0/16, 10.31.0.0/16, 10.32.0.0/16', '10.21.0.0/16']]);
    expect(explained(linux(estate, quiet), code)).toEqual([['10.31.0.0/16', '10.32.0.0/16']]);
    expect(cited(linux(estate, quiet), code)[0]?.[1]).toMatch(/peeringSyncLevel is not told/);
    const [finding] = told(linux(estate, quiet), code);
    expect(finding?.commands[0]).toMatch(/peering sync .* --vnet-name vnet-hub -n to-spoke-app$/);
  });

  test("a range that the gateway's VNet got, and a spoke does not know, is no fault of the client's way", () => {
    const space = ['10.20.0.0/16', '10.30.0.0/16', '10.36.0.0/16'];
    const estate = spokeOf({ far: { remoteAddressSpace: prefixes('10.20.0.0/16', '10.36.0.0/16') } }, { space });
    const [finding] = findingsOf(linux(estate, quiet), code);
    expect(says(estate)).toEqual([['info', '10.20.0.0/16, 10.36.0.0/16', '10.20.0.0/16, 10.36.0.0/16, 10.30.0.0/16']]);
    expect(finding?.resource).toMatch(/spoke-app\/virtualNetworkPeerings\/to-vnet-hub$/);
    expect(finding?.explains).toEqual([]);
    // Clients have it: no package, no reconnect.
    expect(finding?.fixes[0]?.steps).toEqual([]);
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(/peering sync .* --vnet-name spoke-app -n to-vnet-hub$/);
  });

  test.each([
    ['halves that know all', plain],
    ['a half in the spoke that tells no range', spokeOf({ far: { remoteAddressSpace: undefined } })],
    ['a half in the hub that tells no range', spokeOf({ near: { remoteAddressSpace: undefined } })],
    [
      "a spoke's half that leads elsewhere",
      spokeOf({
        peerings: [peering({ from: ids.vnet('spoke-app'), to: ids.vnet('beyond'), remoteSpace: ['10.40.0.0/16'] })],
      }),
    ],
  ])('is not told of %s', (_, estate) => {
    expect(says(estate)).toEqual([]);
  });
});

describe('spoke-has-own-gateway', () => {
  const code = 'spoke-has-own-gateway';
  const id = ids.id('virtualNetworkGateways', 'vpngw-app');
  const ipConfigurations = [{ id: `${id}/ipConfigurations/default` }];
  const gatewaySubnet = { name: 'GatewaySubnet', prefix: '10.21.255.0/27', properties: { ipConfigurations } };
  const estate = (more: Partial<EstateSpec> = {}): EstateSpec => ({
    ...spokeOf({
      far: { useRemoteGateways: false },
      subnets: [{ name: 'app', prefix: '10.21.1.0/24' }, gatewaySubnet],
    }),
    ...more,
  });
  const withoutTransit = estate({
    spokes: (estate().spokes ?? []).map((spoke) => ({ ...spoke, near: { allowGatewayTransit: false } })),
  });
  const read = arm(
    'virtualNetworkGateways.get',
    id,
    gateway(ids.place, { name: 'vpngw-app', pool: [], home: ids.vnet('spoke-app'), publicAddress: '20.50.7.9' }),
  );

  test.each([
    ['by its ip configuration in the GatewaySubnet', estate(), 'its GatewaySubnet holds a gateway'],
    ['by its own document', estate({ extra: () => [read] }), 'vpngw-app stands in spoke-app'],
    ['even where that is not all', withoutTransit, 'its GatewaySubnet holds a gateway'],
  ])('names the gateway, known %s', (_, of, evidence) => {
    const [finding] = findingsOf(linux(of, quiet), code);
    expect(finding).toMatchObject({ severity: 'error', resource: id, actual: 'vpngw-app' });
    expect(finding?.evidence.map(({ says }) => says)).toEqual([
      "spoke-app's half to-vnet-hub: useRemoteGateways is false",
      evidence,
    ]);
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(/^az network vnet-gateway delete .* -n vpngw-app$/);
  });

  test('of two such spokes each is told of its own', () => {
    const other = (name: string) => ids.id('virtualNetworkGateways', name);
    const spoke = (name: string, at: string): SpokeSpec => ({
      name,
      space: [`${at}.0.0/16`],
      far: { useRemoteGateways: false },
      subnets: [
        {
          name: 'GatewaySubnet',
          prefix: `${at}.255.0/27`,
          properties: { ipConfigurations: [{ id: `${other(`gw-${name}`)}/ipConfigurations/default` }] },
        },
      ],
    });
    const both = { ...plain, spokes: [spoke('one', '10.21'), spoke('two', '10.22')], machines: [] };
    expect(findingsOf(linux(both, quiet), code).map(({ actual }) => actual)).toEqual(['gw-one', 'gw-two']);
  });

  test('says nothing of a spoke that uses the gateway of the hub, or none', () => {
    expect(findingsOf(linux(plain, quiet), code)).toEqual([]);
    expect(findingsOf(linux(spokeOf({ far: { useRemoteGateways: false } }), quiet), code)).toEqual([]);
  });
});
