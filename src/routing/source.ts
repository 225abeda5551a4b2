import type { Interface } from '../facts/client.ts';
import type { Route } from '../facts/route.ts';
import { type Address, familyOf, parseAddress } from '../net/address.ts';
import { containsAddress, familyOfPrefix, prefix, prefixAround } from '../net/prefix.ts';
import type { Outcome } from './decision.ts';

/** The sender's address that goes with an outcome: what the route asks for, else an address of its interface. */
export function sourceOfOutcome(interfaces: readonly Interface[], outcome: Outcome): Address | undefined {
  if (outcome.kind !== 'route') return undefined;
  const { route } = outcome;
  if (route.source !== undefined) return route.source;
  const family = familyOfPrefix(route.prefix);
  const written = parseAddress(route.interface);
  if (written !== undefined && familyOf(written) === family) return written;
  const candidates = (interfaceOf(interfaces, route)?.addresses ?? []).filter(
    ({ address }) => familyOf(address) === family,
  );
  const { via } = route;
  const nearGateway = candidates.find(
    ({ address, length }) =>
      via.kind === 'gateway' && length !== null && containsAddress(prefixAround(address, length), via.address),
  );
  const wide = isLinkLocal(route.prefix.first)
    ? undefined
    : candidates.find(({ address }) => family === 4 || !isLinkLocal(address));
  return (nearGateway ?? wide ?? candidates[0])?.address;
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
