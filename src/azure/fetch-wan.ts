import { keyOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { P2SVpnGateway } from '../facts/virtual-wan.ts';
import { known } from './fetch-discover.ts';
import { askMissing, readWayBack } from './fetch-gateway.ts';
import type { FetchHints } from './fetch-options.ts';
import { questions } from './fetch-questions.ts';
import type { Session } from './fetch-session.ts';

/** Reads all that decides what a Virtual WAN's Point-to-Site gateway gives its clients. */
export async function readWanWhole(
  session: Session,
  id: ResourceId,
  hints: FetchHints,
  operations: (gateway: P2SVpnGateway) => Promise<void>,
): Promise<void> {
  if (!known(session).p2sGateways.has(keyOf(id))) {
    const answer = await session.ask(questions.p2sGateway(id));
    if (answer.kind === 'unanswered') return;
  }
  const gateway = known(session).p2sGateways.get(keyOf(id));
  if (gateway === undefined) return;
  const { serverConfiguration, hub } = gateway;
  await Promise.all([
    operations(gateway),
    askMissing(session, [serverConfiguration], () => false, questions.serverConfiguration),
    ...(hub === undefined ? [] : [readHub(session, hub, gateway, hints)]),
  ]);
}

async function readHub(session: Session, hub: ResourceId, gateway: P2SVpnGateway, hints: FetchHints): Promise<void> {
  session.progress('reading the hub, its route tables and the virtual networks at it');
  await Promise.all([
    session.ask(questions.hub(hub)),
    session.ask(questions.hubConnections(hub)),
    session.ask(questions.hubRouteTables(hub)),
    session.ask(questions.routingIntent(hub)),
    // What the clients get is what their route table really holds, which may be more than is configured.
    readHubRoutes(session, hub, gateway),
  ]);
  const { hubConnections, vnets } = known(session);
  const spokes = hubConnections
    .filter((connection) => sameResource(connection.hub, hub))
    .map(({ remoteVNet }) => remoteVNet);
  await askMissing(session, spokes, (key) => vnets.has(key), questions.vnet);
  await readWayBack(session, spokes, hints);
}

/** A hub is asked one table after the other, as a gateway is. */
async function readHubRoutes(session: Session, hub: ResourceId, { connections }: P2SVpnGateway): Promise<void> {
  const tables = connections.flatMap(({ routing }) => routing?.associated ?? []);
  const all = [`${hub}/hubRouteTables/defaultRouteTable`, ...tables];
  for (const id of new Map(all.map((table) => [keyOf(table), table])).values()) {
    await session.ask(questions.hubEffectiveRoutes(id));
  }
}
