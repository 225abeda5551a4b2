import type { Origin, Problem } from '../facts/origin.ts';
import type { Profile } from '../facts/profile.ts';
import type { Route } from '../facts/route.ts';
import type { Reply, Trace } from '../facts/trace.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { familyOfPrefix, formatPrefix, type Prefix } from '../net/prefix.ts';
import type { ClientFacts, Reading, ReadingContext, Source } from './source.ts';

const routeSources: ReadonlySet<string> = new Set([
  'windows-net-route',
  'windows-route-print',
  'windows-netsh-route',
  'linux-ip-route',
  'linux-proc-route',
  'netstat-routes',
]);
const traceSources: ReadonlySet<string> = new Set([
  'windows-tracert',
  'linux-traceroute',
  'linux-tracepath',
  'mtr-json',
]);
const profileSources: ReadonlySet<string> = new Set([
  'cmroute-routes',
  'vpn-settings-xml',
  'azurevpn-xml',
  'openvpn-profile',
  'strongswan-conf',
  'windows-profile-script',
]);

/** What `onlink parse` prints of one text: a public JSON shape, kept the same whatever the facts look like inside. */
export function toParseOutput(source: Source, reading: Reading, _context: ReadingContext): object {
  const { routes, persistent, traces, profiles, ...others } = reading.facts;
  const isTable = routes !== undefined || routeSources.has(source.id);
  return {
    source: source.id,
    problems: reading.problems.map(printedProblem),
    ...(isTable && {
      routes: (routes ?? []).map(printedRoute),
      persistent: (persistent ?? []).map(printedRoute),
    }),
    ...((traces !== undefined || traceSources.has(source.id)) && printedTraces(traces ?? [])),
    ...((profiles !== undefined || profileSources.has(source.id)) && printedProfiles(profiles ?? [])),
    ...printedOthers(others),
  };
}

function printedProblem({ origin, text, why }: Problem): object {
  return { ...place(origin), text, why };
}

function place(origin: Origin): object {
  if ('line' in origin) return { line: origin.line };
  return 'pointer' in origin ? { pointer: origin.pointer } : {};
}

function printedRoute(route: Route): object {
  return {
    prefix: formatPrefix(route.prefix),
    via: route.via.kind === 'gateway' ? formatAddress(route.via.address) : route.via.kind,
    type: route.type,
    interface: route.interface,
    metric: route.metric,
    table: route.table,
    family: familyOfPrefix(route.prefix),
    ...(route.source !== undefined && { source: formatAddress(route.source) }),
    ...(route.flags !== undefined && route.flags.length > 0 && { flags: route.flags }),
  };
}

// One trace is the document; a text that holds several lists them all beside the first.
function printedTraces(traces: readonly Trace[]): object {
  const [first] = traces;
  if (first === undefined) return { target: null, reached: null, hops: [] };
  return { ...printedTrace(first), ...(traces.length > 1 && { traces: traces.map(printedTrace) }) };
}

function printedTrace({ target, reached, hops, refused }: Trace): object {
  return {
    target: target === null ? null : formatAddress(target),
    reached,
    hops: hops.map(({ ttl, replies }) => ({ ttl, replies: replies.map(printedReply) })),
    ...(refused !== undefined && { refused: { error: refused.error, text: refused.text } }),
  };
}

function printedReply(reply: Reply): object {
  if (reply.kind === 'silent') return { silent: true };
  if (reply.kind === 'answer') return { from: formatAddress(reply.from), ms: reply.ms };
  return {
    error: reply.error,
    ...(reply.from !== null && { from: formatAddress(reply.from) }),
    text: reply.text,
  };
}

function printedProfiles(profiles: readonly Profile[]): object {
  const [first] = profiles;
  if (first === undefined) return { routes: [], pool: [], server: null, protocols: [] };
  return { ...printedProfile(first), ...(profiles.length > 1 && { profiles: profiles.map(printedProfile) }) };
}

function printedProfile({ origin: _, routes, pool, server, protocols, ...others }: Profile): object {
  return {
    routes: routes.map(({ prefix, exclude }) => ({ prefix: formatPrefix(prefix), exclude })),
    pool: pool.map(formatPrefix),
    server,
    protocols,
    ...others,
  };
}

type OtherFacts = Omit<Partial<ClientFacts>, 'routes' | 'persistent' | 'traces' | 'profiles'>;

function printedOthers(facts: OtherFacts): object {
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, printed(value, key)]));
}

// An IPv4 address is a plain number at run time, so only the name of its field tells it from a count.
const addressFields: ReadonlySet<string> = new Set([
  'address',
  'addresses',
  'boundTo',
  'from',
  'localAddress',
  'localHost',
  'peer',
  'remoteHost',
  'routeGateway',
  'servers',
  'source',
  'target',
  'tunnelAddress',
  'virtualAddresses',
]);

function printed(value: unknown, field: string): unknown {
  if (typeof value === 'bigint' || (typeof value === 'number' && addressFields.has(field)))
    return formatAddress(value as Address);
  if (Array.isArray(value)) return value.map((item) => printed(item, field));
  if (typeof value !== 'object' || value === null) return value;
  if (isPrefix(value)) return formatPrefix(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      key === 'origin' ? Object.entries(place(item as Origin)) : [[key, printed(item, key)]],
    ),
  );
}

function isPrefix(value: object): value is Prefix {
  return 'first' in value && 'length' in value && Object.keys(value).length === 2;
}
