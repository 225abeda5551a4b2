import { describe, expect, test } from 'vitest';
import { type EstateSpec, idsOf, routeTableRead, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { parseChange } from '../../src/model/what-if-change.ts';
import { shortOf } from '../../src/model/what-if-target.ts';
import { plain, windows } from '../diagnosis/conclude.ts';
import { answerTo, changed, refusalOf } from './what-if-answers.ts';

/* How people name what they would change, and what they are told where that is not enough. */
const ids = idsOf(plain);
const off = 'useRemoteGateways=false';
const id = `${ids.vnet('spoke-app')}/virtualNetworkPeerings/to-vnet-hub`;
const spokes = (...names: readonly string[]): EstateSpec => ({
  ...plain,
  spokes: names.map((name, at): SpokeSpec => ({ name, space: [`10.${30 + at}.0.0/16`] })),
});

describe('a resource is named', () => {
  test.each([
    ['by its name, where nothing else of that kind has it', `to-vnet-hub.${off}`],
    ["by its VNet's name and its own", `spoke-app/to-vnet-hub.${off}`],
    ['in any casing', `SPOKE-APP/To-Vnet-Hub.USEREMOTEGATEWAYS=False`],
    ['by its id', `${id}.${off}`],
    ['by an id that ends with a slash', `${id}/.${off}`],
    ['with spaces around', ` spoke-app/to-vnet-hub . useRemoteGateways = false `],
  ])('%s', (_, text) => {
    const { effects } = answerTo(windows(plain), text);
    expect(effects).toMatchObject([{ resource: id, property: 'useRemoteGateways', from: 'true', to: 'false' }]);
  });

  test('by the name of another kind of thing, never', () => {
    expect(refusalOf(windows(plain), 'spoke-app.customRoutes=10.97.0.0/16')).toBe(
      'onlink: spoke-app.customRoutes=10.97.0.0/16: spoke-app is a vnet, and only a gateway has customRoutes',
    );
  });

  test('by a name that two VNets use for their halves, never', () => {
    expect(refusalOf(windows(spokes('spoke-one', 'spoke-two')), `to-vnet-hub.${off}`)).toBe(
      `onlink: to-vnet-hub.${off}: to-vnet-hub is the name of 2 resources; name one as spoke-one/to-vnet-hub or spoke-two/to-vnet-hub`,
    );
  });

  test('by a name that two groups use, never: the ids tell them apart', () => {
    const estate: EstateSpec = {
      ...plain,
      extra: () => ['rg-one', 'rg-two'].map((group) => routeTableRead({ ...ids.place, group }, { name: 'rt' })),
    };
    const refusal = refusalOf(windows(estate), 'rt.disableBgpRoutePropagation=true');
    expect(refusal).toMatch(/name one as \S+rg-one\S+\/rt or \S+rg-two\S+\/rt$/);
  });

  test('in vain, and what it could be is told: a dozen at most', () => {
    const many = Array.from({ length: 14 }, (_, at) => `spoke-${at + 10}`);
    const refusal = refusalOf(windows(spokes(...many)), 'nobody.addressPrefixes+=10.97.0.0/16');
    expect(refusal).toContain('nothing that was read is called nobody; it could be vnet-hub, spoke-10, ');
    expect(refusal.split(', ')).toHaveLength(12);
  });

  test('in vain, where nothing of that kind was read', () => {
    expect(refusalOf(windows(plain), 'nobody.enableBgp=true')).toMatch(/; no connection was read$/);
  });
});

test.each([
  ['/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/hub', 'hub'],
  ['/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/hub/subnets/app', 'hub/app'],
  ['hub', 'hub'],
])('%s is %s in short', (long, short) => {
  expect(shortOf(long)).toBe(short);
});

describe('a property', () => {
  test('that cannot be tried is told from those that can', () => {
    const refusal = refusalOf(windows(plain), 'vnet-hub.dnsServers=10.20.0.4');
    expect(refusal).toMatch(/^onlink: .*dnsServers is no property that can be tried; these can: useRemoteGateways, /);
  });

  test.each([
    ['spoke-app/to-vnet-hub.useRemoteGateways+=true', 'useRemoteGateways'],
    ['spoke-app/app.routeTable-=rt-app', 'routeTable'],
    ['vnet-hub.peer+=spoke-app', 'peer'],
  ])('that is no list is only set: %s', (text, name) => {
    expect(refusalOf(windows(plain), text)).toBe(`onlink: ${text}: ${name} is no list; it is set with =`);
  });
});

test('a value stands without the spaces around it', () => {
  expect(parseChange('hub.peer= spoke ')).toMatchObject({ value: 'spoke' });
});

test('several changes are made one after the other, and each is told', () => {
  const texts = ['vpngw-hub.customRoutes=10.97.0.0/16', 'vpngw-hub.customRoutes+=10.98.0.0/16', `to-vnet-hub.${off}`];
  expect(changed(windows(plain), ...texts)).toEqual([
    'customRoutes: none → 10.97.0.0/16',
    'customRoutes: 10.97.0.0/16 → 10.97.0.0/16, 10.98.0.0/16',
    'useRemoteGateways: true → false',
  ]);
});
