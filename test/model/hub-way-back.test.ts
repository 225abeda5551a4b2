import { describe, expect, test } from 'vitest';
import { hubRouteTable, routingConfiguration } from '../../scripts/scenarios/azure-wan.ts';
import { arm, type BundleArtifact, forbidden } from '../../scripts/scenarios/wire.ts';
import { conclude, told } from '../diagnosis/conclude.ts';
import { defaultTable, everyone, type HubSpec, hub, hubCapture, intent, toApp } from './hub-estate.ts';

/*
 * The way back in a hub: the table that a VNet's connection looks up must be among those to which the clients'
 * configurations propagate. https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
 */
const apart = `${hub}/hubRouteTables/apart`;
const space = '10.66.0.0/16';
type Propagation = NonNullable<Parameters<typeof routingConfiguration>[1]>;

const lookingUp = (associated: string | null, more: Propagation = {}): HubSpec => {
  const routing = routingConfiguration(hub, { ...more, ...(associated !== null && { associated }) });
  const routingConfig = associated === null ? { ...routing, associatedRouteTable: null } : routing;
  return { connections: [toApp({ routingConfiguration: routingConfig })] };
};
const clients = (...all: readonly Propagation[]): HubSpec => ({
  clients: all.map((one, index) => ({ ...everyone, name: `users-${index}`, routing: routingConfiguration(hub, one) })),
});
const tableRead = (...labels: readonly string[]): BundleArtifact =>
  arm('hubRouteTables.get', apart, hubRouteTable(hub, 'apart', [], { labels }));
const blamed = (...specs: readonly HubSpec[]) =>
  told(hubCapture(Object.assign({}, ...specs)), 'vwan-propagation-missing');
const toDefault: Propagation = { ids: [defaultTable], labels: ['default'] };

describe('a VNet has no way back to clients', () => {
  test('where no configuration propagates to the table that it looks up: both ends are told, and what to add', () => {
    const spec = { ...lookingUp(apart), ...clients(toDefault), extra: [tableRead('apart')] };
    const [finding, ...others] = blamed(spec);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ says: `error proven ${space}`, actual: 'defaultRouteTable, label default' });
    expect(finding?.commands[0]).toMatch(
      new RegExp(`az network p2s-vpn-gateway update .* --propagated ${defaultTable} ${apart}$`),
    );
    expect(conclude(hubCapture(spec)).prefixes[space]).toBe('must broken returned');
  });

  test.each<[string, ...HubSpec[]]>([
    [
      'where the table was read, and its labels are others',
      lookingUp(apart),
      clients({ ids: [], labels: ['none', 'lab'] }),
      { extra: [tableRead('apart')] },
    ],
    [
      'where none of several configurations reaches it',
      lookingUp(apart),
      clients(toDefault, { ids: [], labels: ['none'] }),
      { extra: [tableRead()] },
    ],
    [
      'where it looks up the default table, which was not read',
      lookingUp(defaultTable),
      clients({ ids: [apart], labels: ['apart'] }),
      { table: null },
    ],
  ])('for certain %s', (_, ...specs) => {
    expect(blamed(...specs).map(({ says }) => says)).toEqual([`error proven ${space}`]);
  });

  test.each<[string, ...HubSpec[]]>([
    [
      'where the table was not read, and only labels of other tables are propagated to',
      lookingUp(apart),
      clients({ ids: [defaultTable], labels: ['Default', 'None'] }),
    ],
    [
      'where the routing intent of the hub was refused',
      lookingUp(apart),
      clients(toDefault),
      { extra: [tableRead(), forbidden('routingIntentOperations.list', hub, 'read')] },
    ],
  ])('as it seems %s', (_, ...specs) => {
    expect(blamed(...specs).map(({ says }) => says)).toEqual([`error likely ${space}`]);
    expect(conclude(hubCapture(Object.assign({}, ...specs))).prefixes[space]).toBe('must undetermined -');
  });
});

describe('nothing speaks against the way back', () => {
  test.each<[string, ...HubSpec[]]>([
    [
      'where a configuration propagates to the table',
      lookingUp(apart),
      clients({ ids: [defaultTable, apart.toUpperCase()], labels: [] }),
      { extra: [tableRead()] },
    ],
    [
      'where it propagates to a label of the table',
      lookingUp(apart),
      clients({ ids: [], labels: ['none', 'Shared'] }),
      { extra: [tableRead('apart', 'shared')] },
    ],
    [
      'where it propagates to a label that a table may have which was not read',
      lookingUp(apart),
      clients({ ids: [defaultTable], labels: ['default', 'shared'] }),
    ],
    [
      'where one of several configurations reaches it',
      lookingUp(apart),
      clients(toDefault, { ids: [apart], labels: [] }),
      { extra: [tableRead()] },
    ],
    [
      'where it looks up the default table',
      lookingUp(defaultTable),
      clients({ ids: [], labels: ['default'] }),
      { table: null },
    ],
    ['where the table is not told', lookingUp(null), clients({ ids: [apart], labels: [] })],
    [
      'where a configuration does not tell to what it propagates',
      lookingUp(apart),
      { clients: [{ ...everyone, routing: {} }], extra: [tableRead()] },
    ],
    [
      'where no configuration is told at all',
      lookingUp(apart),
      { gateway: { p2SConnectionConfigurations: [] }, extra: [tableRead()] },
    ],
    [
      'where the hub has a routing intent',
      lookingUp(apart),
      clients(toDefault),
      { extra: [tableRead(), intent(['Internet'])] },
    ],
  ])('%s', (_, ...specs) => {
    expect(blamed(...specs)).toEqual([]);
  });
});
