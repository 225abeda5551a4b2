import type { ClientView } from '../facts/client.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import { installedRoutes } from '../ladder/installed.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { isClassBased } from '../ladder/strays.ts';
import type { Situation } from '../situation/situation.ts';

/** A network Azure offers this client for certain. */
export function isOffered(ladder: Ladder): boolean {
  return isMust(ladder) && stateOf(ladder, 'offered') === 'held';
}

/** A network this client must have: the pool aside, which no file needs to list. */
function isMust({ expectation, reason }: Ladder): boolean {
  return expectation === 'must' && reason !== 'pool';
}

/** Offered by Azure, and the operating system has no route for it, or for a part only. */
function isMissing(ladder: Ladder): boolean {
  const active = stateOf(ladder, 'active');
  return (
    isOffered(ladder) &&
    ladder.verdict === 'broken' &&
    (active === 'lost' || active === 'partial') &&
    stateOf(ladder, 'issued') !== 'lost'
  );
}

/** Whether the profile on this machine lists it, or a part of it, as far as a readable list tells. */
export function isListed(ladder: Ladder): boolean {
  const installed = stateOf(ladder, 'installed');
  return installed === 'held' || installed === 'partial';
}

/** Whether a list of routes was read on this machine: one that is absent can't be old. */
export function hasList(client: ClientView, situation: Situation): boolean {
  return installedRoutes(client, situation).read.length > 0;
}

/** What of the offered networks did not arrive. */
export interface Delivery {
  readonly missing: readonly Ladder[];
  /** Nothing but Windows' own class-based route leads into the tunnel: no route of Azure arrived at all. */
  readonly none: boolean;
}

export function deliveryOf(ladders: readonly Ladder[], { tunnel }: Situation, platform: 'windows' | 'linux'): Delivery {
  const missing = ladders.filter(isMissing);
  // Whether Azure still offers it, or could be asked at all, is another matter.
  const own = ladders.filter((ladder) => isMust(ladder) || (ladder.reason !== 'pool' && isListed(ladder)));
  const isOfAzure = (route: Route) => tunnel !== undefined && !isClassBased(route, tunnel.address, platform);
  // A selector of IPsec takes a part of it without any route.
  const bySelector = missing.some(
    (ladder) => stateOf(ladder, 'active') === 'partial' && ladder.tunnelRoutes.length === 0,
  );
  return { missing, none: !bySelector && !own.some(({ tunnelRoutes }) => tunnelRoutes.some(isOfAzure)) };
}

/** The entries of a list that speak of the tunnel's own connection; all, where that is not told. */
export function ofConnection<T extends { readonly name: string }>(
  entries: readonly T[] | undefined,
  { tunnel }: Situation,
): readonly T[] {
  const { connection } = tunnel ?? {};
  return (entries ?? []).filter(({ name }) => connection === undefined || name === connection.name);
}

/** What the rungs from `issued` to `active` rest on: the three-way comparison of issued now, installed and active. */
export function deliveryEvidence(ladder: Ladder): readonly Evidence[] {
  return [
    ...rungOf(ladder, 'issued').evidence,
    ...rungOf(ladder, 'installed').evidence,
    ...rungOf(ladder, 'active').evidence,
    ...rungOf(ladder, 'offered').evidence,
  ];
}
