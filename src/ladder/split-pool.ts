import { protocolsOf } from '../model/endpoint.ts';
import type { ExpectedRoute } from '../model/expected-route.ts';
import { covers, setOf } from '../net/address-set.ts';
import { lastOf, type Prefix, prefixAround, widthOfPrefix } from '../net/prefix.ts';
import type { ClimbContext } from './context.ts';
import type { Rung } from './rung.ts';

/**
 * With SSTP and IKEv2 both on, Azure divides the pool between them, and a client is told its own half alone: that half
 * is the pool. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq
 */
export function withSplitPool(route: ExpectedRoute, rungs: readonly Rung[], context: ClimbContext): readonly Rung[] {
  if (route.reason !== 'pool' || !isSplit(context)) return rungs;
  const isHalfActive = halvesOf(route.prefix).some((half) => covers(context.tunnelSpace.space, setOf([half])));
  return rungs.map((rung) => {
    const isHalf = rung.state === 'partial' && (rung.rung === 'active' ? isHalfActive : isList(rung));
    return isHalf ? { ...rung, state: 'held' } : rung;
  });
}

const isList = ({ rung }: Rung): boolean => rung === 'issued' || rung === 'installed';

function isSplit({ situation: { endpoint }, topology }: ClimbContext): boolean {
  const offered = (endpoint === undefined ? undefined : protocolsOf(endpoint, topology)) ?? [];
  const names = offered.map((name) => name.toLowerCase());
  return names.includes('sstp') && names.includes('ikev2');
}

function halvesOf(whole: Prefix): readonly Prefix[] {
  if (whole.length >= widthOfPrefix(whole)) return [whole];
  return [whole.first, lastOf(whole)].map((address) => prefixAround(address, whole.length + 1));
}
