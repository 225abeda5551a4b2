import type { Evidence } from '../facts/origin.ts';
import { nameOf, sameResource } from '../facts/resource-id.ts';
import type { VNet } from '../facts/topology.ts';
import { deafTableOf } from '../model/hub-return.ts';
import type { ClimbContext } from './context.ts';

/** Virtual WAN: the VNet's connection looks up a table that hears of no client. Undefined: nothing speaks against a way back. */
export function hubLeads(
  vnet: VNet,
  { topology, situation: { endpoint } }: ClimbContext,
): { readonly leads: 'elsewhere' | 'unknown'; readonly evidence: readonly Evidence[] } | undefined {
  if (endpoint?.kind !== 'hub-gateway') return undefined;
  const connection = topology.hubConnections.find(
    ({ remoteVNet, hub }) => sameResource(remoteVNet, vnet.id) && sameResource(hub, endpoint.gateway.hub),
  );
  if (connection === undefined) return undefined;
  const deaf = deafTableOf(connection, endpoint.gateway, topology);
  if (deaf === undefined) return undefined;
  const says = `${connection.name} looks up ${nameOf(deaf.table)}, to which no client configuration propagates`;
  return { leads: deaf.sure ? 'elsewhere' : 'unknown', evidence: [{ says, origin: connection.origin }] };
}
