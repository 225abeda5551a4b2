import { Buffer } from 'node:buffer';
import { setMaxListeners } from 'node:events';
import type { Artifact } from '../facts/capture.ts';
import { ancestorOf, type ResourceId } from '../facts/resource-id.ts';
import { connect, type FetchPorts } from './fetch.ts';
import type { FetchOptions } from './fetch-options.ts';
import { questions } from './fetch-questions.ts';
import { openSession, type Question } from './fetch-session.ts';

/** An artifact and what Azure answers to the same question now; the id stays, so that evidence still points at it. */
export interface AskedAgain {
  readonly before: Artifact;
  /** Undefined: this cannot be asked a second time. */
  readonly now: Artifact | undefined;
}

/** Asks Azure again the questions that gave these artifacts, and no other. */
export async function fetchAgain(
  options: FetchOptions,
  artifacts: readonly Artifact[],
  ports: FetchPorts,
): Promise<readonly AskedAgain[]> {
  const endsAt = ports.now().getTime() + options.budgetMs;
  const clock = AbortSignal.timeout(Math.max(1, options.budgetMs));
  const signal = ports.signal === undefined ? clock : AbortSignal.any([clock, ports.signal]);
  setMaxListeners(0, signal);
  const { clientFor } = await connect(options, ports);
  const results: AskedAgain[] = [];
  for (const before of artifacts) {
    const question = questionOf(before);
    if (question === undefined) {
      results.push({ before, now: undefined });
      continue;
    }
    ports.progress(`asking again: ${question.operation} ${question.resource}`);
    // One session each: its only artifact is the answer to this question.
    const session = openSession({ clientFor, now: ports.now, progress: ports.progress }, signal, endsAt);
    await session.ask(question);
    const [now] = session.artifacts();
    results.push({ before, now: now === undefined ? undefined : { ...now, id: before.id } });
  }
  return results;
}

/** The question that gave an artifact; a half of a peering is asked for with its VNet, which tells more. */
function questionOf({ operation, resource, outcome }: Artifact): Question | undefined {
  const id = resource ?? (outcome.kind === 'answered' ? idIn(outcome.bytes) : undefined);
  if (id === undefined) return undefined;
  const vnet = ancestorOf(id, 'virtualNetworks');
  if (operation === undefined) return byType(id);
  if (/^(virtualNetworkPeerings|subnets)\./i.test(operation) && vnet !== undefined) return questions.vnet(vnet);
  return Object.values(questions)
    .map((ask): Question => ask(id))
    .find((question) => question.operation.toLowerCase() === operation.toLowerCase());
}

const types: readonly (readonly [RegExp, (id: ResourceId) => Question])[] = [
  [/\/virtualNetworkGateways\/[^/]+$/i, questions.gateway],
  [/\/virtualNetworks\/[^/]+$/i, questions.vnet],
  [/\/routeTables\/[^/]+$/i, questions.routeTable],
  [/\/networkSecurityGroups\/[^/]+$/i, questions.securityGroup],
  [/\/publicIPAddresses\/[^/]+$/i, questions.publicIp],
  [/\/networkInterfaces\/[^/]+$/i, questions.networkInterface],
  [/\/virtualHubs\/[^/]+$/i, questions.hub],
  [/\/p2sVpnGateways\/[^/]+$/i, questions.p2sGateway],
];

function byType(id: ResourceId): Question | undefined {
  return types.find(([pattern]) => pattern.test(id))?.[1](id);
}

function idIn(bytes: Uint8Array): ResourceId | undefined {
  try {
    const { id } = JSON.parse(Buffer.from(bytes).toString()) as { readonly id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
