import type { Interface, InterfaceAddress } from '../facts/client.ts';
import type { Route } from '../facts/route.ts';
import { type Address, familyOf, parseAddress } from '../net/address.ts';
import { containsAddress, familyOfPrefix, prefix, prefixAround } from '../net/prefix.ts';
import type { Outcome } from './decision.ts';

/**
 * The addresses that may stand as sender in packets of an outcome: the one the route asks for, else those of its
 * interface that come into question. None: nothing that was read tells.
 */
export function sendersOf(interfaces: readonly Interface[], outcome: Outcome): readonly Address[] {
  if (outcome.kind !== 'route') return [];
  const { route } = outcome;
  if (route.source !== undefined) return [route.source];
  const family = familyOfPrefix(route.prefix);
  const written = parseAddress(route.interface);
  if (written !== undefined && familyOf(written) === family) return [written];
  const candidates = (interfaceOf(interfaces, route)?.addresses ?? []).filter(
    ({ address }) => familyOf(address) === family,
  );
  return family === 4 ? firstNear(candidates, route) : reaching(candidates, route);
}

// IPv4 takes the first address whose own network, or far end, holds the gateway; else the first of all.
function firstNear(candidates: readonly InterfaceAddress[], { via }: Route): readonly Address[] {
  const near = candidates.find(
    ({ address, peer, length }) =>
      via.kind === 'gateway' && length !== null && containsAddress(prefixAround(peer ?? address, length), via.address),
  );
  return [near ?? candidates[0]].flatMap((chosen) => (chosen === undefined ? [] : [chosen.address]));
}

// IPv6 weighs each destination against every address, its age included: of those that reach
// as far as the route does, which one it takes is not to be seen from here. One that is tentative it never takes.
function reaching(candidates: readonly InterfaceAddress[], { prefix: to }: Route): readonly Address[] {
  const addresses = candidates.flatMap(({ address, isTentative }) => (isTentative ? [] : [address]));
  const ofScope = addresses.filter((address) => isLinkLocal(address) === isLinkLocal(to.first));
  return ofScope.length > 0 ? ofScope : addresses;
}

/** The interface a route leaves by: the row may name it, number it, or (route print) give its address. */
export function interfaceOf(interfaces: readonly Interface[], route: Route): Interface | undefined {
  const written = parseAddress(route.interface);
  return (
    interfaces.find(({ name }) => name === route.interface) ??
    interfaces.find(({ index }) => index !== null && String(index) === route.interface) ??
    (written && interfaces.find(({ addresses }) => addresses.some(({ address }) => address === written)))
  );
}

const linkLocal = prefix('fe80::/10');

function isLinkLocal(address: Address): boolean {
  return containsAddress(linkLocal, address);
}
