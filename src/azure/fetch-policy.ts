import { AsyncLocalStorage } from 'node:async_hooks';
import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from '@azure/core-rest-pipeline';
import { type Gate, pause } from './fetch-limit.ts';

/** One question to Azure and what came over the wire for it, before any SDK made something of it. */
export interface Exchange {
  readonly signal: AbortSignal;
  /** Milliseconds until the time given is up. */
  readonly remaining: () => number;
  /** Whether asking a second time is harmless. */
  readonly repeatable: boolean;
  readonly answers: { readonly status: number; readonly body: string }[];
  retries: number;
  /** Why the last request got no answer. */
  failure?: unknown;
}

const exchanges = new AsyncLocalStorage<Exchange>();

/** Runs a call of the SDK; every answer that it gets on the way is kept in the exchange. */
export function within<T>(exchange: Exchange, call: () => T): T {
  return exchanges.run(exchange, call);
}

/**
 * The policy that stands between the SDK and the wire. It bounds how many requests are under way, gives each a time
 * limit, repeats what a busy service asks to repeat, follows long-running operations to their end, and keeps what was
 * answered as it was answered.
 *
 * The SDK's own poller is not used: it polls at once whatever Retry-After says, and takes a wrapped result, or one that
 * stands only at Azure-AsyncOperation, for an empty list. To the SDK every operation here looks finished at once.
 */
export function recordingPolicy(gate: Gate, requestTimeoutMs: number): PipelinePolicy {
  return {
    name: 'onlink-recording',
    sendRequest: async (request, next) => {
      const exchange = exchanges.getStore();
      if (exchange === undefined) return next(request);
      const send = guarded(new URL(request.url).host, exchange, requestTimeoutMs, gate, next);
      try {
        const first = await send(request);
        const last = isAccepted(first) ? await follow(first, request, exchange, send) : first;
        exchange.answers.push({ status: last.status, body: last.bodyAsText ?? '' });
        return last;
      } catch (error) {
        exchange.failure = error;
        throw error;
      }
    },
  };
}

const isAccepted = (response: PipelineResponse): boolean =>
  (response.status === 201 || response.status === 202) && response.request.method === 'POST';

type Send = (request: PipelineRequest) => Promise<PipelineResponse>;

function guarded(host: string, exchange: Exchange, timeout: number, gate: Gate, next: SendRequest): Send {
  return async (request) => {
    // A link in a body or header decides where the next request goes; the token must not go with it.
    if (new URL(request.url).host !== host)
      throw new Error(`Azure pointed to another host, ${new URL(request.url).host}`);
    request.abortSignal = exchange.signal;
    request.timeout = timeout;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await once(() => gate(() => next(request)));
      const wait = waitBefore(attempt, outcome, exchange);
      if (wait === undefined || wait >= exchange.remaining() || !(await pause(wait, exchange.signal))) {
        if ('error' in outcome) throw outcome.error;
        return outcome.response;
      }
      exchange.retries += 1;
    }
  };
}

type Outcome = { readonly response: PipelineResponse } | { readonly error: unknown };

async function once(send: () => Promise<PipelineResponse>): Promise<Outcome> {
  try {
    return { response: await send() };
  } catch (error) {
    return { error };
  }
}

const mostAttempts = 6;
const transient = /ECONNRESET|EPIPE|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE/;

/** How long to wait before asking again; undefined where asking again would not help, or is not ours to do. */
function waitBefore(attempt: number, outcome: Outcome, exchange: Exchange): number | undefined {
  if (attempt + 1 >= mostAttempts || exchange.signal.aborted) return undefined;
  const backoff = 250 * 2 ** attempt;
  if ('error' in outcome) return exchange.repeatable && attempt < 2 && isCut(outcome.error) ? backoff : undefined;
  const patience = patienceFor(outcome.response, exchange.repeatable);
  return patience === undefined ? undefined : (retryAfterOf(outcome.response) ?? patience * backoff);
}

