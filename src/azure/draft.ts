import type { Artifact } from '../facts/capture.ts';
import type { Problem } from '../facts/origin.ts';
import { keyOf, type ResourceId } from '../facts/resource-id.ts';
import type { Peering, Subnet, Topology } from '../facts/topology.ts';
import type { VirtualHub } from '../facts/virtual-wan.ts';
import { labelOf, type Node, originOf } from './document.ts';

type Mutable<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, V>
    : T extends ReadonlySet<infer V>
      ? Set<V>
      : T extends readonly (infer V)[]
        ? V[]
        : T;

type Tables = Omit<Topology, 'takenAt' | 'peerings' | 'connections' | 'hubConnections'>;

/** A topology while it is being read. */
export interface Draft extends Readonly<{ -readonly [K in keyof Tables]: Mutable<Tables[K]> }> {
  readonly peerings: Map<string, Peering>;
  readonly connections: Map<string, Topology['connections'][number]>;
  readonly hubConnections: Map<string, Topology['hubConnections'][number]>;
  /** Subnets that were read on their own, until their VNet is known. */
  readonly looseSubnets: Map<string, Subnet>;
  /** Routing intent by hub, until the hub is known. */
  readonly routingIntents: Map<string, NonNullable<VirtualHub['routingIntent']>>;
  readonly problems: Problem[];
}

/** Puts what one document says into the draft. */
export type Reader = (node: Node, draft: Draft, artifact: Artifact) => void;

export function emptyDraft(): Draft {
  return {
    gateways: new Map(),
    vnets: new Map(),
    peerings: new Map(),
    peeringsReadOf: new Set(),
    publicIps: new Map(),
    connections: new Map(),
    localNetworkGateways: new Map(),
    learnedRoutes: new Map(),
    advertisedRoutes: new Map(),
    gatewayEffectiveRoutes: new Map(),
    bgpPeers: new Map(),
    sessions: new Map(),
    networkInterfaces: new Map(),
    effectiveRoutes: new Map(),
    effectiveSecurityGroups: new Map(),
    securityGroups: new Map(),
    routeTables: new Map(),
    privateEndpoints: new Map(),
    hubs: new Map(),
    hubConnections: new Map(),
    hubRouteTables: new Map(),
    hubEffectiveRoutes: new Map(),
    p2sGateways: new Map(),
    serverConfigurations: new Map(),
    issued: [],
    vnetsListedIn: new Set(),
    listed: new Set(),
    unread: [],
    looseSubnets: new Map(),
    routingIntents: new Map(),
    problems: [],
  };
}

/** Tells of a document of which nobody can say what it lacks: it was answered, and counts as not read. */
export function leaveOpen(draft: Draft, node: Node, operation: string, resource: ResourceId, message: string): void {
  const why = { kind: 'unanswered', status: null, code: 'not-understood', message } as const;
  draft.unread.push({ operation, resource, why, origin: originOf(node) });
}

/** The entries of a list that proves by what it lacks. Undefined: one of them was not understood, and is told. */
export function wholeList<T>(nodes: readonly Node[], read: (node: Node) => T | undefined): readonly T[] | undefined {
  const rows = nodes.flatMap((node) => {
    const told = node.problems.length;
    const row = read(node);
    return row === undefined || node.problems.length > told ? [] : [row];
  });
  return rows.length === nodes.length ? rows : undefined;
}

/** The id a document gives itself, or, where a hand-written one has none, the one it was asked by. */
export function ownId(node: Node, artifact: Artifact): ResourceId | undefined {
  return labelOf(node, 'id') ?? (node.pointer === '' ? artifact.resource : undefined);
}

/**
 * Keeps a resource. Met twice, the fuller document wins (the later of equals) and the other fills its gaps: a VNet
 * inside a list may carry less than the VNet on its own.
 */
export function keep<T extends { readonly id: ResourceId }>(table: Map<string, T>, resource: T): void {
  const key = keyOf(resource.id);
  const before = table.get(key);
  table.set(key, before === undefined ? resource : merged(before, resource));
}

function merged<T extends object>(before: T, later: T): T {
  const [fuller, other] = told(later) >= told(before) ? [later, before] : [before, later];
  const gaps = Object.entries(other).filter(([name]) => isGap((fuller as Record<string, unknown>)[name]));
  return { ...fuller, ...Object.fromEntries(gaps.filter(([, value]) => !isGap(value))) };
}

const told = (resource: object): number => Object.values(resource).filter((value) => !isGap(value)).length;

const isGap = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);
