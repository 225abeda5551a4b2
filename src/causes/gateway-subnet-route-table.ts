import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { RouteTableResource } from '../facts/topology.ts';
import { gatewaySubnetOf } from '../ladder/appliance.ts';
import { stateOf } from '../ladder/ladder.ts';
import { hasAnswer } from './own-answers.ts';
import { returning } from './way-back.ts';

/** The GatewaySubnet has a route table that a gateway cannot live with. */
export const gatewaySubnetRouteTable = defineCause({
  code: 'gateway-subnet-route-table',
  number: 'C37',
  title: "The GatewaySubnet's route table breaks the gateway",
  severity: 'error',
  about:
    'The subnet of the gateway itself has a route table with disableBgpRoutePropagation on, or with a user route for 0.0.0.0/0. Microsoft supports neither: the gateway stops functioning, or its own management is cut off. Every client is affected, whatever it asks for. Routes to spokes by way of an appliance are fine there.',
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview',
  needs: ['ladders', 'context', 'topology'],
  dependsOn: [],
  detect: ({ ladders, context }) => {
    const table = gatewaySubnetOf(context)?.table;
    if (typeof table !== 'object') return [];
    const served = returning(ladders);
    const answering = served.filter((ladder) => hasAnswer(ladder, ladders, context));
    const concerned = served.filter(
      (ladder) => ladder.expectation === 'must' && !answering.includes(ladder) && stateOf(ladder, 'offered') !== 'lost',
    );
    return faultsOf(table).map(
      (fault): Detected => ({
        ...fault,
        severity: answering.length > 0 ? 'warning' : 'error',
        confidence: 'proven',
        rung: 'returned',
        resource: table.id,
        explains: concerned,
      }),
    );
  },
});

type Fault = Pick<Detected, 'summary' | 'property' | 'expected' | 'actual' | 'evidence' | 'fixes'>;

function faultsOf(table: RouteTableResource): readonly Fault[] {
  const name = nameOf(table.id);
  const place = [...groupFlags(table.id)];
  const verify = az('network', 'route-table', 'show', ...place, '-n', name).command;
  const role = `Network Contributor on ${name}`;
  const disrupts = 'everybody connected to the gateway, until its routes have settled';
  const wide = table.routes.find(({ prefix }) => prefix !== undefined && prefix.length === 0);
  return [
    ...(table.disableBgpRoutePropagation === true
      ? [
          {
            summary: `${name}, the route table of the GatewaySubnet, keeps gateway routes out: no client of this gateway gets through.`,
            property: 'disableBgpRoutePropagation',
            expected: 'false',
            actual: 'true',
            evidence: gathered({
              says: `${name} is the GatewaySubnet's table: disableBgpRoutePropagation is true`,
              origin: table.origin,
            }),
            fixes: [
              {
                by: 'network-admin' as const,
                role,
                commands: [
                  az(
                    'network',
                    'route-table',
                    'update',
                    ...place,
                    '-n',
                    name,
                    '--disable-bgp-route-propagation',
                    'false',
                  ),
                  {
                    shell: 'powershell' as const,
                    command: `$rt = Get-AzRouteTable -ResourceGroupName ${powershellWord(groupOf(table.id))} -Name ${powershellWord(name)}; $rt.DisableBgpRoutePropagation = $false; Set-AzRouteTable -RouteTable $rt`,
                  },
                ],
                steps: ['If other subnets share the table, give the GatewaySubnet one of its own.'],
                disrupts,
                verify,
              },
            ],
          },
        ]
      : []),
    ...(wide === undefined
      ? []
      : [
          {
            summary: `${name}, the route table of the GatewaySubnet, sends everything to ${wide.nextHopType}: that is not supported, and clients of this gateway lose their way.`,
            property: 'routes',
            expected: 'no user route for 0.0.0.0/0',
            actual: `${wide.destination} to ${wide.nextHopType}${wide.nextHop === undefined ? '' : ` ${wide.nextHop}`}`,
            evidence: gathered({
              says: `${name} is the GatewaySubnet's table: ${wide.destination} goes to ${wide.nextHopType}`,
              origin: wide.origin,
            }),
            fixes: [
              {
                by: 'network-admin' as const,
                role,
                commands: [
                  az(
                    'network',
                    'route-table',
                    'route',
                    'delete',
                    ...place,
                    '--route-table-name',
                    name,
                    '-n',
                    wide.name,
                  ),
                ],
                steps: ['Routes to single networks by way of an appliance may stay.'],
                disrupts,
                verify,
              },
            ],
          },
        ]),
  ];
}
