import { defineCause } from '../diagnosis/define-cause.ts';
import { renewClient } from '../diagnosis/client-steps.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { idOf } from '../model/endpoint.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';

/** Azure has it, the profile on this machine is older. */
export const clientProfileStale = defineCause({
  code: 'client-profile-stale',
  number: 'C13',
  title: 'The VPN client package on this computer is older than the network',
  severity: 'error',
  about:
    'Azure offers the prefix, and a profile generated now lists it, but the profile installed here does not; prefixes that were there when it was made work. A native Windows client takes its routes from the package, and strongSwan with a fixed rightsubnet from its file: both keep the old list until they are renewed. Told from C14 (no route at all arrived) and from C21 (only custom routes are missing).',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'endpoint', 'situation'],
  dependsOn: ['vpn-not-connected', 'client-routes-not-installed', 'connection-without-profile', 'custom-route-not-installed'],
  detect: ({ ladders, endpoint, situation }) => {
    const stale = ladders.filter((ladder) => isStale(ladder, ladders));
    const [first] = stale;
    if (first === undefined) return [];
    const proven = stale.every((ladder) => stateOf(ladder, 'installed') === 'lost' || stateOf(ladder, 'installed') === 'partial');
    return [
      {
        confidence: proven ? 'proven' : 'likely',
        summary: `Azure offers ${list(stale)}, but the VPN profile on this computer was made before that and lacks ${stale.length === 1 ? 'it' : 'them'}.`,
        rung: 'installed',
        resource: idOf(endpoint),
        evidence: gathered({ says: 'the gateway', origin: endpoint.gateway.origin }, rungOf(first, 'issued').evidence, rungOf(first, 'installed').evidence, rungOf(first, 'offered').evidence),
        explains: stale,
        fixes: renewClient(idOf(endpoint), situation.traits),
      },
    ];
  },
});

function isStale(ladder: Ladder, all: readonly Ladder[]): boolean {
  const offered = stateOf(ladder, 'offered') === 'held';
  const issued = stateOf(ladder, 'issued');
  const installed = stateOf(ladder, 'installed');
  const gone = ladder.verdict === 'broken' && (stateOf(ladder, 'active') === 'lost' || stateOf(ladder, 'active') === 'partial');
  const custom = ladder.reason === 'custom-route';
  const others = all.some((other) => other !== ladder && other.reason !== 'pool' && other.expectation === 'must' && stateOf(other, 'active') === 'held');
  return offered && issued !== 'lost' && gone && !custom && ladder.reason !== 'pool' && others && (installed === 'lost' || installed === 'partial' || (installed === 'unknown' && issued === 'held'));
}
