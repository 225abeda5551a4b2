import type { Cause } from '../diagnosis/define-cause.ts';
import { clientProfileStale } from './client-profile-stale.ts';
import { clientRouteMalformed } from './client-route-malformed.ts';
import { clientRoutesNotInstalled } from './client-routes-not-installed.ts';
import { connectionWithoutProfile } from './connection-without-profile.ts';
import { customRouteNotInstalled } from './custom-route-not-installed.ts';
import { hubTransitOff } from './hub-transit-off.ts';
import { localNetworkOverlap } from './local-network-overlap.ts';
import { peeringDisconnected } from './peering-disconnected.ts';
import { returnPropagationDisabled } from './return-propagation-disabled.ts';
import { sessionOlderThanChange } from './session-older-than-change.ts';
import { spokeRemoteGatewayOff } from './spoke-remote-gateway-off.ts';
import { strayRoute } from './stray-route.ts';
import { vpnNotConnected } from './vpn-not-connected.ts';

/** Every cause, in the order of the catalogue's numbers within what they are about: tunnel, peering, client, way back. */
export const causes: readonly Cause[] = [
  vpnNotConnected,
  peeringDisconnected,
  hubTransitOff,
  spokeRemoteGatewayOff,
  clientProfileStale,
  clientRoutesNotInstalled,
  connectionWithoutProfile,
  clientRouteMalformed,
  customRouteNotInstalled,
  sessionOlderThanChange,
  localNetworkOverlap,
  strayRoute,
  returnPropagationDisabled,
];
