import { ancestorOf, keyOf } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { type Change, type Effect, isRefusal, type Refusal, refused } from './what-if-change.ts';
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
  setGatewayPrefixes,
  setPropagation,
  setProtocols,
  setRouteTable,
  setSecurityRule,
} from './what-if-resources.ts';
import { findTarget, type Target, type TargetKind, targetsOf } from './what-if-target.ts';

interface Property {
  readonly kind: TargetKind;
  readonly effect: Effect['kind'];
  readonly apply: (topology: Topology, target: Target, change: Change) => Changed | Refusal;
}

const peeringFlag = (flag: Parameters<typeof setPeeringFlag>[3]): Property => ({
  kind: 'peering',
  effect: 'offer',
  apply: (topology, target, change) => setPeeringFlag(topology, target, change, flag),
});

/** What can be changed, by the name that Azure's documents give it (`peer`, `unpeer`, `remove`, `sync` are our verbs). */
const properties: Readonly<Record<string, Property>> = {
  useRemoteGateways: peeringFlag('useRemoteGateways'),
  allowGatewayTransit: peeringFlag('allowGatewayTransit'),
  allowVirtualNetworkAccess: peeringFlag('allowVirtualNetworkAccess'),
  allowForwardedTraffic: peeringFlag('allowForwardedTraffic'),
  sync: { kind: 'peering', effect: 'offer', apply: syncPeering },
  remove: { kind: 'peering', effect: 'offer', apply: removePeering },
  peer: { kind: 'vnet', effect: 'offer', apply: addPeering },
  unpeer: { kind: 'vnet', effect: 'offer', apply: removePeerings },
  addressPrefixes: { kind: 'vnet', effect: 'offer', apply: setAddressSpace },
  customRoutes: {
    kind: 'gateway',
    effect: 'custom-routes',
    apply: (topology, target, change) => setGatewayPrefixes(topology, target, change, 'customRoutes'),
  },
  vpnClientAddressPool: {
    kind: 'gateway',
    effect: 'pool',
    apply: (topology, target, change) => setGatewayPrefixes(topology, target, change, 'pool'),
  },
  vpnClientProtocols: { kind: 'gateway', effect: 'protocols', apply: setProtocols },
  enableBgp: { kind: 'connection', effect: 'branches', apply: setConnectionBgp },
  disableBgpRoutePropagation: { kind: 'route-table', effect: 'way-back', apply: setPropagation },
  routeTable: { kind: 'subnet', effect: 'way-back', apply: setRouteTable },
  access: {
    kind: 'security-rule',
    effect: 'filter',
    apply: (topology, target, change) => setSecurityRule(topology, target, change, 'access'),
  },
  priority: {
    kind: 'security-rule',
    effect: 'filter',
    apply: (topology, target, change) => setSecurityRule(topology, target, change, 'priority'),
  },
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
  const name = Object.keys(properties).find((one) => one.toLowerCase() === change.property.toLowerCase());
  const property = name === undefined ? undefined : properties[name];
  if (name === undefined || property === undefined)
    return refused(
      'onlink',
      `${change.text}: ${change.property} is no property that can be tried; these can: ${Object.keys(properties).join(', ')}`,
    );
  const target = findTarget(change, targetsOf(topology), [property.kind]);
  if (isRefusal(target)) return target;
  const changed = property.apply(topology, target, change);
  if (isRefusal(changed)) return changed;
  const { from, to, rerouted } = changed;
  return {
    topology: from === to ? topology : withoutEffectiveRoutes(changed.topology, rerouted),
    effect: { resource: target.id, property: name, from, to, kind: property.effect },
  };
}

/** What machines answered before the change says nothing of after it: the configuration has to speak. */
function withoutEffectiveRoutes(topology: Topology, places: readonly string[]): Topology {
  const keys = new Set(places.map(keyOf));
  const moved = [...topology.networkInterfaces.values()].filter(({ addresses }) =>
    addresses.some(
      ({ subnet }) =>
        subnet !== undefined &&
        (keys.has(keyOf(subnet)) || keys.has(keyOf(ancestorOf(subnet, 'virtualNetworks') ?? ''))),
    ),
  );
  const gone = new Set(moved.map(({ id }) => keyOf(id)));
  return { ...topology, effectiveRoutes: new Map([...topology.effectiveRoutes].filter(([key]) => !gone.has(key))) };
}

/** So do a profile issued before, and the gateway's own routes. */
function withoutAnswersOfBefore(topology: Topology, effects: readonly Effect[]): Topology {
  const touchesOffer = effects.some(({ kind, from, to }) => from !== to && kind !== 'way-back' && kind !== 'filter');
  return touchesOffer ? { ...topology, issued: [], gatewayEffectiveRoutes: new Map() } : topology;
}
