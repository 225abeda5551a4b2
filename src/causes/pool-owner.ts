import type { Endpoint, Pool } from '../model/endpoint.ts';

/** Where a pool stands: the gateway's own, a user group's, or a connection configuration's of Virtual WAN. */
export function poolProperty({ kind }: Endpoint, { group }: Pick<Pool, 'group'>): string {
  if (kind === 'hub-gateway') return 'p2SConnectionConfigurations';
  return group === null
    ? 'vpnClientConfiguration.vpnClientAddressPool'
    : 'vpnClientConfiguration.vngClientConnectionConfigurations';
}

/** The one pool that an update of the gateway sets, and sets as a whole. */
export function isGatewaysOwn({ kind }: Endpoint, { group }: Pick<Pool, 'group'>): boolean {
  return kind === 'vnet-gateway' && group === null;
}

/** Whose a pool is, in words. */
export function poolText({ group }: Pick<Pool, 'group'>): string {
  return group === null ? 'the pool' : `the pool of ${group}`;
}
