import { describe, expect, test } from 'vitest';
import { type GatewaySpec, gateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { plain, windows } from '../diagnosis/conclude.ts';
import { answerTo, changed, codesOf, refusalOf, rungOf } from './what-if-answers.ts';

/* What the gateway itself gives to its clients: routes, addresses, protocols. */
const withGateway = (more: Partial<GatewaySpec>): EstateSpec => ({ ...plain, gateway: { ...plain.gateway, ...more } });
const gw = 'vpngw-hub';
const needs = (estate: EstateSpec, ...texts: readonly string[]) =>
  answerTo(windows(estate), ...texts).clients.map(({ need }) => need);

describe('customRoutes', () => {
  const two = withGateway({ customRoutes: ['10.98.0.0/16', '10.99.0.0/16'] });

  test.each([
    ['=10.97.0.0/16', '10.98.0.0/16, 10.99.0.0/16 → 10.97.0.0/16'],
    ['+=10.97.0.0/16', '10.98.0.0/16, 10.99.0.0/16 → 10.98.0.0/16, 10.99.0.0/16, 10.97.0.0/16'],
    [
      '+=10.97.0.0/16,10.97.0.0/16 10.98.0.0/16',
      '10.98.0.0/16, 10.99.0.0/16 → 10.98.0.0/16, 10.99.0.0/16, 10.97.0.0/16',
    ],
    ['-=10.98.0.0/16', '10.98.0.0/16, 10.99.0.0/16 → 10.99.0.0/16'],
    [`=["10.97.0.0/16", '10.96.0.0/16' ]`, '10.98.0.0/16, 10.99.0.0/16 → 10.97.0.0/16, 10.96.0.0/16'],
    ['=', '10.98.0.0/16, 10.99.0.0/16 → none'],
    ['=10.99.0.0/16 10.98.0.0/16', '10.98.0.0/16, 10.99.0.0/16 → 10.98.0.0/16, 10.99.0.0/16'],
  ])('%s', (value, words) => {
    expect(changed(windows(two), `${gw}.customRoutes${value}`)).toEqual([`customRoutes: ${words}`]);
  });

  test.each([
    ['+=10.97.1.1/16', 'azure: ', '10.97.1.1/16 is not a prefix; its network address is 10.97.0.0/16'],
    ['=everything', 'onlink: ', 'everything is not a prefix'],
    ['-=10.97.0.0/16', 'onlink: ', '10.97.0.0/16 is not in the list now (10.98.0.0/16, 10.99.0.0/16)'],
  ])('%s is refused', (value, by, why) => {
    const refusal = refusalOf(windows(two), `${gw}.customRoutes${value}`);
    expect(refusal).toMatch(new RegExp(`^${by}`));
    expect(refusal.endsWith(why)).toBe(true);
  });

  test('the same in another order is the same list: nobody has to do anything', () => {
    const text = `${gw}.customRoutes=10.99.0.0/16,10.98.0.0/16`;
    const answer = answerTo(windows(two), text);
    expect(needs(two, text)).toEqual(['nothing', 'nothing', 'nothing']);
    expect(answer.notes.join()).toContain('already');
    expect(answer.disrupts).toEqual([]);
  });

  test('say nothing of the way back: effective routes of machines still count', () => {
    const deaf: EstateSpec = {
      ...plain,
      machines: [{ name: 'srv', address: '10.20.2.4', in: ['vnet-hub', 'shared'], routes: [] }],
    };
    const answer = answerTo(windows(deaf), `${gw}.customRoutes=10.97.0.0/16`);
    expect(rungOf(answer, '10.20.0.0/16', 'returned')).toBe('lost → lost');
  });
});

describe('vpnClientAddressPool', () => {
  test('every client gets another address, and a new profile', () => {
    expect(needs(plain, `${gw}.vpnClientAddressPool=172.16.60.0/24`)).toEqual([
      'new-package',
      'new-profile',
      'new-profile',
    ]);
  });

  test('machines are asked again, those in a VNet that nobody read included: they were told the old pool', () => {
    const estate: EstateSpec = { ...plain, spokes: plain.spokes?.map((one) => ({ ...one, unread: true })) ?? [] };
    const answer = answerTo(windows(estate), `${gw}.vpnClientAddressPool=172.16.60.0/24`);
    expect(codesOf(answer.after).filter((code) => code.startsWith('return'))).toEqual([]);
    for (const prefix of ['10.20.0.0/16', '10.21.0.0/16'])
      expect(rungOf(answer, prefix, 'returned')).not.toMatch(/→ lost/);
  });

  test('in another order is the same pool', () => {
    const two = withGateway({ pool: ['172.16.50.0/24', '172.16.51.0/24'] });
    expect(needs(two, `${gw}.vpnClientAddressPool=172.16.51.0/24,172.16.50.0/24`)).toEqual([
      'nothing',
      'nothing',
      'nothing',
    ]);
  });

  test('cannot be empty', () => {
    expect(refusalOf(windows(plain), `${gw}.vpnClientAddressPool-=172.16.50.0/24`)).toMatch(/^azure: .*empty$/);
  });
});

describe('vpnClientProtocols', () => {
  test.each([
    ['=ikev2', 'IkeV2, OpenVPN → IkeV2', ['new-package', 'another-client', 'new-profile']],
    ['+=sstp', 'IkeV2, OpenVPN → IkeV2, OpenVPN, SSTP', ['new-package', 'new-profile', 'new-profile']],
    ['-=IKEV2', 'IkeV2, OpenVPN → OpenVPN', ['another-client', 'new-profile', 'another-client']],
    ['=openvpn ikev2', 'IkeV2, OpenVPN → IkeV2, OpenVPN', ['nothing', 'nothing', 'nothing']],
  ])('%s', (value, words, need) => {
    const text = `${gw}.vpnClientProtocols${value}`;
    expect(changed(windows(plain), text)).toEqual([`vpnClientProtocols: ${words}`]);
    expect(needs(plain, text)).toEqual(need);
  });

  test('that no document tells', () => {
    const untold = withGateway({ pointToSite: { vpnClientProtocols: undefined } });
    expect(changed(windows(untold), `${gw}.vpnClientProtocols=OpenVPN`)).toEqual([
      'vpnClientProtocols: not told → OpenVPN',
    ]);
  });

  const entra = (...types: readonly string[]) => withGateway({ pointToSite: { vpnAuthenticationTypes: types } });
  test.each([
    ['none is left', plain, '=', 'azure: ', 'at least one protocol must stay'],
    ['it is no protocol', plain, '+=PPTP', 'azure: ', 'PPTP is none of IkeV2, SSTP, OpenVPN'],
    [
      'a Basic gateway would speak IKEv2',
      withGateway({ sku: 'Basic', protocols: ['SSTP'] }),
      '+=IkeV2',
      'azure: ',
      'SSTP only',
    ],
    ['sign-in with Entra alone would be without OpenVPN', entra('AAD'), '=IkeV2', 'azure: ', 'works with OpenVPN only'],
  ])('are refused where %s', (_, estate, value, by, why) => {
    const refusal = refusalOf(windows(estate), `${gw}.vpnClientProtocols${value}`);
    expect(refusal).toMatch(new RegExp(`^${by}.*${why}$`));
  });

  test.each([
    ['a Basic gateway keeps SSTP alone', withGateway({ sku: 'Basic', protocols: ['SSTP', 'IkeV2'] }), '=SSTP'],
    ['another gateway speaks IKEv2 alone', plain, '=IkeV2'],
    ['sign-in with Entra keeps OpenVPN', entra('AAD'), '=OpenVPN'],
    ['there are certificates beside Entra', entra('AAD', 'Certificate'), '=IkeV2'],
    ['nobody told how people sign in', entra(), '=IkeV2'],
  ])('are fine where %s', (_, estate, value) => {
    expect(refusalOf(windows(estate), `${gw}.vpnClientProtocols${value}`)).toBe('nobody');
  });
});

describe('a gateway without Point-to-Site', () => {
  const { place, hub, id } = idsOf(plain);
  const bare = gateway(place, {
    name: 'gw-er',
    pool: [],
    home: hub,
    publicAddress: '20.50.7.9',
    properties: { gatewayType: 'ExpressRoute', vpnClientConfiguration: undefined },
  });
  const beside = arm('virtualNetworkGateways.get', id('virtualNetworkGateways', 'gw-er'), bare);
  const estate: EstateSpec = { ...plain, extra: () => [beside] };

  test.each(['vpnClientAddressPool=172.16.60.0/24', 'vpnClientProtocols=OpenVPN'])('has no %s', (text) => {
    expect(refusalOf(windows(estate), `gw-er.${text}`)).toBe(
      `onlink: gw-er.${text}: gw-er has no Point-to-Site configuration`,
    );
  });

  test('beside the one of the clients minds nothing', () => {
    expect(refusalOf(windows(estate), `${gw}.vpnClientAddressPool=172.16.60.0/24`)).toBe('nobody');
  });
});

test('what is offered more is told to each kind of client', () => {
  const { clients } = answerTo(windows(plain), `${gw}.customRoutes=10.97.0.0/16`);
  for (const { gained } of clients) expect(gained.map(formatPrefix)).toEqual(['10.97.0.0/16']);
});
