import type { NetworkManagementClient } from '@azure/arm-network';
import type { PrefixAt } from '../facts/origin.ts';
import { ancestorOf, keyOf, type ResourceId, segmentOf } from '../facts/resource-id.ts';
import type { Gateway, Topology } from '../facts/topology.ts';
import type { P2SVpnGateway } from '../facts/virtual-wan.ts';
import type { Address } from '../net/address.ts';
import { containsAddress } from '../net/prefix.ts';
import type { FetchHints, FetchOptions } from './fetch-options.ts';
import { questions } from './fetch-questions.ts';
import type { Session } from './fetch-session.ts';
import { typeOfId } from './recognise.ts';
import { readTopology } from './translate.ts';

/** Lists what the token sees; the network client has no call for it, so it is handed in. */
export type ListSubscriptions = (client: NetworkManagementClient) => Promise<unknown>;

/** What is known from everything that was answered so far. */
export const known = (session: Session): Topology => readTopology(session.artifacts()).topology;

/** The gateways to read whole. None: nothing matched, or too much did; the candidates are among the artifacts. */
export async function findGateways(
  session: Session,
  options: FetchOptions,
  hints: FetchHints,
  list: ListSubscriptions,
): Promise<readonly ResourceId[]> {
  if (options.gateway !== undefined) return byId(session, options.gateway);
  const subscriptions = await subscriptionsOf(session, options, list);
  if (options.resourceGroup !== undefined && options.gatewayName !== undefined) {
    return byName(session, options.resourceGroup, options.gatewayName, subscriptions);
  }
  const { resourceGroup } = options;
  const isFound = resourceGroup !== undefined && (await readGroup(session, resourceGroup, subscriptions));
  if (!isFound) await readCandidates(session, subscriptions);
  return choose(session, options.gatewayName, hints);
}

/** The gateways of a resource group, in whichever subscription it is. False: nowhere. */
async function readGroup(session: Session, group: string, subscriptions: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(
    subscriptions.map((scope) =>
      session.ask({ ...questions.gatewaysOfGroup(`${scope}/resourceGroups/${group}`), quietIfMissing: true }),
    ),
  );
  const isHere = (id: ResourceId) => segmentOf(id, 'resourceGroups')?.toLowerCase() === group.toLowerCase();
  const isRefused = answers.some((answer) => answer.kind === 'unanswered' && answer.status !== 404);
  return isRefused || [...known(session).gateways.values()].some(({ id }) => isHere(id));
}

const isGuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

/** Scopes of the form `/subscriptions/ID`: the one named, by id or name, or all that the token sees. */
async function subscriptionsOf(
  session: Session,
  options: FetchOptions,
  list: ListSubscriptions,
): Promise<readonly string[]> {
  const wanted = options.subscription;
  if (wanted !== undefined && isGuid(wanted)) return [`/subscriptions/${wanted}`];
  session.progress('asking which subscriptions this account sees');
  const answer = await session.ask({ operation: 'subscriptions.list', resource: '/subscriptions', call: list });
  if (answer.kind === 'unanswered') return [];
  const seen = readSubscriptions(answer.body);
  const chosen = seen.filter(({ name }) => wanted === undefined || name.toLowerCase() === wanted.toLowerCase());
  if (chosen.length === 0)
    noneOf(
      session,
      seen.map(({ name, id }) => `${name} (${id})`),
      wanted,
    );
  return chosen.map(({ id }) => `/subscriptions/${id}`);
}

/** An account that sees no subscription, or none of that name, is no empty Azure. */
function noneOf(session: Session, seen: readonly string[], wanted: string | undefined): void {
  const others = seen.length > 12 ? [...seen.slice(0, 12), `and ${seen.length - 12} more`] : seen;
  const message =
    seen.length === 0
      ? 'the signed-in account sees no subscription. Sign in to the tenant of the gateway: az login --tenant TENANT'
      : `no subscription is called ${wanted}; the signed-in account sees ${others.join(', ')}`;
  const outcome = { kind: 'unanswered', status: null, code: 'no-subscription', message } as const;
  session.keep({ source: 'arm', half: 'azure', operation: 'subscriptions.list', resource: '/subscriptions', outcome });
}

function readSubscriptions(body: unknown): readonly { readonly id: string; readonly name: string }[] {
  const { value } = (body ?? {}) as { value?: unknown };
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: { subscriptionId?: unknown; displayName?: unknown; state?: unknown } | null) => {
    const { subscriptionId, displayName, state } = entry ?? {};
    if (typeof subscriptionId !== 'string' || state === 'Disabled' || state === 'Deleted') return [];
    return [{ id: subscriptionId, name: typeof displayName === 'string' ? displayName : '' }];
  });
}

/** A wrong id names nothing; what else stands in its subscription may be what was meant. */
async function byId(session: Session, id: ResourceId): Promise<readonly ResourceId[]> {
  session.progress('reading the gateway');
  const answer = await session.ask(isOfHub(id) ? questions.p2sGateway(id) : questions.gateway(id));
  if (answer.kind === 'answered') return [id];
  if (answer.status === 404) await readCandidates(session, [subscriptionOf(id)]);
  return [];
}

