import { Buffer } from 'node:buffer';
import type { NetworkManagementClient } from '@azure/arm-network';
import type { Artifact, Unanswered } from '../facts/capture.ts';
import { type ResourceId, segmentOf } from '../facts/resource-id.ts';
import { failureOf, neverSignedIn, notRun, refusalOf, timedOut } from './fetch-failure.ts';
import { type Exchange, within } from './fetch-policy.ts';
import { scrub } from './fetch-scrub.ts';

/** What a call of the SDK gives back: a promise, pages, or a poller. A poller is thenable, so it must not be awaited. */
type Reply = PromiseLike<unknown> | Pages | Poller;
interface Pages {
  byPage(): AsyncIterable<unknown>;
}
interface Poller {
  submitted(): Promise<void>;
}

/** A question to Azure Resource Manager. */
export interface Question {
  /** The SDK's `group.method`. */
  readonly operation: string;
  readonly resource: ResourceId;
  readonly call: (client: NetworkManagementClient) => Reply;
  /** Where a 404 only says "not this one", it is not kept. */
  readonly quietIfMissing?: boolean;
  /** False: the question makes something in Azure, and is not put a second time on a cut line. */
  readonly repeatable?: boolean;
  /** False: the answer is a secret, and only its absence is kept. */
  readonly keepsAnswer?: boolean;
}

/** An answer by its parsed body, or why there is none. */
export type Answer = { readonly kind: 'answered'; readonly body: unknown; readonly text: string } | Unanswered;

/** The conversation with Azure: questions go in, artifacts pile up in the order the questions were put. */
export interface Session {
  readonly ask: (question: Question) => Promise<Answer>;
  /** Keeps an answer that was come by in another way. */
  readonly keep: (artifact: Omit<Artifact, 'id'>) => void;
  readonly artifacts: () => readonly Artifact[];
  readonly signal: AbortSignal;
  readonly remaining: () => number;
  readonly progress: (message: string) => void;
}

/** What a session needs of the world. */
export interface SessionPorts {
  readonly clientFor: (subscription: string) => NetworkManagementClient;
  /** Whether somebody is still being asked for a token. */
  readonly isSigningIn?: () => boolean;
  readonly now: () => Date;
  readonly progress: (message: string) => void;
}

/** Opens a conversation that ends with the signal; what is asked after that is recorded as not asked. */
export function openSession(ports: SessionPorts, signal: AbortSignal, endsAt: number): Session {
  const kept: (Omit<Artifact, 'id'> | undefined)[] = [];
  const remaining = () => endsAt - ports.now().getTime();
  return {
    signal,
    remaining,
    progress: ports.progress,
    keep: (artifact) => kept.push(artifact),
    artifacts: () =>
      kept.filter((entry) => entry !== undefined).map((artifact, index) => ({ id: idOf(index), ...artifact })),
    ask: async (question) => {
      // The place is taken when the question is put: answers overtake each other, ids should not.
      const place = kept.push(undefined) - 1;
      const { artifact, answer } = await put(question, ports, signal, remaining);
      if (isKept(question, answer)) kept[place] = artifact;
      return answer;
    },
  };
}

function isKept(question: Question, answer: Answer): boolean {
  if (answer.kind === 'answered') return question.keepsAnswer ?? true;
  return !(question.quietIfMissing === true && answer.status === 404);
}

const idOf = (index: number): string => `arm:${String(index + 1).padStart(3, '0')}`;

async function put(question: Question, ports: SessionPorts, signal: AbortSignal, remaining: () => number) {
  const startedAt = ports.now();
  const what = `${question.operation} ${question.resource}`;
  const exchange: Exchange = { signal, remaining, repeatable: question.repeatable ?? true, answers: [], retries: 0 };
  const isOver = signal.aborted || remaining() <= 0;
  const given = isOver ? notRun(what) : await converse(question, exchange, ports, what);
  const isStuck = given.kind === 'unanswered' && given.code === 'timeout' && ports.isSigningIn?.() === true;
  const answer = isStuck ? neverSignedIn() : given;
  const outcome: Artifact['outcome'] =
    answer.kind === 'unanswered'
      ? answer
      : { kind: 'answered', bytes: Buffer.from(scrub(answer.text)), exitCode: null };
  const artifact: Omit<Artifact, 'id'> = {
    source: 'arm',
    half: 'azure',
    operation: question.operation,
    resource: question.resource,
    outcome,
    startedAt: startedAt.toISOString(),
    durationMs: ports.now().getTime() - startedAt.getTime(),
    ...(exchange.retries > 0 && { retries: exchange.retries }),
  };
  return { artifact, answer };
}

async function converse(question: Question, exchange: Exchange, ports: SessionPorts, what: string): Promise<Answer> {
  const subscription = segmentOf(question.resource, 'subscriptions') ?? '';
  let complaint: unknown;
  try {
    const talk = within(exchange, () => drain(question.call(ports.clientFor(subscription))));
    await Promise.race([talk, endOf(exchange.signal)]);
  } catch (error) {
    // Only the wire counts: the SDK stumbles over null, HTML and wrapped bodies with a TypeError of its own.
    complaint = error;
  }
  if (exchange.failure !== undefined) return failureOf(exchange.failure, what);
  const last = exchange.answers.at(-1);
  if (last === undefined) return complaint === undefined ? timedOut(what) : failureOf(complaint, what);
  const refusal = refusalOf(last.status, last.body, question.resource);
  return refusal ?? answerOf(exchange.answers.map(({ body }) => body));
}

/** A command line tool that is asked for a token does not hear of our signal; nobody waits for it. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new DOMException('the time given is up', 'TimeoutError'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

async function drain(reply: Reply): Promise<void> {
  if ('byPage' in reply) {
    for await (const _ of reply.byPage());
  } else if ('submitted' in reply) {
    await reply.submitted();
  } else {
    await reply;
  }
}

/** One body as it came; the pages of a list as one list, each entry as it came. */
function answerOf(bodies: readonly string[]): Answer {
  const [only = ''] = bodies;
  if (bodies.length === 1) return { kind: 'answered', body: only.trim() === '' ? null : JSON.parse(only), text: only };
  const pages = bodies.map((body) => JSON.parse(body) as { value?: unknown });
  const value = pages.flatMap((page) => (Array.isArray(page.value) ? page.value : []));
  const isCut = typeof (pages.at(-1) as { nextLink?: unknown }).nextLink === 'string';
  const joined = { value, ...(isCut && { nextLink: '…' }) };
  return { kind: 'answered', body: joined, text: JSON.stringify(joined, null, 2) };
}
