import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command } from '../diagnosis/finding.ts';
import { deleteRoute } from '../diagnosis/route-commands.ts';
import { list } from '../diagnosis/wording.ts';
import type { Platform } from '../facts/capture.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import type { Trace } from '../facts/trace.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { containsAddress, formatPrefix } from '../net/prefix.ts';
import { refusalOf } from '../routing/decision.ts';
import { type Detour, detoursOf } from './detours.ts';

/** This host throws the packets away itself. */
export const localRouteDiscards = defineCause({
  code: 'local-route-discards',
  number: 'C54',
  title: 'This computer discards these packets itself',
  severity: 'error',
  about:
    "A route of type blackhole, unreachable or prohibit (on Windows a route to 127.0.0.1), a policy rule that refuses, or an IPsec policy that blocks decides for these addresses: the packet never leaves the host. A kill switch, a container tool or a firewall manager leaves such routes behind. A trace then fails at once, with this computer's own words.",
  needs: ['ladders', 'client', 'tunnel', 'context'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ ladders, client, context }) =>
    detoursOf('discard', ladders, context).map((detour) => {
      const { ladders: taken } = detour;
      const { says, origin, command } = whatDiscards(detour, client.platform);
      return {
        confidence: 'proven' as const,
        summary: `This computer discards packets for ${list(taken)} itself: ${says}.`,
        rung: 'selected' as const,
        expected: 'a route into the tunnel wins',
        actual: says,
        evidence: gathered(
          { says, origin },
          [{ says, origin }],
          taken[0].tunnelRoutes
            .slice(0, 2)
            .map(({ prefix, origin: at }) => ({ says: `${formatPrefix(prefix)} leads into the tunnel`, origin: at })),
          refusals(taken, client.traces).slice(0, 1),
        ),
        explains: taken,
        fixes: [
          {
            by: 'user' as const,
            commands: command === undefined ? [] : [command],
            steps: ['Find out what made it (a kill switch, a firewall manager, a script), or it comes back.'],
            verify: 'onlink',
          },
        ],
      };
    }),
});

function whatDiscards(
  { route, rule, ladders }: Detour,
  platform: Platform,
): { readonly says: string; readonly origin: Route['origin']; readonly command?: Command } {
  if (route !== undefined) {
    const kind = route.type === 'unicast' ? 'leads to this host itself' : `is ${route.type}`;
    return {
      says: `${formatPrefix(route.prefix)} ${kind}`,
      origin: route.origin,
      command: deleteRoute(route, platform),
    };
  }
  if (rule !== undefined)
    return {
      says: `rule ${rule.priority} is ${refusalOf(rule)}`,
      origin: rule.origin,
      command: {
        shell: 'bash',
        command: `sudo ip ${rule.family === 6 ? '-6 ' : ''}rule del priority ${rule.priority}`,
      },
    };
  // Neither a route nor a rule: IPsec was told to block.
  const blocks = ladders
    .flatMap(({ parts }) => parts)
    .flatMap(({ decision: { policy } }) => (policy?.action === 'block' ? [policy] : []));
  const prefixes = new Set(blocks.map(({ to }) => formatPrefix(to)));
  return {
    says: `an xfrm policy blocks ${[...prefixes].join(', ')}`,
    origin: blocks[0]?.origin ?? { artifact: 'linux-xfrm-policy' },
  };
}

/** What this host said when something was sent to these prefixes all the same. */
function refusals(taken: readonly Ladder[], traces: readonly Trace[]): readonly Evidence[] {
  return traces
    .filter(({ target }) => target !== null && taken.some(({ prefix }) => containsAddress(prefix, target)))
    .flatMap(({ refused }) =>
      refused === undefined ? [] : [{ says: `this host refuses to send: ${refused.text}`, origin: refused.origin }],
    );
}
