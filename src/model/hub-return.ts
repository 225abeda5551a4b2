import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import type { HubConnection, P2SVpnGateway, RoutingConfiguration } from '../facts/virtual-wan.ts';
import { hubOf, refusedIntent } from './expect-hub.ts';

/** A VNet of a hub whose own route table hears of no client: none of their configurations propagates to it. */
export interface DeafTable {
  readonly table: ResourceId;
  /** The first configuration that leaves it out. */
  readonly first: P2SVpnGateway['connections'][number];
  /** The labels of the table and the hub's routing intent were read, so that nothing is overlooked. */
  readonly sure: boolean;
}

/** Whether the table that a hub's VNet looks up lacks the clients' pools; undefined: it has them, or nobody can tell. */
export function deafTableOf(
  { routing }: HubConnection,
  gateway: P2SVpnGateway,
  topology: Topology,
): DeafTable | undefined {
  const table = routing?.associated;
  if (table === undefined || (hubOf(gateway, topology)?.routingIntent ?? []).length > 0) return undefined;
  const labels =
    topology.hubRouteTables.get(keyOf(table))?.labels ??
    (nameOf(table).toLowerCase() === 'defaultroutetable' ? ['default'] : undefined);
  // A table that was not read may carry any label but the one that the default table has from the start.
  const isItsLabel = (label: string) =>
    labels?.some((known) => known.toLowerCase() === label) ?? !['default', 'none'].includes(label);
  const reaches = (configuration: RoutingConfiguration | undefined) =>
    configuration === undefined ||
    configuration.propagatedIds.some((one) => sameResource(one, table)) ||
    configuration.propagatedLabels.some((label) => isItsLabel(label.toLowerCase()));
  const [first] = gateway.connections;
  if (first === undefined || gateway.connections.some(({ routing: configured }) => reaches(configured)))
    return undefined;
  return { table, first, sure: labels !== undefined && refusedIntent(gateway.hub, topology) === undefined };
}
