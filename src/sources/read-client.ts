import type { Artifact, Capture, Unanswered } from '../facts/capture.ts';
import type { ClientView } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import { familyOfPrefix, formatPrefix } from '../net/prefix.ts';
import { decodeText } from './decode.ts';
import { mergeInterfaces } from './merge-interfaces.ts';
import { sourceOf } from './registry.ts';
import type { ClientFacts, Reading, ReadingContext } from './source.ts';
import { gapsIn } from './table-gaps.ts';

/** One artifact of the client, read. */
interface ReadArtifact {
  readonly artifact: Artifact;
  readonly facts: Partial<ClientFacts>;
}

/** Everything a capture tells of the client, and every line that was not understood. Pure. */
export function readClient(capture: Capture): { readonly client: ClientView; readonly problems: readonly Problem[] } {
  const asked = capture.artifacts.filter(({ half, source }) => half === 'client' && source !== 'arm');
  const readings = asked.map((artifact) => ({ artifact, reading: readArtifact(artifact) }));
  const read: ReadArtifact[] = readings.flatMap(({ artifact, reading }) =>
    reading === undefined ? [] : [{ artifact, facts: reading.facts }],
  );
  const all = <Key extends keyof ClientFacts>(key: Key): readonly ClientFacts[Key][] =>
    read.flatMap(({ facts }) => (facts[key] === undefined ? [] : [facts[key] as ClientFacts[Key]]));
  const listed = <T>(lists: readonly (readonly T[])[]): readonly T[] | undefined =>
    lists.length === 0 ? undefined : lists.flat();
  const tables = chooseTables(read);
  const client: ClientView = {
    platform: capture.platform,
    interfaces: mergeInterfaces(all('interfaces').flat()),
    routes: { v4: tables.v4, v6: tables.v6 },
    persistent: all('persistent').flat(),
    rules: capture.platform === 'windows' ? [] : listed(all('rules')),
    policies: listed(all('policies')),
    associations: listed(all('associations')),
    connections: listed(all('connections')),
    phonebook: listed(all('phonebook')),
    openVpn: all('openVpn').at(-1),
    profiles: all('profiles').flat(),
    traces: all('traces').flat(),
    tcp: all('tcp').flat(),
    kernelChoices: all('kernelChoices').flat(),
    nameRules: listed(all('nameRules')),
    lookups: all('lookups').flat(),
    host: all('host').at(-1),
    events: listed(all('events')),
    unread: readings.flatMap(({ artifact: { id, source, target, outcome }, reading }) => {
      const why = outcome.kind === 'unanswered' ? outcome : notUnderstood(reading);
      return why === undefined
        ? []
        : [{ source, ...(target !== undefined && { target }), why, origin: { artifact: id } }];
    }),
    gaps: readings
      .filter(({ artifact: { source } }) => tables.witnesses.includes(source))
      .flatMap(({ reading }) => gapsIn(reading?.problems ?? [])),
    limits: read
      .filter(({ artifact: { source } }) => !tableSources.includes(source) || tables.witnesses.includes(source))
      .flatMap(({ facts }) => facts.limits ?? []),
  };
  return { client, problems: [...readings.flatMap(({ reading }) => reading?.problems ?? []), ...tables.problems] };
}

/** An answer of which nothing was understood tells no more than none. */
function notUnderstood(reading: Reading | undefined): Unanswered | undefined {
  const [problem] = reading?.problems ?? [];
  const told = Object.values(reading?.facts ?? {}).some((fact) => !Array.isArray(fact) || fact.length > 0);
  return problem === undefined || told
    ? undefined
    : { kind: 'unanswered', status: null, code: 'not-understood', message: problem.why };
}

function readArtifact(artifact: Artifact): Reading | undefined {
  if (artifact.outcome.kind === 'unanswered') return undefined;
  const source = sourceOf(artifact.source);
  const origin = { artifact: artifact.id };
  if (source === undefined)
    return { facts: {}, problems: [{ origin, text: artifact.source, why: 'no source of this name is known' }] };
  try {
    return source.parse(decodeText(artifact.outcome.bytes, artifact.encoding).text, contextOf(artifact));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { facts: {}, problems: [{ origin, text: artifact.encoding ?? '', why: error.message }] };
  }
}

function contextOf({ id, target, family, argv, outcome, stderr }: Artifact): ReadingContext {
  const told = family ?? (argv?.includes('-6') ? 6 : undefined);
  return {
    artifact: id,
    ...(target !== undefined && { target }),
    ...(argv !== undefined && { argv }),
    ...(told !== undefined && { family: told }),
    ...(outcome.kind === 'answered' && { exitCode: outcome.exitCode }),
    ...(stderr !== undefined && { stderr }),
  };
}

/** The best witness of a routing table first; the others only vouch for it. */
const tableSources = [
  'windows-net-route',
  'windows-route-print',
  'windows-netsh-route',
  'linux-ip-route',
  'netstat-routes',
  'linux-proc-route',
];

interface Tables {
  readonly v4: readonly Route[] | undefined;
  readonly v6: readonly Route[] | undefined;
  /** The sources believed. */
  readonly witnesses: readonly string[];
  readonly problems: readonly Problem[];
}

function chooseTables(read: readonly ReadArtifact[]): Tables {
  const [v4, v6] = [tablesOf(read, 4), tablesOf(read, 6)];
  return {
    v4: v4[0]?.routes,
    v6: v6[0]?.routes,
    witnesses: [v4[0], v6[0]].flatMap((one) => (one === undefined ? [] : [one.source])),
    problems: [...disagreements(v4), ...disagreements(v6)],
  };
}

interface Witness {
  readonly source: string;
  readonly routes: readonly Route[];
}

function tablesOf(read: readonly ReadArtifact[], family: 4 | 6): readonly Witness[] {
  return tableSources.flatMap((source) => {
    const told = read.filter(({ artifact, facts }) => artifact.source === source && facts.routes !== undefined);
    const routes = told.flatMap(({ facts }) =>
      (facts.routes ?? []).filter(({ prefix }) => familyOfPrefix(prefix) === family),
    );
    const answers = told.some(({ artifact }) => coversFamily(artifact, family));
    return routes.length > 0 || answers ? [{ source, routes }] : [];
  });
}

/** Whether an answer without rows of the family means that there are none: IPv4 by default, IPv6 only when asked for. */
function coversFamily({ family, argv }: Artifact, asked: 4 | 6): boolean {
  const told = family ?? (argv?.includes('-6') ? 6 : 4);
  return told === asked;
}

/** Two witnesses of one table that list different unicast routes: the world changed between them, or one is cut. */
function disagreements([best, ...others]: readonly Witness[]): readonly Problem[] {
  if (best === undefined) return [];
  return others.flatMap(({ source, routes }) => {
    const missing = lacking(routes, best.routes);
    const extra = lacking(best.routes, routes);
    const [first] = [...missing, ...extra];
    if (first === undefined) return [];
    const why = `${source} and ${best.source} disagree on ${missing.length + extra.length} route(s); ${best.source} is believed`;
    return [{ origin: first.origin, text: `${formatPrefix(first.prefix)} ${first.interface}`.trim(), why }];
  });
}

function lacking(routes: readonly Route[], among: readonly Route[]): readonly Route[] {
  const known = new Set(among.map(({ prefix }) => formatPrefix(prefix)));
  return routes.filter(({ prefix, type }) => type === 'unicast' && !known.has(formatPrefix(prefix)));
}
