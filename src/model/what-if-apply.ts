import { keyOf, type ResourceId } from '../facts/resource-id.ts';
import type { GatewayRoute, Topology } from '../facts/topology.ts';
import { type Change, type Effect, isRefusal, type Refusal, refused } from './what-if-change.ts';
import { setAccess, setPriority } from './what-if-filter.ts';
import {
  addPeering,
  type Changed,
  removePeering,
  removePeerings,
  setPeeringFlag,
  syncPeering,
} from './what-if-peering.ts';
import { refusalOf } from './what-if-refuse.ts';
import {
  setAddressSpace,
  setConnectionBgp,
  setCustomRoutes,
  setPool,
  setPropagation,
  setProtocols,
  setRouteTable,
} from './what-if-resources.ts';
import { findTarget, type Targets } from './what-if-target.ts';

interface Property {
  readonly effect: Effect['kind'];
  /** Lists can be added to and taken from; anything else is only set. */
  readonly isList: boolean;
  readonly apply: (
    topology: Topology,
    change: Change,
  ) => { readonly id: ResourceId; readonly changed: Changed } | Refusal;
}

/** A property of one kind of resource. */
function property<K extends keyof Targets>(
  kind: K,
  effect: Effect['kind'],
  set: (topology: Topology, target: Targets[K], change: Change) => Changed | Refusal,
): Property {
  return {
    effect,
    isList: false,
    apply: (topology, change) => {
      const target = findTarget(change, topology, kind);
      if (isRefusal(target)) return target;
      const changed = set(topology, target, change);
      return isRefusal(changed) ? changed : { id: target.id, changed };
    },
  };
}

const list: typeof property = (...given) => ({ ...property(...given), isList: true });

const peeringFlag = (flag: Parameters<typeof setPeeringFlag>[3]): Property =>
  property('peering', 'offer', (topology, half, change) => setPeeringFlag(topology, half, change, flag));

/** What can be changed, by the name that Azure's documents give it (`peer`, `unpeer`, `remove`, `sync` are our verbs). */
const properties: Readonly<Record<string, Property>> = {
  useRemoteGateways: peeringFlag('useRemoteGateways'),
  allowGatewayTransit: peeringFlag('allowGatewayTransit'),
  allowVirtualNetworkAccess: peeringFlag('allowVirtualNetworkAccess'),
  allowForwardedTraffic: peeringFlag('allowForwardedTraffic'),
  sync: property('peering', 'offer', syncPeering),
  remove: property('peering', 'offer', removePeering),
  peer: property('vnet', 'offer', addPeering),
  unpeer: property('vnet', 'offer', removePeerings),
  addressPrefixes: list('vnet', 'offer', setAddressSpace),
  customRoutes: list('gateway', 'custom-routes', setCustomRoutes),
  vpnClientAddressPool: list('gateway', 'pool', setPool),
  vpnClientProtocols: list('gateway', 'protocols', setProtocols),
  enableBgp: property('connection', 'branches', setConnectionBgp),
  disableBgpRoutePropagation: property('route-table', 'way-back', setPropagation),
  routeTable: property('subnet', 'way-back', setRouteTable),
  access: property('security-rule', 'filter', setAccess),
  priority: property('security-rule', 'filter', setPriority),
};

/** Azure as it would be after all changes, or why it cannot be. Rules that join several properties look at the end state. */
export function applyChanges(
  before: Topology,
  changes: readonly Change[],
): { readonly topology: Topology; readonly effects: readonly Effect[] } | Refusal {
  let topology = before;
  const effects: Effect[] = [];
  for (const change of changes) {
    const done = applyOne(topology, change);
    if (isRefusal(done)) return done;
    topology = done.topology;
    effects.push(done.effect);
  }
  return refusalOf(before, topology, effects) ?? { topology: withoutAnswersOfBefore(topology, effects), effects };
}

function applyOne(
  topology: Topology,
  change: Change,
): { readonly topology: Topology; readonly effect: Effect } | Refusal {
  const { text, property: asked, how } = change;
  const found = Object.entries(properties).find(([name]) => name.toLowerCase() === asked.toLowerCase());
  if (found === undefined)
    return refused(
      'onlink',
      `${text}: ${asked} is no property that can be tried; these can: ${Object.keys(properties).join(', ')}`,
    );
  const [name, { effect, isList, apply }] = found;
  if (how !== 'set' && !isList) return refused('onlink', `${text}: ${name} is no list; it is set with =`);
  const applied = apply(topology, change);
  if (isRefusal(applied)) return applied;
  const { from, to, rerouted, topology: changed } = applied.changed;
  return {
    topology: from === to ? topology : withoutEffectiveRoutes(changed, rerouted),
    effect: { resource: applied.id, property: name, from, to, kind: effect },
  };
}

/** What machines answered before the change says nothing of after it: the configuration has to speak. */
function withoutEffectiveRoutes(topology: Topology, places: Changed['rerouted']): Topology {
  if (places === 'everywhere') return { ...topology, effectiveRoutes: new Map() };
  const isMoved = (subnet: ResourceId | undefined) =>
    subnet !== undefined && places.some((place) => `${keyOf(subnet)}/`.startsWith(`${keyOf(place)}/`));
  const moved = [...topology.networkInterfaces.values()].filter(({ addresses }) =>
    addresses.some(({ subnet }) => isMoved(subnet)),
  );
  const gone = new Set(moved.map(({ id }) => keyOf(id)));
  return { ...topology, effectiveRoutes: new Map([...topology.effectiveRoutes].filter(([key]) => !gone.has(key))) };
}

/** So do a profile issued before, and the gateway's own routes. What it learned from others stays. */
function withoutAnswersOfBefore(topology: Topology, effects: readonly Effect[]): Topology {
  const touchesOffer = effects.some(({ kind, from, to }) => from !== to && kind !== 'way-back' && kind !== 'filter');
  if (!touchesOffer) return topology;
  const learnedRoutes = new Map(
    [...topology.learnedRoutes].map(([key, routes]) => [key, routes.filter((route) => !isOwn(route))] as const),
  );
  return { ...topology, issued: [], gatewayEffectiveRoutes: new Map(), learnedRoutes };
}

const isOwn = ({ learnedBy, nextHop }: GatewayRoute): boolean =>
  learnedBy.toLowerCase() === 'network' && nextHop === '';
