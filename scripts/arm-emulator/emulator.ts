import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate } from './certificate.ts';
import { type Estate, type Fault, findAction, findResource, listResources } from './estate.ts';
import { type Reply, refusalFor, refuse, spoil } from './faults.ts';

/** How the emulator behaves. */
export interface EmulatorOptions {
  readonly estate: Estate;
  /** Loopback unless said otherwise. */
  readonly address?: string;
  readonly port?: number;
  /** The only bearer token that is let in; any where absent. */
  readonly token?: string;
  /** How long every answer takes. */
  readonly latencyMs?: number;
  readonly pageSize?: number;
  /** What a long-running operation says in Retry-After, and how often it is polled before it is done. */
  readonly retryAfter?: number;
  readonly polls?: number;
}

/** A request as it came in. */
export interface LoggedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A running emulator. */
export interface Emulator {
  readonly url: string;
  /** The certificate to trust, PEM. */
  readonly ca: string;
  readonly log: readonly LoggedRequest[];
  /** The most requests that were under way at once. */
  readonly peak: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts an HTTPS server that answers like Azure Resource Manager from an estate. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const address = options.address ?? '127.0.0.1';
  const { key, certificate } = makeCertificate(address);
  const log: LoggedRequest[] = [];
  const state = { operations: new Map<string, Operation>(), hits: new Map<Fault, number>(), underWay: 0, peak: 0 };
  const server = createServer({ key, cert: certificate }, (request, response) => {
    state.underWay += 1;
    state.peak = Math.max(state.peak, state.underWay);
    void serve(request, response, { options, state, log, origin })
      // A client that went away in the middle is none of our business.
      .catch(() => response.destroy())
      .finally(() => {
        state.underWay -= 1;
      });
  });
  server.listen(options.port ?? 0, address);
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `https://${address}:${(server.address() as AddressInfo).port}`;
  return {
    url: origin,
    ca: certificate,
    log,
    peak: () => state.peak,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Operation {
  readonly body: unknown;
  readonly fault: Fault['kind'] | undefined;
  left: number;
}

interface World {
  readonly options: EmulatorOptions;
  readonly state: { readonly operations: Map<string, Operation>; readonly hits: Map<Fault, number> };
  readonly log: LoggedRequest[];
  readonly origin: string;
}

async function serve(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const url = new URL(request.url ?? '/', world.origin);
  const method = request.method ?? 'GET';
  for await (const _ of request);
  await sleep(world.options.latencyMs ?? 0);
  const fault = faultFor(`${method} ${url.pathname}`, world);
  const reply = replyTo(method, url, request.headers.authorization, fault, world);
  world.log.push({ at: Date.now(), method, path: `${url.pathname}${url.search}`, status: reply?.status ?? 0 });
  if (reply === undefined) {
    if (fault?.kind === 'reset') request.socket.destroy();
    return;
  }
  // An estate is written before the port is known.
  const text = reply.body === undefined ? '' : JSON.stringify(reply.body, null, 2).replaceAll('{origin}', world.origin);
  const raw = reply.raw ?? text;
  const type = reply.raw === undefined ? 'application/json; charset=utf-8' : 'text/html';
  response.writeHead(reply.status, { 'content-type': type, ...reply.headers });
  response.end(raw);
}

function faultFor(line: string, { options, state }: World): Fault | undefined {
  const fault = options.estate.faults?.find((candidate) => {
    const isSpent = (state.hits.get(candidate) ?? 0) >= (candidate.times ?? Number.POSITIVE_INFINITY);
    return !isSpent && line.toLowerCase().includes(candidate.match.toLowerCase());
  });
  if (fault !== undefined) state.hits.set(fault, (state.hits.get(fault) ?? 0) + 1);
  return fault;
}

/** Undefined: nothing is answered. */
function replyTo(
  method: string,
  url: URL,
  authorization: string | undefined,
  fault: Fault | undefined,
  world: World,
): Reply | undefined {
  const path = decodeURIComponent(url.pathname);
  const file = world.options.estate.files?.[path];
  if (file !== undefined) return { status: 200, raw: Buffer.from(file, 'base64') };
  if (!isLetIn(authorization, world.options.token))
    return refuse(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
  if (fault?.kind === 'reset' || fault?.kind === 'silent') return undefined;
  const refusal = fault === undefined ? undefined : refusalFor(fault, path);
  if (refusal !== undefined) return refusal;
  const operation = world.state.operations.get(path);
  if (operation !== undefined) return poll(path, operation, world);
  if (method === 'POST') return begin(path, fault, world);
  const list = listResources(world.options.estate, path);
  const found = list === undefined ? findResource(world.options.estate, path) : page(list, url, fault, world);
  if (found === undefined)
    return refuse(404, 'ResourceNotFound', `The Resource '${path}' under resource group was not found.`);
  return spoil(found, fault);
}

const isLetIn = (authorization: string | undefined, token: string | undefined): boolean =>
  authorization?.startsWith('Bearer ') === true && (token === undefined || authorization === `Bearer ${token}`);

function page(list: readonly unknown[], url: URL, fault: Fault | undefined, { options, origin }: World): unknown {
  const from = Number(url.searchParams.get('$skiptoken') ?? 0);
  const size = options.pageSize ?? 100;
  const next = new URL(
    url.pathname + url.search,
    fault?.kind === 'foreign-link' ? 'https://elsewhere.invalid' : origin,
  );
  next.searchParams.set('$skiptoken', String(from + size));
  const hasMore = from + size < list.length || fault?.kind === 'foreign-link';
  return { value: list.slice(from, from + size), ...(hasMore && { nextLink: next.href }) };
}

/** A POST is taken on with 202, and its result waits at Location, at Azure-AsyncOperation, or at both. */
function begin(path: string, fault: Fault | undefined, { options, state, origin }: World): Reply {
  const action = findAction(options.estate, path);
  if (action === undefined) return refuse(404, 'ResourceNotFound', `No such action: ${path}`);
  const number = state.operations.size + 1;
  const subscription = path.split('/')[2] ?? '';
  const base = `/subscriptions/${subscription}/providers/Microsoft.Network/locations/westeurope`;
  const [location, status] = [`${base}/operationResults/${number}`, `${base}/operations/${number}`];
  const operation: Operation = { body: action.body, fault: fault?.kind, left: options.polls ?? 1 };
  state.operations.set(location, operation);
  state.operations.set(status, operation);
  const headers: Record<string, string> = { 'retry-after': String(fault?.retryAfter ?? options.retryAfter ?? 0) };
  if (fault?.kind !== 'at-status-only') headers['location'] = `${origin}${location}?api-version=2026-01-01`;
  const asksStatus = ['at-status-only', 'at-location-only', 'operation-failed'].includes(fault?.kind ?? '');
  if (asksStatus) headers['azure-asyncoperation'] = `${origin}${status}?api-version=2026-01-01`;
  return { status: 202, headers };
}

function poll(path: string, operation: Operation, { options }: World): Reply {
  const isStatus = path.includes('/operations/');
  const headers = { 'retry-after': String(options.retryAfter ?? 0) };
  if (operation.left > 0 || operation.fault === 'never-ends') {
    operation.left -= 1;
    return isStatus ? { status: 200, body: { status: 'InProgress' }, headers } : { status: 202, headers };
  }
  if (!isStatus)
    return spoil(operation.body, operation.fault === undefined ? undefined : { match: '', kind: operation.fault });
  if (operation.fault === 'operation-failed') {
    return {
      status: 200,
      body: { status: 'Failed', error: { code: 'NetworkInterfaceNotRunning', message: 'The machine is not running.' } },
    };
  }
  const isHere = operation.fault === 'at-status-only';
  return { status: 200, body: { status: 'Succeeded', ...(isHere && { properties: { output: operation.body } }) } };
}
