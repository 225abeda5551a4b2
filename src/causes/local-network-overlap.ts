import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { formatAddress } from '../net/address.ts';
import { containsAddress, formatPrefix, samePrefix } from '../net/prefix.ts';
import { ownAddresses } from '../situation/own-addresses.ts';
import { adapterName } from './adapters.ts';
import { detoursOf } from './detours.ts';

/** The client sits on a network that reuses addresses of Azure, so its own route wins. */
export const localNetworkOverlap = defineCause({
  code: 'local-network-overlap',
  number: 'C30',
  title: 'A local network uses the same addresses as Azure',
  severity: 'error',
  about:
    "A network this computer is directly connected to (home or office LAN, Docker, WSL, Hyper-V, libvirt), or that its router announced, has a prefix equal to or inside one of Azure's. The longer prefix wins, among equal ones the lower metric (on Windows route plus interface), so packets for those addresses never enter the tunnel. Another VPN is C48, a hand-made route by way of a router C27.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['ladders', 'client', 'tunnel', 'context'],
  dependsOn: ['vpn-not-connected', 'policy-rule-bypass'],
  detect: ({ ladders, client, context }) =>
    detoursOf('local', ladders, context).flatMap(({ route, ladders: taken }) => {
      if (route === undefined) return [];
      const [first] = taken;
      const where = adapterName(route, client);
      return [
        {
          confidence: 'proven' as const,
          summary: `The local network ${formatPrefix(route.prefix)} on ${where} uses addresses of ${list(taken)}, so packets for them stay here.`,
          rung: 'selected' as const,
          expected: `a route into the tunnel wins for ${taken.map(({ prefix }) => formatPrefix(prefix)).join(', ')}`,
          actual: `${formatPrefix(route.prefix)} on ${where} wins, ${whyItWins(route, first)}`,
          evidence: gathered(
            { says: `${formatPrefix(route.prefix)} on ${where}${metricOf(route)} wins`, origin: route.origin },
            [
              {
                says: `${formatPrefix(route.prefix)} is ${route.via.kind === 'on-link' ? 'on-link' : 'routed'} on ${where}${metricOf(route)}, and wins`,
                origin: route.origin,
              },
            ],
            first.tunnelRoutes.slice(0, 2).map((row) => ({
              says: `${formatPrefix(row.prefix)} leads into the tunnel on ${row.interface}${metricOf(row)}`,
              origin: row.origin,
            })),
            unreachableReports(route, context),
          ),
          explains: taken,
          fixes: [
            {
              by: 'user' as const,
              commands: [],
              steps: [
                `Move the local network away from ${formatPrefix(route.prefix)}: ${ownerOf(route, where)}; or use another network (a phone's hotspot).`,
                'Then reconnect the VPN.',
              ],
              disrupts: 'everything on that local network',
              verify: 'onlink',
            },
            {
              by: 'network-admin' as const,
              commands: [],
              steps: [
                'If many users meet this range at home, renumber the VNet: 10.0.0.0/24, 192.168.0.0/24 and 192.168.1.0/24 are what most home routers use.',
              ],
              disrupts: 'everything in the VNet',
            },
          ],
        },
      ];
    }),
});

const metricOf = ({ metric }: Route): string => (metric === null ? '' : `, metric ${metric}`);

function whyItWins(route: Route, { tunnelRoutes }: Ladder): string {
  const rival = tunnelRoutes.find(({ prefix }) => samePrefix(prefix, route.prefix));
  if (rival === undefined) return 'for its prefix is longer';
  return route.metric !== null && rival.metric !== null && route.metric < rival.metric
    ? `for its metric is lower (${route.metric} against ${rival.metric})`
    : 'for it is listed first, and no metric tells otherwise';
}

// docker0, br-5c1f0e7a9b21: Docker. virbr0: libvirt. vEthernet (WSL), vEthernet (Default Switch): Hyper-V.
function ownerOf(route: Route, where: string): string {
  if (/^docker|^br-[0-9a-f]{6}/i.test(route.interface))
    return 'set "bip" and "default-address-pools" in /etc/docker/daemon.json, and make the network anew';
  if (/^virbr/i.test(route.interface)) return 'change the range of the libvirt network (virsh net-edit)';
  if (/wsl/i.test(where))
    return 'give WSL another range (networkingMode=mirrored in .wslconfig, or another subnet for its switch)';
  if (/vethernet|hyper-v/i.test(where)) return 'change the range of the Hyper-V switch';
  return "change the router's LAN range, or the range of Docker, WSL, Hyper-V or libvirt if this network is theirs";
}

/** This host's own adapter says that nobody is there: it asked the local network, not the tunnel. */
function unreachableReports({ prefix }: Route, { client }: ClimbContext): readonly Evidence[] {
  const own = new Set(ownAddresses(client).map(({ address }) => address));
  return client.traces
    .filter(({ target }) => target !== null && containsAddress(prefix, target))
    .flatMap(({ hops }) => hops)
    .flatMap(({ replies, origin }) =>
      replies.flatMap((reply) =>
        reply.kind === 'error' && reply.from !== null && own.has(reply.from)
          ? [{ says: `this computer's own ${formatAddress(reply.from)} reports ${reply.error}`, origin }]
          : [],
      ),
    )
    .slice(0, 2);
}
