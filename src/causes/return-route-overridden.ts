import { defineCause } from '../diagnosis/define-cause.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import { answers } from './asked.ts';
import { isMeantPath, overridesOf, poolToGateway, replyEvidence } from './way-back.ts';

/** A user route on the target's subnet takes replies to the clients somewhere else. */
export const returnRouteOverridden = defineCause({
  code: 'return-route-overridden',
  number: 'C35',
  title: 'A user route takes the replies away from the gateway',
  severity: 'error',
  about:
    "The target's subnet has a user route that wins the client pool (as specific as the pool, or more) and leads to an appliance, to the internet or to nothing. The gateway's own route is there and loses. A /8 does not beat the pool's /24; only the longest prefix counts, and among equal ones the user's. If no gateway route is left at all it is C31; if the path by way of an appliance is meant and only half built, C32.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview',
  needs: ['ladders', 'context'],
  dependsOn: ['return-path-asymmetric', 'group-pool-not-routed'],
  detect: ({ ladders, context }) =>
    overridesOf(ladders, context)
      .filter((override) => !isMeantPath(override, context))
      .map((override) => {
        const { ladders: cut, witnesses, nextHopType, nextHops, table, destination } = override;
        const works = cut.every(answers);
        const hop = nextHops.length === 0 ? nextHopType : `${nextHopType} ${nextHops.join(', ')}`;
        return {
          severity: works ? ('warning' as const) : ('error' as const),
          confidence: 'proven' as const,
          summary: `Replies from ${list(cut)} do not go back to the gateway: the user route ${destination}${table === undefined ? '' : ` of ${nameOf(table)}`} sends them to ${hop}.`,
          rung: 'returned' as const,
          ...(table !== undefined && { resource: table }),
          property: 'routes',
          expected: 'the client pool leads to VirtualNetworkGateway',
          actual: `${destination} leads to ${hop}`,
          evidence: replyEvidence(witnesses),
          explains: cut,
          fixes: [poolToGateway(table, context)],
        };
      }),
});
