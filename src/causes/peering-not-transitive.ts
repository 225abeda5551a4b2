import { afterwards } from '../diagnosis/client-steps.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Peering } from '../facts/topology.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { homeOf } from '../situation/situation.ts';
import { askedEvidence, askedIn, isPresent, ladderEvidence } from './asked.ts';
import { createBothHalves, listPeerings } from './peering-commands.ts';

/** The target is two peering hops away. */
export const peeringNotTransitive = defineCause({
  code: 'peering-not-transitive',
  number: 'C10',
  title: 'The target is two peering hops away: peering is not transitive',
  severity: 'info',
  about:
    "The target's VNet is peered with a spoke, not with the gateway's VNet. Peering is not transitive, so a client reaches only VNets one hop from the gateway; this is how Azure works, not a fault. Spoken of when somebody asks for such an address, or has a route to it.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'situation'],
  detect: ({ ladders, situation }) => {
    const home = homeOf(situation.endpoint);
    if (home === undefined) return [];
    return beyond(ladders)
      .filter(({ ladder }) => askedIn(ladder, situation.asked).length > 0 || isPresent(ladder))
      .map(({ ladder, half, near, far }) => ({
        confidence: 'proven',
        summary: `${list([ladder])} is peered with ${nameOf(near)}, not with the gateway's VNet ${nameOf(home)}: two peering hops are one too many.`,
        rung: 'offered',
        resource: far,
        expected: `a peering with ${nameOf(home)}`,
        actual: `a peering with ${nameOf(near)} only`,
        evidence: gathered(
          { says: half.name, origin: half.origin },
          [{ says: `${nameOf(half.from)}'s half ${half.name} leads to ${nameOf(half.to)}`, origin: half.origin }],
          ladderEvidence(ladder),
          askedEvidence(askedIn(ladder, situation.asked)),
        ),
        explains: [ladder],
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(home)} and ${nameOf(far)}`,
            commands: createBothHalves(home, far),
            steps: [
              `Peer ${nameOf(far)} with ${nameOf(home)} directly; or route by a firewall in ${nameOf(near)} with a custom route on the gateway and user routes both ways; or use Virtual WAN.`,
              afterwards(situation.traits),
            ],
            verify: listPeerings(far),
          },
        ],
      }));
  },
});

interface Beyond {
  readonly ladder: Ladder;
  /** The half that was read: of the near VNet, or of the far one. */
  readonly half: Peering;
  readonly near: ResourceId;
  readonly far: ResourceId;
}

function beyond(ladders: readonly Ladder[]): readonly Beyond[] {
  return ladders.flatMap((ladder) => {
    if (ladder.reason !== 'second-hop' || ladder.origin.kind !== 'expected') return [];
    const { peering, vnet } = ladder.origin.route;
    const half = peering?.far;
    if (half === undefined) return [];
    const isOwn = sameResource(half.from, vnet?.id);
    return [{ ladder, half, near: isOwn ? half.to : half.from, far: isOwn ? half.from : half.to }];
  });
}
