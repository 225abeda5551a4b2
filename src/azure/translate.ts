import type { Answered, Artifact, Unanswered } from '../facts/capture.ts';
import type { Problem } from '../facts/origin.ts';
import { ancestorOf, keyOf, segmentOf } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { sourceOf } from '../sources/registry.ts';
import { complain, labelOf, type Node } from './document.ts';
import { type Draft, emptyDraft, type Reader } from './draft.ts';
import { type Body, decode, readBody } from './read-body.ts';
import { type DocumentKind, isResource, kindOf, kindOfOperation, plainOperation } from './recognise.ts';
import { type Answer, isAnswer, placeAnswer } from './translate-answers.ts';
import { readConnection, readLocalNetworkGateway } from './translate-connection.ts';
import { readGateway, readPublicIp } from './translate-gateway.ts';
import { readNetworkInterface, readPrivateEndpoint, readRouteTable, readSecurityGroup } from './translate-interface.ts';
import { readPeering, readSubnet, readVNet, settleVNets } from './translate-vnet.ts';
import {
  readHub,
  readHubConnection,
  readHubRouteTable,
  readP2SGateway,
  readRoutingIntent,
  readServerConfiguration,
  settleHubs,
} from './translate-wan.ts';

const readers: Partial<Record<DocumentKind, Reader>> = {
  gateway: readGateway,
  vnet: readVNet,
  peering: readPeering,
  subnet: readSubnet,
  'public-ip': readPublicIp,
  connection: readConnection,
  'local-network-gateway': readLocalNetworkGateway,
  'network-interface': readNetworkInterface,
  'security-group': readSecurityGroup,
  'route-table': readRouteTable,
  'private-endpoint': readPrivateEndpoint,
  hub: readHub,
  'hub-connection': readHubConnection,
  'hub-route-table': readHubRouteTable,
  'routing-intent': readRoutingIntent,
  'p2s-gateway': readP2SGateway,
  'server-configuration': readServerConfiguration,
};

/** What Azure says of itself in the artifacts of its half, and every value among them that was not understood. */
export function readTopology(artifacts: readonly Artifact[]): {
  readonly topology: Topology;
  readonly problems: readonly Problem[];
} {
  const draft = emptyDraft();
  // Answers without a resource of their own are placed when every resource is known.
  const answers: Answer[] = [];
  for (const artifact of artifacts) {
    if (artifact.source !== 'arm' && artifact.half !== 'azure') continue;
    if (artifact.outcome.kind === 'unanswered') markUnread(draft, artifact, artifact.outcome);
    else if (artifact.source === 'arm') answers.push(...readDocument(artifact, artifact.outcome, draft));
    else readIssued(artifact, artifact.outcome, draft);
  }
  for (const answer of answers) placeAnswer(answer, draft);
  settleVNets(draft);
  settleHubs(draft);
  const { looseSubnets, routingIntents, problems, ...tables } = draft;
  const topology = {
    ...tables,
    peerings: [...draft.peerings.values()],
    connections: [...draft.connections.values()],
    hubConnections: [...draft.hubConnections.values()],
  };
  return { topology, problems };
}

function markUnread(draft: Draft, artifact: Artifact, why: Unanswered): void {
  const { operation, resource } = artifact;
  draft.unread.push({ operation, resource, why, origin: { artifact: artifact.id } });
}

function readDocument(artifact: Artifact, { bytes }: Answered, draft: Draft): readonly Answer[] {
  const body = readBody(artifact, bytes, draft.problems);
  const node: Node = { value: undefined, artifact: artifact.id, pointer: '', problems: draft.problems };
  switch (body.kind) {
    case 'unread':
      return refuse(artifact, body.why, draft);
    case 'empty':
      return isWithoutBgp(artifact, draft) ? answer(artifact, node, []) : refuse(artifact, body.why, draft);
    case 'one':
      return isRow(body.node, artifact) ? loneRow(artifact, node, body.node) : readResource(body.node, draft, artifact);
    case 'list':
      return readList(body, artifact, node, draft);
  }
}

function refuse(artifact: Artifact, why: Unanswered, draft: Draft): readonly Answer[] {
  markUnread(draft, artifact, why);
  draft.problems.push({
    origin: { artifact: artifact.id },
    text: why.message.slice(0, 200),
    why: `nothing could be read from this answer (${why.code})`,
  });
  return [];
}

function isRow(node: Node, artifact: Artifact): boolean {
  const kind = kindOf(node, artifact.operation);
  return kind !== undefined && isAnswer(kind);
}

