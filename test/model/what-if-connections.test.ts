import { expect, test } from 'vitest';
import { connection, type GatewaySpec, gateway, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { linux, plain } from '../diagnosis/conclude.ts';
import { answerTo, changed, codesOf, refusalOf, rungOf } from './what-if-answers.ts';

/* BGP of the gateway's connections, and whom the pool is announced to by it. */
const farHome = { name: 'vnet-two', space: ['10.60.0.0/16'], near: null, far: null };
/** Another VNet with a gateway, tied by a VNet-to-VNet connection; its machine was told no pool. */
const tied = (
  own: Partial<GatewaySpec>,
  other: Partial<GatewaySpec>,
  enableBgp: boolean | null = false,
): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, ...own },
  spokes: [...(plain.spokes ?? []), farHome],
  machines: [{ name: 'two', address: '10.60.1.4', in: ['vnet-two', 'app'], routes: [] }],
  extra: (ids) => [
    arm(
      'virtualNetworkGateways.get',
      ids.id('virtualNetworkGateways', 'gw-two'),
      gateway(ids.place, {
        name: 'gw-two',
        pool: ['172.20.0.0/24'],
        publicAddress: '20.50.7.2',
        home: ids.vnet('vnet-two'),
        ...other,
      }),
    ),
    arm(
      'virtualNetworkGatewayConnections.get',
      ids.id('connections', 'to-two'),
      connection(ids.place, {
        name: 'to-two',
        type: 'Vnet2Vnet',
        from: ids.gateway,
        to: ids.id('virtualNetworkGateways', 'gw-two'),
        properties: { enableBgp },
      }),
    ),
    arm(
      'localNetworkGateways.get',
      ids.id('localNetworkGateways', 'hq'),
      localNetworkGateway(ids.place, 'hq', ['10.101.0.0/16']),
    ),
    arm(
      'virtualNetworkGatewayConnections.get',
      ids.id('connections', 'to-hq'),
      connection(ids.place, {
        name: 'to-hq',
        type: 'IPsec',
        from: ids.gateway,
        to: ids.id('localNetworkGateways', 'hq'),
      }),
    ),
  ],
});
const bgp = { enableBgp: true };
/** A client that was given a route to the far VNet. */
const client = (estate: EstateSpec) =>
  linux(estate, { routes: ['10.20.0.0/16', '10.21.0.0/16', '10.60.0.0/16', '172.16.50.0/24'] });

test('turned on lets the pool reach the far VNet, whose machines will be told of it', () => {
  const answer = answerTo(client(tied(bgp, bgp)), 'to-two.enableBgp=true');
  expect(codesOf(answer.before)).toContain('vnet-to-vnet-without-pool');
  expect(codesOf(answer.after)).not.toContain('vnet-to-vnet-without-pool');
  expect(rungOf(answer, '10.60.0.0/16', 'returned')).toBe('lost → unknown');
  expect(answer.effects).toMatchObject([{ from: 'false', to: 'true' }]);
  expect(answer.disrupts.join()).toContain('built anew');
});

test('turned on, it concerns that connection alone', () => {
  const answer = answerTo(client(tied(bgp, bgp)), 'to-hq.enableBgp=true');
  expect(codesOf(answer.after)).toContain('vnet-to-vnet-without-pool');
});

test.each([
  ['its own gateway', {}, bgp, 'vpngw-hub'],
  ['the far gateway', bgp, {}, 'gw-two'],
])('is not turned on while %s has none', (_, own, other, name) => {
  expect(refusalOf(client(tied(own, other)), 'to-two.enableBgp=true')).toBe(
    `azure: to-two.enableBgp=true: BGP is off on gateway ${name}; it must be on there first`,
  );
});

test.each([
  ['may be turned off whatever the gateways have', tied({}, {}, true), 'to-two.enableBgp=false', 'nobody'],
  [
    'may be turned on where nobody told the VNet of the far gateway',
    tied(bgp, { ...bgp, properties: { ipConfigurations: undefined } }),
    'to-two.enableBgp=true',
    'nobody',
  ],
  ['is no matter of a gateway that is not at its ends', tied(bgp, {}), 'to-hq.enableBgp=true', 'nobody'],
  [
    'is true or false',
    tied(bgp, bgp),
    'to-two.enableBgp=on',
    'onlink: to-two.enableBgp=on: the value is true or false',
  ],
])('%s', (_, estate, text, refusal) => {
  expect(refusalOf(client(estate), text)).toBe(refusal);
});

test('that no document tells, is not told', () => {
  const estate = tied(bgp, bgp, null);
  expect(changed(client(estate), 'to-two.enableBgp=true')).toEqual(['enableBgp: not told → true']);
});
