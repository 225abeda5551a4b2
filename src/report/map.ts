import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { formatAddress } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import { byUrgency } from './fold.ts';
import { type Break, breaksOf } from './map-breaks.ts';
import { verdictMarks, verdictWords } from './words.ts';

type PlaceKind = 'client' | 'gateway' | 'hub' | 'spoke' | 'site' | 'other';
type PlaceState = Ladder['verdict'];

/** A box on the map. */
export interface Place {
  readonly id: string;
  readonly kind: PlaceKind;
  readonly kindWord: string;
  readonly title: string;
  /** What lies there, and how it fares, line by line. */
  readonly lines: readonly string[];
  readonly state: PlaceState;
}

/** A link between two boxes, with the faults at either end. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly state: PlaceState;
  readonly breaks: readonly Break[];
}

export interface NetworkMap {
  readonly places: readonly Place[];
  readonly links: readonly Link[];
}

const siblingsAtMost = 9;
const prefixesAtMost = 4;

/** Who is linked to whom as far as the ladders tell: client, gateway, hub, and what lies behind each. */
export function mapOf(diagnosis: Diagnosis): NetworkMap {
  const groups = foldedGroups(groupsOf(diagnosis.ladders));
  const home = groups.find(({ kind }) => kind === 'hub');
  const client = clientPlace(diagnosis);
  const gateway = gatewayPlace(diagnosis);
  const hub = home?.id ?? gateway.id;
  return {
    places: [client, gateway, ...groups.map(placeOfGroup)],
    links: [
      tunnelLink(diagnosis),
      ...groups.map((group) => linkTo(group, group === home || !isBehindHub(group) ? gateway.id : hub)),
    ],
  };
}

interface Group {
  readonly id: string;
  readonly kind: PlaceKind;
  readonly kindWord: string;
  readonly title: string;
  readonly ladders: readonly Ladder[];
  /** How many places stand behind this one box. */
  readonly places: number;
}

const kinds: Readonly<Record<string, readonly [PlaceKind, string]>> = {
  'home-vnet': ['hub', "the gateway's VNet"],
  hub: ['hub', 'virtual hub'],
  'gateway-transit': ['spoke', 'peered VNet'],
  'unsynced-range': ['spoke', 'peered VNet'],
  'hub-connection': ['spoke', 'VNet on the hub'],
  'second-hop': ['spoke', 'VNet behind a second peering'],
  'unpeered-vnet': ['spoke', 'VNet without a peering'],
  'vnet-to-vnet': ['site', 'VNet behind a VNet-to-VNet connection'],
  branch: ['site', 'on-premises'],
  bgp: ['site', 'learned by BGP'],
  expressroute: ['site', 'behind ExpressRoute'],
  'custom-route': ['other', 'custom route of the gateway'],
  'hub-route': ['other', 'route of the hub'],
  stray: ['other', 'unknown to Azure'],
};

function groupsOf(ladders: readonly Ladder[]): readonly Group[] {
  const placed = ladders.filter(({ reason }) => reason !== 'pool');
  return [...Map.groupBy(byUrgency(placed), keyOf).values()].map((group, index) => {
    const [first] = group;
    const [kind, kindWord] = kinds[first?.reason ?? ''] ?? (['other', 'asked for'] as const);
    const title = first?.origin.kind === 'stray' ? 'stray routes' : (first?.owner ?? '');
    return { id: `p${index}`, kind, kindWord, title, ladders: group, places: 1 };
  });
}

function keyOf({ origin, owner, reason }: Ladder): string {
  if (origin.kind === 'stray') return 'stray';
  const id = origin.route.vnet?.id.toLowerCase();
  return id === undefined ? `${kinds[reason]?.[0]} ${owner}` : `vnet ${id}`;
}

