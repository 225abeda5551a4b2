import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { Route } from '../facts/route.ts';
import { type Ladder, type Part, stateOf } from '../ladder/ladder.ts';
import { formatPrefix, samePrefix } from '../net/prefix.ts';

/** The client sits on a network that reuses addresses of Azure, so its own route wins. */
export const localNetworkOverlap = defineCause({
  code: 'local-network-overlap',
  number: 'C30',
  title: 'A local network uses the same addresses as Azure',
  severity: 'error',
  about:
    "A network this computer is directly connected to (home or office LAN, Docker, WSL, Hyper-V, libvirt) has a prefix equal to or inside one of Azure's. The longer prefix wins, among equal ones the lower metric, so packets for those addresses never enter the tunnel. Only on-link routes of real interfaces count: another VPN is C48, a hand-made route by way of a router C27.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['ladders', 'client', 'tunnel'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ ladders, client }) =>
    culprits(ladders).map(({ route, ladders: taken }) => {
      const [first] = taken;
      const iface = client.interfaces.find(
        ({ name, index, addresses }) =>
          name === route.interface ||
          String(index) === route.interface ||
          addresses.some(({ address }) => String(address) === route.interface),
      );
      const where = iface?.description ?? iface?.name ?? route.interface;
      return {
        confidence: 'proven',
        summary: `The local network ${formatPrefix(route.prefix)} on ${where} uses addresses of ${list(taken)}, so packets for them stay here.`,
        rung: 'selected',
        expected: `a route into the tunnel wins for ${taken.map(({ prefix }) => formatPrefix(prefix)).join(', ')}`,
        actual: `${formatPrefix(route.prefix)} on ${route.interface} wins`,
        evidence: gathered(
          { says: 'the local route', origin: route.origin },
          [
            {
              says: `${formatPrefix(route.prefix)} is on-link on ${where}${route.metric === null ? '' : `, metric ${route.metric}`}, and wins`,
              origin: route.origin,
            },
          ],
          first.tunnelRoutes.slice(0, 2).map(({ prefix, interface: name, metric, origin }) => ({
            says: `${formatPrefix(prefix)} leads into the tunnel on ${name}${metric === null ? '' : `, metric ${metric}`}`,
            origin,
          })),
        ),
        explains: taken,
        fixes: [
          {
            by: 'user',
            commands: [],
            steps: [
              `Move the local network away from ${formatPrefix(route.prefix)}: change the router's LAN range, or the range of Docker, WSL, Hyper-V or libvirt if ${where} is theirs; or use another network (a phone's hotspot).`,
              'Then reconnect the VPN.',
            ],
            disrupts: 'everything on that local network',
            verify: 'onlink',
          },
          {
            by: 'network-admin',
            commands: [],
            steps: [
              'If many users meet this range at home, renumber the VNet: 10.0.0.0/24, 192.168.0.0/24 and 192.168.1.0/24 are what most home routers use.',
            ],
            disrupts: 'everything in the VNet',
          },
        ],
      };
    }),
});

interface Culprit {
  readonly route: Route;
  readonly ladders: readonly [Ladder, ...Ladder[]];
}

/** Connected routes of other interfaces that win addresses of a broken prefix. */
function culprits(ladders: readonly Ladder[]): readonly Culprit[] {
  const found: { route: Route; ladders: [Ladder, ...Ladder[]] }[] = [];
  for (const ladder of ladders.filter(isTaken))
    for (const route of ladder.parts.flatMap((part) => connectedWinner(part, ladder))) {
      const known = found.find(
        (one) => one.route.interface === route.interface && samePrefix(one.route.prefix, route.prefix),
      );
      if (known === undefined) found.push({ route, ladders: [ladder] });
      else if (!known.ladders.includes(ladder)) known.ladders.push(ladder);
    }
  return found;
}

// What overlaps the pool is another cause: clients reach Azure all the same.
const isTaken = (ladder: Ladder): boolean =>
  ladder.reason !== 'pool' &&
  ladder.verdict === 'broken' &&
  (stateOf(ladder, 'selected') === 'lost' || stateOf(ladder, 'selected') === 'partial');

function connectedWinner({ decision, intoTunnel }: Part, ladder: Ladder): readonly Route[] {
  if (intoTunnel || decision.outcome.kind !== 'route') return [];
  const { route } = decision.outcome;
  const isNetwork =
    route.type === 'unicast' &&
    route.via.kind === 'on-link' &&
    route.prefix.length > 1 &&
    route.prefix.length < (typeof route.prefix.first === 'number' ? 32 : 128);
  return isNetwork && ladder.prefix.length > 1 ? [route] : [];
}
