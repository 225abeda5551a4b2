import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { PrefixAt } from '../facts/origin.ts';
import { keyOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Topology, VNet } from '../facts/topology.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { AskedFor } from '../model/expect-never.ts';
import type { Address } from '../net/address.ts';
import { containsAddress, containsPrefix, formatPrefix, overlaps } from '../net/prefix.ts';
import { homeOf } from '../situation/situation.ts';

/** Two networks that clients should tell apart use the same addresses. */
export const addressSpacesOverlap = defineCause({
  code: 'address-spaces-overlap',
  number: 'C12',
  title: 'Two networks use the same addresses',
  severity: 'warning',
  about:
    "A VNet that clients should reach shares addresses with another network the gateway knows: a second VNet, or a site behind a connection. Azure refuses to peer VNets that overlap, and among a VNet and a site the longer prefix wins, so a part of one of them can never be reached. A site's range that is merely wider than a VNet's is no fault: the VNet's longer prefix wins for all of it.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering',
  needs: ['ladders', 'topology', 'situation'],
  detect: ({ ladders, topology, situation }) => {
    const home = homeOf(situation.endpoint);
    if (home === undefined) return [];
    return clashes(home, topology, situation.asked).map(({ one, other }) => {
      // What both use is the narrower of the two.
      const touched = ladders.filter(
        ({ prefix }) => overlaps(prefix, one.at.prefix) && overlaps(prefix, other.at.prefix),
      );
      return {
        confidence: 'proven',
        summary: `${formatPrefix(one.at.prefix)} of ${one.name} and ${formatPrefix(other.at.prefix)} of ${other.name} overlap: a part of them can never be reached.`,
        rung: 'configured',
        resource: other.id,
        expected: `ranges outside ${formatPrefix(one.at.prefix)}`,
        actual: formatPrefix(other.at.prefix),
        evidence: gathered(
          { says: one.name, origin: one.at.origin },
          [one, other].map(({ name, at }) => ({
            says: `${formatPrefix(at.prefix)} belongs to ${name}`,
            origin: at.origin,
          })),
        ),
        explains: touched.filter((ladder) => isAmbiguous(ladder)),
        prefixes: [one.at.prefix, other.at.prefix],
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${other.name}`,
            commands: [],
            steps: [
              `Renumber ${other.name} or ${one.name}; a NAT rule on the connection helps where a site cannot be renumbered.`,
              'Then synchronise the peerings and make a new client package.',
            ],
            disrupts: `everything in ${other.name}`,
          },
        ],
      };
    });
  },
});

interface Network {
  readonly id: ResourceId;
  readonly name: string;
  readonly kind: 'home' | 'peered' | 'far' | 'asked' | 'site';
  readonly at: PrefixAt;
}

function clashes(
  home: ResourceId,
  topology: Topology,
  asked: readonly AskedFor[],
): readonly { readonly one: Network; readonly other: Network }[] {
  const networks = networksOf(home, topology, asked);
  return networks.flatMap((one, index) =>
    networks
      .slice(index + 1)
      .filter((other) => !sameResource(one.id, other.id) && clash(one, other))
      .map((other) => ({ one, other })),
  );
}

/** Among VNets any overlap; a site takes from a VNet only what its prefix holds more narrowly, or equally. */
function clash(one: Network, other: Network): boolean {
  if (other.kind === 'site') return one.kind !== 'site' && containsPrefix(one.at.prefix, other.at.prefix);
  return overlaps(one.at.prefix, other.at.prefix);
}

function networksOf(home: ResourceId, topology: Topology, asked: readonly AskedFor[]): readonly Network[] {
  const { vnets, connections, localNetworkGateways } = topology;
  const tieOf = tiesTo(home, topology);
  const tied = [...vnets.values()].filter((vnet) => tieOf(vnet) !== undefined).flatMap((vnet) => vnet.addressSpace);
  // A probe into a VNet that is tied to the gateway asks for that one, however many others use its addresses.
  const meant = asked.filter(({ address, origin }) => origin.artifact === 'request' || !holds(tied, address));
  const ofVNets = [...vnets.values()].flatMap((vnet) => {
    const { id, name, addressSpace } = vnet;
    const isMeant = meant.some(({ address }) => holds(addressSpace, address));
    const kind: Network['kind'] | undefined = tieOf(vnet) ?? (isMeant ? 'asked' : undefined);
    return kind === undefined ? [] : addressSpace.map((at) => ({ id, name, kind, at }));
  });
  const used = new Set(
    connections.flatMap(({ localNetworkGateway }) =>
      localNetworkGateway === undefined ? [] : [keyOf(localNetworkGateway)],
    ),
  );
  const ofSites = [...localNetworkGateways.values()]
    .filter(({ id }) => used.has(keyOf(id)))
    .flatMap(({ id, name, addressSpace }) => addressSpace.map((at) => ({ id, name, kind: 'site' as const, at })));
  const order: readonly Network['kind'][] = ['home', 'peered', 'far', 'asked', 'site'];
  return [...ofVNets, ...ofSites].toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** How a VNet hangs on the gateway; undefined: by nothing that was read. */
function tiesTo(
  home: ResourceId,
  { peerings, connections, gateways }: Topology,
): (vnet: VNet) => 'home' | 'peered' | 'far' | undefined {
  const peered = new Set(peerings.filter(({ from }) => sameResource(from, home)).map(({ to }) => keyOf(to)));
  const ends = connections.flatMap(({ gateway1, gateway2 }) => [gateway1, gateway2]);
  const far = new Set(
    ends
      .flatMap((id) => (id === undefined ? [] : (gateways.get(keyOf(id))?.homeVNet ?? [])))
      .map((homeVNet) => keyOf(homeVNet)),
  );
  return ({ id }) => {
    if (sameResource(id, home)) return 'home';
    if (peered.has(keyOf(id))) return 'peered';
    return far.has(keyOf(id)) ? 'far' : undefined;
  };
}

const holds = (space: readonly PrefixAt[], address: Address): boolean =>
  space.some(({ prefix }) => containsAddress(prefix, address));

/** A prefix that is broken, but not for want of a route on the client. */
function isAmbiguous({ verdict, lostAt }: Ladder): boolean {
  return verdict === 'broken' && (lostAt === 'returned' || lostAt === 'delivered' || lostAt === 'offered');
}
