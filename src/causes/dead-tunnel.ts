import type { Evidence } from '../facts/origin.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { publicAddressesOf } from '../model/endpoint.ts';
import { formatAddress } from '../net/address.ts';
import type { Tunnel } from '../situation/find-tunnel.ts';
import { answers } from './asked.ts';

/** A tunnel whose routes stand and which carries nothing, with what proves it. */
export interface DeadTunnel {
  readonly summary: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
  readonly step: string;
}

/**
 * Routes outlive a tunnel: persist-tun keeps them through a restart that never completes, and a tunnel that carries its
 * own transport dies of it. One answer through the tunnel proves the contrary.
 */
export function deadTunnel(ladders: readonly Ladder[], context: ClimbContext): DeadTunnel | undefined {
  const { tunnel } = context.situation;
  if (tunnel === undefined || ladders.some(answers)) return undefined;
  return restarting(context) ?? looping(context, tunnel);
}

/** The log's last word is a restart: the session before it is gone, the next one was never set up. */
function restarting({ client: { openVpn } }: ClimbContext): DeadTunnel | undefined {
  if (openVpn?.lastRestart === undefined || openVpn.initialized) return undefined;
  return {
    summary:
      'The VPN lost its connection and has not come back: the routes are still there, the tunnel behind them is dead.',
    evidence: [
      {
        says: `the log ends with ${openVpn.lastRestart}, and no session was completed after it`,
        origin: openVpn.origin,
      },
    ],
    step: 'Stop the client and start it again: persist-tun kept the routes of the dead session.',
  };
}

/** The gateway's own address goes into the tunnel that needs it: packets of the tunnel chase themselves. */
function looping(
  { client, topology, situation: { endpoint }, forwarding, tunnelSpace }: ClimbContext,
  { handles }: Tunnel,
): DeadTunnel | undefined {
  // With kernel IPsec the daemon's packets pass by the policies, and Windows keeps the gateway's address outside.
  if (client.platform !== 'linux' || handles.size === 0) return undefined;
  const known = [
    ...(endpoint === undefined ? [] : publicAddressesOf(endpoint, topology)),
    ...(client.associations ?? []).flatMap(({ ike }) => (ike.remoteHost === null ? [] : [ike.remoteHost])),
  ];
  for (const address of known) {
    const decision = forwarding.decide(address);
    if (
      decision === undefined ||
      decision.policy !== undefined ||
      decision.doubts.length > 0 ||
      !tunnelSpace.contains(decision) ||
      decision.outcome.kind !== 'route'
    )
      continue;
    const says = `${formatAddress(address)}, the gateway's own address, goes into ${decision.outcome.route.interface}`;
    return {
      summary: `The VPN's own packets go into the VPN: ${says}, so nothing gets out.`,
      evidence: [{ says, origin: decision.outcome.route.origin }],
      step: `Keep the gateway outside the tunnel: a host route to ${formatAddress(address)} by the local router, or selectors narrower than 0.0.0.0/0.`,
    };
  }
  return undefined;
}
