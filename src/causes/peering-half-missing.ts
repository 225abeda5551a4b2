import { afterwards } from '../diagnosis/client-steps.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf, sameResource } from '../facts/resource-id.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { homeOf } from '../situation/situation.ts';
import { type Withheld, withheldBy } from './obstacles.ts';
import { createHalf, listPeerings } from './peering-commands.ts';

/** Only one side of the peering was ever made. */
export const peeringHalfMissing = defineCause({
  code: 'peering-half-missing',
  number: 'C02',
  title: 'Only one half of the peering exists',
  severity: 'error',
  about:
    'A peering is two resources, one in each VNet. One half exists, in the state Initiated; the other was never created, so nothing flows. Creating the missing half is enough. Disconnected is another state: there the second half existed and was deleted, and both must be made anew (C03). Where the far VNet could not be read and the half here is Connected, nobody can say.',
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering',
  needs: ['ladders', 'situation'],
  detect: ({ ladders, situation }) =>
    lonely(ladders).map(({ peering, ladders: withheld }) => {
      const contradicts = peering.state === 'Connected';
      return {
        confidence: contradicts ? 'likely' : 'proven',
        summary: `${list(withheld)} cannot be reached: ${nameOf(peering.from)} is peered with ${nameOf(peering.to)}, but ${nameOf(peering.to)} has no peering back.`,
        rung: 'offered',
        resource: peering.id,
        property: 'peeringState',
        expected: 'Connected',
        ...(peering.state !== undefined && { actual: peering.state }),
        evidence: gathered({
          says: `${nameOf(peering.from)}'s half ${peering.name}: peeringState is ${peering.state ?? 'not told'}, and ${nameOf(peering.to)} has no half back`,
          origin: peering.origin,
        }),
        explains: withheld,
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(peering.to)}`,
            commands: createHalf(peering.to, peering.from, homeOf(situation.endpoint)),
            steps: [
              `The other half, ${peering.name}, needs its flag too: allowGatewayTransit in the gateway's VNet, useRemoteGateways in the other.`,
              afterwards(situation.traits),
            ],
            verify: listPeerings(peering.to),
          },
        ],
      };
    }),
});

/** Halves without a counterpart, and halves that still wait for one. */
function lonely(ladders: readonly Ladder[]): readonly Withheld[] {
  const missing = withheldBy('half-missing', ladders).filter(({ peering }) => peering.state !== 'Disconnected');
  const waiting = withheldBy('not-connected', ladders).filter(
    ({ peering }) => peering.state === 'Initiated' && !missing.some((one) => sameResource(one.peering.id, peering.id)),
  );
  return [...missing, ...waiting];
}
