import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { Connection } from '../facts/topology.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { tieOf } from '../model/gateway-ties.ts';
import { answers, askedEvidence, askedIn, isPresent, ladderEvidence } from './asked.ts';

/** A VNet-to-VNet connection without BGP knows nothing of the client pool. */
export const vnetToVnetWithoutPool = defineCause({
  code: 'vnet-to-vnet-without-pool',
  number: 'C16',
  title: 'The VNet-to-VNet connection does not carry the client pool',
  severity: 'info',
  about:
    "The target is behind a VNet-to-VNet connection without BGP. The far gateway knows only the address space of this gateway's VNet, not the client pool, so nothing finds the way back, whether or not the client has a route. That is how such connections work; with BGP on every connection of the chain the pool is announced, and peering does without all of it.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'endpoint', 'topology', 'situation'],
  detect: ({ ladders, endpoint, topology, situation }) => {
    if (endpoint.kind !== 'vnet-gateway') return [];
    const missed = ladders.filter((ladder) => isMissed(ladder, askedIn(ladder, situation.asked).length > 0));
    return missed.flatMap((ladder) => {
      const vnet = ladder.origin.kind === 'expected' ? ladder.origin.route.vnet : undefined;
      const without =
        tieOf(vnet, endpoint.gateway.id, topology)?.connections.filter(({ enableBgp }) => enableBgp === false) ?? [];
      const [first] = without;
      if (first === undefined) return [];
      return [
        {
          confidence: 'proven',
          summary: `${list([ladder])} is behind the VNet-to-VNet connection ${first.name}, which has no BGP: nothing there knows the way back to VPN clients.`,
          rung: 'returned',
          resource: first.id,
          property: 'enableBgp',
          expected: 'true',
          actual: 'false',
          evidence: gathered(
            { says: first.name, origin: first.origin },
            without.map((one) => ({ says: `${one.name}: enableBgp is false`, origin: one.origin })),
            ladderEvidence(ladder),
            askedEvidence(askedIn(ladder, situation.asked)),
          ),
          explains: [ladder],
          fixes: [
            {
              by: 'network-admin',
              role: `Network Contributor on ${first.name} and both its gateways`,
              commands: without.flatMap(bgpCommands),
              steps: [
                'Give both gateways an ASN of their own first; BGP must be on at both ends.',
                'Or peer the VNets instead, with gateway transit.',
                'Native Windows clients need the route as well: a custom route of the gateway, or Add-VpnConnectionRoute.',
              ],
              disrupts: 'the connection, while it is rebuilt',
              verify: az(
                'network',
                'vpn-connection',
                'show',
                ...groupFlags(first.id),
                '-n',
                nameOf(first.id),
                '--query',
                'enableBgp',
              ).command,
            },
          ],
        },
      ];
    });
  },
});

/** Asked for or sent into the tunnel, and no answer came. */
function isMissed(ladder: Ladder, asked: boolean): boolean {
  return ladder.reason === 'vnet-to-vnet' && (asked || isPresent(ladder)) && !answers(ladder);
}

function bgpCommands({ id }: Connection) {
  const [group, name] = [powershellWord(groupOf(id)), powershellWord(nameOf(id))];
  return [
    az('network', 'vpn-connection', 'update', ...groupFlags(id), '-n', nameOf(id), '--enable-bgp', 'true'),
    {
      shell: 'powershell' as const,
      command: `$c = Get-AzVirtualNetworkGatewayConnection -ResourceGroupName ${group} -Name ${name}; Set-AzVirtualNetworkGatewayConnection -VirtualNetworkGatewayConnection $c -EnableBgp $true`,
    },
  ];
}
