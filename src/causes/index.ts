import type { Cause } from '../diagnosis/define-cause.ts';
import { addressSpacesOverlap } from './address-spaces-overlap.ts';
import { anotherVpnOwnsRoute } from './another-vpn-owns-route.ts';
import { bgpPeerDown } from './bgp-peer-down.ts';
import { branchRouteNotPushed } from './branch-route-not-pushed.ts';
import { classBasedRoute } from './class-based-route.ts';
import { clientProfileStale } from './client-profile-stale.ts';
import { clientRouteMalformed } from './client-route-malformed.ts';
import { clientRoutesNotInstalled } from './client-routes-not-installed.ts';
import { connectionWithoutProfile } from './connection-without-profile.ts';
import { customRouteNotInstalled } from './custom-route-not-installed.ts';
import { defaultRouteLosesMetric } from './default-route-loses-metric.ts';
import { expressrouteTransit } from './expressroute-transit.ts';
import { forwardedTrafficBlocked } from './forwarded-traffic-blocked.ts';
import { gatewayNotReady } from './gateway-not-ready.ts';
import { gatewaySubnetRouteTable } from './gateway-subnet-route-table.ts';
import { gatewayWithoutP2s } from './gateway-without-p2s.ts';
import { groupPoolNotRouted } from './group-pool-not-routed.ts';
import { guestFirewallSuspected } from './guest-firewall-suspected.ts';
import { hubTransitOff } from './hub-transit-off.ts';
import { ikeSelectorMissing } from './ike-selector-missing.ts';
import { internetThroughGateway } from './internet-through-gateway.ts';
import { ipv6NotSupported } from './ipv6-not-supported.ts';
import { localNetworkOverlap } from './local-network-overlap.ts';
import { localRouteDiscards } from './local-route-discards.ts';
import { manualRouteMisdirected } from './manual-route-misdirected.ts';
import { nameResolution } from './name-resolution.ts';
import { nsgDeniesPool } from './nsg-denies-pool.ts';
import { onpremReturnMissing } from './onprem-return-missing.ts';
import { peeringAccessOff } from './peering-access-off.ts';
import { peeringDisconnected } from './peering-disconnected.ts';
import { peeringHalfMissing } from './peering-half-missing.ts';
import { peeringNotTransitive } from './peering-not-transitive.ts';
import { peeringOutOfSync } from './peering-out-of-sync.ts';
import { peeringRouteDisabled } from './peering-route-disabled.ts';
import { policyRuleBypass } from './policy-rule-bypass.ts';
import { poolEdgeAddress } from './pool-edge-address.ts';
import { poolExhausted } from './pool-exhausted.ts';
import { poolOverlap } from './pool-overlap.ts';
import { prefixNotAdvertised } from './prefix-not-advertised.ts';
import { privateEndpointRoute } from './private-endpoint-route.ts';
import { protocolNotOffered } from './protocol-not-offered.ts';
import { publicServiceNotAdvertised } from './public-service-not-advertised.ts';
import { returnPathAsymmetric } from './return-path-asymmetric.ts';
import { returnPropagationDisabled } from './return-propagation-disabled.ts';
import { returnRouteOverridden } from './return-route-overridden.ts';
import { routeLimitExceeded } from './route-limit-exceeded.ts';
import { sessionOlderThanChange } from './session-older-than-change.ts';
import { spokeHasOwnGateway } from './spoke-has-own-gateway.ts';
import { spokeRemoteGatewayOff } from './spoke-remote-gateway-off.ts';
import { strayRoute } from './stray-route.ts';
import { subnetNotPeered } from './subnet-not-peered.ts';
import { vnetNotPeered } from './vnet-not-peered.ts';
import { vnetToVnetWithoutPool } from './vnet-to-vnet-without-pool.ts';
import { vpnNotConnected } from './vpn-not-connected.ts';
import { vwanDefaultRouteOff } from './vwan-default-route-off.ts';
import { vwanPropagationMissing } from './vwan-propagation-missing.ts';

/** Every cause, in the order of the catalogue's numbers within what they are about: tunnel, peering, client, way back. */
export const causes: readonly Cause[] = [
  vpnNotConnected,
  gatewayNotReady,
  protocolNotOffered,
  gatewayWithoutP2s,
  peeringDisconnected,
  hubTransitOff,
  spokeRemoteGatewayOff,
  vnetToVnetWithoutPool,
  expressrouteTransit,
  branchRouteNotPushed,
  prefixNotAdvertised,
  bgpPeerDown,
  onpremReturnMissing,
  poolExhausted,
  groupPoolNotRouted,
  vwanDefaultRouteOff,
  vwanPropagationMissing,
  ipv6NotSupported,
  routeLimitExceeded,
  poolOverlap,
  forwardedTrafficBlocked,
  addressSpacesOverlap,
  subnetNotPeered,
  peeringAccessOff,
  spokeHasOwnGateway,
  peeringNotTransitive,
  vnetNotPeered,
  peeringHalfMissing,
  peeringOutOfSync,
  clientProfileStale,
  clientRoutesNotInstalled,
  connectionWithoutProfile,
  clientRouteMalformed,
  customRouteNotInstalled,
  sessionOlderThanChange,
  localNetworkOverlap,
  ikeSelectorMissing,
  poolEdgeAddress,
  internetThroughGateway,
  publicServiceNotAdvertised,
  anotherVpnOwnsRoute,
  policyRuleBypass,
  localRouteDiscards,
  defaultRouteLosesMetric,
  classBasedRoute,
  manualRouteMisdirected,
  strayRoute,
  returnPropagationDisabled,
  returnPathAsymmetric,
  returnRouteOverridden,
  peeringRouteDisabled,
  gatewaySubnetRouteTable,
  nsgDeniesPool,
  guestFirewallSuspected,
  privateEndpointRoute,
  nameResolution,
];
