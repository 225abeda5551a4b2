import { renewClient } from '../diagnosis/client-steps.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { ClientView } from '../facts/client.ts';
import type { Evidence } from '../facts/origin.ts';
import { installedRoutes } from '../ladder/installed.ts';
import { idOf } from '../model/endpoint.ts';
import type { Situation } from '../situation/situation.ts';
import { deliveryEvidence, deliveryOf, ofConnection } from './client-delivery.ts';
import { addConnectionRoutes } from './connection-routes.ts';

/** Somebody made the connection by hand: nothing on the machine could have added a route. */
export const connectionWithoutProfile = defineCause({
  code: 'connection-without-profile',
  number: 'C14b',
  title: 'The VPN connection was made by hand and carries no routes',
  severity: 'error',
  about:
    "A native Windows connection made in Settings or by Add-VpnConnection has no Connection Manager profile and no routes.txt, so nothing adds Azure's networks: there is at most the class-based route of its address, or a default route. There is nothing old to renew; the package must be installed, or each route added to the connection.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/point-to-site-vpn-client-certificate-windows-native',
  needs: ['ladders', 'endpoint', 'situation', 'client', 'tunnel'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ ladders, endpoint, situation, client, tunnel }) => {
    const proof = lacksProfile(client, situation);
    const { missing, none } = deliveryOf(ladders, situation, client.platform);
    const [first] = missing;
    if (proof === undefined || !none || first === undefined) return [];
    const name = tunnel.connection?.name;
    return [
      {
        confidence: proof.certain ? 'proven' : 'likely',
        summary: `The connection ${name ?? 'to the VPN'} was made by hand: no package lies behind it and it carries no routes, so ${list(missing)} never got here.`,
        rung: 'installed',
        property: 'Routes',
        expected: missing.length === 1 ? 'a route to it' : 'routes to them',
        actual: 'none',
        evidence: gathered(
          { says: 'the tunnel', origin: endpoint.gateway.origin },
          proof.evidence,
          deliveryEvidence(first),
        ),
        explains: missing,
        fixes: [
          ...renewClient(idOf(endpoint), situation.traits),
          addConnectionRoutes(
            name,
            missing.map(({ prefix }) => prefix),
          ),
        ],
      },
    ];
  },
});

/**
 * Evidence that no list of routes lies behind a native connection: no package file was found, and the connection as the
 * system knows it carries none. Undefined where a list exists, or nobody looked.
 */
export function lacksProfile(
  client: ClientView,
  situation: Situation,
): { readonly evidence: readonly Evidence[]; readonly certain: boolean } | undefined {
  if (client.platform !== 'windows' || situation.traits.pushed === true) return undefined;
  const installed = installedRoutes(client, situation);
  if (installed.routes.length > 0 || client.profiles.some(({ listsRoutes }) => listsRoutes)) return undefined;
  const entries = ofConnection(client.phonebook, situation);
  const empty = [
    ...ofConnection(client.connections, situation)
      .filter(({ connected }) => connected !== false)
      .map(({ name, origin }) => ({ says: `connection ${name} carries no routes of its own`, origin })),
    ...entries.map(({ name, origin, plumbsSelectors }) => ({
      says: `phonebook entry ${name} carries no routes${plumbsSelectors === false ? ', and takes none from the selectors' : ''}`,
      origin,
    })),
  ];
  // A refusal or a timeout is no sign that there is no file; a reason told in words only is taken as such a sign.
  const looked = client.unread.filter(
    ({ source, why }) =>
      (source === 'cmroute-routes' || source === 'windows-profile-script') &&
      (why.code === 'absent' || why.code === 'not-told'),
  );
  const fromSelectors = entries.some(({ plumbsSelectors }) => plumbsSelectors === true);
  const absent = looked.some(({ why }) => why.code === 'absent');
  if ((empty.length === 0 && !absent) || looked.length === 0 || fromSelectors) return undefined;
  return {
    evidence: [
      ...looked.map(({ source, why, origin }) => ({
        says: why.message === '' ? `${source}: ${why.code}` : why.message,
        origin,
      })),
      ...empty,
    ],
    certain: absent && empty.length > 0,
  };
}
