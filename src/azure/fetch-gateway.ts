import { keyOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Gateway, Subnet, Topology } from '../facts/topology.ts';
import { gatewaysIn, known, subscriptionOf } from './fetch-discover.ts';
import { readInterfaces } from './fetch-interfaces.ts';
import type { FetchHints } from './fetch-options.ts';
import { questions } from './fetch-questions.ts';
import type { Question, Session } from './fetch-session.ts';

/** Asks the questions about resources that are not known yet, each once, side by side. */
export async function askMissing(
  session: Session,
  ids: Iterable<ResourceId | undefined>,
  isKnown: (key: string) => boolean,
  question: (id: ResourceId) => Question,
): Promise<void> {
  const missing = new Map([...ids].flatMap((id) => (id === undefined || isKnown(keyOf(id)) ? [] : [[keyOf(id), id]])));
  await Promise.all([...missing.values()].map((id) => session.ask(question(id))));
}

/**
 * Reads all that decides what a VPN gateway gives its clients, and what leads back to them. Its long-running questions
 * are put one after the other (`operations`), the plain ones beside them.
 */
export async function readGatewayWhole(
  session: Session,
  id: ResourceId,
  hints: FetchHints,
  operations: (gateway: Gateway) => Promise<void>,
): Promise<void> {
  if (!known(session).gateways.has(keyOf(id))) {
    session.progress('reading the gateway');
    const answer = await session.ask(questions.gateway(id));
    if (answer.kind === 'unanswered') return;
  }
  const gateway = known(session).gateways.get(keyOf(id));
  if (gateway === undefined) return;
  await Promise.all([operations(gateway), readAround(session, gateway), readVNets(session, gateway, hints)]);
}

/** Public addresses and connections, and what stands at the far end of those. */
async function readAround(session: Session, gateway: Gateway): Promise<void> {
  const publicIps = gateway.ipConfigurations.map(({ publicIp }) => publicIp);
  await Promise.all([
    askMissing(session, publicIps, (key) => known(session).publicIps.has(key), questions.publicIp),
    session.ask(questions.connections(gateway.id)),
  ]);
  const { connections, gateways, localNetworkGateways } = known(session);
  const far = connections
    .flatMap(({ gateway1, gateway2 }) => [gateway1, gateway2])
    .filter((end) => !sameResource(end, gateway.id));
  const sites = connections.map(({ localNetworkGateway }) => localNetworkGateway);
  await Promise.all([
    askMissing(session, far, (key) => gateways.has(key), questions.gateway),
    askMissing(session, sites, (key) => localNetworkGateways.has(key), questions.localNetworkGateway),
  ]);
  const after = known(session);
  const homes = far.map((end) => after.gateways.get(keyOf(end ?? ''))?.homeVNet);
  await askMissing(session, homes, (key) => after.vnets.has(key), questions.vnet);
}

/** The gateway's VNet, every VNet it is peered with, and the way back from their machines. */
async function readVNets(session: Session, gateway: Gateway, hints: FetchHints): Promise<void> {
  const scope = subscriptionOf(gateway.id);
  const isListed = known(session).vnetsListedIn.has(scope.slice('/subscriptions/'.length).toLowerCase());
  const listing = isListed ? undefined : session.ask(questions.vnetsOfSubscription(scope));
  session.progress('reading virtual networks and both halves of their peerings');
  await askMissing(session, [gateway.homeVNet], (key) => known(session).vnets.has(key), questions.vnet);
  const before = known(session);
  const peered = before.peerings.filter(({ from }) => sameResource(from, gateway.homeVNet)).map(({ to }) => to);
  await askMissing(session, peered, (key) => before.vnets.has(key), questions.vnet);
  // A peered VNet with a gateway of its own cannot use this one's.
  const { gateways } = known(session);
  await Promise.all([
    askMissing(session, gatewaysIn(known(session), peered), (key) => gateways.has(key), questions.gateway),
    readWayBack(session, [gateway.homeVNet, ...peered], hints),
    listing,
  ]);
}

/** Route tables and security groups of the subnets of these VNets, and what their machines really go by. */
export async function readWayBack(
  session: Session,
  vnets: readonly (ResourceId | undefined)[],
  hints: FetchHints,
): Promise<void> {
  const topology = known(session);
  const subnets = subnetsOf(topology, vnets);
  session.progress(`reading the way back from ${subnets.length} subnet(s)`);
  await Promise.all([
    askMissing(
      session,
      subnets.map(({ routeTable }) => routeTable),
      (key) => topology.routeTables.has(key),
      questions.routeTable,
    ),
    askMissing(
      session,
      subnets.map(({ networkSecurityGroup }) => networkSecurityGroup),
      (key) => topology.securityGroups.has(key),
      questions.securityGroup,
    ),
    readInterfaces(session, subnets, hints),
  ]);
}

function subnetsOf(topology: Topology, vnets: readonly (ResourceId | undefined)[]): readonly Subnet[] {
  const keys = new Set(vnets.flatMap((id) => (id === undefined ? [] : [keyOf(id)])));
  return [...keys].flatMap((key) => topology.vnets.get(key)?.subnets ?? []);
}
