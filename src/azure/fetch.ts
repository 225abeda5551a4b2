import { Buffer } from 'node:buffer';
import { setMaxListeners } from 'node:events';
import * as tls from 'node:tls';
import type { NetworkManagementClient } from '@azure/arm-network';
import type { TokenCredential } from '@azure/identity';
import type { Artifact } from '../facts/capture.ts';
import type { Gateway } from '../facts/topology.ts';
import type { P2SVpnGateway } from '../facts/virtual-wan.ts';
import { clouds } from './cloud.ts';
import { findGateways, isOfHub } from './fetch-discover.ts';
import { readGatewayWhole } from './fetch-gateway.ts';
import { gateOf } from './fetch-limit.ts';
import type { FetchHints, FetchOptions } from './fetch-options.ts';
import { recordingPolicy } from './fetch-policy.ts';
import { issueProfile, type ProfilePorts } from './fetch-profile.ts';
import { questions } from './fetch-questions.ts';
import { openSession, type Session } from './fetch-session.ts';
import { watched } from './fetch-sign-in.ts';
import { readWanWhole } from './fetch-wan.ts';

/** What fetching needs of the world. */
export interface FetchPorts {
  readonly credential: TokenCredential;
  readonly now: () => Date;
  readonly progress: (message: string) => void;
  /** Ends everything early; what is known by then is kept. */
  readonly signal?: AbortSignal;
  readonly openProfile: ProfilePorts['openProfile'];
}

/** Asks Azure all that a diagnosis needs. Never throws: what could not be had is an artifact that says why. */
export async function fetchAzure(
  options: FetchOptions,
  hints: FetchHints,
  ports: FetchPorts,
): Promise<readonly Artifact[]> {
  const endsAt = ports.now().getTime() + options.budgetMs;
  const first = await fetchOnce(options, hints, ports, endsAt);
  if (!first.some(isDistrusted) || options.ca !== undefined) return first;
  // A proxy that inspects TLS is trusted by the system; Node by itself does not look there. Behind a proxy the SDK
  // ignores certificates that are given to it, so they are given to Node.
  ports.progress('the certificate is not trusted; trying the certificates of the system');
  const before = tls.getCACertificates('default');
  const both = new Set([...before, ...tls.getCACertificates('system')]);
  if (both.size === before.length) return first;
  tls.setDefaultCACertificates?.([...both]);
  const second = await fetchOnce(options, hints, ports, endsAt);
  tls.setDefaultCACertificates?.(before);
  return second;
}

/** The certificate of Resource Manager was not trusted, or that of the place where people sign in. */
function isDistrusted({ outcome }: Artifact): boolean {
  if (outcome.kind === 'answered') return false;
  const { code, message } = outcome;
  return code === 'tls' || (code === 'sign-in' && /self.signed certificate|unable to (get|verify)/i.test(message));
}

async function fetchOnce(
  options: FetchOptions,
  hints: FetchHints,
  ports: FetchPorts,
  endsAt: number,
): Promise<readonly Artifact[]> {
  const clock = AbortSignal.timeout(Math.max(1, Math.ceil(endsAt - ports.now().getTime())));
  const signal = ports.signal === undefined ? clock : AbortSignal.any([clock, ports.signal]);
  // Every question listens to it.
  setMaxListeners(0, signal);
  const { credential, isSigningIn } = watched(ports.credential);
  const { clientFor, listSubscriptions, download } = await connect(options, { credential });
  const { now, progress, openProfile } = ports;
  const session = openSession({ clientFor, isSigningIn, now, progress }, signal, endsAt);
  const profile = { download, openProfile };
  for (const id of await findGateways(session, options, hints, listSubscriptions)) {
    await (isOfHub(id)
      ? readWanWhole(session, id, hints, (gateway) => askWanOperations(session, gateway, options, profile))
      : readGatewayWhole(session, id, hints, (gateway) => askOperations(session, gateway, options, profile)));
  }
  return session.artifacts();
}

/** A gateway does one long-running operation at a time, so they are asked for one after the other. */
async function askOperations(
  session: Session,
  gateway: Gateway,
  options: FetchOptions,
  ports: ProfilePorts,
): Promise<void> {
  const { id } = gateway;
  if (options.issueProfile) await issueProfile(session, id, gateway.pointToSite?.authenticationTypes ?? [], ports);
  session.progress('asking the gateway for its routes and clients');
  await session.ask(questions.gatewayEffectiveRoutes(id));
  await session.ask(questions.learnedRoutes(id));
  await session.ask(questions.clientHealth(id));
  if (gateway.enableBgp !== false) await session.ask(questions.bgpPeers(id));
}

async function askWanOperations(
  session: Session,
  { id }: P2SVpnGateway,
  options: FetchOptions,
  ports: ProfilePorts,
): Promise<void> {
  if (options.issueProfile) await issueProfile(session, id, [], ports);
  await session.ask(questions.p2sHealth(id));
}

/** The way to Azure. The SDK is loaded here, so only a run that asks Azure pays for it. */
export async function connect(options: FetchOptions, { credential }: Pick<FetchPorts, 'credential'>) {
  const [{ NetworkManagementClient: Client }, pipelines] = await Promise.all([
    import('@azure/arm-network'),
    import('@azure/core-rest-pipeline'),
  ]);
  const endpoint = (options.endpoint ?? clouds[options.cloud].armEndpoint).replace(/\/+$/, '');
  const policy = recordingPolicy(gateOf(options.concurrency ?? 16), options.requestTimeoutMs ?? 30_000);
  const tls =
    options.ca === undefined
      ? {}
      : { tlsOptions: { ca: typeof options.ca === 'string' ? options.ca : options.ca.join('\n') } };
  // Repeating is the policy's business: the SDK would wait past any budget.
  const shared = { ...tls, retryOptions: { maxRetries: 0 } };
  const clients = new Map<string, NetworkManagementClient>();
  const clientFor = (subscription: string): NetworkManagementClient => {
    const made = clients.get(subscription);
    if (made !== undefined) return made;
    const client = new Client(credential, subscription, {
      ...shared,
      endpoint,
      credentials: { scopes: [clouds[options.cloud].scope] },
      additionalPolicies: [{ policy, position: 'perCall' }],
    });
    clients.set(subscription, client);
    return client;
  };
  const http = pipelines.createDefaultHttpClient();
  return {
    clientFor,
    listSubscriptions: async (client: NetworkManagementClient): Promise<unknown> => {
      let url: string | undefined = new URL('/subscriptions?api-version=2022-12-01', endpoint).href;
      while (url !== undefined) {
        const response = await client.pipeline.sendRequest(http, pipelines.createPipelineRequest({ url }));
        const { nextLink } = JSON.parse(response.bodyAsText ?? '{}') as { nextLink?: unknown };
        url = typeof nextLink === 'string' ? nextLink : undefined;
      }
      return undefined;
    },
    download: async (url: string, abortSignal: AbortSignal): Promise<Uint8Array> => {
      const request = pipelines.createPipelineRequest({
        url,
        abortSignal,
        timeout: 60_000,
        streamResponseStatusCodes: new Set([200]),
      });
      const response = await pipelines.createPipelineFromOptions(shared).sendRequest(http, request);
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
      if (response.status !== 200) throw new Error(`the package could not be fetched (${response.status})`);
      return Buffer.concat(chunks);
    },
  };
}
