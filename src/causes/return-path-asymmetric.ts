import { addRoute, az, groupFlags, listRoutes } from '../diagnosis/commands.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import { applianceNic, applianceRoutes, gatewaySubnetOf } from '../ladder/appliance.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { containsPrefix, formatPrefix } from '../net/prefix.ts';
import { answers } from './asked.ts';
import { isMeantPath, type Override, overridesOf, poolToGateway, replyEvidence, returning } from './way-back.ts';

/** One direction goes by an appliance, the other past it. */
export const returnPathAsymmetric = defineCause({
  code: 'return-path-asymmetric',
  number: 'C32',
  title: 'The way there and the way back do not pass the same appliance',
  severity: 'error',
  about:
    "A firewall or router stands between the gateway and the target, and only one direction goes by way of it: the target's subnet sends the client pool to the appliance while the GatewaySubnet sends packets straight to the target, or the reverse; or the appliance's NIC does not forward. A stateful appliance drops what it has seen only half of. Both directions must have the route, or neither.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview',
  needs: ['ladders', 'context'],
  dependsOn: [],
  detect: ({ ladders, context }) => [
    ...overridesOf(ladders, context)
      .filter((override) => isMeantPath(override, context))
      .map((override) => backOnly(override, context)),
    ...thereOnly(ladders, context),
  ],
});

function backOnly({ ladders: cut, witnesses, nextHops, table }: Override, context: ClimbContext): Detected {
  const appliance = applianceNic(nextHops, context);
  const mute = appliance?.ipForwarding === false;
  const own = gatewaySubnetOf(context);
  const tableThere = typeof own?.table === 'object' ? own.table.id : own?.subnet.id;
  const resource = mute ? appliance.id : tableThere;
  return {
    severity: cut.every(answers) ? 'warning' : 'error',
    confidence: 'proven',
    summary: mute
      ? `Replies from ${list(cut)} go to the appliance ${nextHops.join(', ')}, and its network interface does not forward packets.`
      : `Replies from ${list(cut)} go by the appliance ${nextHops.join(', ')}, but ${own === undefined ? 'the hub' : 'the GatewaySubnet'} sends packets there past it.`,
    rung: 'returned',
    ...(resource !== undefined && { resource }),
    property: mute ? 'enableIPForwarding' : 'routes',
    expected: mute
      ? 'true'
      : `${cut.map(({ prefix }) => formatPrefix(prefix)).join(', ')} by way of ${nextHops.join(', ')}`,
    actual: mute ? 'false' : 'straight to the target',
    evidence: replyEvidence(
      witnesses,
      own === undefined ? [] : [{ says: "the GatewaySubnet's way to it was looked at", origin: own.subnet.origin }],
    ),
    explains: cut,
    fixes: mute
      ? [forwarding(appliance.id)]
      : [throughAppliance(cut, nextHops[0] ?? 'APPLIANCE', context), poolToGateway(table, context)],
  };
}

/** The GatewaySubnet goes by an appliance, and the target answers straight to the gateway. */
function thereOnly(ladders: readonly Ladder[], context: ClimbContext): readonly Detected[] {
  const own = gatewaySubnetOf(context);
  if (own === undefined || typeof own.table !== 'object') return [];
  const { table } = own;
  return returning(ladders)
    .filter(
      (ladder) =>
        stateOf(ladder, 'returned') === 'held' &&
        ladder.reason !== 'home-vnet' &&
        !rungOf(ladder, 'returned').evidence.some(({ says }) => says.includes('same appliance')),
    )
    .flatMap((ladder): readonly Detected[] => {
      // A wider route loses to the peering's.
      const there = applianceRoutes(table, ladder.prefix).find(
        ({ prefix, nextHop }) => prefix !== undefined && containsPrefix(ladder.prefix, prefix) && nextHop !== undefined,
      );
      if (there?.nextHop === undefined) return [];
      const hops = there.nextHop.split(/,\s*/);
      return [
        {
          severity: answers(ladder) ? 'warning' : 'error',
          confidence: stateOf(ladder, 'delivered') === 'unknown' ? 'likely' : 'proven',
          summary: `Packets to ${list([ladder])} go by the appliance ${there.nextHop}, and the replies come back past it.`,
          rung: 'returned',
          resource: table.id,
          property: 'routes',
          expected: 'both directions by the same appliance, or neither',
          actual: `${there.destination} by ${there.nextHop}; the client pool straight to the gateway`,
          evidence: gathered(
            { says: `${table.name}: ${there.destination} goes to ${there.nextHop}`, origin: there.origin },
            [
              {
                says: `${table.name} of the GatewaySubnet: ${there.destination} goes to ${there.nextHop}`,
                origin: there.origin,
              },
            ],
            rungOf(ladder, 'returned').evidence,
          ),
          explains: [ladder],
          fixes: [backByAppliance(ladder, hops[0] ?? 'APPLIANCE', context)],
        },
      ];
    });
}

function throughAppliance(cut: readonly Ladder[], hop: string, context: ClimbContext): Fix {
  const own = gatewaySubnetOf(context);
  const table = typeof own?.table === 'object' ? own.table.id : undefined;
  const networks = cut.map(({ prefix }) => formatPrefix(prefix)).join(', ');
  const steps = [
    'Or take the appliance out of the way back: lead the client pool to the gateway, see below.',
    'The peering halves must allow forwarded traffic, and the appliance must forward.',
  ];
  if (table === undefined)
    return {
      by: 'network-admin',
      commands: [],
      steps: [
        own === undefined
          ? `Give the hub a static route for ${networks} to the connection of the appliance's VNet, by way of ${hop}.`
          : `Make a route table for the GatewaySubnet with ${networks} to VirtualAppliance ${hop}; never 0.0.0.0/0, and propagation stays on.`,
        ...steps,
      ],
    };
  return {
    by: 'network-admin',
    role: `Network Contributor on ${nameOf(table)}`,
    commands: cut.map((ladder, index) =>
      addRoute(table, `by-appliance-${index + 1}`, formatPrefix(ladder.prefix), 'VirtualAppliance', hop),
    ),
    steps,
    disrupts: 'flows of VPN clients to these networks',
    verify: listRoutes(table),
  };
}

function backByAppliance(ladder: Ladder, hop: string, { situation }: ClimbContext): Fix {
  const pools = situation.pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => formatPrefix(prefix)));
  return {
    by: 'network-admin',
    role: `Network Contributor on the route table of ${ladder.owner}`,
    commands: [],
    steps: [
      `In the route table of every subnet of ${ladder.owner}, lead ${pools.join(', ')} to VirtualAppliance ${hop}; or take ${formatPrefix(ladder.prefix)} out of the GatewaySubnet's table.`,
    ],
    disrupts: 'flows of VPN clients to these networks',
  };
}

function forwarding(nic: string): Fix {
  return {
    by: 'network-admin',
    role: `Network Contributor on ${nameOf(nic)}`,
    commands: [az('network', 'nic', 'update', ...groupFlags(nic), '-n', nameOf(nic), '--ip-forwarding', 'true')],
    steps: ['The operating system of the appliance must forward as well.'],
    verify: az('network', 'nic', 'show', ...groupFlags(nic), '-n', nameOf(nic), '--query', 'enableIPForwarding')
      .command,
  };
}
