import { describe, expect, test } from 'vitest';
import { connection, gateway, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { p2sGateway } from '../../scripts/scenarios/azure-wan.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, forbidden, type Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* A gateway that takes no Point-to-Site clients, whatever is put right elsewhere. */
const ids = idsOf(plain);
const [hub, spoke, pool] = all as [string, string, string];

describe('gateway-without-p2s', () => {
  const code = 'gateway-without-p2s';
  const of = (properties: Wire, pools: readonly string[] = [pool]): EstateSpec => ({
    ...plain,
    gateway: { ...plain.gateway, pool: pools, properties },
    issued: null,
  });
  const down = { tunnelAddress: null, routes: [], installed: null, traces: {} };
  const beside = (estate: EstateSpec, ...more: readonly BundleArtifact[]): EstateSpec => ({
    ...estate,
    extra: () => more,
  });
  const another = (name: string, properties: Wire, pools: readonly string[] = []): BundleArtifact =>
    arm(
      'virtualNetworkGateways.get',
      ids.id('virtualNetworkGateways', name),
      gateway(ids.place, { name, pool: pools, home: ids.vnet('spoke-app'), publicAddress: '20.50.7.9', properties }),
    );
  const hubGateway = (name: string): BundleArtifact =>
    arm(
      'p2sVpnGateways.get',
      ids.id('p2sVpnGateways', name),
      p2sGateway(ids.place, {
        name,
        hub: ids.id('virtualHubs', name),
        serverConfiguration: ids.id('vpnServerConfigurations', 'staff'),
        clients: [{ name: 'staff', pool: ['10.60.0.0/24'] }],
      }),
    );
  const faults = (capture: Capture) => findingsOf(capture, code).map(({ property, actual }) => `${property} ${actual}`);

  test.each([
    [
      'for ExpressRoute',
      of({ gatewayType: 'ExpressRoute' }),
      'gatewayType ExpressRoute',
      'it is an ExpressRoute gateway',
      0,
    ],
    ['policy-based', of({ vpnType: 'PolicyBased' }), 'vpnType PolicyBased', 'it is policy-based', 0],
    [
      'without a client configuration',
      of({ vpnClientConfiguration: null }),
      'vpnClientConfiguration.vpnClientAddressPool none',
      'it has no client configuration',
      2,
    ],
    [
      'without a pool',
      of({}, []),
      'vpnClientConfiguration.vpnClientAddressPool none',
      'its client configuration has no address pool',
      2,
    ],
    [
      'whose type was not told',
      of({ gatewayType: undefined }, []),
      'vpnClientConfiguration.vpnClientAddressPool none',
      'its client configuration has no address pool',
      2,
    ],
  ])('a gateway %s takes no clients', (_, estate, fault, why, commands) => {
    const capture = windows(estate, down);
    const [finding] = findingsOf(capture, code);
    expect(faults(capture)).toEqual([fault]);
    expect(finding?.severity).toBe('error');
    expect(finding && cited(finding)).toEqual([`vpngw-hub: ${why}`]);
    expect(finding?.fixes[0]?.commands).toHaveLength(commands);
  });

  test('costs its other connections only where it must be replaced', () => {
    const disrupts = (estate: EstateSpec) => findingsOf(windows(estate, down), code)[0]?.fixes[0]?.disrupts;
    expect(disrupts(of({ vpnType: 'PolicyBased' }))).toMatch(/every connection of the gateway/);
    expect(disrupts(of({}, []))).toBeUndefined();
  });

  test('explains what is broken by it, and not what clients need not have', () => {
    const site = ids.id('localNetworkGateways', 'site');
    const estate = beside(
      of({}, []),
      arm('virtualNetworkGateways.listConnections', ids.gateway, {
        value: [connection(ids.place, { name: 'to-site', type: 'IPsec', from: ids.gateway, to: site })],
      }),
      arm('localNetworkGateways.get', site, localNetworkGateway(ids.place, 'site', ['10.101.0.0/16'])),
    );
    expect(told(windows(estate, down), code)[0]?.says).toBe(`error proven ${hub} ${spoke}`);
  });

  test('is told of each, where several were read and none takes clients', () => {
    const estate = beside(of({}, []), another('vpngw-two', { vpnType: 'PolicyBased' }));
    expect(faults(windows(estate, down))).toEqual([
      'vpnClientConfiguration.vpnClientAddressPool none',
      'vpnType PolicyBased',
    ]);
  });

  test.each<[string, Capture]>([
    ['where it serves clients', windows(plain, down)],
    ['where a tunnel stands: some gateway gave it its address', windows(of({}, []))],
    [
      'where another serves clients',
      windows(beside(of({}, []), another('vpngw-two', {}, ['10.200.0.0/24']), another('vpngw-three', {})), down),
    ],
    [
      'where another was not read',
      windows(
        beside(
          of({}, []),
          forbidden('virtualNetworkGateways.get', ids.id('virtualNetworkGateways', 'vpngw-two'), 'read'),
        ),
        down,
      ),
    ],
    [
      'where nobody could list the gateways of a Virtual WAN',
      windows(
        beside(
          of({}, []),
          another('vpngw-two', {}),
          forbidden('virtualNetworks.get', ids.vnet('x'), 'read'),
          forbidden('p2sVpnGateways.list', ids.place.subscription, 'read'),
        ),
        down,
      ),
    ],
    [
      'where several others serve clients',
      windows(
        beside(of({}, []), another('vpngw-two', {}, ['10.200.0.0/24']), another('vpngw-three', {}, ['10.201.0.0/24'])),
        down,
      ),
    ],
    ['where a hub of a Virtual WAN serves them', windows(beside(of({}, []), hubGateway('west')), down)],
    ['where one of several hubs does', windows(beside(of({}, []), hubGateway('west'), hubGateway('east')), down)],
  ])('is not told %s', (_, capture) => {
    expect(faults(capture)).toEqual([]);
  });
});
