import { describe, expect, test } from 'vitest';
import { effectiveRoute } from '../../scripts/scenarios/azure-machine.ts';
import { connection, gateway as gatewayOf, vnet, vnetId } from '../../scripts/scenarios/azure-network.ts';
import { idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, networkId } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import { all, bothAnswer, type Change, conclude, linux, plain, windows } from './conclude.ts';

/* What one unread answer changes: "not checked" is neither a fault nor health. */
const refused =
  (...ids: readonly string[]): Change =>
  (artifacts) =>
    artifacts.map((one) => {
      if (!ids.includes(one.id)) return one;
      const { text: _text, file: _file, ...rest } = one;
      return { ...rest, unanswered: { status: 403, code: 'AuthorizationFailed', message: '' } };
    });
const hub = 'arm:virtualNetworks.get.vnet-hub';
const gateway = 'arm:virtualNetworkGateways.get.vpngw-hub';
const { place } = idsOf(plain);
const apart = { name: 'apart', space: ['10.30.0.0/16'] };

describe("with the gateway's VNet unread", () => {
  test('what answers is well, and nobody says that all is', () => {
    const capture = linux(plain, {}, refused(hub));
    expect(conclude(capture)).toMatchObject({ errors: [], verdict: 'undetermined' });
    expect(conclude(capture).prefixes['10.21.0.0/16']).toBe('must ok -');
    expect(analyze(capture).headline).toMatch(/the gateway's VNet was not read/);
  });

  test('a private address that was asked for may lie in it; a public one does not', () => {
    const traces = { ...bothAnswer, '10.99.0.4': 'lost-outside', '20.60.1.1': 'lost-outside' } as const;
    const { prefixes } = conclude(linux(plain, { traces }, refused(hub)));
    expect(prefixes['10.99.0.4/32']).toBe('may undetermined -');
    expect(prefixes['20.60.1.1/32']).toBe('never not-expected -');
    expect(conclude(linux(plain, { traces })).prefixes['10.99.0.4/32']).toBe('never not-expected -');
  });

  test('replies by an appliance may well be met by the way there', () => {
    const back = effectiveRoute('172.16.50.0/24', 'VirtualAppliance', { nextHopIpAddress: ['10.20.9.4'] });
    const estate = {
      ...plain,
      machines: [{ name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'] as const, user: [back] }],
    };
    expect(conclude(linux(estate, { traces: {} })).errors).toEqual(['return-route-overridden']);
    expect(conclude(linux(estate, { traces: {} }, refused(hub)))).toMatchObject({
      errors: [],
      verdict: 'undetermined',
    });
  });
});

describe('with a gateway unread', () => {
  test('a connection that is up is not called down, for whose address is the tunnel’s nobody can say', () => {
    // None of the routes arrived, so nothing looks like a tunnel.
    const client = { routes: [], installed: all, traces: {} };
    expect(conclude(windows(plain, client, refused(gateway)))).toMatchObject({ errors: [], verdict: 'undetermined' });
    expect(conclude(windows(plain, client)).errors).toEqual(['client-routes-not-installed']);
  });

  test('another one that takes no clients is not taken for this client’s', () => {
    const id = networkId(place, 'virtualNetworkGateways', 'vpngw-other');
    const other = gatewayOf(place, {
      name: 'vpngw-other',
      pool: [],
      publicAddress: '20.50.7.2',
      home: vnetId(place, apart),
    });
    const both = { ...plain, extra: () => [arm('virtualNetworkGateways.get', id, other)] };
    expect(conclude(linux(both, {}, refused(gateway)))).toMatchObject({
      errors: [],
      warnings: [],
      verdict: 'undetermined',
    });
  });
});

test('a VNet at the other end of connections nobody read is no stray', () => {
  const ids = idsOf(plain);
  const joined = connection(place, {
    name: 'to-far',
    type: 'Vnet2Vnet',
    from: ids.gateway,
    to: ids.id('virtualNetworkGateways', 'vpngw-far'),
  });
  const far = arm('virtualNetworks.get', vnetId(place, apart), vnet(place, apart));
  const led = { routes: ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24', '10.30.0.0/16'] };
  const list = arm('virtualNetworkGateways.listConnections', ids.gateway, { value: [joined] });
  const estate = { ...plain, extra: () => [far, list] };
  expect(conclude(linux(estate, led)).warnings).toEqual([]);
  expect(conclude(linux(estate, led, refused(list.id))).warnings).toEqual([]);
  expect(conclude(linux({ ...plain, extra: () => [far] }, led)).warnings).toEqual(['stray-route']);
});

/** The document with the field at a path left out, as a newer or a trimmed answer may have it. */
const lacking =
  (id: string, ...path: readonly (string | number)[]): Change =>
  (artifacts) =>
    artifacts.map((one) => {
      if (one.id !== id || one.text === undefined) return one;
      const document = JSON.parse(one.text);
      const parent = path.slice(0, -1).reduce((value, key) => value[key], document);
      delete parent[path.at(-1) ?? ''];
      return { ...one, text: JSON.stringify(document) };
    });

test.each([
  ['whom a peering leads to', hub, 'properties', 'virtualNetworkPeerings', 0, 'properties', 'remoteVirtualNetwork'],
  ['the peerings of the hub', hub, 'properties', 'virtualNetworkPeerings'],
  ['the address space of the hub', hub, 'properties', 'addressSpace'],
  ['the address space of a spoke', 'arm:virtualNetworks.get.spoke-app', 'properties', 'addressSpace'],
  ['the VNet of the gateway', gateway, 'properties', 'ipConfigurations'],
  ["a row's next hop", 'arm:networkInterfaces.getEffectiveRouteTable.app', 'value', 0, 'nextHopType'],
  ["a row's prefix", 'arm:networkInterfaces.getEffectiveRouteTable.app', 'value', 1, 'addressPrefix'],
])('an answer that does not tell %s proves no fault', (_, id, ...path) => {
  const change = lacking(id, ...path);
  for (const capture of [linux(plain, {}, change), windows(plain, {}, change)]) {
    expect(conclude(capture)).toMatchObject({ errors: [], warnings: [] });
    expect(Object.values(conclude(capture).prefixes).filter((text) => text.includes('broken'))).toEqual([]);
  }
});

test.each([
  ['its peerings', hub, 'properties', 'virtualNetworkPeerings'],
  ['its address space', hub, 'properties', 'addressSpace'],
])('a hub that does not tell %s forbids to say that all is reached', (_, id, ...path) => {
  expect(conclude(linux(plain, {}, lacking(id, ...path))).verdict).toBe('undetermined');
});