// PowerShell takes the list away from a single row. A machine has more effective routes than one: that one was cut out.
function loneRow(artifact: Artifact, node: Node, row: Node): readonly Answer[] {
  return answer(artifact, node, [row], kindOf(row, artifact.operation) !== 'effective-route');
}

function answer(artifact: Artifact, node: Node, rows: readonly Node[], isWhole = true): readonly Answer[] {
  const kind = rows[0] === undefined ? kindOfOperation(artifact.operation) : kindOf(rows[0], artifact.operation);
  return kind === undefined ? [] : [{ kind, rows, isWhole, artifact, node }];
}

function readList(
  body: Extract<Body, { kind: 'list' }>,
  artifact: Artifact,
  node: Node,
  draft: Draft,
): readonly Answer[] {
  if (body.nextPage) complain({ ...node, value: 'nextLink' }, 'only a page of this list was captured');
  else markListed(artifact, body.entries, draft);
  const asked = kindOfOperation(artifact.operation);
  const first = body.entries[0];
  if (first === undefined ? asked !== undefined && isAnswer(asked) : isRow(first, artifact)) {
    return answer(artifact, node, body.entries, !body.nextPage);
  }
  for (const entry of body.entries) readResource(entry, draft, artifact);
  return [];
}

function readResource(node: Node, draft: Draft, artifact: Artifact): readonly Answer[] {
  const kind = kindOf(node, artifact.operation);
  const read = kind === undefined ? undefined : readers[kind];
  if (read !== undefined) read(node, draft, artifact);
  else if (!isResource(node)) complain(node, 'not recognised as a document of Azure Resource Manager');
  return [];
}

/** Notes what a list that was read to its end proves: what is not in it does not exist. */
function markListed(artifact: Artifact, found: readonly Node[], draft: Draft): void {
  const { operation } = artifact;
  const kind = kindOfOperation(operation);
  if (operation === undefined || !/\.list/i.test(operation) || (kind !== undefined && isAnswer(kind))) return;
  const plain = plainOperation(operation);
  const scope = artifact.resource ?? scopeOf(plain, found);
  if (scope === undefined) return;
  draft.listed.add(`${operation}|${scope}`.toLowerCase());
  const subscription = segmentOf(scope, 'subscriptions')?.toLowerCase();
  const whole = segmentOf(scope, 'resourceGroups') === undefined;
  if (/^virtualnetworks\.list(all)?$/.test(plain) && whole && subscription !== undefined) {
    draft.vnetsListedIn.add(subscription);
  }
  const home = ancestorOf(scope, 'virtualNetworks');
  if (plain === 'virtualnetworkpeerings.list' && home !== undefined) draft.peeringsReadOf.add(keyOf(home));
  const hub = ancestorOf(scope, 'virtualHubs');
  const intent = plain.startsWith('routingintent') && hub !== undefined && found.length === 0;
  if (intent) draft.routingIntents.set(keyOf(hub), []);
}

// A list of every VNet, whose manifest names no subscription: its own entries do, when they agree.
function scopeOf(operation: string, found: readonly Node[]): string | undefined {
  if (!operation.endsWith('.listall')) return undefined;
  const all = new Set(found.map((node) => segmentOf(labelOf(node, 'id') ?? '', 'subscriptions')?.toLowerCase()));
  const [only] = all;
  return all.size === 1 && only !== undefined ? `/subscriptions/${only}` : undefined;
}

// BGP actions answer with no body at all where there is no BGP: then the empty answer is an answer.
function isWithoutBgp(artifact: Artifact, draft: Draft): boolean {
  const kind = kindOfOperation(artifact.operation);
  const asksBgp = kind === 'gateway-route' || kind === 'advertised-route' || kind === 'bgp-peer';
  return asksBgp && draft.gateways.get(keyOf(artifact.resource ?? ''))?.enableBgp === false;
}

/** A profile that Azure generated for this capture. */
function readIssued(artifact: Artifact, outcome: Answered, draft: Draft): void {
  const source = sourceOf(artifact.source);
  if (source === undefined) {
    draft.problems.push({ origin: { artifact: artifact.id }, text: artifact.source, why: 'no such source' });
    return;
  }
  const reading = source.parse(decode(outcome.bytes, artifact.encoding), { artifact: artifact.id });
  const profiles = reading.facts.profiles ?? [];
  draft.issued.push(...profiles);
  if (profiles.length === 0) {
    markUnread(draft, artifact, {
      kind: 'unanswered',
      status: null,
      code: 'not-read',
      message: 'the generated profile could not be read',
    });
  }
  draft.problems.push(...reading.problems);
}
