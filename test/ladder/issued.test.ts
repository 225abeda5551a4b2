import { describe, expect, test } from 'vitest';
import { gatewayRoute } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { vpnSettings } from '../../scripts/scenarios/profiles.ts';
import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { linux, plain } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* What the gateway is shown to have: a profile generated now decides, its own routes can but confirm. */
const ids = idsOf(plain);
const [spoke, pool] = ['10.21.0.0/16', '172.16.50.0/24'] as const;
const effective = (...rows: readonly (readonly [prefix: string, nextHopType: string])[]): BundleArtifact =>
  arm('virtualNetworkGateways.getEffectiveRoutes', ids.gateway, {
    value: rows.map(([addressPrefix, nextHopType]) => ({ addressPrefix, nextHopType, nextHopIpAddress: '' })),
  });
const learned = (...prefixes: readonly string[]): BundleArtifact =>
  arm('virtualNetworkGateways.getLearnedRoutes', ids.gateway, {
    value: prefixes.map((prefix) => gatewayRoute(prefix, {})),
  });
const fresh = (source: string, text: string): BundleArtifact => ({
  id: `fresh:${source}`,
  source,
  half: 'azure',
  operation: 'virtualNetworkGateways.generateVpnProfile',
  resource: ids.gateway,
  text,
});
const issued = (extra: readonly BundleArtifact[], prefix: string = spoke, more: Partial<EstateSpec> = {}) =>
  rungText(linux({ ...plain, issued: null, ...more, extra: () => extra }, { traces: {} }), 'issued', prefix);

describe("without a fresh profile, the gateway's own routes", () => {
  test.each<[string, BundleArtifact[], string]>([
    ['bear it out', [effective([spoke, 'VNetPeering'])], `held | ${spoke} is an effective route of the gateway`],
    ['bear it out where it learned it', [learned(spoke)], `held | ${spoke} is among the routes the gateway learned`],
    [
      'bear it out by a wider one',
      [learned('10.0.0.0/8')],
      'held | 10.0.0.0/8 is among the routes the gateway learned',
    ],
    [
      'bear it out in two halves',
      [effective(['10.21.0.0/17', 'VNetPeering']), learned('10.21.128.0/17')],
      'held | 10.21.0.0/17 is an effective route of the gateway | 10.21.128.0/17 is among the routes the gateway learned',
    ],
    [
      'bear out a part',
      [effective(['10.21.0.0/17', 'VNetPeering'])],
      'partial | 10.21.0.0/17 is an effective route of the gateway',
    ],
    ['never show that it lacks it', [effective(['10.20.0.0/16', 'VnetLocal']), learned('10.20.0.0/16')], 'unknown'],
    ['bear nothing out by the way to the internet', [effective(['0.0.0.0/0', 'Internet'])], 'unknown'],
    ['bear nothing out by half of it', [learned('0.0.0.0/1')], 'unknown'],
    ['bear nothing out by a range that goes nowhere', [effective(['10.0.0.0/8', 'None'])], 'unknown'],
    ['were not read', [], 'unknown'],
  ])('%s', (_, extra, says) => {
    expect(issued(extra)).toBe(says);
  });

  test('bear out a half of the internet by that half, and not by what lies in it', () => {
    const more = { gateway: { ...plain.gateway, customRoutes: ['0.0.0.0/1'] } };
    const rows = [effective(['0.0.0.0/1', 'VirtualAppliance'], [spoke, 'VNetPeering'])];
    expect(issued(rows, '0.0.0.0/1', more)).toBe('held | 0.0.0.0/1 is an effective route of the gateway');
    expect(issued([effective([spoke, 'VNetPeering'])], '0.0.0.0/1', more)).toBe('unknown');
  });
});

describe('a fresh profile', () => {
  const settings = (...routes: readonly string[]) =>
    vpnSettings({ server: ids.server, routes, pool: [pool], gateway: ids.gateway });

  test('lists it, or lacks it, whatever the gateway has', () => {
    expect(issued([settings(spoke)])).toBe(`held | a profile generated now lists ${spoke}`);
    expect(issued([settings('10.20.0.0/16'), learned(spoke)])).toBe(
      `lost | a profile generated now does not list ${spoke}`,
    );
    expect(issued([settings('10.21.0.0/17')])).toBe('partial | a profile generated now lists 10.21.0.0/17');
  });

  test('names the pool beside its list', () => {
    expect(issued([settings(spoke)], pool)).toBe('held | a profile generated now names it as its pool');
  });

  const ovpn = 'client\nremote azuregateway-x.vpn.azure.com 443\nproto tcp\ndev tun\nroute 10.99.0.0 255.255.0.0\n';
  const azureVpn =
    '<AzVpnProfile><clientconfig><includeroutes><route><destination>10.99.0.0</destination><mask>16</mask></route></includeroutes></clientconfig></AzVpnProfile>';

  test.each([
    ['OpenVPN', fresh('openvpn-profile', ovpn)],
    ['the Azure VPN Client', fresh('azurevpn-xml', azureVpn)],
  ])('of %s lists no routes: they are pushed, and what it adds shows nothing of the others', (_, profile) => {
    expect(issued([profile])).toBe('unknown');
    expect(issued([profile, settings(spoke)])).toBe(`held | a profile generated now lists ${spoke}`);
    expect(issued([profile, settings('10.20.0.0/16')], '10.99.0.0/16', withCustomRoute)).toMatch(/^lost/);
  });

  test('without its Routes element lists nothing', () => {
    expect(issued([fresh('vpn-settings-xml', '<VpnProfile><VpnServer>x</VpnServer></VpnProfile>')])).toBe('unknown');
  });

  const withCustomRoute = { gateway: { ...plain.gateway, customRoutes: ['10.99.0.0/16'] } };
});
