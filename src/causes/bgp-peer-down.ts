import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { BgpPeer } from '../facts/topology.ts';
import { formatAddress } from '../net/address.ts';

/** A BGP neighbour of the gateway says nothing. */
export const bgpPeerDown = defineCause({
  code: 'bgp-peer-down',
  number: 'C49',
  title: 'A BGP peer of the gateway is down',
  severity: 'error',
  about:
    "The gateway should learn routes from this neighbour, and the session does not stand or brings no routes. What lies behind it is reachable for nobody who depends on the gateway's routes, VPN clients included. A peer is up as long as any instance of the gateway has a session with it. A warning while another peer still delivers.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/bgp-diagnostics',
  needs: ['endpoint', 'topology', 'ladders'],
  detect: ({ endpoint, topology, ladders }) => {
    if (endpoint.kind !== 'vnet-gateway') return [];
    const { gateway } = endpoint;
    const own = new Set(gateway.bgpPeeringAddresses.map(formatAddress));
    const others = (topology.bgpPeers.get(keyOf(gateway.id)) ?? []).filter(
      ({ neighbor, asn }) => !own.has(neighbor) && (asn === undefined || asn !== gateway.asn),
    );
    const byNeighbor = [...Map.groupBy(others, ({ neighbor }) => neighbor)];
    const down = byNeighbor.filter(([, rows]) => rows.every((row) => isDown(row)));
    const someUp = byNeighbor.length > down.length;
    return down.map(([neighbor, rows]) => ({
      severity: someUp ? 'warning' : 'error',
      confidence: 'proven',
      summary: `The BGP peer ${neighbor} of ${gateway.name} ${rows.some(({ state }) => isConnected(state)) ? 'sends no routes' : 'is not connected'}: what lies behind it cannot be reached.`,
      rung: 'configured',
      resource: gateway.id,
      property: 'bgpSettings',
      expected: 'Connected',
      actual: rows
        .map(({ state, routesReceived }) => `${state ?? 'not told'}, ${routesReceived ?? 0} routes`)
        .join('; '),
      evidence: gathered(
        { says: neighbor, origin: gateway.origin },
        rows.map(({ state, routesReceived, origin }) => ({
          says: `${neighbor}: ${state ?? 'state not told'}, ${routesReceived ?? 0} routes received`,
          origin,
        })),
      ),
      explains: ladders.filter(
        ({ verdict, reason }) => verdict === 'broken' && (reason === 'branch' || reason === 'bgp'),
      ),
      fixes: [
        {
          by: 'network-admin',
          role: `Network Contributor on ${gateway.name}`,
          commands: [
            az(
              'network',
              'vnet-gateway',
              'list-bgp-peer-status',
              ...groupFlags(gateway.id),
              '-n',
              nameOf(gateway.id),
              '-o',
              'table',
            ),
            {
              shell: 'powershell',
              command: `Get-AzVirtualNetworkGatewayBGPPeerStatus -ResourceGroupName ${powershellWord(groupOf(gateway.id))} -VirtualNetworkGatewayName ${powershellWord(gateway.name)}`,
            },
          ],
          steps: [
            `Compare both sides' ASN and BGP address (${[...own].join(', ')} here), and see that the connection has BGP on and is connected.`,
          ],
          verify: az(
            'network',
            'vnet-gateway',
            'list-learned-routes',
            ...groupFlags(gateway.id),
            '-n',
            nameOf(gateway.id),
            '-o',
            'table',
          ).command,
        },
      ],
    }));
  },
});

const isConnected = (state: string | undefined): boolean => state?.toLowerCase() === 'connected';

/** `Unknown` is what Azure says when it does not know: no proof of anything. */
function isDown({ state, routesReceived }: BgpPeer): boolean {
  if (state === undefined || state.toLowerCase() === 'unknown') return false;
  return !isConnected(state) || routesReceived === 0;
}
