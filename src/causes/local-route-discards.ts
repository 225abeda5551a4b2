import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command } from '../diagnosis/finding.ts';
import { deleteRoute } from '../diagnosis/route-commands.ts';
import { list } from '../diagnosis/wording.ts';
import type { Platform } from '../facts/capture.ts';
import type { Route, Rule } from '../facts/route.ts';
import { formatPrefix } from '../net/prefix.ts';
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
      const refused = client.traces.flatMap(({ refused: refusal }) =>
        refusal === undefined ? [] : [{ says: `this host refuses to send: ${refusal.text}`, origin: refusal.origin }],
      );
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
          refused.slice(0, 1),
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
      says: `rule ${rule.priority} is ${typeOf(rule)}`,
      origin: rule.origin,
      command: { shell: 'bash', command: `sudo ip rule del priority ${rule.priority}` },
    };
  const policy = ladders[0].parts.find(({ decision }) => decision.policy?.action === 'block')?.decision.policy;
  return {
    says: policy === undefined ? 'no route is left for it' : `an xfrm policy blocks ${formatPrefix(policy.to)}`,
    origin: policy?.origin ?? { artifact: 'linux-xfrm-policy' },
  };
}

const typeOf = ({ action }: Rule): string => (action.kind === 'discard' ? action.type : action.kind);
