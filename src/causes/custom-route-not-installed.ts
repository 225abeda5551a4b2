import { renewClient } from '../diagnosis/client-steps.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { stateOf } from '../ladder/ladder.ts';
import { idOf } from '../model/endpoint.ts';
import { deliveryEvidence, deliveryOf, isListed } from './client-delivery.ts';

/** The gateway's custom routes, and only they, did not get onto this machine. */
export const customRouteNotInstalled = defineCause({
  code: 'custom-route-not-installed',
  number: 'C21',
  title: 'A custom route of the gateway is missing on this computer',
  severity: 'error',
  about:
    "The gateway advertises additional prefixes (customRoutes), and exactly those are missing here, while every VNet's route is present: the package was made before they were set. A native Windows client takes its routes from the package. Where VNets are missing too it is C13; where nothing arrived C14; a client whose routes are pushed only needs to reconnect (C55).",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-p2s-advertise-custom-routes',
  needs: ['ladders', 'endpoint', 'situation', 'client'],
  dependsOn: [
    'vpn-not-connected',
    'client-routes-not-installed',
    'connection-without-profile',
    'client-route-malformed',
  ],
  detect: ({ ladders, endpoint, situation, client }) => {
    const { missing, none } = deliveryOf(ladders, situation, client.platform);
    const [first] = missing;
    if (first === undefined || none) return [];
    if (!missing.every(({ reason }) => reason === 'custom-route') || missing.some(isListed)) return [];
    // Pushed at connect, or left to the gateway by strongSwan's 0.0.0.0/0: no list here could lack it.
    const installed = stateOf(first, 'installed');
    if (installed === 'not-applicable') return [];
    const proven = installed === 'lost';
    return [
      {
        confidence: proven ? 'proven' : 'likely',
        summary: `The gateway's custom route ${list(missing)} is missing here: the VPN profile on this computer was made before it was set.`,
        rung: 'installed',
        resource: idOf(endpoint),
        property: 'customRoutes',
        expected: 'in the profile on this computer',
        actual: 'not listed there',
        evidence: gathered({ says: 'the gateway', origin: endpoint.gateway.origin }, deliveryEvidence(first)),
        explains: missing,
        fixes: renewClient(idOf(endpoint), situation.traits),
      },
    ];
  },
});
