import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { ClientView } from '../facts/client.ts';
import type { Evidence } from '../facts/origin.ts';
import { coverage } from '../ladder/issued.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { setOf } from '../net/address-set.ts';
import type { ClientTraits } from '../situation/client-traits.ts';
import { deliveryEvidence, deliveryOf, isListed } from './client-delivery.ts';

/** Azure offers it now; the connection was made before. */
export const sessionOlderThanChange = defineCause({
  code: 'session-older-than-change',
  number: 'C55',
  title: 'The VPN was connected before the network changed',
  severity: 'error',
  about:
    'Azure offers the prefix now, and this client takes its routes when it connects (OpenVPN has them pushed, strongSwan negotiates them, a native client reads its renewed package), but the running connection is older than the change. Nothing needs to be installed: reconnect. What the log says was pushed decides it where a log was read.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'endpoint', 'situation', 'client'],
  dependsOn: [
    'vpn-not-connected',
    'client-routes-not-installed',
    'connection-without-profile',
    'client-route-malformed',
  ],
  detect: ({ ladders, endpoint, situation, client }) => {
    const { missing } = deliveryOf(ladders, situation, client.platform);
    const older = missing.filter((ladder) => cameLater(ladder, situation.traits, client));
    const [first] = older;
    if (first === undefined) return [];
    const log = pushedAtConnect(client);
    return [
      {
        confidence: log.length > 0 ? 'proven' : 'likely',
        summary: `Azure offers ${list(older)} now, but this connection was made before that: disconnect and connect again.`,
        rung: 'active',
        expected: 'given to the client when it connects',
        actual: 'not in this connection',
        evidence: gathered({ says: 'the gateway', origin: endpoint.gateway.origin }, log, deliveryEvidence(first)),
        explains: older,
        fixes: [
          {
            by: 'user',
            commands: [],
            steps: ['Disconnect the VPN and connect it again.', stepAfter(situation.traits)],
            disrupts: 'this connection, for a moment',
            verify: 'onlink',
          },
        ],
      },
    ];
  },
});

function cameLater(ladder: Ladder, { pushed, client: kind }: ClientTraits, client: ClientView): boolean {
  if (pushed === true)
    return client.openVpn?.pushed !== true || coverage(setOf(client.openVpn.pushedRoutes), ladder.prefix) !== 'held';
  if (kind === 'strongswan') return isListed(ladder) || stateOf(ladder, 'installed') === 'not-applicable';
  // A native client whose list has it whole: the package was renewed under a running connection.
  return stateOf(ladder, 'installed') === 'held';
}

/** What the log shows of this connection's own push. */
function pushedAtConnect({ openVpn }: ClientView): readonly Evidence[] {
  if (openVpn?.pushed !== true) return [];
  const when = openVpn.pushedAt === undefined ? '' : ` at ${openVpn.pushedAt}`;
  return [
    { says: `the gateway pushed ${openVpn.pushedRoutes.length} routes${when}, not this one`, origin: openVpn.origin },
  ];
}

function stepAfter({ pushed, client }: ClientTraits): string {
  if (pushed === true) return 'If the route is still missing then, import a newly downloaded profile.';
  if (client === 'strongswan')
    return 'If it is still missing then, look at what the gateway grants: swanctl --list-sas.';
  return 'If it is still missing then, the script that adds the routes fails: install the package again as an administrator.';
}