function isCut(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return transient.test(String(code)) || /socket hang up/.test(String(message));
}

/** How much slower than after a mere hiccup to ask again; undefined: not at all. */
function patienceFor({ status, bodyAsText }: PipelineResponse, repeatable: boolean): number | undefined {
  if (status === 429) return 4;
  if (status === 503 || (status >= 500 && repeatable)) return 1;
  return status === 409 && /AnotherOperationInProgress|RetryableError/.test(bodyAsText ?? '') ? 8 : undefined;
}

function retryAfterOf({ headers }: PipelineResponse): number | undefined {
  const exact = headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms');
  if (exact !== undefined && /^\d+$/.test(exact)) return Number(exact);
  const text = headers.get('retry-after');
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** Polls an operation to its end and gives its result as if the POST had answered with it. */
async function follow(
  accepted: PipelineResponse,
  post: PipelineRequest,
  exchange: Exchange,
  send: Send,
): Promise<PipelineResponse> {
  const location = accepted.headers.get('location');
  const status = accepted.headers.get('azure-asyncoperation') ?? accepted.headers.get('operation-location');
  let latest = accepted;
  const address = status ?? location;
  if (address === undefined) return { ...accepted, status: 200 };
  for (;;) {
    await waitToPoll(latest, exchange);
    latest = await send(pollOf(post, address));
    if (isUnderWay(latest)) continue;
    return latest.status < 300 ? resultOf(latest, status === undefined ? undefined : location, post, send) : latest;
  }
}

async function waitToPoll(latest: PipelineResponse, exchange: Exchange): Promise<void> {
  const wait = retryAfterOf(latest) ?? 2000;
  // Waiting for what cannot come in time would hold everything else up: the end is known now.
  const inTime = wait < exchange.remaining() && (await pause(wait, exchange.signal));
  if (!inTime) throw new DOMException('the operation is still under way', 'TimeoutError');
}

function pollOf(post: PipelineRequest, address: string): PipelineRequest {
  const headers = post.headers;
  headers.delete('content-type');
  headers.delete('content-length');
  const { body: _, ...rest } = post;
  return { ...rest, headers, method: 'GET', url: new URL(address, post.url).href };
}

function isUnderWay({ status, bodyAsText }: PipelineResponse): boolean {
  if (status === 202 || status === 201) return true;
  const state = stateIn(bodyAsText);
  return status === 200 && state !== undefined && !/^(succeeded|failed|cancell?ed)$/i.test(state);
}

/** `{ "status": "InProgress" }`. A body with a list is a result, whatever else it says or leaves out. */
function stateIn(body: string | null | undefined): string | undefined {
  const parsed = parse(body);
  return parsed !== undefined && !('value' in parsed) && !('id' in parsed && 'properties' in parsed)
    ? textIn(parsed, 'status')
    : undefined;
}

/** Where the status stands at one address and the result at another, the result; else what the status body holds. */
async function resultOf(
  done: PipelineResponse,
  location: string | undefined,
  post: PipelineRequest,
  send: Send,
): Promise<PipelineResponse> {
  const body = parse(done.bodyAsText);
  const holdsResult = body !== undefined && (hasOutput(body) || !('status' in body));
  if (location === undefined || holdsResult || !isSuccess(body)) return { ...done, status: 200 };
  const result = await send(pollOf(post, location));
  const isThere = result.status === 200 && (result.bodyAsText ?? '').trim() !== '';
  return { ...(isThere ? result : done), status: 200 };
}

const isSuccess = (body: object | undefined): boolean =>
  body === undefined || /^succeeded$/i.test(textIn(body, 'status') ?? '');

function hasOutput(body: object): boolean {
  const { properties } = body as { properties?: unknown };
  return (
    'output' in body || (typeof properties === 'object' && properties !== null && Object.keys(properties).length > 0)
  );
}

function textIn(body: object, key: string): string | undefined {
  const value = (body as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : undefined;
}

function parse(text: string | null | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