/** Many alike in good health become one box: a map of forty spokes shows nobody the one that is broken. */
function foldedGroups(groups: readonly Group[]): readonly Group[] {
  if (groups.length <= siblingsAtMost) return groups;
  const dull = groups.filter(({ kind, ladders }) => kind !== 'hub' && stateOfLadders(ladders) !== 'broken');
  const keep = Math.max(2, siblingsAtMost - (groups.length - dull.length));
  const kept = new Set([...groups.filter((group) => !dull.includes(group)), ...dull.slice(0, keep)]);
  const rest = Map.groupBy(
    groups.filter((group) => !kept.has(group)),
    ({ kind, kindWord, ladders }) => `${kind} ${kindWord} ${stateOfLadders(ladders)}`,
  );
  const folded = [...rest.values()].flatMap(mergedGroup);
  const broken = groups.filter((group) => kept.has(group));
  return [...foldBroken(broken), ...folded];
}

// Three hundred broken spokes with one cause are one box too.
function foldBroken(groups: readonly Group[]): readonly Group[] {
  const atMost = 2 * siblingsAtMost;
  return groups.length <= atMost ? groups : [...groups.slice(0, atMost), ...mergedGroup(groups.slice(atMost))];
}

function mergedGroup(groups: readonly Group[]): readonly Group[] {
  const [first] = groups;
  if (first === undefined || groups.length === 1) return groups;
  return [
    {
      ...first,
      title: `${groups.length} more`,
      ladders: groups.flatMap(({ ladders }) => ladders),
      places: groups.length,
    },
  ];
}

function isBehindHub({ kind }: Group): boolean {
  return kind === 'spoke';
}

function placeOfGroup({ id, kind, kindWord, title, ladders, places }: Group): Place {
  const urgent = byUrgency(ladders);
  const shown = places > 1 ? [] : urgent.slice(0, prefixesAtMost);
  const state = stateOfLadders(ladders);
  const rest = ladders.length - shown.length;
  return {
    id,
    kind,
    kindWord,
    title,
    lines: [
      ...shown.map(
        ({ prefix, verdict }) => `${verdictMarks[verdict]} ${formatPrefix(prefix)} ${verdictWords[verdict]}`,
      ),
      ...(rest > 0
        ? [places > 1 ? `${verdictMarks[state]} ${rest} prefixes, ${verdictWords[state]}` : `and ${rest} more`]
        : []),
    ],
    state,
  };
}

function linkTo(group: Group, from: string): Link {
  const state = stateOfLadders(group.ladders);
  const breaks = breaksOf(group.ladders, 'behind');
  // What was lost before it came here does not break this link.
  return { from, to: group.id, state: state === 'broken' && breaks.length === 0 ? 'ok' : state, breaks };
}

const severity: Readonly<Record<PlaceState, number>> = { broken: 3, undetermined: 2, ok: 1, 'not-expected': 0 };

function stateOfLadders(ladders: readonly Ladder[]): PlaceState {
  return ladders.reduce<PlaceState>(
    (worst, { verdict }) => (severity[verdict] > severity[worst] ? verdict : worst),
    'not-expected',
  );
}

function clientPlace({ tunnel, platform }: Diagnosis): Place {
  return {
    id: 'client',
    kind: 'client',
    kindWord: platform === 'windows' ? 'Windows client' : 'Linux client',
    title: 'this computer',
    lines: tunnel === null ? ['no tunnel found'] : [formatAddress(tunnel.address), tunnel.interface],
    state: tunnel === null ? 'undetermined' : 'ok',
  };
}

function gatewayPlace({ gateway }: Diagnosis): Place {
  return {
    id: 'gateway',
    kind: 'gateway',
    kindWord: 'VPN gateway',
    title: gateway?.name ?? 'not told',
    lines: [],
    state: gateway === null ? 'undetermined' : 'ok',
  };
}

function tunnelLink({ tunnel, findings, ladders }: Diagnosis): Link {
  const breaks = breaksOf(ladders, 'tunnel');
  const base = { from: 'client', to: 'gateway' };
  if (tunnel !== null) return { ...base, state: 'ok', breaks };
  const down = findings.find(({ code }) => code === 'vpn-not-connected');
  return down === undefined
    ? { ...base, state: 'undetermined', breaks }
    : { ...base, state: 'broken', breaks: [{ end: 'from', says: down.title }, ...breaks] };
}
