import type { PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Gateway, NetworkSecurityGroup, PointToSite, SecurityRule, Subnet, Topology } from '../facts/topology.ts';
import { type Change, isRefusal, type Refusal, refused } from './what-if-change.ts';
import type { Changed } from './what-if-peering.ts';
import { findTarget, ownRuleName, type Target, targetsOf } from './what-if-target.ts';
import { flagOf, listed, namesOf, prefixesOf } from './what-if-values.ts';

/** The gateway's custom routes, or the client address pool. */
export function setGatewayPrefixes(
  topology: Topology,
  { id }: Target,
  change: Change,
  which: 'customRoutes' | 'pool',
): Changed | Refusal {
  const gateway = topology.gateways.get(keyOf(id));
  const before = which === 'pool' ? gateway?.pointToSite?.pool : gateway?.customRoutes;
  if (gateway === undefined || before === undefined) return withoutPointToSite(change, id);
  const after = prefixesOf(change, before);
  if (isRefusal(after)) return after;
  if (which === 'pool' && after.length === 0) return refused('azure', `${change.text}: a pool cannot be empty`);
  const changed: Gateway =
    which === 'pool' ? withPointToSite(gateway, { pool: after }) : { ...gateway, customRoutes: after };
  return {
    topology: { ...topology, gateways: new Map(topology.gateways).set(keyOf(id), changed) },
    from: listed(before),
    to: listed(after),
    rerouted: which === 'pool' ? [...topology.vnets.values()].map((vnet) => vnet.id) : [],
  };
}

/** The tunnel protocols. */
export function setProtocols(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const gateway = topology.gateways.get(keyOf(id));
  if (gateway === undefined || gateway.pointToSite === null) return withoutPointToSite(change, id);
  const before = gateway.pointToSite.protocols ?? [];
  const after = namesOf(change, before, ['IkeV2', 'SSTP', 'OpenVPN']);
  if (isRefusal(after)) return after;
  const { authenticationTypes } = gateway.pointToSite;
  const onlyEntra = authenticationTypes.length > 0 && authenticationTypes.every((type) => type.toLowerCase() === 'aad');
  if (after.length === 0) return refused('azure', `${change.text}: at least one protocol must stay`);
  if (gateway.sku?.toLowerCase() === 'basic' && after.some((name) => name !== 'SSTP'))
    return refused('azure', `${change.text}: a Basic gateway speaks SSTP only`);
  if (onlyEntra && !after.includes('OpenVPN'))
    return refused('azure', `${change.text}: sign-in with Microsoft Entra works with OpenVPN only`);
  return {
    topology: {
      ...topology,
      gateways: new Map(topology.gateways).set(keyOf(id), withPointToSite(gateway, { protocols: after })),
    },
    from: before.join(', ') || 'not told',
    to: after.join(', '),
    rerouted: [],
  };
}

function withPointToSite(gateway: Gateway, change: Partial<PointToSite>): Gateway {
  return gateway.pointToSite === null ? gateway : { ...gateway, pointToSite: { ...gateway.pointToSite, ...change } };
}

function withoutPointToSite({ text }: Change, id: ResourceId): Refusal {
  return refused('onlink', `${text}: ${nameOf(id)} has no Point-to-Site configuration`);
}

/** BGP of a connection. */
export function setConnectionBgp(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  const before = topology.connections.find((one) => sameResource(one.id, id));
  const gateway = before?.gateway1 === undefined ? undefined : topology.gateways.get(keyOf(before.gateway1));
  if (value && gateway?.enableBgp === false)
    return refused('azure', `${change.text}: BGP is off on gateway ${gateway.name}; it must be on there first`);
  return {
    topology: {
      ...topology,
      connections: topology.connections.map((one) => (one === before ? { ...one, enableBgp: value } : one)),
    },
    from: String(before?.enableBgp ?? 'not told'),
    to: String(value),
    rerouted: [],
  };
}

