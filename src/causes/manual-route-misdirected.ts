import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Severity } from '../diagnosis/finding.ts';
import { deleteRoute } from '../diagnosis/route-commands.ts';
import { list } from '../diagnosis/wording.ts';
import type { ClientView } from '../facts/client.ts';
import type { ProfileRoute } from '../facts/profile.ts';
import type { Route } from '../facts/route.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { formatAddress } from '../net/address.ts';
import { containsAddress, containsPrefix, formatPrefix, samePrefix, widthOfPrefix } from '../net/prefix.ts';
import { PrefixIndex } from '../net/prefix-index.ts';
import { leadsInto, type Tunnel } from '../situation/find-tunnel.ts';
import { allRoutes } from '../situation/own-addresses.ts';
import { adapterName, isLoopbackRoute, leadsToAnotherVpn } from './adapters.ts';
import { addConnectionRoutes } from './connection-routes.ts';
import { detoursOf, isAnnounced } from './detours.ts';

/** Somebody added a route for Azure's addresses by hand, and it leads past the tunnel. */
export const manualRouteMisdirected = defineCause({
  code: 'manual-route-misdirected',
  number: 'C27',
  title: 'A hand-made route leads past the tunnel',
  severity: 'error',
  about:
    "A route for an Azure prefix was added by hand (route -p add, New-NetRoute, ip route add) by way of the local router, or of an address on the far side of the tunnel that nobody here can resolve. Point-to-Site routes have no next hop: on Windows they are on-link on the tunnel's interface. A network this computer is connected to is C30, another VPN's adapter C48.",
  needs: ['ladders', 'client', 'tunnel', 'context'],
  dependsOn: ['vpn-not-connected', 'policy-rule-bypass'],
  detect: ({ ladders, client, tunnel, context }) =>
    culprits(ladders, tunnel, context).map(({ route, ladders: taken, isPersistentOnly }) => {
      const broken = taken.filter(({ verdict }) => verdict === 'broken');
      const name = adapterName(route, client);
      const hop = route.via.kind === 'gateway' ? ` by way of ${formatAddress(route.via.address)}` : '';
      const says = `${formatPrefix(route.prefix)} was sent ${isPersistentOnly ? '(persistent entry, not in effect)' : `to ${name}`}${hop}`;
      return {
        severity: severityOf(route, isPersistentOnly ? [] : broken, client),
        confidence: 'proven' as const,
        summary: `A hand-made route takes ${formatPrefix(route.prefix)}${hop} past the tunnel${hasFarHop(route, ladders) ? ': that address lies behind the tunnel and is no next hop here' : ''}. It concerns ${list(taken)}.`,
        rung: 'selected' as const,
        expected: `a route on-link on ${tunnel.interface}`,
        actual: says,
        evidence: gathered(
          { says, origin: route.origin },
          [{ says, origin: route.origin }],
          exclusionsOf(route, client).map(({ prefix, origin }) => ({
            says: `the profile excludes ${formatPrefix(prefix)} from the tunnel`,
            origin,
          })),
          taken[0].tunnelRoutes.slice(0, 2).map(({ prefix, metric, origin }) => ({
            says: `${formatPrefix(prefix)} leads into the tunnel${metric === null ? '' : `, metric ${metric}`}`,
            origin,
          })),
        ),
        explains: taken,
        fixes: [
          {
            by: 'user' as const,
            commands: [deleteRoute(route, client.platform)],
            steps: ['Run it as an administrator.'],
            verify: client.platform === 'windows' ? 'route print -4' : 'ip route show table all',
          },
          ...(client.platform === 'windows' && taken.some((ladder) => stateOf(ladder, 'active') !== 'held')
            ? [addConnectionRoutes(tunnel.connection?.name, [route.prefix])]
            : []),
        ],
      };
    }),
});

/** A profile may keep a range out of the tunnel on purpose: the client then makes such a route itself. */
function exclusionsOf({ prefix }: Route, { profiles }: ClientView): readonly ProfileRoute[] {
  return profiles.flatMap(({ routes }) =>
    routes.filter((route) => route.exclude && containsPrefix(route.prefix, prefix)),
  );
}

function severityOf(route: Route, broken: readonly Ladder[], client: ClientView): Severity {
  if (exclusionsOf(route, client).length > 0) return 'info';
  return broken.length > 0 ? 'error' : 'warning';
}

interface Culprit {
  readonly route: Route;
  readonly ladders: readonly [Ladder, ...Ladder[]];
  readonly isPersistentOnly: boolean;
}

/** Hand-made winners of broken prefixes; and routes that were meant for a prefix which has none into the tunnel. */
function culprits(ladders: readonly Ladder[], tunnel: Tunnel, context: ClimbContext): readonly Culprit[] {
  const winning = detoursOf('manual', ladders, context).flatMap(({ route, ladders: taken }) =>
    route === undefined ? [] : [{ route, ladders: taken, isPersistentOnly: false }],
  );
  const known = winning.map(({ route }) => route.prefix);
  const { client } = context;
  const active = allRoutes(client);
  const listed = new Set(active.map(({ prefix }) => formatPrefix(prefix)));
  const index = new PrefixIndex(ladders.filter(isMissed), ({ prefix }) => prefix);
  const meant = [
    ...active.map((route) => ({ route, isPersistentOnly: false })),
    ...client.persistent
      .filter(({ prefix }) => !listed.has(formatPrefix(prefix)))
      .map((route) => ({ route, isPersistentOnly: true })),
  ]
    .filter(
      ({ route }) => isHandMade(route, tunnel, context) && !known.some((prefix) => samePrefix(prefix, route.prefix)),
    )
    .flatMap((one) => {
      const [first, ...rest] = index.containing(one.route.prefix);
      return first === undefined ? [] : [{ ...one, ladders: [first, ...rest] as const }];
    });
  return [...winning, ...meant];
}

function isHandMade(route: Route, tunnel: Tunnel, context: ClimbContext): boolean {
  const { prefix, via, type } = route;
  if (type !== 'unicast' || via.kind !== 'gateway' || prefix.length <= 1 || prefix.length === widthOfPrefix(prefix))
    return false;
  return (
    !isAnnounced(route) && !isLoopbackRoute(route) && !leadsInto(route, tunnel) && !leadsToAnotherVpn(route, context)
  );
}

/** A prefix that Azure has and that no route into the tunnel serves: a route inside it was meant for it. */
function isMissed(ladder: Ladder): boolean {
  const active = stateOf(ladder, 'active');
  return ladder.expectation !== 'never' && ladder.reason !== 'pool' && (active === 'lost' || active === 'partial');
}

/** A next hop that is itself an address of Azure's side. */
function hasFarHop({ via }: Route, ladders: readonly Ladder[]): boolean {
  return (
    via.kind === 'gateway' &&
    ladders.some(
      ({ prefix, expectation }) => expectation !== 'never' && prefix.length > 1 && containsAddress(prefix, via.address),
    )
  );
}
