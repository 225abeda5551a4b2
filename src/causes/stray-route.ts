import { afterwards, renewClient } from '../diagnosis/client-steps.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { branchesWereRead } from '../ladder/strays.ts';
import { idOf } from '../model/endpoint.ts';
import { formatPrefix } from '../net/prefix.ts';

/** A route into the tunnel that Azure no longer knows. */
export const strayRoute = defineCause({
  code: 'stray-route',
  number: 'C52',
  title: 'A route into the tunnel that Azure does not know',
  severity: 'warning',
  about:
    "The computer sends a prefix into the tunnel, and nothing in Azure that was read ties it to the gateway: a VNet that is gone, a peering that was removed, a route somebody added by hand, or one that is wider than what Azure has. Packets to it vanish at the gateway. If a target in it answers all the same, then our view of Azure is incomplete, and the finding says so. Windows' class-based route is another thing (C26).",
  needs: ['ladders', 'endpoint', 'situation', 'topology', 'context'],
  detect: ({ ladders, endpoint, situation, topology, context }) =>
    ladders
      .filter((ladder) => (ladder.origin.kind === 'stray' && ladder.lostAt === 'configured') || isUntied(ladder))
      .map((ladder) => {
        const answers = stateOf(ladder, 'delivered') === 'held' || stateOf(ladder, 'delivered') === 'partial';
        const sure = branchesWereRead(topology, context) || topology.vnetsListedIn.size > 0;
        return {
          confidence: sure && !answers ? 'proven' : 'likely',
          summary: summaryOf(ladder, answers),
          rung: 'configured',
          evidence: gathered(
            { says: 'the gateway', origin: endpoint.gateway.origin },
            rungOf(ladder, 'active').evidence,
            rungOf(ladder, 'configured').evidence,
            answers ? rungOf(ladder, 'delivered').evidence : [],
            stateOf(ladder, 'issued') === 'lost' ? rungOf(ladder, 'issued').evidence : [],
          ),
          explains: [ladder],
          fixes: answers
            ? findOwner(formatPrefix(ladder.prefix))
            : [
                ...renewClient(idOf(endpoint), situation.traits),
                {
                  by: 'network-admin',
                  commands: [],
                  steps: [
                    `If ${formatPrefix(ladder.prefix)} should exist, create or peer it again. ${afterwards(situation.traits)}`,
                  ],
                },
              ],
        };
      }),
});

function summaryOf(ladder: Ladder, answers: boolean): string {
  const text = formatPrefix(ladder.prefix);
  const isWider = stateOf(ladder, 'configured') === 'partial';
  if (answers) {
    const listed = isWider
      ? 'only a part of it is listed in what was read of Azure'
      : 'nothing that was read of Azure lists it';
    return `${text} goes into the tunnel and answers, yet ${listed}: our view of Azure is incomplete.`;
  }
  return isWider
    ? `${text} goes into the tunnel, but Azure lists only a part of it: packets to the rest vanish at the gateway.`
    : `${text} goes into the tunnel, but nothing in Azure lists it any more.`;
}

function findOwner(text: string): readonly Fix[] {
  return [
    {
      by: 'network-admin',
      commands: [],
      steps: [
        `Find out what owns ${text}: a VNet in a subscription that was not read, a site behind the gateway, or another gateway.`,
        'Name the missing subscription, or run onlink with rights to read it.',
      ],
      verify: 'onlink',
    },
  ];
}

/** A VNet that exists, but is tied to the gateway by nothing: a peering that was removed, seen from the other end. */
function isUntied(ladder: Ladder): boolean {
  return (
    ladder.reason === 'unpeered-vnet' &&
    (stateOf(ladder, 'active') === 'held' || stateOf(ladder, 'active') === 'partial')
  );
}
