import { afterwards } from '../diagnosis/client-steps.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { Origin } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Topology, VNet } from '../facts/topology.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { AskedFor } from '../model/expect-never.ts';
import { homeOf } from '../situation/situation.ts';
import { askedEvidence, askedIn, ladderEvidence } from './asked.ts';
import { createBothHalves, listPeerings } from './peering-commands.ts';

/** The target lies in a VNet that has no peering with the gateway's VNet. */
export const vnetNotPeered = defineCause({
  code: 'vnet-not-peered',
  number: 'C01',
  title: "The target's VNet is not peered with the gateway's VNet",
  severity: 'warning',
  about:
    "Somebody asked for an address that lies in a VNet that has no peering with the VNet of the gateway, nor with one that has. Clients reach only VNets that are peered directly with the gateway's. Spoken of only when asked for, since most VNets of a subscription are no business of the VPN. If a VNet in between is peered with both, it is C10.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'situation', 'topology'],
  detect: ({ ladders, situation, topology }) => {
    const home = homeOf(situation.endpoint);
    if (home === undefined || !topology.peeringsReadOf.has(keyOf(home))) return [];
    return lostVNets(ladders, situation.asked).map(({ vnet, ladders: wanted }) => ({
      confidence: 'proven',
      summary: `${list(wanted)} is in a VNet that is not peered with ${nameOf(home)}, so no VPN client is given it.`,
      rung: 'offered',
      resource: home,
      property: 'virtualNetworkPeerings',
      expected: `a peering with ${vnet.name}`,
      actual: peersText(home, topology),
      evidence: gathered(
        { says: vnet.name, origin: vnet.origin },
        wanted.flatMap(ladderEvidence).slice(0, 4),
        [
          {
            says: `${nameOf(home)} is peered with ${peersText(home, topology)}`,
            origin: originOfHome(home, topology, vnet),
          },
        ],
        wanted.flatMap((ladder) => askedEvidence(askedIn(ladder, situation.asked))),
      ),
      explains: wanted,
      fixes: [
        {
          by: 'network-admin',
          role: `Network Contributor on ${nameOf(home)} and ${vnet.name}`,
          commands: createBothHalves(home, vnet.id),
          steps: [
            `Only if VPN users should reach ${vnet.name}. Its ranges must not overlap those of ${nameOf(home)}.`,
            afterwards(situation.traits),
          ],
          verify: listPeerings(home),
        },
      ],
    }));
  },
});

interface Lost {
  readonly vnet: VNet;
  readonly ladders: readonly Ladder[];
}

function lostVNets(ladders: readonly Ladder[], asked: readonly AskedFor[]): readonly Lost[] {
  const wanted = ladders.filter((ladder) => ladder.reason === 'unpeered-vnet' && askedIn(ladder, asked).length > 0);
  const byVNet = Map.groupBy(wanted, ({ origin }) => (origin.kind === 'expected' ? origin.route.vnet : undefined));
  return [...byVNet].flatMap(([vnet, list]) => (vnet === undefined ? [] : [{ vnet, ladders: list }]));
}

function peersText(home: ResourceId, { peerings }: Topology): string {
  const names = peerings.filter(({ from }) => keyOf(from) === keyOf(home)).map(({ to }) => nameOf(to));
  return names.length === 0 ? 'no other VNet' : names.join(', ');
}

function originOfHome(home: ResourceId, { vnets }: Topology, other: VNet): Origin {
  return vnets.get(keyOf(home))?.origin ?? other.origin;
}
