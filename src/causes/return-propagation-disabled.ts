import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { ReturnWitness } from '../ladder/returned.ts';
import { isCutOff, isToldOff, replyEvidence, returning, routesToGateway, witnessesOf } from './way-back.ts';

/** A route table on the way back keeps the gateway's routes out. */
export const returnPropagationDisabled = defineCause({
  code: 'return-propagation-disabled',
  number: 'C31',
  title: "The way back is cut: a route table keeps the gateway's routes out",
  severity: 'error',
  about:
    "The target's subnet has a route table with disableBgpRoutePropagation on. That removes every route of the gateway from the subnet, static ones included, and with them the way back to the client pool: replies fall into a reserved range's None or go to the internet. The client side is perfect. A user route that takes the pool elsewhere is C35.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview',
  needs: ['ladders', 'topology', 'context'],
  dependsOn: ['group-pool-not-routed'],
  detect: ({ ladders, topology, context }) =>
    culprits(ladders, context).map(({ table, witnesses, ladders: cut }) => {
      const resource = table === undefined ? undefined : (topology.routeTables.get(keyOf(table))?.id ?? table);
      const isTold = witnesses.every((witness) => isToldOff(witness, context));
      return {
        confidence: isTold ? 'proven' : 'likely',
        summary: `Replies from ${list(cut)} do not find the way back: ${resource === undefined ? 'a route table' : nameOf(resource)} keeps the gateway's routes out of the subnet.`,
        rung: 'returned',
        ...(resource !== undefined && { resource }),
        property: 'disableBgpRoutePropagation',
        expected: 'false',
        actual: isTold ? 'true' : 'not read; no route of the gateway is left',
        evidence: replyEvidence(witnesses),
        explains: cut,
        fixes: fixesFor(resource, context),
      };
    }),
});

interface Cut {
  readonly table: ResourceId | undefined;
  readonly witnesses: readonly ReturnWitness[];
  readonly ladders: readonly Ladder[];
}

function culprits(ladders: readonly Ladder[], context: ClimbContext): readonly Cut[] {
  const found = new Map<string, { table: ResourceId | undefined; witnesses: ReturnWitness[]; ladders: Set<Ladder> }>();
  for (const ladder of returning(ladders))
    for (const witness of witnessesOf(ladder, context).filter((one) => isCutOff(one, context))) {
      const table = witness.table?.id ?? witness.subnet?.routeTable;
      const key = table === undefined ? '' : keyOf(table);
      const known = found.get(key) ?? { table, witnesses: [], ladders: new Set() };
      known.witnesses.push(witness);
      known.ladders.add(ladder);
      found.set(key, known);
    }
  return [...found.values()].map((one) => ({ ...one, ladders: [...one.ladders] }));
}

function fixesFor(table: ResourceId | undefined, context: ClimbContext): readonly Fix[] {
  if (table === undefined)
    return [
      {
        by: 'network-admin',
        commands: [],
        steps: ["Find the route table of the target's subnet and let gateway routes propagate to it."],
      },
    ];
  const name = powershellWord(nameOf(table));
  return [
    {
      by: 'network-admin',
      role: `Network Contributor on ${nameOf(table)}`,
      commands: [
        az(
          'network',
          'route-table',
          'update',
          ...groupFlags(table),
          '-n',
          nameOf(table),
          '--disable-bgp-route-propagation',
          'false',
        ),
        {
          shell: 'powershell',
          command: `$rt = Get-AzRouteTable -ResourceGroupName ${powershellWord(groupOf(table))} -Name ${name}; $rt.DisableBgpRoutePropagation = $false; Set-AzRouteTable -RouteTable $rt`,
        },
      ],
      steps: [
        'If propagation is off on purpose, add a user route for the client pool instead:',
        ...routesToGateway(table, context).map(({ command }) => command),
      ],
      disrupts: 'routing of every subnet that uses the table: routes from on-premises appear as well',
      verify: az(
        'network',
        'route-table',
        'show',
        ...groupFlags(table),
        '-n',
        nameOf(table),
        '--query',
        'disableBgpRoutePropagation',
      ).command,
    },
  ];
}
