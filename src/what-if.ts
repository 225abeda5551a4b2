import { assess, type Reading, readCapture } from './analyze.ts';
import type { Diagnosis } from './diagnosis/diagnosis.ts';
import { summarise } from './diagnosis/summarise.ts';
import {
  type ClientFamily,
  type ClientOutcome,
  canConnect,
  carried,
  clientFamilies,
  disruptionsOf,
  familyOf,
  limitsOf,
  needOf,
  type WhatIf,
  without,
} from './diagnosis/what-if.ts';
import type { Capture } from './facts/capture.ts';
import type { ClientView } from './facts/client.ts';
import { keyOf } from './facts/resource-id.ts';
import type { Topology } from './facts/topology.ts';
import type { Ladder } from './ladder/ladder.ts';
import type { Endpoint } from './model/endpoint.ts';
import { poolsFor } from './model/expect-routes.ts';
import { applyChanges } from './model/what-if-apply.ts';
import { type Change, type Effect, isRefusal, type Refusal, refused } from './model/what-if-change.ts';
import type { ClientTraits } from './situation/client-traits.ts';
import { type Situation, situationOf } from './situation/situation.ts';

/** One side of the comparison: an Azure, and who looks at it. */
interface Side {
  readonly reading: Reading;
  readonly situation: Situation;
}

/** The ladders before and after changes to Azure that nobody made, for each kind of client; or why they cannot be made. */
export function whatIf(capture: Capture, changes: readonly Change[]): WhatIf | Refusal {
  const reading = readCapture(capture);
  const situation = situationOf(capture, reading.client, reading.topology);
  const { endpoint } = situation;
  if (endpoint === undefined) return refused('onlink', withoutGateway(situation));
  const applied = applyChanges(reading.topology, changes);
  if (isRefusal(applied)) return applied;
  const { topology, effects } = applied;
  const before = { reading, situation };
  const after = sideAfter(before, topology, endpoint);
  const [was, is] = [diagnosisOf(capture, before), diagnosisOf(capture, after)];
  const gone = codesMissing(was, is);
  // The same Azure without the probes: what is missing there too, the change did not mend.
  const unprobed = gone.length === 0 ? was : diagnosisOf(capture, sideAfter(before, reading.topology, endpoint));
  const untold = codesMissing(was, unprobed).filter((code) => gone.includes(code));
  return {
    effects,
    before: was,
    after: is,
    untold,
    clients: clientFamilies.map((family) => outcomeFor(family, before, after, effects)),
    disrupts: disruptionsOf(effects),
    notes: notesOf(effects, reading.topology),
  };
}

function codesMissing({ findings }: Diagnosis, from: Diagnosis): readonly string[] {
  const there = new Set(from.findings.map(({ code }) => code));
  return [...new Set(findings.map(({ code }) => code))].filter((code) => !there.has(code));
}

function withoutGateway({ candidates }: Situation): string {
  const flags = candidates.map(({ endpoint }) => endpoint.gateway.id);
  return candidates.length === 0
    ? 'no Point-to-Site gateway was read, so there is nothing to compare'
    : `several gateways could be meant; pick one with --gateway: ${flags.join(' or ')}`;
}

/** The same people before another Azure. Probes of before prove nothing about after. */
function sideAfter({ reading, situation }: Side, topology: Topology, endpoint: Endpoint): Side {
  const changed = endpointIn(topology, endpoint);
  return {
    reading: { ...reading, topology, client: { ...reading.client, traces: [], tcp: [] } },
    situation: { ...situation, endpoint: changed, pools: poolsFor(changed, situation.tunnel?.address) },
  };
}

function endpointIn(topology: Topology, endpoint: Endpoint): Endpoint {
  if (endpoint.kind === 'hub-gateway') return endpoint;
  return { ...endpoint, gateway: topology.gateways.get(keyOf(endpoint.gateway.id)) ?? endpoint.gateway };
}

function diagnosisOf(capture: Capture, { reading, situation }: Side): Diagnosis {
  return summarise({ capture, ...assess(reading, situation), problems: reading.problems });
}

function outcomeFor(family: ClientFamily, before: Side, after: Side, effects: readonly Effect[]): ClientOutcome {
  const { client } = before.situation.traits;
  const isCaptured = before.situation.halves.client && familyOf(client) === family;
  const [was, is] = [before, after].map((side) => laddersFor(family, side, isCaptured)) as [View, View];
  const gained = without(is.carried, was.carried);
  const lost = without(was.carried, is.carried);
  const changes = gained.length + lost.length > 0;
  return {
    family,
    isCaptured,
    canConnect: { before: was.connects, after: is.connects },
    gained,
    lost,
    ...needOf(family, effects, { changes, connects: is.connects }),
    limits: limitsOf(family, was.carried.length, is.carried.length),
    before: was.ladders,
    after: is.ladders,
  };
}

interface View {
  readonly ladders: readonly Ladder[];
  readonly carried: ReturnType<typeof carried>;
  readonly connects: boolean | undefined;
}

const traitsOf: Readonly<Record<ClientFamily, ClientTraits>> = {
  'windows-native': { protocol: 'ikev2', client: 'windows-native', pushed: false },
  openvpn: { protocol: 'openvpn', client: 'openvpn', pushed: true },
  strongswan: { protocol: 'ikev2', client: 'strongswan', pushed: false },
};

function laddersFor(family: ClientFamily, { reading, situation }: Side, isCaptured: boolean): View {
  const { endpoint } = situation;
  const { ladders } = isCaptured
    ? assess(reading, situation)
    : assess({ ...reading, client: nobody(family, reading.client) }, strangerIn(situation, traitsOf[family]));
  return {
    ladders,
    carried: carried(ladders),
    connects: endpoint === undefined ? undefined : canConnect(family, endpoint, reading.topology),
  };
}

/** A client of another kind, of whom nothing was captured. */
function strangerIn(situation: Situation, traits: ClientTraits): Situation {
  const { endpoint, halves } = situation;
  return {
    ...situation,
    tunnel: undefined,
    because: [],
    traits,
    asked: [],
    pools: endpoint === undefined ? [] : poolsFor(endpoint, undefined),
    halves: { ...halves, client: false },
  };
}

function nobody(family: ClientFamily, { platform }: ClientView): ClientView {
  return {
    platform: { 'windows-native': 'windows', strongswan: 'linux', openvpn: platform }[family] as ClientView['platform'],
    interfaces: [],
    routes: { v4: undefined, v6: undefined },
    persistent: [],
    rules: undefined,
    policies: undefined,
    associations: undefined,
    connections: undefined,
    phonebook: undefined,
    openVpn: undefined,
    profiles: [],
    traces: [],
    kernelChoices: [],
    tcp: [],
    nameRules: undefined,
    lookups: [],
    host: undefined,
    events: undefined,
    unread: [],
    gaps: [],
    limits: [],
  };
}

function notesOf(effects: readonly Effect[], { unread }: Topology): readonly string[] {
  const made = effects.filter(({ property }) => property === 'peer').map(({ to }) => to);
  const idle = effects.filter(({ from, to }) => from === to);
  return [
    ...idle.map(({ resource, property, to }) => `${property} of ${resource} is ${to} already.`),
    ...made.map((halves) => `New halves have no transit until it is set: ${halves.replace('peered by ', '')}.`),
    ...(unread.length > 0
      ? [
          `${unread.length} answers of Azure are missing from this capture; a refusal that rests on them cannot be foreseen.`,
        ]
      : []),
    'Nothing was changed: onlink computed this from what was read.',
  ];
}