/** A VNet's address space. The snapshots its peers hold stay as they are until somebody syncs them. */
export function setAddressSpace(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const vnet = topology.vnets.get(keyOf(id));
  if (vnet === undefined) return refused('onlink', `${change.text}: ${nameOf(id)} was not read`);
  const after: readonly PrefixAt[] | Refusal = prefixesOf(change, vnet.addressSpace);
  if (isRefusal(after)) return after;
  if (after.length === 0) return refused('azure', `${change.text}: an address space cannot be empty`);
  return {
    topology: {
      ...topology,
      vnets: new Map(topology.vnets).set(keyOf(id), { ...vnet, addressSpace: after }),
      peerings: topology.peerings.map((half) =>
        sameResource(half.to, id)
          ? {
              ...half,
              // The snapshot was not told: what the VNet had until now stands in for it.
              remoteAddressSpace: half.remoteAddressSpace ?? vnet.addressSpace,
              remoteVirtualNetworkAddressSpace: after,
              syncLevel: 'LocalNotInSync',
            }
          : half,
      ),
    },
    from: listed(vnet.addressSpace),
    to: listed(after),
    rerouted: [vnet.id],
  };
}

/** Whether a route table takes the gateway's routes. */
export function setPropagation(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  const table = topology.routeTables.get(keyOf(id));
  if (table === undefined) return refused('onlink', `${change.text}: ${nameOf(id)} was not read`);
  const subnets = subnetsOf(topology).filter(({ routeTable }) => sameResource(routeTable, id));
  if (value && subnets.some(({ name }) => name.toLowerCase() === 'gatewaysubnet'))
    return refused(
      'azure',
      `${change.text}: the GatewaySubnet uses this table, and its gateway stops working without propagated routes`,
    );
  return {
    topology: {
      ...topology,
      routeTables: new Map(topology.routeTables).set(keyOf(id), { ...table, disableBgpRoutePropagation: value }),
    },
    from: String(table.disableBgpRoutePropagation ?? 'not told'),
    to: String(value),
    rerouted: subnets.map((subnet) => subnet.id),
  };
}

/** The route table of a subnet, by name or id; `none` takes it away. */
export function setRouteTable(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const wanted = change.value.trim();
  const table =
    wanted.toLowerCase() === 'none' || wanted === ''
      ? undefined
      : findTarget({ ...change, resource: wanted }, targetsOf(topology), ['route-table']);
  if (table !== undefined && isRefusal(table)) return table;
  const before = subnetsOf(topology).find((one) => sameResource(one.id, id))?.routeTable;
  return {
    topology: {
      ...topology,
      vnets: new Map(
        [...topology.vnets].map(([key, vnet]) => [
          key,
          {
            ...vnet,
            subnets: vnet.subnets.map((one) => (sameResource(one.id, id) ? { ...one, routeTable: table?.id } : one)),
          },
        ]),
      ),
    },
    from: before === undefined ? 'none' : nameOf(before),
    to: table === undefined ? 'none' : nameOf(table.id),
    rerouted: [id],
  };
}

function subnetsOf(topology: Topology): readonly Subnet[] {
  return [...topology.vnets.values()].flatMap(({ subnets }) => subnets);
}

/** Access or priority of one rule, wherever the group was read. */
export function setSecurityRule(
  topology: Topology,
  { id }: Target,
  change: Change,
  property: 'access' | 'priority',
): Changed | Refusal {
  const value = ruleValue(change, property);
  if (isRefusal(value)) return value;
  const groupId = id.slice(0, id.lastIndexOf('/securityRules/'));
  const name = nameOf(id);
  let before: SecurityRule | undefined;
  const inGroup = (group: NetworkSecurityGroup): NetworkSecurityGroup => {
    if (!sameResource(group.id, groupId)) return group;
    return {
      ...group,
      rules: group.rules.map((rule) => {
        if (ownRuleName(rule.name) !== name) return rule;
        before ??= rule;
        return { ...rule, ...value };
      }),
    };
  };
  const changed = {
    ...topology,
    securityGroups: new Map([...topology.securityGroups].map(([key, group]) => [key, inGroup(group)])),
    effectiveSecurityGroups: new Map(
      [...topology.effectiveSecurityGroups].map(([key, groups]) => [key, groups.map(inGroup)]),
    ),
  };
  return {
    topology: changed,
    from: String(before?.[property] ?? 'not told'),
    to: String(value[property]),
    rerouted: [],
  };
}

function ruleValue({ text, value }: Change, property: 'access' | 'priority'): Partial<SecurityRule> | Refusal {
  if (property === 'access') {
    const access = (['Allow', 'Deny'] as const).find((one) => one.toLowerCase() === value.trim().toLowerCase());
    return access === undefined ? refused('azure', `${text}: access is Allow or Deny`) : { access };
  }
  const priority = Number(value);
  return Number.isInteger(priority) && priority >= 100 && priority <= 4096
    ? { priority }
    : refused('azure', `${text}: a priority is a number from 100 to 4096`);
}
