import type { Artifact } from '../facts/capture.ts';
import { ancestorOf, keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { VNet } from '../facts/topology.ts';
import { formatAddress } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import { complain, field, idOf, type Node } from './document.ts';
import { type Draft, leaveOpen } from './draft.ts';
import type { DocumentKind } from './recognise.ts';
import { bgpPeerOf, gatewayEffectiveRouteOf, gatewayRouteOf, sessionOf } from './translate-connection.ts';
import { effectiveRouteOf, effectiveSecurityGroupOf, localPrefixesOf } from './translate-interface.ts';
import { hubEffectiveRouteOf } from './translate-wan.ts';

/** The rows of one action's answer, and what they belong to. */
export interface Answer {
  readonly kind: DocumentKind;
  readonly rows: readonly Node[];
  /** Whether these are all the rows there are. */
  readonly isWhole: boolean;
  readonly artifact: Artifact;
  /** The document, to complain about as a whole. */
  readonly node: Node;
}

type Place = (answer: Answer, draft: Draft) => void;

/** What the rows of each action's answer become, by the resource that was asked. */
const places: Partial<Record<DocumentKind, Place>> = {
  'gateway-route': into('learnedRoutes', 'virtualNetworkGateways', gatewayRouteOf),
  'advertised-route': into('advertisedRoutes', 'virtualNetworkGateways', gatewayRouteOf),
  'gateway-effective-route': into('gatewayEffectiveRoutes', 'virtualNetworkGateways', gatewayEffectiveRouteOf),
  'bgp-peer': into('bgpPeers', 'virtualNetworkGateways', bgpPeerOf),
  session: into('sessions', 'virtualNetworkGateways', sessionOf),
  'effective-route': into('effectiveRoutes', 'networkInterfaces', effectiveRouteOf),
  'effective-security-group': into('effectiveSecurityGroups', 'networkInterfaces', effectiveSecurityGroupOf),
  'hub-effective-route': into('hubEffectiveRoutes', 'virtualHubs', hubEffectiveRouteOf),
};

/** Whether a kind is a row of an action's answer, which tells no id of its own. */
export const isAnswer = (kind: DocumentKind): boolean => places[kind] !== undefined;

/** Files an action's answer under the resource it is about. */
export function placeAnswer(answer: Answer, draft: Draft): void {
  places[answer.kind]?.(answer, draft);
}

type AnswerTable = {
  readonly [K in keyof Draft]: Draft[K] extends Map<string, readonly (infer _)[]> ? K : never;
}[keyof Draft];

function into<K extends AnswerTable>(
  table: K,
  type: string,
  read: (row: Node) => Draft[K] extends Map<string, infer Rows> ? Rows : never,
): Place {
  return (answer, draft) => {
    const told = draft.problems.length;
    const rows = answer.rows.flatMap((row) => read(row) as readonly unknown[]);
    const isWhole = answer.isWhole && draft.problems.length === told;
    const owner = ownerOf(answer, type, rows, draft);
    if (owner === undefined)
      return complain(answer.node, `which resource this is about is not told: name it as "resource"`);
    // What a machine's effective routes and rules lack decides: of a list with a gap nobody can say it.
    if (!isWhole && (table === 'effectiveRoutes' || table === 'effectiveSecurityGroups'))
      return leaveOpen(draft, answer.node, answer.artifact.operation ?? table, owner, 'not every row of it was read');
    const map = draft[table] as Map<string, readonly unknown[]>;
    // These two are asked per peer; of the others a later answer is simply newer.
    const isInParts = table === 'advertisedRoutes' || table === 'bgpPeers';
    map.set(keyOf(owner), [...(isInParts ? (map.get(keyOf(owner)) ?? []) : []), ...rows]);
  };
}

function ownerOf(answer: Answer, type: string, facts: readonly unknown[], draft: Draft): ResourceId | undefined {
  const { artifact, rows } = answer;
  const asked = artifact.resource ?? artifact.argv?.find((word) => /^\/subscriptions\//i.test(word));
  if (asked !== undefined) return ownerNamed(asked, type);
  const name = nameIn(artifact.argv ?? []);
  if (name !== undefined) return onlyOne(calledSo(name, tableOf(type, draft)));
  if (type === 'virtualNetworkGateways') return onlyOne(draft.gateways) ?? gatewayByAddress(facts, draft);
  if (type === 'virtualHubs') return onlyOne(draft.hubs);
  return interfaceNamedIn(rows) ?? onlyOne(draft.networkInterfaces) ?? interfaceByPrefixes(facts, draft);
}

type Named = ReadonlyMap<string, { readonly id: ResourceId }>;

function tableOf(type: string, { gateways, hubs, networkInterfaces }: Draft): Named {
  if (type === 'virtualNetworkGateways') return gateways;
  return type === 'virtualHubs' ? hubs : networkInterfaces;
}

// az network nic show-effective-route-table -g rg -n vm1-nic · Get-AzEffectiveRouteTable -NetworkInterfaceName "vm1-nic"
function nameIn(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => /^(?:-n|--name|-\w*name)$/i.test(word) && !/^-resourcegroup/i.test(word));
  const said = at < 0 ? argv.find((word) => word.startsWith('--name='))?.slice('--name='.length) : argv[at + 1];
  // A variable of the shell says nothing: $nic, "$(…)".
  return /^(["']?)([\w.-]+)\1$/.exec(said ?? '')?.[2];
}

function calledSo(name: string, table: Named): Named {
  return new Map([...table].filter(([, { id }]) => nameOf(id).toLowerCase() === name.toLowerCase()));
}

// A hub's routes are those of one of its route tables, where the capture says of which.
function ownerNamed(resource: ResourceId, type: string): ResourceId {
  return ancestorOf(resource, 'hubRouteTables') ?? ancestorOf(resource, type) ?? resource;
}

function onlyOne(table: Named): ResourceId | undefined {
  return table.size === 1 ? [...table.values()][0]?.id : undefined;
}

/** Rows of a gateway name the instance they come from by its BGP address. */
function gatewayByAddress(facts: readonly unknown[], draft: Draft): ResourceId | undefined {
  const local = new Set(facts.map((fact) => (fact as { readonly localAddress?: string }).localAddress));
  const owners = [...draft.gateways.values()].filter(({ bgpPeeringAddresses }) =>
    bgpPeeringAddresses.some((address) => local.has(formatAddress(address))),
  );
  return owners.length === 1 ? owners[0]?.id : undefined;
}

/** Effective security groups may say on which network interface they were found. */
function interfaceNamedIn(rows: readonly Node[]): ResourceId | undefined {
  for (const row of rows) {
    const association = field(row, 'association');
    const id = association === undefined ? undefined : idOf(association, 'networkInterface');
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Effective routes name no network interface; the VNet's own prefixes are among them, and one interface may be read of it. */
function interfaceByPrefixes(facts: readonly unknown[], draft: Draft): ResourceId | undefined {
  const routes = facts as Parameters<typeof localPrefixesOf>[0];
  if (routes.some((route) => !('nextHopType' in route))) return undefined;
  const local = new Set(localPrefixesOf(routes).map(formatPrefix));
  const homes = new Set([...draft.vnets].filter(([, vnet]) => isCalledBy(vnet, local)).map(([key]) => key));
  const candidates = [...draft.networkInterfaces.values()].filter(({ addresses }) =>
    addresses.some(({ subnet }) => homes.has(keyOf(ancestorOf(subnet ?? '', 'virtualNetworks') ?? ''))),
  );
  return candidates.length === 1 ? candidates[0]?.id : undefined;
}

const isCalledBy = ({ addressSpace }: VNet, local: ReadonlySet<string>): boolean =>
  addressSpace.length > 0 && addressSpace.every(({ prefix }) => local.has(formatPrefix(prefix)));
