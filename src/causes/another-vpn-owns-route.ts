import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { Evidence } from '../facts/origin.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { endpointsOf, idOf, poolsOf } from '../model/endpoint.ts';
import { formatAddress } from '../net/address.ts';
import { containsAddress, formatPrefix } from '../net/prefix.ts';
import { isAzureServer } from '../situation/find-tunnel.ts';
import { ownAddresses } from '../situation/own-addresses.ts';
import { adapterName } from './adapters.ts';
import { type Detour, detoursOf } from './detours.ts';

/** Another VPN takes the destination, or the tunnel that stands is another gateway's. */
export const anotherVpnOwnsRoute = defineCause({
  code: 'another-vpn-owns-route',
  number: 'C48',
  title: 'Another VPN takes these addresses',
  severity: 'error',
  about:
    "Packets for the prefix leave by another tunnel adapter: a second VPN has a more specific route, or the same one with a lower metric. Or the tunnel that stands belongs to another gateway: its address is of that gateway's pool, or the connection dials another server than the profile that this gateway issues. A local network that wins is C30, a hand-made route C27.",
  needs: ['ladders', 'situation', 'context', 'client'],
  dependsOn: [],
  detect: ({ ladders, context }) => [
    ...detoursOf('other-vpn', ladders, context).flatMap((detour) => takenBy(detour, context)),
    ...elsewhere(ladders, context),
  ],
});

function takenBy({ route, ladders: taken }: Detour, { client, situation }: ClimbContext): readonly Detected[] {
  if (route === undefined || situation.tunnel === undefined) return [];
  const name = adapterName(route, client);
  const metric = route.metric === null ? '' : `, metric ${route.metric}`;
  return [
    {
      confidence: 'proven',
      summary: `Packets for ${list(taken)} leave by another VPN, ${name}: its route ${formatPrefix(route.prefix)} wins.`,
      rung: 'selected',
      expected: `a route into ${situation.tunnel.interface} wins`,
      actual: `${formatPrefix(route.prefix)} on ${name} wins`,
      evidence: gathered(
        { says: `${formatPrefix(route.prefix)} on ${name}${metric} wins`, origin: route.origin },
        [{ says: `${formatPrefix(route.prefix)} on ${name}${metric} wins`, origin: route.origin }],
        taken[0].tunnelRoutes.slice(0, 2).map(({ prefix, metric: own, origin }) => ({
          says: `${formatPrefix(prefix)} leads into this tunnel${own === null ? '' : `, metric ${own}`}`,
          origin,
        })),
      ),
      explains: taken,
      fixes: [
        {
          by: 'user',
          commands: [],
          steps: [
            `Disconnect the other VPN (${name}), or have its owner leave ${taken.map(({ prefix }) => formatPrefix(prefix)).join(', ')} out of what it routes.`,
          ],
          disrupts: 'what is reached through the other VPN',
          verify: 'onlink',
        },
      ],
    },
  ];
}

/** No tunnel of this gateway, but one of another: the person connected to the wrong one. */
function elsewhere(ladders: readonly Ladder[], context: ClimbContext): readonly Detected[] {
  const { situation } = context;
  const { endpoint } = situation;
  const other = situation.tunnel === undefined ? (foreignPool(context) ?? foreignServer(context)) : undefined;
  if (endpoint === undefined || other === undefined) return [];
  const broken = ladders.filter((ladder) => ladder.verdict === 'broken' && stateOf(ladder, 'offered') !== 'lost');
  return [
    {
      confidence: other.certain ? 'proven' : 'likely',
      summary: `This computer is connected to another gateway (${other.name}), not to ${endpoint.gateway.name}.`,
      rung: 'active',
      resource: idOf(endpoint),
      expected: `a tunnel to ${endpoint.gateway.name}`,
      actual: other.evidence.says,
      evidence: [other.evidence, { says: `${endpoint.gateway.name}'s client pool`, origin: endpoint.gateway.origin }],
      explains: broken,
      fixes: [
        {
          by: 'user',
          commands: [],
          steps: [`Disconnect, and connect with the profile of ${endpoint.gateway.name}.`],
          disrupts: 'what is reached through the present connection',
          verify: 'onlink',
        },
      ],
    },
  ];
}

interface Foreign {
  readonly name: string;
  readonly evidence: Evidence;
  readonly certain: boolean;
}

function foreignPool({ client, topology, situation }: ClimbContext): Foreign | undefined {
  for (const { address, origin } of ownAddresses(client))
    for (const endpoint of endpointsOf(topology)) {
      if (endpoint.gateway === situation.endpoint?.gateway) continue;
      const pool = poolsOf(endpoint)
        .flatMap(({ prefixes }) => prefixes)
        .find(({ prefix }) => containsAddress(prefix, address));
      if (pool === undefined) continue;
      const says = `${formatAddress(address)} is of ${endpoint.gateway.name}'s client pool ${formatPrefix(pool.prefix)}`;
      return { name: endpoint.gateway.name, evidence: { says, origin }, certain: true };
    }
  return undefined;
}

/** A connected Azure VPN that dials another server than the one this gateway's own profile names. */
function foreignServer({ client, topology }: ClimbContext): Foreign | undefined {
  const servers = topology.issued.flatMap(({ server }) => (server === null ? [] : [server.toLowerCase()]));
  const dialled = (client.connections ?? []).flatMap(({ name, connected, server, origin }) =>
    connected === true && server !== null && isAzureServer(server) ? [{ name, server, origin }] : [],
  );
  const [first] = dialled;
  if (first === undefined || servers.length === 0) return undefined;
  if (dialled.some(({ server }) => servers.includes(server.toLowerCase()))) return undefined;
  const { name, server, origin } = first;
  return {
    name,
    evidence: { says: `${name} dials ${server}, and this gateway is ${servers[0]}`, origin },
    certain: false,
  };
}
