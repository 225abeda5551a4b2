import { describe, expect, test } from 'vitest';
import { session } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type Wire } from '../../scripts/scenarios/wire.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { linux, plain, told, windows } from '../diagnosis/conclude.ts';
import { explained, findingsOf } from './explained.ts';
import { p2s, type WanSpec, wanAlone } from './virtual-wan.ts';

/* The addresses that clients are given: used up, or at the edge of the pool. */
const ids = idsOf(plain);
const withGateway = (gateway: Partial<EstateSpec['gateway']>): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, ...gateway },
});

describe('pool-exhausted', () => {
  const sessions = (estate: EstateSpec, rows: readonly Wire[]): EstateSpec => ({
    ...estate,
    extra: () => [arm('virtualNetworkGateways.getVpnclientConnectionHealth', ids.gateway, { value: rows })],
  });
  const some = (count: number, first = '10.250.0.') =>
    Array.from({ length: count }, (_, index) => session(`${first}${index + 1}`));
  const of = (gateway: Partial<EstateSpec['gateway']>, rows: readonly Wire[]) =>
    told(linux(sessions(withGateway(gateway), rows), { traces: {} }), 'pool-exhausted');

  test.each([
    ['10.250.0.0/30', 3, 2],
    ['10.250.0.0/28', 13, 12],
    ['10.250.0.0/26', 60, 59],
    ['10.250.0.0/25', 121, 120],
  ])('%s is full with %i clients, not with %i', (range, full, free) => {
    const [finding] = of({ pool: [range] }, some(full));
    expect(finding).toMatchObject({ says: `warning proven ${range}` });
    expect(of({ pool: [range] }, some(free))).toEqual([]);
  });

  test('a session whose address was not told counts where there is one pool only', () => {
    const hidden = some(14).map((row) => ({ ...row, privateIpAddress: undefined }));
    expect(of({ pool: ['10.250.0.0/28'] }, hidden)).toHaveLength(1);
    expect(of({ pool: ['10.250.0.0/28'], pointToSite: { vpnClientProtocols: undefined } }, hidden)).toHaveLength(1);
    expect(of({ pool: ['fd00:50::/64'] }, hidden)).toEqual([]);
    const groups = [{ name: 'staff', pool: ['10.251.0.0/28'] }];
    expect(of({ pool: ['10.250.0.0/28'], groups }, hidden)).toEqual([]);
  });

  test('is an error for who is not connected, and accounts for all they lack', () => {
    const estate = sessions(withGateway({ pool: ['172.16.50.0/28'] }), some(14, '172.16.50.'));
    // What nobody offers is not lost by it.
    const off = windows(estate, { tunnelAddress: null, traces: { '10.99.0.4': 'silent' } });
    expect(told(off, 'pool-exhausted').map(({ says }) => says)).toEqual(['error proven 172.16.50.0/28']);
    expect(explained(off, 'pool-exhausted')).toEqual([['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/28']]);
    const on = windows(estate, { routes: ['10.20.0.0/16', '172.16.50.0/28'], traces: {} });
    expect(explained(on, 'pool-exhausted')).toEqual([[]]);
  });

  test('no session in a pool of one address does not use it up', () => {
    expect(of({ pool: ['10.250.0.0/32'] }, some(3, '10.251.0.'))).toEqual([]);
  });

  const split = { protocols: ['SSTP', 'IkeV2'] };
  test.each([
    ['half of a small pool is for SSTP', '10.250.0.0/27', 'SSTP', 13, 16],
    ['half of a small pool is for IKEv2', '10.250.0.0/27', 'IKEv2', 13, 16],
    ['SSTP takes 128 of a large one', '10.250.0.0/23', 'SSTP', 121, 128],
    ['the rest of a large one is for IKEv2', '10.250.0.0/23', 'IKEv2', 364, 384],
  ] as const)('%s', (_, range, protocol, full, size) => {
    const rows = Array.from({ length: full }, (__, index) =>
      session(`10.250.${Math.floor(index / 250)}.${(index % 250) + 1}`, { protocol }),
    );
    const gateway = { pool: [range], ...split };
    expect(of(gateway, rows).map(({ actual }) => actual)).toEqual([`${full} of ${size} in use`]);
    expect(of(gateway, rows.slice(1))).toEqual([]);
    // With one of the two protocols nothing is split.
    expect(of({ pool: [range], protocols: ['IkeV2', 'OpenVPN'] }, rows)).toEqual([]);
  });

  test('a pool that is full as a whole is told once', () => {
    const rows = some(31).map((row, index) => ({
      ...row,
      vpnConnectionId: `${index % 2 === 0 ? 'SSTP' : 'IKEv2'}_${index}`,
    }));
    expect(of({ pool: ['10.250.0.0/27'], ...split }, rows).map(({ actual }) => actual)).toEqual(['31 of 32 in use']);
  });

  test('adds to the pool that is full, and keeps all of its ranges', () => {
    const [own] = of({ pool: ['10.250.0.0/28', 'fd00:50::/64'] }, some(14));
    expect(own?.commands[0]).toMatch(/ --address-prefixes 10\.250\.0\.0\/28 fd00:50::\/64 FURTHER-POOL$/);
    // A group's pool is no part of the gateway's own, which that command would replace.
    const gateway = { pool: ['10.250.0.0/28'], groups: [{ name: 'staff', pool: ['10.251.0.0/28'] }] };
    expect(of(gateway, some(14, '10.251.0.'))).toEqual([
      { says: 'warning proven 10.251.0.0/28', actual: '14 of 16 in use', commands: [] },
    ]);
    const [ofGroup] = findingsOf(linux(sessions(withGateway(gateway), some(14, '10.251.0.'))), 'pool-exhausted');
    expect(ofGroup?.property).toBe('vpnClientConfiguration.vngClientConnectionConfigurations');
    expect(ofGroup?.fixes[0]?.steps[0]).toContain('the pool of staff');
    expect(of(gateway, [...some(14), ...some(14, '10.251.0.')]).map(({ says }) => says)).toEqual([
      'warning proven 10.250.0.0/28',
      'warning proven 10.251.0.0/28',
    ]);
  });

  test.each([
    ['that it counts', { vpnClientConnectionsCount: 14 }, '14 of 16 in use'],
    [
      'whose addresses it lists',
      { allocatedIpAddresses: Array.from({ length: 15 }, (_, at) => `10.77.9.${at + 1}`) },
      '15 of 16 in use',
    ],
  ])('in Virtual WAN by the sessions %s', (_, vpnClientConnectionHealth, actual) => {
    const spec = (range: string): WanSpec => ({
      vnets: [],
      clients: [{ name: 'everyone', pool: [range] }],
      properties: { vpnClientConnectionHealth },
    });
    const [finding] = findingsOf(wanAlone(spec('10.77.9.0/28')), 'pool-exhausted');
    expect(finding).toMatchObject({
      severity: 'warning',
      actual,
      resource: p2s,
      property: 'p2SConnectionConfigurations',
    });
    expect(finding?.fixes[0]?.commands).toEqual([]);
    expect(finding?.fixes[0]?.verify).toMatch(/^az network p2s-vpn-gateway show /);
    expect(findingsOf(wanAlone(spec('10.77.9.0/26')), 'pool-exhausted')).toEqual([]);
  });

  test('in Virtual WAN nothing is said where the sessions were not counted', () => {
    const spec: WanSpec = { vnets: [], clients: [{ name: 'everyone', pool: ['10.77.9.0/32'] }] };
    expect(findingsOf(wanAlone(spec), 'pool-exhausted')).toEqual([]);
  });
});

describe('pool-edge-address', () => {
  test.each([
    ['172.16.50.0', 1],
    ['172.16.50.255', 1],
    ['172.16.50.254', 0],
    ['172.16.50.1', 0],
  ])('of %s it is told %i times', (tunnelAddress, times) => {
    expect(told(linux(plain, { tunnelAddress }), 'pool-edge-address')).toHaveLength(times);
  });

  test('names the range that the address is of', () => {
    const estate = withGateway({ pool: ['fd00:50::/64', '172.16.50.0/24'] });
    const [finding] = findingsOf(linux(estate, { tunnelAddress: '172.16.50.255' }), 'pool-edge-address');
    expect(finding?.prefixes.map(formatPrefix)).toEqual(['172.16.50.0/24']);
    expect(finding?.evidence.at(-1)?.says).toBe('the pool is 172.16.50.0/24');
  });
});
