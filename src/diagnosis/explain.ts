import type { Evidence } from '../facts/origin.ts';
import { ancestorOf, keyOf, nameOf } from '../facts/resource-id.ts';
import type { VNet } from '../facts/topology.ts';
import { winnerEvidence } from '../ladder/active.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { idOf } from '../model/endpoint.ts';
import type { Address } from '../net/address.ts';
import { containsAddress, type Prefix } from '../net/prefix.ts';
import type { Beaten, Decision } from '../routing/decision.ts';
import type { Diagnosis } from './diagnosis.ts';

/** A route that some place in Azure has, on the way there or back. */
export interface AzureRoute {
  /** `gateway`, a VNet's name, or `nic NAME`. */
  readonly at: string;
  readonly prefix: Prefix;
  /** As Azure names it; VNetPeering, VirtualNetworkGateway, VnetLocal, None … */
  readonly nextHopType: string;
  /** Default, User, VirtualNetworkGateway; `derived` where the configuration says so and no effective route was read. */
  readonly source: string;
  readonly evidence: readonly Evidence[];
}

/** What decides one address, from this host's choice to the way back. */
export interface Explanation {
  readonly address: Address;
  /** What the host would do; undefined where no table of that family was read. */
  readonly decision: Decision | undefined;
  readonly evidence: readonly Evidence[];
  readonly beaten: readonly Beaten[];
  /** Null: it can't be told, for no table was read, the decision is in doubt, each flow has its own, or which link is the tunnel is not known. */
  readonly intoTunnel: boolean | null;
  readonly azureRoutes: readonly AzureRoute[];
  /** The narrowest prefix of the diagnosis that holds the address. */
  readonly ladder: Ladder | undefined;
  readonly findings: readonly string[];
}

/** The story of one packet, drawn from a diagnosis and what it rests on. */
export function explain(address: Address, diagnosis: Diagnosis, context: ClimbContext): Explanation {
  const decision = context.forwarding.decide(address);
  const ladder = diagnosis.ladders
    .filter(({ prefix }) => containsAddress(prefix, address))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
  const { contains, spillOf } = context.tunnelSpace;
  const doubtful =
    decision === undefined ||
    decision.doubts.length > 0 ||
    context.situation.isTunnelUntold ||
    spillOf(decision) !== undefined;
  return {
    address,
    decision,
    evidence: decision === undefined ? [] : [...winnerEvidence(decision), ...decision.doubts],
    beaten: decision === undefined ? [] : context.forwarding.beaten(address),
    intoTunnel: doubtful ? null : contains(decision),
    azureRoutes: azureRoutesTo(address, ladder, context),
    ladder,
    findings: diagnosis.findings
      .filter(({ prefixes }) => prefixes.some((prefix) => containsAddress(prefix, address)))
      .map(({ code }) => code),
  };
}

function azureRoutesTo(address: Address, ladder: Ladder | undefined, context: ClimbContext): readonly AzureRoute[] {
  const vnet = ladder?.origin.kind === 'expected' ? ladder.origin.route.vnet : undefined;
  return [
    ...atGateway(address, context),
    ...(ladder === undefined ? [] : derived(ladder, context)),
    ...(vnet === undefined ? [] : atInterfaces(vnet, context)),
  ];
}

function atGateway(address: Address, { topology, situation }: ClimbContext): readonly AzureRoute[] {
  const { endpoint } = situation;
  if (endpoint === undefined) return [];
  const key = keyOf(idOf(endpoint));
  const effective = (topology.gatewayEffectiveRoutes.get(key) ?? []).map(({ prefix, nextHopType, at }) => ({
    prefix,
    nextHopType,
    source: 'effective route',
    origin: at,
  }));
  const learned = (topology.learnedRoutes.get(key) ?? []).map(({ prefix, learnedBy, at }) => ({
    prefix,
    nextHopType: learnedBy,
    source: 'learned route',
    origin: at,
  }));
  return [...effective, ...learned]
    .filter(({ prefix }) => containsAddress(prefix, address))
    .map(({ prefix, nextHopType, source, origin }) => ({
      at: 'gateway',
      prefix,
      nextHopType,
      source,
      evidence: [{ says: `the gateway's ${source}`, origin }],
    }));
}

/** What the configuration makes: the hub reaches the spoke by peering, the spoke the pool by the remote gateway. */
function derived({ origin, prefix }: Ladder, { topology, situation }: ClimbContext): readonly AzureRoute[] {
  if (origin.kind !== 'expected' || origin.route.offered.state !== 'held') return [];
  const { route } = origin;
  const { endpoint } = situation;
  const home =
    endpoint?.kind === 'vnet-gateway' && endpoint.gateway.homeVNet !== undefined
      ? topology.vnets.get(keyOf(endpoint.gateway.homeVNet))
      : undefined;
  if (home === undefined || route.vnet === undefined) return [];
  const toPool = situation.pools
    .flatMap(({ prefixes }) => prefixes)
    .map(
      (pool): AzureRoute => ({
        at: route.vnet?.name ?? '',
        prefix: pool.prefix,
        nextHopType: 'VirtualNetworkGateway',
        source: 'derived',
        evidence: [
          {
            says: 'the pool is no address space of a VNet: machines see it by way of the gateway',
            origin: pool.origin,
          },
        ],
      }),
    );
  const there: AzureRoute = {
    at: home.name,
    prefix,
    nextHopType: route.vnet === home ? 'VnetLocal' : 'VNetPeering',
    source: 'derived',
    evidence: route.offered.evidence,
  };
  return [there, ...toPool];
}

function atInterfaces(vnet: VNet, { topology, situation }: ClimbContext): readonly AzureRoute[] {
  const nics = [...topology.networkInterfaces.values()].filter(({ addresses }) =>
    addresses.some(
      ({ subnet }) => subnet !== undefined && keyOf(ancestorOf(subnet, 'virtualNetworks') ?? '') === keyOf(vnet.id),
    ),
  );
  const pools = situation.pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => prefix));
  return nics.flatMap((nic) =>
    (topology.effectiveRoutes.get(keyOf(nic.id)) ?? []).flatMap((route) =>
      route.prefixes
        .filter((prefix) => prefix.length > 0 && pools.some((pool) => containsAddress(prefix, pool.first)))
        .map(
          (prefix): AzureRoute => ({
            at: `nic ${nameOf(nic.id)}`,
            prefix,
            nextHopType: route.nextHopType,
            source: route.source,
            evidence: [{ says: `effective route of ${nic.name}`, origin: route.at }],
          }),
        ),
    ),
  );
}
