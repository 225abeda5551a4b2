import { renewClient } from '../diagnosis/client-steps.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import type { ClientView, Host, RasEvent } from '../facts/client.ts';
import type { Evidence } from '../facts/origin.ts';
import { coverage } from '../ladder/issued.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { idOf } from '../model/endpoint.ts';
import { setOf } from '../net/address-set.ts';
import type { Situation } from '../situation/situation.ts';
import { deliveryEvidence, deliveryOf, hasList, isListed, isOffered } from './client-delivery.ts';
import { addConnectionRoutes } from './connection-routes.ts';
import { lacksProfile } from './connection-without-profile.ts';

/** The tunnel stands, its routes were handed out, and the system has none of them. */
export const clientRoutesNotInstalled = defineCause({
  code: 'client-routes-not-installed',
  number: 'C14',
  title: "The VPN connected, but its routes did not get into this computer's table",
  severity: 'error',
  about:
    "The tunnel is up and the client was given its list of routes (a package, a profile script, or a push at connect), yet the system has none of them: only the tunnel's own address, and on Windows perhaps its class-based route. The script that adds them failed: it needs an administrator, does not exist for ARM64, or ended with 8007026f; with OpenVPN route-nopull or missing rights do the same. If some routes arrived it is the list that is old (C13); if there never was a list it is C14b.",
  helpUrl:
    'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-troubleshoot-vpn-point-to-site-connection-problems',
  needs: ['ladders', 'endpoint', 'situation', 'client', 'tunnel'],
  dependsOn: ['vpn-not-connected', 'connection-without-profile', 'client-route-malformed'],
  detect: ({ ladders, endpoint, situation, client, tunnel }) => {
    const { missing, none } = deliveryOf(ladders, situation, client.platform);
    const explained =
      situation.traits.pushed === true
        ? refusedPush(missing, none, client)
        : [...scriptFailed(missing, none, client, situation), ...unrouted(ladders)];
    const [first] = explained;
    if (first === undefined) return [];
    const proof = proofOf(client);
    const handed = explained.some(isListed) || proof.length > 0;
    return [
      {
        confidence: handed ? 'proven' : 'likely',
        summary: `The VPN is connected, but ${none ? 'none of its routes' : 'not all of its routes'} got into this computer's table: ${list(explained)} ${explained.length === 1 ? 'is' : 'are'} missing.`,
        rung: 'active',
        expected: 'the routes that the client was given are in the table',
        actual: none ? 'none of them is' : 'some are not',
        evidence: gathered(
          { says: 'the tunnel', origin: endpoint.gateway.origin },
          proof,
          deliveryEvidence(first),
          tunnel.evidence,
        ),
        explains: explained,
        fixes: fixesFor(
          explained,
          client,
          situation.traits.pushed === true,
          tunnel.connection?.name,
          renewClient(idOf(endpoint), situation.traits),
        ),
      },
    ];
  },
});

/** Native: a list exists, or nothing says that there is none; and not one route arrived. */
function scriptFailed(
  missing: readonly Ladder[],
  none: boolean,
  client: ClientView,
  situation: Situation,
): readonly Ladder[] {
  if (!none || situation.traits.client === 'strongswan' || lacksProfile(client, situation) !== undefined) return [];
  const readAndOld = hasList(client, situation) && missing.every((ladder) => stateOf(ladder, 'installed') === 'lost');
  return readAndOld ? [] : missing;
}

/**
 * IPsec: a selector carries it, and no route asks for the tunnel's address as sender, so packets leave by the default
 * route with the LAN's and match no selector.
 */
function unrouted(ladders: readonly Ladder[]): readonly Ladder[] {
  return ladders.filter(
    (ladder) =>
      isOffered(ladder) &&
      stateOf(ladder, 'active') === 'held' &&
      stateOf(ladder, 'selected') === 'lost' &&
      ladder.tunnelRoutes.length === 0 &&
      ladder.parts.some(({ decision: { outcome } }) => outcome.kind === 'route' && outcome.route.prefix.length === 0),
  );
}

/** Pushed: the log shows the route coming in, and the table lacks it; or a profile says to ignore what is pushed. */
function refusedPush(missing: readonly Ladder[], none: boolean, client: ClientView): readonly Ladder[] {
  const pushed = client.openVpn?.pushed === true ? setOf(client.openVpn.pushedRoutes) : undefined;
  if (pushed === undefined) return none ? missing : [];
  return missing.filter(({ prefix }) => coverage(pushed, prefix) === 'held');
}

/** 0x8007026f, as the connection manager reports a script that did not run. */
const scriptError = /8007026f/i;

function proofOf({ events, openVpn, profiles, host }: ClientView): readonly Evidence[] {
  const failed = (events ?? []).filter((event) => isScriptFailure(event));
  return [
    ...failed.map(({ id, origin }) => ({
      says: `event ${id}: the script that updates the routing table failed`,
      origin,
    })),
    ...(openVpn?.pushed === true
      ? [{ says: `the gateway pushed ${openVpn.pushedRoutes.length} routes`, origin: openVpn.origin }]
      : []),
    ...profiles.flatMap(({ suppressesPush = [], origin }) =>
      suppressesPush.map((option) => ({ says: `the profile says ${option}: pushed routes are ignored`, origin })),
    ),
    ...(host !== undefined && isArm64(host)
      ? [{ says: "this is an ARM64 computer: the package's route script does not exist for it", origin: host.origin }]
      : []),
  ];
}

const isArm64 = (host: Host | undefined): boolean => /arm64/i.test(host?.architecture ?? '');

function isScriptFailure({ message, errorCode }: RasEvent): boolean {
  return scriptError.test(message) || errorCode === 0x80_07_02_6f || errorCode === 0x80_07_02_6f - 2 ** 32;
}

function fixesFor(
  missing: readonly Ladder[],
  client: ClientView,
  pushed: boolean,
  connection: string | undefined,
  renew: readonly Fix[],
): readonly Fix[] {
  if (!pushed && client.platform === 'linux')
    return [
      {
        by: 'user',
        commands: [],
        steps: [
          'Let charon install its routes: charon.install_routes = yes in strongswan.conf, and no other program clearing table 220.',
          'Disconnect and connect again, then look at ip route show table 220.',
        ],
        disrupts: 'this connection, for a moment',
        verify: 'ip route show table 220',
      },
    ];
  if (pushed)
    return [
      {
        by: 'user',
        commands: [],
        steps: [
          'Take route-nopull and pull-filter out of the profile, and let the client run with the right to change routes.',
          'Disconnect and connect again.',
        ],
        disrupts: 'this connection, for a moment',
        verify: 'onlink',
      },
    ];
  return [
    {
      by: 'user',
      commands: [],
      steps: [
        isArm64(client.host)
          ? "On ARM64 use the Azure VPN Client (OpenVPN): the package's route script does not run here."
          : 'Install the package again while signed in as an administrator, and connect as one.',
        'Disconnect and connect again.',
      ],
      disrupts: 'this connection, for a moment',
      verify: 'route print -4',
    },
    addConnectionRoutes(
      connection,
      missing.map(({ prefix }) => prefix),
    ),
    ...renew.filter(({ by }) => by === 'client-owner'),
  ];
}