/** A name may be a gateway's of a VNet or of a hub, in any subscription the token sees; only a hit is kept. */
async function byName(
  session: Session,
  group: string,
  name: string,
  subscriptions: readonly string[],
): Promise<readonly ResourceId[]> {
  const found = await Promise.all(
    subscriptions.map(async (scope) => {
      const base = `${scope}/resourceGroups/${group}/providers/Microsoft.Network`;
      const gateway = `${base}/virtualNetworkGateways/${name}`;
      const first = await session.ask({ ...questions.gateway(gateway), quietIfMissing: true });
      if (first.kind === 'answered') return [gateway];
      if (first.status !== 404) return [];
      const p2s = `${base}/p2sVpnGateways/${name}`;
      const second = await session.ask({ ...questions.p2sGateway(p2s), quietIfMissing: true });
      return second.kind === 'answered' ? [p2s] : [];
    }),
  );
  const hits = found.flat();
  if (hits.length === 0 && !session.signal.aborted) await readCandidates(session, subscriptions);
  return hits.length === 1 ? hits : [];
}

/** There is no list of a subscription's VPN gateways; each stands in a GatewaySubnet, and the VNets can be listed. */
async function readCandidates(session: Session, subscriptions: readonly string[]): Promise<void> {
  session.progress(`looking for Point-to-Site gateways in ${subscriptions.length} subscription(s)`);
  await Promise.all(
    subscriptions.flatMap((scope) => [
      session.ask(questions.vnetsOfSubscription(scope)),
      session.ask(questions.p2sGatewaysOfSubscription(scope)),
    ]),
  );
  await Promise.all(gatewaysIn(known(session)).map((id) => session.ask(questions.gateway(id))));
  const publicIps = [...known(session).gateways.values()].filter(isPointToSite).flatMap(unknownAddresses);
  await Promise.all(publicIps.map((id) => session.ask(questions.publicIp(id))));
}

/** The gateways that stand in the GatewaySubnet of these VNets, or of all that are known. */
export function gatewaysIn({ vnets }: Topology, only?: readonly ResourceId[]): readonly ResourceId[] {
  const homes = only === undefined ? [...vnets.values()] : only.flatMap((id) => vnets.get(keyOf(id)) ?? []);
  const ids = homes
    .flatMap(({ subnets }) => subnets)
    .filter(({ name }) => name.toLowerCase() === 'gatewaysubnet')
    .flatMap(({ ipConfigurations }) => ipConfigurations)
    .flatMap((id) => ancestorOf(id, 'virtualNetworkGateways') ?? []);
  return [...new Map(ids.map((id) => [keyOf(id), id])).values()];
}

const isPointToSite = ({ gatewayType, pointToSite }: Gateway): boolean =>
  pointToSite !== null && gatewayType?.toLowerCase() !== 'expressroute';

const unknownAddresses = ({ publicAddresses, ipConfigurations }: Gateway): readonly ResourceId[] =>
  publicAddresses.length > 0 ? [] : ipConfigurations.flatMap(({ publicIp }) => publicIp ?? []);

/** Exactly one gateway that the client's own facts point to; the server's address says more than the pool. */
function choose(session: Session, name: string | undefined, hints: FetchHints): readonly ResourceId[] {
  const topology = known(session);
  const isNamed = (gateway: { readonly name: string }) =>
    name === undefined || gateway.name.toLowerCase() === name.toLowerCase();
  const ofVNets = [...topology.gateways.values()].filter(isPointToSite).filter(isNamed);
  const ofHubs = [...topology.p2sGateways.values()].filter(isNamed);
  const everyone = [...ofVNets, ...ofHubs].map(({ id }) => id);
  const byServer = ofVNets.filter((gateway) =>
    addressesOf(gateway, topology).some((own) => hints.serverAddresses.includes(own)),
  );
  if (byServer.length === 1) return byServer.map(({ id }) => id);
  const byPool = [
    ...ofVNets.filter((gateway) => holds(poolOf(gateway), hints.tunnelAddresses)),
    ...ofHubs.filter((gateway) => holds(hubPoolOf(gateway), hints.tunnelAddresses)),
  ];
  if (byPool.length === 1) return byPool.map(({ id }) => id);
  const knowsNothing = hints.serverAddresses.length === 0 && hints.tunnelAddresses.length === 0;
  return everyone.length === 1 && (knowsNothing || name !== undefined) ? everyone : [];
}

const addressesOf = (gateway: Gateway, { publicIps }: Topology): readonly Address[] => [
  ...gateway.publicAddresses,
  ...gateway.ipConfigurations.flatMap(({ publicIp }) => publicIps.get(keyOf(publicIp ?? ''))?.address ?? []),
];

const poolOf = ({ pointToSite }: Gateway): readonly PrefixAt[] => [
  ...(pointToSite?.pool ?? []),
  ...(pointToSite?.groups ?? []).flatMap(({ pool }) => pool),
];

const hubPoolOf = ({ connections }: P2SVpnGateway): readonly PrefixAt[] => connections.flatMap(({ pool }) => pool);

const holds = (pool: readonly PrefixAt[], addresses: readonly Address[]): boolean =>
  pool.some(({ prefix }) => addresses.some((address) => containsAddress(prefix, address)));

/** Whether a gateway is one of a Virtual WAN hub. */
export const isOfHub = (id: ResourceId): boolean => typeOfId(id) === 'p2svpngateways';

/** `/subscriptions/ID` of a resource. */
export const subscriptionOf = (id: ResourceId): string => `/subscriptions/${segmentOf(id, 'subscriptions') ?? ''}`;
