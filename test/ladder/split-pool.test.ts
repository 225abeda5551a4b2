import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import type { Row } from '../../scripts/scenarios/table.ts';
import { type Change, plain, windows } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* With SSTP and IKEv2 both on, Azure divides the pool between them: a client's half is its pool. */
const pool = '172.16.50.0/24';
const vnets = ['10.20.0.0/16', '10.21.0.0/16'];
const offering = (...protocols: readonly string[]): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, protocols },
});
const both = offering('IkeV2', 'SSTP', 'OpenVPN');
const client = (routes: readonly string[], extra: readonly Row[] = []) => ({
  routes: [...vnets, ...routes],
  installed: [...vnets, pool],
  extra,
});
const active = (estate: EstateSpec, ...routes: readonly string[]) =>
  rungText(windows(estate, client(routes)), 'active', pool).split(' ')[0];

describe('a pool of which', () => {
  test.each([
    ['the lower half', ['172.16.50.0/25'], 'held'],
    ['the upper half', ['172.16.50.128/25'], 'held'],
    ['two quarters that make a half', ['172.16.50.128/26', '172.16.50.192/26'], 'held'],
    ['a quarter', ['172.16.50.0/26'], 'partial'],
    ['a half across the middle', ['172.16.50.64/26', '172.16.50.128/26'], 'partial'],
    ['nothing', [], 'lost'],
  ] as const)('%s leads into the tunnel, with both protocols on', (_, routes, state) => {
    expect(active(both, ...routes)).toBe(state);
  });

  test.each([
    ['IKEv2', offering('IkeV2')],
    ['SSTP', offering('SSTP')],
    ['IKEv2 and OpenVPN', offering('IkeV2', 'OpenVPN')],
    ['SSTP and OpenVPN', offering('SSTP', 'OpenVPN')],
    [
      'protocols that were not told',
      { ...plain, gateway: { ...plain.gateway, pointToSite: { vpnClientProtocols: undefined } } },
    ],
  ])('half leads into the tunnel lacks the other half with %s', (_, estate) => {
    expect(active(estate, '172.16.50.128/25')).toBe('partial');
  });
});

describe('a list that names half the pool is whole where both protocols are on', () => {
  const half = '172.16.50.0/25';
  /** As Azure writes it into the profile of a client that dials by one of the two. */
  const halved: Change = (artifacts) =>
    artifacts.map((one) =>
      one.source === 'vpn-settings-xml' && one.text !== undefined
        ? { ...one, text: one.text.replaceAll(pool, half) }
        : one,
    );
  const listing = (estate: EstateSpec, rung: 'issued' | 'installed') =>
    rungText(windows(estate, { ...client([half]), installed: [...vnets, half] }, halved), rung, pool).split(' ')[0];

  test.each(['issued', 'installed'] as const)('%s', (rung) => {
    expect(listing(both, rung)).toBe('held');
    expect(listing(offering('IkeV2'), rung)).toBe('partial');
  });
});

test('the half that a local network takes a part of is not all chosen', () => {
  const lan = { prefix: '172.16.50.32/27', interface: '192.168.29.37', metric: 281 };
  expect(rungText(windows(both, client(['172.16.50.0/25'], [lan])), 'selected', pool)).toMatch(/^partial/);
});

test('half a VNet is half a VNet', () => {
  const routes = ['10.20.0.0/16', '10.21.0.0/17', '172.16.50.0/25'];
  expect(rungText(windows(both, { routes, installed: [...vnets, pool] }), 'active', '10.21.0.0/16')).toMatch(
    /^partial/,
  );
});
