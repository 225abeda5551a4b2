import { once } from '../facts/once.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Profile } from '../facts/profile.ts';
import { keyOf } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { idOf } from '../model/endpoint.ts';
import { defaultTableOf, hubRoutesOf } from '../model/expect-hub.ts';
import type { ExpectedRoute } from '../model/expected-route.ts';
import { type AddressSet, covers, intersect, isEmpty, setOf } from '../net/address-set.ts';
import { formatPrefix, type Prefix } from '../net/prefix.ts';
import { PrefixIndex } from '../net/prefix-index.ts';
import type { ClimbContext } from './context.ts';
import type { Rung, RungState } from './rung.ts';

/** Whether the gateway really has it: a profile generated now decides; its own routes can only confirm. */
export function issuedRung(
  { prefix, expectation }: Pick<ExpectedRoute, 'prefix' | 'expectation'>,
  context: ClimbContext,
): Rung {
  const profiles = context.topology.issued.filter(listsAll);
  if (profiles.length > 0) return { rung: 'issued', ...fromProfiles(prefix, profiles, context.topology) };
  const confirmed = gatewayRoutes(context)
    .overlapping(prefix)
    .filter((route) => route.prefix.length > 1 === prefix.length > 1);
  const held = coverage(setOf(confirmed.map((route) => route.prefix)), prefix);
  const evidence = confirmed
    .slice(0, 3)
    .map(({ prefix: has, origin, says }) => ({ says: `${formatPrefix(has)} ${says}`, origin }));
  return { rung: 'issued', state: held === 'lost' || expectation === 'never' ? 'unknown' : held, evidence };
}

function fromProfiles(
  prefix: Prefix,
  profiles: readonly Profile[],
  topology: Topology,
): { state: RungState; evidence: readonly Evidence[] } {
  const state = coverage(spaceOf(topology), prefix);
  const evidence = profiles.map((profile) => {
    const [row] = indexOf(profile).overlapping(prefix);
    if (row !== undefined && state !== 'lost')
      return { says: `a profile generated now lists ${formatPrefix(row.prefix)}`, origin: row.origin };
    const says =
      state === 'lost'
        ? `a profile generated now does not list ${formatPrefix(prefix)}`
        : 'a profile generated now names it as its pool';
    return { says, origin: profile.origin };
  });
  return { state, evidence };
}

const indexOf = once(({ routes }: Profile) => new PrefixIndex(routes, ({ prefix }) => prefix));

/** What the profiles that Azure generated for this capture lead into the tunnel. */
const spaceOf = once(({ issued }: Topology) =>
  setOf(issued.filter(listsAll).flatMap(({ routes, pool }) => [...routes.map(({ prefix }) => prefix), ...pool])),
);

/** An OpenVPN client is pushed its routes at connect: what its files say adds to them, and lists none of them. */
export function listsAll({ kind, listsRoutes }: Profile): boolean {
  return listsRoutes && kind !== 'openvpn-profile' && kind !== 'azurevpn-xml';
}

/** How much of a prefix a set holds. */
export function coverage(space: AddressSet, prefix: Prefix): 'held' | 'partial' | 'lost' {
  const asked = setOf([prefix]);
  if (covers(space, asked)) return 'held';
  return isEmpty(intersect(space, asked)) ? 'lost' : 'partial';
}

interface GatewayHas {
  readonly prefix: Prefix;
  readonly says: string;
  readonly origin: Evidence['origin'];
}

const gatewayRoutes = once((context: ClimbContext) => new PrefixIndex(gatewayHas(context), ({ prefix }) => prefix));

/** What the gateway, or its hub, forwards by or was taught: no document may list it, and Azure knows it all the same. */
export function gatewayHas({ topology, situation }: ClimbContext): readonly GatewayHas[] {
  const { endpoint } = situation;
  if (endpoint === undefined) return [];
  if (endpoint.kind === 'hub-gateway')
    return [
      ...(hubRoutesOf(topology, endpoint.gateway) ?? []).map(({ prefix, at }) => ({
        prefix,
        says: 'is an effective route of the hub',
        origin: at,
      })),
      ...(defaultTableOf(topology, endpoint.gateway)?.routes ?? []).flatMap(({ destinations, origin }) =>
        destinations.map((prefix) => ({ prefix, says: 'is a route of the default table', origin })),
      ),
    ];
  const key = keyOf(idOf(endpoint));
  return [
    ...(topology.gatewayEffectiveRoutes.get(key) ?? [])
      .filter(({ nextHopType }) => nextHopType.toLowerCase() !== 'none')
      .map(({ prefix, at }) => ({ prefix, says: 'is an effective route of the gateway', origin: at })),
    ...(topology.learnedRoutes.get(key) ?? []).map(({ prefix, at }) => ({
      prefix,
      says: 'is among the routes the gateway learned',
      origin: at,
    })),
  ];
}
