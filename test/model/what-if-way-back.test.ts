import { describe, expect, test } from 'vitest';
import {
  effectiveSecurityGroup,
  nicId,
  type SecurityRuleSpec,
  securityGroup,
} from '../../scripts/scenarios/azure-machine.ts';
import { type EstateSpec, idsOf, routeTableRead } from '../../scripts/scenarios/estate.ts';
import { arm, type Wire } from '../../scripts/scenarios/wire.ts';
import { plain, spokeLost, windows } from '../diagnosis/conclude.ts';
import { answerTo, changed, codesOf, refusalOf, rungOf } from './what-if-answers.ts';

/* Changes by which no client is offered anything else: how replies find back, and what is let in. */
const ids = idsOf(plain);
const table = (name: string, more: Wire = {}) =>
  routeTableRead(ids.place, { name, properties: { disableBgpRoutePropagation: false, ...more } });
const withoutPropagation = { disableBgpRoutePropagation: true };
/** The spoke with two subnets; what their tables are, and whether a machine in the first one was told the pool. */
const spoke = (
  of: { readonly app?: string; readonly data?: string; readonly told?: boolean },
  ...tables: readonly ReturnType<typeof table>[]
): EstateSpec => ({
  ...plain,
  spokes: [
    {
      name: 'spoke-app',
      space: ['10.21.0.0/16'],
      subnets: [
        { name: 'app', prefix: '10.21.1.0/24', ...(of.app !== undefined && { routeTable: of.app }) },
        { name: 'data', prefix: '10.21.2.0/24', ...(of.data !== undefined && { routeTable: of.data }) },
      ],
    },
  ],
  machines: [
    { name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'], ...(of.told !== true && { routes: [] }) },
    { name: 'data', address: '10.21.2.4', in: ['spoke-app', 'data'] },
  ],
  extra: () => tables,
});
const rt = (name: string) => ids.id('routeTables', name);
const returned = (estate: EstateSpec, text: string) =>
  rungOf(answerTo(windows(estate), text), '10.21.0.0/16', 'returned');

describe('propagation of a route table', () => {
  const cut = spoke({ app: rt('rt-app') }, table('rt-app', withoutPropagation), table('rt-other', withoutPropagation));

  test('turned on gives the machines of its subnets the way back, and no client anything to do', () => {
    const answer = answerTo(windows(cut), 'rt-app.disableBgpRoutePropagation=false');
    expect(rungOf(answer, '10.21.0.0/16', 'returned')).toBe('partial → held');
    expect(answer.clients.map(({ need }) => need)).toEqual(['nothing', 'nothing', 'nothing']);
    expect(answer.effects).toMatchObject([{ from: 'true', to: 'false' }]);
  });

  test('turned off takes it from them, whatever they were told until now', () => {
    const open = spoke({ app: rt('rt-app'), told: true }, table('rt-app'));
    expect(returned(open, 'rt-app.disableBgpRoutePropagation=true')).toBe('held → partial');
  });

  test.each([
    ['a table that another subnet uses', cut, 'rt-other.disableBgpRoutePropagation=false'],
    ['what is so already', cut, 'rt-app.disableBgpRoutePropagation=true'],
  ])('%s changes nothing for them', (_, estate, text) => {
    expect(returned(estate, text)).toBe('partial → partial');
  });

  test('leaves what was issued and what the gateway has as they are', () => {
    const answer = answerTo(windows(cut), 'rt-app.disableBgpRoutePropagation=false');
    expect(rungOf(answer, '10.21.0.0/16', 'issued')).toBe('held → held');
    const both = answerTo(
      windows(cut),
      'rt-app.disableBgpRoutePropagation=false',
      'vpngw-hub.customRoutes+=10.97.0.0/16',
    );
    expect(rungOf(both, '10.21.0.0/16', 'issued')).toBe('held → unknown');
  });

  test('that no document tells', () => {
    const untold = spoke({ app: rt('rt-app') }, table('rt-app', { disableBgpRoutePropagation: undefined }));
    expect(changed(windows(untold), 'rt-app.disableBgpRoutePropagation=true')).toEqual([
      'disableBgpRoutePropagation: not told → true',
    ]);
  });

  const atGateway: EstateSpec = {
    ...plain,
    hub: { ...plain.hub, subnets: [{ name: 'gatewaysubnet', prefix: '10.20.1.0/27', routeTable: rt('rt-gw') }] },
    extra: () => [table('rt-gw', withoutPropagation), table('rt-app')],
  };
  test.each([
    ['refused at the GatewaySubnet', 'rt-gw', 'true', /^azure: .*the GatewaySubnet uses this table/],
    ['given back to it', 'rt-gw', 'false', /^nobody$/],
    ["taken from a table that is not the GatewaySubnet's", 'rt-app', 'true', /^nobody$/],
    ['true or false', 'rt-app', 'off', /^onlink: .*the value is true or false$/],
  ])('may be %s', (_, name, value, refusal) => {
    expect(refusalOf(windows(atGateway), `${name}.disableBgpRoutePropagation=${value}`)).toMatch(refusal);
  });
});

describe('the route table of a subnet', () => {
  const other = { ...ids.place, group: 'rg-other' };
  const namesake = routeTableRead(other, { name: 'rt-app' });
  const estate = spoke({ app: rt('rt-app') }, table('rt-app', withoutPropagation), table('rt-open'), namesake);
  const namesakeId = rt('rt-app').replace(ids.place.group, 'rg-other');

  test.each([
    ['none', 'rt-app → none', 'partial → held'],
    ['None', 'rt-app → none', 'partial → held'],
    ['', 'rt-app → none', 'partial → held'],
    [' rt-open ', 'rt-app → rt-open', 'partial → held'],
    [namesakeId, `rt-app → ${namesakeId}`, 'partial → held'],
    [rt('rt-app').toUpperCase(), 'rt-app → rt-app', 'partial → partial'],
  ])('set to %j', (value, words, way) => {
    expect(changed(windows(estate), `spoke-app/app.routeTable=${value}`)).toEqual([`routeTable: ${words}`]);
    expect(returned(estate, `spoke-app/app.routeTable=${value}`)).toBe(way);
  });

  test('another subnet keeps its own', () => {
    const text = `spoke-app/data.routeTable=${rt('rt-app')}`;
    expect(changed(windows(estate), text)).toEqual(['routeTable: none → rt-app']);
    expect(returned(estate, text)).toBe('partial → lost');
  });

  test('another subnet gets none by it', () => {
    const empty = { ...spoke({}, table('rt-app', withoutPropagation)), machines: [] };
    expect(returned(empty, 'spoke-app/app.routeTable=rt-app')).toBe('held → partial');
  });

  test.each([
    ['is not the name of any', 'nobody', 'nothing that was read is called nobody'],
    ['is the name of two', 'rt-app', `name one as ${rt('rt-app')} or ${namesakeId}`],
    ['is a subnet', 'data', 'data is a subnet, and only a route-table has routeTable'],
  ])('is refused where the value %s', (_, value, why) => {
    expect(refusalOf(windows(estate), `spoke-app/app.routeTable=${value}`)).toContain(why);
  });
});

describe('a rule of a security group', () => {
  const nic = nicId({ ...ids.place, group: 'rg-workloads' }, 'app');
  const nsg = ids.id('networkSecurityGroups', 'nsg-app');
  const deny: SecurityRuleSpec = { name: 'no-remote', priority: 310, access: 'Deny', source: '172.16.0.0/12' };
  const allow: SecurityRuleSpec = { name: 'vpn', priority: 400, access: 'Allow', source: '172.16.50.0/24' };
  const out: SecurityRuleSpec = { name: 'out', priority: 320, access: 'Allow', direction: 'Outbound' };
  const rules = [deny, allow, out];
  const expanded = { VirtualNetwork: ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24'] };
  const inEffect = (group: string, more = rules) => effectiveSecurityGroup({ group, nic, rules: more, expanded });
  const effective = (...groups: readonly Wire[]) =>
    arm('networkInterfaces.listEffectiveNetworkSecurityGroups', nic, { value: groups });
  const document = arm('networkSecurityGroups.get', nsg, securityGroup(ids.place, 'nsg-app', rules));
  const capture = (...extra: readonly ReturnType<typeof arm>[]) =>
    windows({ ...plain, extra: () => extra }, { traces: spokeLost });
  const asItIs = capture(document, effective(inEffect(nsg)));

  test.each([
    ['let in what it denied', 'no-remote.access=allow', 'access: Deny → Allow'],
    ['come after the one that allows', 'nsg-app/no-remote.priority=500', 'priority: 310 → 500'],
    ['come after the one that allows, which goes first', 'vpn.priority=100', 'priority: 400 → 100'],
    ['be the last of all', `${nsg}/securityRules/no-remote.priority=4096`, 'priority: 310 → 4096'],
  ])('may %s', (_, text, words) => {
    expect(changed(asItIs, text)).toEqual([words]);
    const { before, after } = answerTo(asItIs, text);
    expect(codesOf(before)).toContain('nsg-denies-pool');
    expect(codesOf(after)).not.toContain('nsg-denies-pool');
  });

  test.each([
    ['allow what is allowed already', 'vpn.access=Allow', 'access: Allow → Allow'],
    ['deny what leaves', 'out.access=Deny', 'access: Allow → Deny'],
    ['stay before the one that allows', 'no-remote.priority=399', 'priority: 310 → 399'],
  ])('may %s, and the pool is denied still', (_, text, words) => {
    expect(changed(asItIs, text)).toEqual([words]);
    expect(codesOf(answerTo(asItIs, text).after)).toContain('nsg-denies-pool');
  });

  test('is changed in its own group only', () => {
    const second = ids.id('networkSecurityGroups', 'nsg-two');
    const two = capture(effective(inEffect(nsg), inEffect(second)));
    expect(codesOf(answerTo(two, 'nsg-app/no-remote.access=Allow').after)).toContain('nsg-denies-pool');
    expect(refusalOf(two, 'no-remote.access=Allow')).toContain('nsg-app/no-remote or nsg-two/no-remote');
  });

  test('is one rule where its group and a NIC tell it, in whatever casing', () => {
    const shouted = inEffect(nsg.toUpperCase(), [{ ...deny, name: 'NO-REMOTE' }, allow]);
    const { after } = answerTo(capture(document, effective(shouted)), 'no-remote.access=Allow');
    expect(codesOf(after)).not.toContain('nsg-denies-pool');
  });

  test.each([
    ['its group', document],
    ['a NIC', effective(inEffect(nsg))],
  ])('is as much a rule where only %s tells it', (_, source) => {
    expect(changed(capture(source), 'no-remote.access=Allow')).toEqual(['access: Deny → Allow']);
    expect(refusalOf(capture(source), 'no-remote.priority=400')).toMatch(/^azure: rules no-remote and vpn /);
  });

  test('says nothing of what was issued', () => {
    expect(rungOf(answerTo(asItIs, 'no-remote.access=Allow'), '10.21.0.0/16', 'issued')).toBe('held → held');
  });

  test.each(['AllowVnetInBound', 'DenyAllInBound'])('%s is of the defaults, which nobody can change', (name) => {
    for (const one of [asItIs, capture(effective(inEffect(nsg))), capture(document)])
      expect(refusalOf(one, `nsg-app/${name}.access=Allow`)).toMatch(/^onlink: .*nothing that was read is called/);
  });

  test.each([
    ['no-remote.access=maybe', 'access is Allow or Deny'],
    ['no-remote.priority=99', 'a priority is a number from 100 to 4096'],
    ['no-remote.priority=4097', 'a priority is a number from 100 to 4096'],
    ['no-remote.priority=310.5', 'a priority is a number from 100 to 4096'],
    ['no-remote.priority=first', 'a priority is a number from 100 to 4096'],
    ['no-remote.priority=400', 'rules no-remote and vpn of nsg-app would all have inbound priority 400'],
  ])('%s is refused', (text, why) => {
    expect(refusalOf(asItIs, text)).toMatch(new RegExp(`^azure: .*${why}$`));
  });

  test.each([
    ['be changed again at the last place', ['no-remote.priority=4096', 'no-remote.access=Allow']],
    ['take the priority of one for the other direction', ['no-remote.priority=320']],
    ['change places with another', ['no-remote.priority=400', 'vpn.priority=310']],
  ])('may %s', (_, texts) => {
    expect(refusalOf(asItIs, ...texts)).toBe('nobody');
  });
});
