import { afterwards } from '../diagnosis/client-steps.ts';
import { az, groupFlags, groupOf, powershellWord, showPeering } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import { type Withheld, withheldBy } from './obstacles.ts';

/** The spoke cannot use the hub's gateway, because one of its own stands in it. */
export const spokeHasOwnGateway = defineCause({
  code: 'spoke-has-own-gateway',
  number: 'C07',
  title: 'The peered VNet has a gateway of its own',
  severity: 'error',
  about:
    "A VNet with a gateway of its own, VPN or ExpressRoute, cannot use another VNet's: Azure refuses useRemoteGateways. Its prefixes are therefore not given to the clients of the hub's gateway. Either the gateway in the spoke goes, or its prefixes are handed out as custom routes and travel by a firewall in the hub. Without such a gateway the flag alone is missing (C05).",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering',
  needs: ['ladders', 'situation', 'topology'],
  detect: ({ ladders, situation, topology }) =>
    withheldBy('own-gateway', ladders).flatMap(({ peering, ladders: withheld }) => {
      const gateway = gatewayIn(withheld);
      if (gateway === undefined) return [];
      const own = topology.gateways.get(keyOf(gateway));
      const name = nameOf(gateway);
      const flag = {
        says: `${nameOf(peering.from)}'s half ${peering.name}: useRemoteGateways is false`,
        origin: peering.origin,
      };
      return [
        {
          confidence: 'proven',
          summary: `${list(withheld)} is not given to VPN clients: ${nameOf(peering.from)} has the gateway ${name} and cannot use the hub's.`,
          rung: 'offered',
          resource: gateway,
          expected: `no gateway in ${nameOf(peering.from)}`,
          actual: name,
          evidence: gathered(
            flag,
            [flag],
            own === undefined
              ? subnetEvidence(withheld)
              : [{ says: `${own.name} stands in ${nameOf(peering.from)}`, origin: own.origin }],
          ),
          explains: withheld,
          fixes: [
            {
              by: 'network-admin',
              role: `Network Contributor on ${nameOf(peering.from)}`,
              commands: deletion(gateway),
              steps: [
                `If ${name} is not needed, delete it and set useRemoteGateways on ${peering.name}.`,
                `If it is needed, add the prefixes to the hub gateway's custom routes and route them by a firewall in ${nameOf(peering.to)}: user routes on GatewaySubnet and on the spoke, both ways.`,
                afterwards(situation.traits),
              ],
              disrupts: `everybody who connects by ${name}`,
              verify: showPeering(peering.id, 'useRemoteGateways'),
            },
          ],
        },
      ] as const;
    }),
});

function gatewayIn([{ origin }]: Withheld['ladders']): ResourceId | undefined {
  const obstacles = origin.kind === 'expected' ? origin.route.offered.obstacles : [];
  for (const obstacle of obstacles) if (obstacle.kind === 'own-gateway') return obstacle.gateway;
  return undefined;
}

/** The gateway itself was not read: what it stands in tells of it. */
function subnetEvidence([{ origin }]: Withheld['ladders']) {
  const vnet = origin.kind === 'expected' ? origin.route.vnet : undefined;
  return (vnet?.subnets ?? [])
    .filter(({ name }) => name.toLowerCase() === 'gatewaysubnet')
    .map((subnet) => ({ says: 'its GatewaySubnet holds a gateway', origin: subnet.origin }));
}

function deletion(gateway: ResourceId) {
  return [
    az('network', 'vnet-gateway', 'delete', ...groupFlags(gateway), '-n', nameOf(gateway)),
    {
      shell: 'powershell' as const,
      command: `Remove-AzVirtualNetworkGateway -ResourceGroupName ${powershellWord(groupOf(gateway))} -Name ${powershellWord(nameOf(gateway))}`,
    },
  ];
}
