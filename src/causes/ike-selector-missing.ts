import { afterwards } from '../diagnosis/client-steps.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import type { Evidence } from '../facts/origin.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { formatPrefix } from '../net/prefix.ts';
import { customRoutesCommand } from './custom-routes.ts';
import { isTaken } from './detours.ts';
import { hasAnswer, ownOutcomes } from './own-answers.ts';

/** The route leads into an IKEv2 tunnel whose selectors do not hold it. */
export const ikeSelectorMissing = defineCause({
  code: 'ike-selector-missing',
  number: 'C25',
  title: 'The route is there, but the IKEv2 tunnel has no selector for it',
  severity: 'error',
  about:
    'IKEv2 agrees on traffic selectors when it connects, and IPsec carries nothing outside them, whatever the routing table says. A route added by hand (to a branch or a BGP prefix, say) gets no selector by itself: the same route works over OpenVPN or SSTP. On Linux the selectors can be read; Windows does not show them, so there it stays likely.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'context', 'situation', 'tunnel'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ ladders, context, situation, tunnel }) => {
    const proven = ladders.filter((ladder) => isTaken(ladder) && isUncarried(ladder, context));
    const isProven = proven.length > 0;
    const concerned = isProven ? proven : ladders.filter((ladder) => isSuspected(ladder, ladders, context));
    const [first] = concerned;
    if (first === undefined) return [];
    const detected: Detected = {
      severity: isProven ? 'error' : 'info',
      confidence: isProven ? 'proven' : 'likely',
      summary: `${list(concerned)} has a route into the tunnel, but IKEv2 ${isProven ? 'has' : 'probably has'} no traffic selector for it: packets do not get through.`,
      rung: 'selected',
      expected: `a selector that holds ${formatPrefix(first.prefix)}`,
      actual: isProven ? 'none of the selectors holds it' : 'a route that only this computer made, and no answer',
      evidence: gathered(
        { says: 'the tunnel', origin: tunnel.connection?.origin ?? { artifact: '' } },
        rungOf(first, 'active').evidence,
        selectorEvidence(context),
        rungOf(first, 'delivered').evidence,
      ),
      // A suspicion must not silence what else may explain the silence: the site's way back, for one.
      prefixes: concerned.map(({ prefix }) => prefix),
      explains: proven,
      fixes: fixesFor(concerned, context, afterwards(situation.traits)),
    };
    return [detected];
  },
});

/** The host would take the tunnel's own row, and the tunnel does not carry it. */
function isUncarried({ parts }: Ladder, { tunnelSpace }: ClimbContext): boolean {
  return parts.some(
    ({ intoTunnel, decision: { outcome, policy } }) =>
      !intoTunnel && policy === undefined && outcome.kind === 'route' && tunnelSpace.routes.includes(outcome.route),
  );
}

const branches = ['branch', 'bgp', 'vnet-to-vnet', 'expressroute'];

/** Windows: a hand-made route to a branch, silent, beside networks that answer through the same tunnel. */
function isSuspected(ladder: Ladder, all: readonly Ladder[], context: ClimbContext): boolean {
  const { client, situation } = context;
  if (client.platform !== 'windows' || situation.traits.protocol !== 'ikev2' || !branches.includes(ladder.reason))
    return false;
  if (
    stateOf(ladder, 'active') !== 'held' ||
    stateOf(ladder, 'delivered') !== 'unknown' ||
    stateOf(ladder, 'installed') === 'held'
  )
    return false;
  // One answer from there, and the selector is there too.
  const outcomes = ownOutcomes(ladder, all, context);
  const silent = outcomes.length > 0 && outcomes.every(({ outcome }) => outcome === 'silent');
  return silent && all.some((other) => other.reason !== 'pool' && hasAnswer(other, all, context));
}

function selectorEvidence({ client }: ClimbContext): readonly Evidence[] {
  const children = (client.associations ?? []).flatMap((association) => association.children);
  return [
    ...children.slice(0, 2).map(({ name, remoteSelectors, origin }) => ({
      says: `${name} carries ${remoteSelectors.map(formatPrefix).join(', ')}`,
      origin,
    })),
    ...(client.policies ?? [])
      .filter(({ direction }) => direction === 'out')
      .slice(0, 3)
      .map(({ to, origin }) => ({ says: `an xfrm policy carries ${formatPrefix(to)}`, origin })),
  ];
}

function fixesFor(
  concerned: readonly Ladder[],
  { situation: { endpoint }, client }: ClimbContext,
  then: string,
): readonly Fix[] {
  const user: Fix = {
    by: 'user',
    commands: [],
    steps: [
      client.platform === 'linux'
        ? 'Reconnect, and let remote_ts (rightsubnet) hold the prefix or 0.0.0.0/0: the gateway narrows it to what it grants.'
        : 'Reconnect once the gateway advertises the prefix.',
      'Or connect by OpenVPN: it has no selectors.',
    ],
    disrupts: 'this connection, for a moment',
    verify: 'onlink',
  };
  if (endpoint?.kind !== 'vnet-gateway') return [user];
  return [
    {
      by: 'network-admin',
      role: `Network Contributor on ${nameOf(endpoint.gateway.id)}`,
      commands: customRoutesCommand(endpoint.gateway, { add: concerned.map(({ prefix }) => formatPrefix(prefix)) }),
      steps: ['The command carries the custom routes that are set now: Azure replaces the list.', then],
      disrupts: 'everybody connected to the gateway: updating it drops Point-to-Site sessions',
      verify: 'onlink',
    },
    user,
  ];
}
