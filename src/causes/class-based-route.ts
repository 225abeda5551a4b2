import { powershellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { deleteRoute } from '../diagnosis/route-commands.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { installedRoutes } from '../ladder/installed.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { isClassBased } from '../ladder/strays.ts';
import { formatAddress } from '../net/address.ts';
import { containsAddress, containsPrefix, formatPrefix, type Prefix, samePrefix } from '../net/prefix.ts';
import type { Tunnel } from '../situation/find-tunnel.ts';
import { allRoutes, ownAddresses } from '../situation/own-addresses.ts';
import { hasList, ofConnection } from './client-delivery.ts';

/** Windows adds the class of the tunnel's address, and with it addresses that are not Azure's. */
export const classBasedRoute = defineCause({
  code: 'class-based-route',
  number: 'C26',
  title: "Windows' class-based route captures more than Azure has",
  severity: 'warning',
  about:
    'A split-tunnel connection of Windows adds the A, B or C class of its own address as an on-link route: 10.55.55.4 brings 10.0.0.0/8, 172.16.29.2 brings 172.16.0.0/16. It comes from Windows, not from Azure. It takes company networks in the same class into the tunnel, where they vanish, or hides that a prefix has no route of its own. Where the pool or a VNet has exactly this prefix it is no such route.',
  helpUrl:
    'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-troubleshoot-vpn-point-to-site-connection-problems',
  needs: ['ladders', 'client', 'tunnel', 'context', 'situation'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ ladders, client, tunnel, context, situation }) => {
    const route = context.tunnelSpace.routes.find((row) => isClassBased(row, tunnel.address, client.platform));
    if (route === undefined || isMeant(route.prefix, ladders, context)) return [];
    const [entry] = ofConnection(client.phonebook, situation);
    if (entry?.classBasedRouteDisabled === true) return [];
    const captured = capturedBy(route, ladders, context);
    const only = ladders.filter((ladder) => isServedOnlyBy(route, ladder));
    const text = formatPrefix(route.prefix);
    const grave = captured.length > 0 || only.length > 0;
    return [
      {
        severity: grave ? ('warning' as const) : ('info' as const),
        confidence:
          entry?.classBasedRouteDisabled === false || hasList(client, situation)
            ? ('proven' as const)
            : ('likely' as const),
        summary: grave
          ? `Windows added ${text} for the class of ${formatAddress(tunnel.address)}, and it takes ${what(captured, only)} into the tunnel.`
          : `Windows added ${text} for the class of ${formatAddress(tunnel.address)}: it comes from Windows, not from Azure.`,
        rung: 'selected' as const,
        prefixes: [route.prefix],
        property: 'DisableClassBasedDefaultRoute',
        expected: '1',
        actual: entry?.classBasedRouteDisabled === false ? '0' : `${text} is on-link on the tunnel`,
        evidence: gathered(
          { says: `${text} is on-link on ${tunnel.interface}`, origin: route.origin },
          [{ says: `${text} is on-link on ${tunnel.interface}, and nothing lists it`, origin: route.origin }],
          entry === undefined
            ? []
            : [{ says: `phonebook entry ${entry.name} does not disable it`, origin: entry.origin }],
          captured,
        ),
        fixes: [
          {
            by: 'user' as const,
            commands: [deleteRoute(route, 'windows')],
            steps: ['This holds until the next connect.'],
            disrupts: 'addresses of Azure that have no route of their own',
            verify: 'route print -4',
          },
          {
            by: 'client-owner' as const,
            commands: [],
            steps: [
              'Adapter properties of the connection, IPv4, Advanced: tick "Disable class based route addition"; in a profile set DisableClassBasedDefaultRoute to true, in rasphone.pbk to 1.',
              `Then add the exact routes where they are missing: Add-VpnConnectionRoute -ConnectionName ${powershellWord(tunnel.connection?.name ?? 'CONNECTION-NAME')} -DestinationPrefix PREFIX`,
            ],
            verify: 'route print -4',
          },
        ],
      },
    ];
  },
});

/** Azure has exactly this prefix, or a list on this machine names it: then it is no work of Windows. */
function isMeant(prefix: Prefix, ladders: readonly Ladder[], { client, situation, topology }: ClimbContext): boolean {
  const spaces = [...topology.vnets.values()].flatMap(({ addressSpace }) => addressSpace);
  const listed = installedRoutes(client, situation).routes;
  return [...ladders, ...spaces, ...listed].some((known) => samePrefix(known.prefix, prefix));
}

/** Whatever lies in the class, goes into the tunnel by it, and is not Azure's: neighbours of the local network, asked-for addresses. */
function capturedBy(
  route: Route,
  ladders: readonly Ladder[],
  { client, situation, forwarding, tunnelSpace }: ClimbContext,
): readonly Evidence[] {
  const isAzures = (address: Prefix['first']) =>
    ladders.some(
      ({ prefix, expectation }) => expectation !== 'never' && prefix.length > 1 && containsAddress(prefix, address),
    );
  const asked = situation.asked
    .filter(({ address }) => containsAddress(route.prefix, address) && !isAzures(address))
    .filter(({ address }) => {
      const decision = forwarding.decide(address);
      return decision !== undefined && tunnelSpace.contains(decision);
    })
    .map(({ address, origin }) => ({
      says: `${formatAddress(address)} goes into the tunnel and is not Azure's`,
      origin,
    }));
  const routers = allRoutes(client).flatMap(({ via, prefix, origin }) =>
    via.kind === 'gateway' && prefix.length === 0 && containsAddress(route.prefix, via.address)
      ? [{ says: `the local network's router ${formatAddress(via.address)} is in the same class`, origin }]
      : [],
  );
  const neighbours = ownAddresses(client)
    .filter(
      ({ address }) =>
        !isTunnelAddress(address, situation.tunnel) && containsAddress(route.prefix, address) && !isAzures(address),
    )
    .map(({ address, origin }) => ({
      says: `this computer's ${formatAddress(address)} is in the same class: its neighbours' networks go into the tunnel`,
      origin,
    }));
  return [...asked, ...routers, ...neighbours].slice(0, 4);
}

const isTunnelAddress = (address: Prefix['first'], tunnel: Tunnel | undefined): boolean => address === tunnel?.address;

/** A network of Azure that has no route of its own and works by the class alone. */
function isServedOnlyBy(route: Route, { prefix, tunnelRoutes, expectation, reason }: Ladder): boolean {
  return (
    expectation === 'must' &&
    reason !== 'pool' &&
    containsPrefix(route.prefix, prefix) &&
    tunnelRoutes.every((row) => row === route)
  );
}

function what(captured: readonly Evidence[], only: readonly Ladder[]): string {
  const outside = captured.length > 0 ? ["addresses that are not Azure's"] : [];
  const inside =
    only.length > 0
      ? [`${only.map(({ prefix }) => formatPrefix(prefix)).join(', ')}, which has no route of its own,`]
      : [];
  return [...outside, ...inside].join(' and ');
}
