import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import type { HubConnection, P2SVpnGateway, RoutingConfiguration } from '../facts/virtual-wan.ts';

/** A VNet of a hub whose own route table hears of no client: none of their configurations propagates to it. */
export interface DeafTable {
  readonly table: ResourceId;
  /** The first configuration that leaves it out. */
  readonly first: P2SVpnGateway['connections'][number];
  /** The labels of the table were read, so that none is overlooked. */
  readonly sure: boolean;
}

/** Whether the table that a hub's VNet looks up lacks the clients' pools; undefined: it has them, or nobody can tell. */
export function deafTableOf(
  { routing }: HubConnection,
  gateway: P2SVpnGateway,
  { hubRouteTables, hubs }: Topology,
): DeafTable | undefined {
  const table = routing?.associated;
  const hub = gateway.hub === undefined ? undefined : hubs.get(keyOf(gateway.hub));
  if (table === undefined || (hub?.routingIntent ?? []).length > 0) return undefined;
  const labels =
    hubRouteTables.get(keyOf(table))?.labels ??
    (nameOf(table).toLowerCase() === 'defaultroutetable' ? ['default'] : undefined);
  // A table that was not read may carry any label but the one that the default table has from the start.
  const isItsLabel = (label: string) =>
    labels === undefined
      ? !['default', 'none'].includes(label.toLowerCase())
      : labels.some((known) => known.toLowerCase() === label.toLowerCase());
  const reaches = (configuration: RoutingConfiguration | undefined) =>
    configuration === undefined ||
    configuration.propagatedIds.some((one) => sameResource(one, table)) ||
    configuration.propagatedLabels.some(isItsLabel);
  const [first, ...others] = gateway.connections;
  if (first === undefined || [first, ...others].some(({ routing: configured }) => reaches(configured)))
    return undefined;
  return { table, first, sure: labels !== undefined };
}
