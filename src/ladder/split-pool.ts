import { protocolsOf } from '../model/endpoint.ts';
import type { ExpectedRoute } from '../model/expected-route.ts';
import { covers, setOf } from '../net/address-set.ts';
import { lastOf, type Prefix, prefixAround } from '../net/prefix.ts';
import type { ClimbContext } from './context.ts';
import type { Rung } from './rung.ts';

/**
 * With SSTP and IKEv2 both on, Azure divides the pool between them, and a client is told its own half alone: that half
 * is the pool. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq
 */
export function withSplitPool(route: ExpectedRoute, rungs: readonly Rung[], context: ClimbContext): readonly Rung[] {
  if (route.reason !== 'pool' || !isSplit(context)) return rungs;
  return rungs.map((rung) =>
    rung.state === 'partial' && isHalf(rung, route.prefix, context) ? { ...rung, state: 'held' } : rung,
  );
}

/** A list that names a part names the client's own; of the table it has to be a half. */
function isHalf({ rung }: Rung, pool: Prefix, { tunnelSpace }: ClimbContext): boolean {
  if (rung === 'active') return halvesOf(pool).some((half) => covers(tunnelSpace.space, setOf([half])));
  return rung === 'issued' || rung === 'installed';
}

function isSplit({ situation: { endpoint }, topology }: ClimbContext): boolean {
  const offered = (endpoint && protocolsOf(endpoint, topology)) ?? [];
  const names = offered.map((name) => name.toLowerCase());
  return names.includes('sstp') && names.includes('ikev2');
}

const halvesOf = (whole: Prefix): readonly Prefix[] =>
  [whole.first, lastOf(whole)].map((address) => prefixAround(address, whole.length + 1));
