import { az, groupFlags } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import type { PrefixAt } from '../facts/origin.ts';
import { nameOf, sameResource } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import type { HubConnection, P2SVpnGateway, RoutingConfiguration } from '../facts/virtual-wan.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { hubRoutesOf, rangesBehind } from '../model/expect-hub.ts';
import { deafTableOf } from '../model/hub-return.ts';
import { overlaps, samePrefix } from '../net/prefix.ts';
import { answers } from './asked.ts';

/** A VNet of the hub and the clients do not meet in a route table. */
export const vwanPropagationMissing = defineCause({
  code: 'vwan-propagation-missing',
  number: 'C41',
  title: 'The hub does not propagate between the VNet and the clients',
  severity: 'error',
  about:
    "Clients of a Virtual WAN hub learn what its default route table holds. A VNet connection that does not propagate to it is invisible to them; and a connection whose own table is not among those the clients' configuration propagates to has no way back to them. Routing intent for private traffic does away with both.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing',
  needs: ['ladders', 'endpoint', 'topology'],
  detect: ({ ladders, endpoint, topology }) => {
    if (endpoint.kind !== 'hub-gateway') return [];
    const { gateway } = endpoint;
    const effective = hubRoutesOf(topology, gateway);
    return topology.hubConnections
      .filter(({ hub }) => sameResource(hub, gateway.hub))
      .flatMap((connection) => {
        const ranges = rangesBehind(connection, topology, effective);
        const mine = ladders.filter((ladder) => isOf(ladder, connection, ranges));
        const fault = mine.length === 0 ? undefined : faultOf(connection, mine, gateway, topology);
        if (fault === undefined) return [];
        return [
          {
            confidence: fault.sure ? ('proven' as const) : ('likely' as const),
            summary: `${list(mine)} ${fault.says}.`,
            rung: fault.rung,
            resource: fault.resource,
            property: 'routingConfiguration.propagatedRouteTables',
            expected: fault.expected,
            actual: fault.actual,
            evidence: gathered({ says: connection.name, origin: connection.origin }, fault.evidence),
            explains: mine,
            fixes: [
              {
                by: 'network-admin' as const,
                role: `Network Contributor on ${nameOf(connection.hub)}`,
                commands: fault.commands,
                steps: [
                  'The list of tables is replaced, not extended: keep those it propagates to already.',
                  'Then reconnect the VPN.',
                ],
                verify: az(
                  'network',
                  'vhub',
                  'get-effective-routes',
                  ...groupFlags(connection.hub),
                  '-n',
                  nameOf(connection.hub),
                  '--resource-type',
                  'RouteTable',
                  '--resource-id',
                  defaultTable(connection),
                ).command,
              },
            ],
          },
        ];
      });
  },
});

const defaultTable = ({ hub }: HubConnection): string => `${hub}/hubRouteTables/defaultRouteTable`;

/** By what lies behind the connection: VNets of different subscriptions may have one name. */
function isOf(
  { prefix, reason, origin }: Ladder,
  { remoteVNet }: HubConnection,
  ranges: readonly Pick<PrefixAt, 'prefix'>[],
): boolean {
  const vnet = origin.kind === 'expected' ? origin.route.vnet : undefined;
  return (
    reason === 'hub-connection' &&
    ranges.some((range) => samePrefix(range.prefix, prefix)) &&
    (vnet === undefined || sameResource(vnet.id, remoteVNet))
  );
}

interface Fault {
  readonly sure: boolean;
  readonly says: string;
  readonly rung: 'offered' | 'returned';
  readonly resource: string;
  readonly expected: string;
  readonly actual: string;
  readonly evidence: readonly { readonly says: string; readonly origin: HubConnection['origin'] }[];
  readonly commands: readonly Command[];
}

function faultOf(
  connection: HubConnection,
  mine: readonly Ladder[],
  gateway: P2SVpnGateway,
  topology: Topology,
): Fault | undefined {
  if (mine.some((ladder) => hasObstacle(ladder)))
    return notShown(connection, true, 'it does not propagate to the default route table of the hub');
  const effective = hubRoutesOf(topology, gateway);
  const unlisted =
    effective !== undefined &&
    mine.every(({ prefix }) => !effective.some((route) => overlaps(route.prefix, prefix) && route.prefix.length > 1));
  if (
    unlisted &&
    mine.every((ladder) => stateOf(ladder, 'offered') === 'unknown' && stateOf(ladder, 'active') === 'lost')
  )
    return notShown(connection, false, 'the default route table of the hub does not hold it');
  return mine.some((ladder) => answers(ladder) || stateOf(ladder, 'returned') === 'held')
    ? undefined
    : noWayBack(connection, gateway, topology);
}

function hasObstacle({ origin }: Ladder): boolean {
  return origin.kind === 'expected' && origin.route.offered.obstacles.some(({ kind }) => kind === 'not-propagated');
}

function notShown(connection: HubConnection, sure: boolean, why: string): Fault {
  const { routing, origin, name, hub, id } = connection;
  const tables = [...(routing?.propagatedIds ?? []), defaultTable(connection)];
  const labels = [...(routing?.propagatedLabels ?? []), 'default'];
  return {
    sure,
    says: `is not shown to VPN clients: ${why}`,
    rung: 'offered',
    resource: id,
    expected: 'defaultRouteTable',
    actual: tablesText(routing),
    evidence: [{ says: `${name} propagates to ${tablesText(routing)}`, origin }],
    commands: [
      az(
        'network',
        'vhub',
        'connection',
        'update',
        ...groupFlags(hub),
        '--vhub-name',
        nameOf(hub),
        '-n',
        name,
        '--propagated-route-tables',
        ...tables,
        '--labels',
        ...labels,
      ),
    ],
  };
}

/** The connection's own table is none of those that every client configuration propagates to. */
function noWayBack(connection: HubConnection, gateway: P2SVpnGateway, topology: Topology): Fault | undefined {
  const deaf = deafTableOf(connection, gateway, topology);
  if (deaf === undefined) return undefined;
  const { name, origin } = connection;
  const { table, first, sure } = deaf;
  return {
    sure,
    says: `has no way back to VPN clients: ${first.name} does not propagate to its route table ${nameOf(table)}`,
    rung: 'returned',
    resource: gateway.id,
    expected: nameOf(table),
    actual: tablesText(first.routing),
    evidence: [
      { says: `${name} is associated with ${nameOf(table)}`, origin },
      { says: `${first.name} propagates to ${tablesText(first.routing)}`, origin: first.origin },
    ],
    commands: [
      az(
        'network',
        'p2s-vpn-gateway',
        'update',
        ...groupFlags(gateway.id),
        '-n',
        gateway.name,
        '--propagated',
        ...(first.routing?.propagatedIds ?? []),
        table,
      ),
    ],
  };
}

function tablesText(routing: RoutingConfiguration | undefined): string {
  if (routing === undefined) return 'tables that were not told';
  const names = [...routing.propagatedIds.map(nameOf), ...routing.propagatedLabels.map((label) => `label ${label}`)];
  return names.length === 0 ? 'no table' : names.join(', ');
}
