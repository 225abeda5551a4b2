import { renewClient } from '../diagnosis/client-steps.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { ClientView } from '../facts/client.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { type Endpoint, idOf } from '../model/endpoint.ts';
import { samePrefix } from '../net/prefix.ts';
import type { Situation } from '../situation/situation.ts';
import { deliveryEvidence, deliveryOf, hasList, isOffered, ofConnection } from './client-delivery.ts';

/** Azure has it, the profile on this machine is older. */
export const clientProfileStale = defineCause({
  code: 'client-profile-stale',
  number: 'C13',
  title: 'The VPN client package on this computer is older than the network',
  severity: 'error',
  about:
    'Azure offers the prefix, and a profile generated now lists it, but the profile installed here does not; prefixes that were there when it was made work. A native Windows client takes its routes from the package, and strongSwan with a fixed rightsubnet from its file: both keep the old list until they are renewed. Told from C14 (no route at all arrived), from C21 (only custom routes are missing) and from C55 (the profile has it, the connection is older).',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'endpoint', 'situation', 'client'],
  dependsOn: [
    'vpn-not-connected',
    'client-routes-not-installed',
    'connection-without-profile',
    'custom-route-not-installed',
    'client-route-malformed',
  ],
  detect: ({ ladders, endpoint, situation, client }) => {
    const { missing, none } = deliveryOf(ladders, situation, client.platform);
    const listed = hasList(client, situation);
    const stale = missing.filter((ladder) => isStale(ladder, none, listed));
    // Of several files one may have been refused: what the others lack it may list.
    const proven = listed && stale.every((ladder) => stateOf(ladder, 'installed') !== 'unknown');
    const [first] = stale;
    const patched = handMade(ladders, situation, client);
    if (first === undefined) return patched.map((ladder) => patchedFinding(ladder, endpoint, situation));
    const by =
      situation.traits.client === 'strongswan' ? 'the list in its configuration' : 'the VPN profile on this computer';
    return [
      {
        confidence: proven ? 'proven' : 'likely',
        summary: proven
          ? `Azure offers ${list(stale)}, but ${by} was made before that and lacks ${stale.length === 1 ? 'it' : 'them'}.`
          : `Azure offers ${list(stale)}, and no route for ${stale.length === 1 ? 'it' : 'them'} is here: most likely ${by}, which could not be read, was made before that.`,
        rung: 'installed',
        resource: idOf(endpoint),
        expected: 'listed in the profile on this computer',
        actual: proven ? 'not listed there' : 'no route here',
        evidence: gathered({ says: 'the gateway', origin: endpoint.gateway.origin }, deliveryEvidence(first)),
        explains: stale,
        fixes: renewClient(idOf(endpoint), situation.traits),
      },
      ...patched.map((ladder) => patchedFinding(ladder, endpoint, situation)),
    ];
  },
});

/**
 * The package lacks the prefix, and a route is there and wins all the same: somebody added it. Where Windows makes
 * routes of the negotiated selectors, a package that lags behind is nothing to mend.
 */
function handMade(ladders: readonly Ladder[], situation: Situation, client: ClientView): readonly Ladder[] {
  const { traits } = situation;
  const plumbed = ofConnection(client.phonebook, situation).some(({ plumbsSelectors }) => plumbsSelectors === true);
  if (traits.client !== 'windows-native' || plumbed || !hasList(client, situation)) return [];
  return ladders.filter(
    (ladder) =>
      isOffered(ladder) &&
      stateOf(ladder, 'issued') !== 'lost' &&
      stateOf(ladder, 'installed') === 'lost' &&
      stateOf(ladder, 'active') === 'held' &&
      stateOf(ladder, 'selected') === 'held' &&
      ladder.tunnelRoutes.some(({ prefix }) => samePrefix(prefix, ladder.prefix)),
  );
}

function patchedFinding(ladder: Ladder, endpoint: Endpoint, situation: Situation): Detected {
  return {
    severity: 'warning',
    confidence: 'likely',
    summary: `${list([ladder])} works by a route that somebody added; the VPN profile on this computer lacks it, so the route goes with the next connection.`,
    rung: 'installed',
    resource: idOf(endpoint),
    expected: 'listed in the profile on this computer',
    actual: 'not listed there',
    evidence: gathered({ says: 'the gateway', origin: endpoint.gateway.origin }, deliveryEvidence(ladder)),
    explains: [ladder],
    fixes: renewClient(idOf(endpoint), situation.traits),
  };
}

/** A list was read and lacks it; or none could be read, and other routes of it arrived. */
function isStale(ladder: Ladder, none: boolean, listed: boolean): boolean {
  const installed = stateOf(ladder, 'installed');
  if (installed === 'lost' && listed) return true;
  return (
    !none &&
    (installed === 'unknown' ||
      installed === 'lost' ||
      (installed === 'partial' && stateOf(ladder, 'active') === 'partial'))
  );
}
