import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Connection, Gateway, RouteTableResource, Subnet, Topology, VNet } from '../facts/topology.ts';
import { type Change, isRefusal, type Refusal, refused } from './what-if-change.ts';
import type { Changed } from './what-if-peering.ts';
import { findTarget, subnetsOf } from './what-if-target.ts';
import { flagOf, listed, namesOf, prefixesOf } from './what-if-values.ts';

/** The routes a gateway gives to its clients beside those of the VNets. */
export function setCustomRoutes(topology: Topology, gateway: Gateway, change: Change): Changed | Refusal {
  const after = prefixesOf(change, gateway.customRoutes);
  if (isRefusal(after)) return after;
  return {
    topology: withGateway(topology, { ...gateway, customRoutes: after }),
    from: listed(gateway.customRoutes),
    to: listed(after),
    rerouted: [],
  };
}

/** The client address pool. */
export function setPool(topology: Topology, gateway: Gateway, change: Change): Changed | Refusal {
  const { pointToSite } = gateway;
  if (pointToSite === null) return withoutPointToSite(change, gateway);
  const after = prefixesOf(change, pointToSite.pool);
  if (isRefusal(after)) return after;
  if (after.length === 0) return refused('azure', `${change.text}: a pool cannot be empty`);
  return {
    topology: withGateway(topology, { ...gateway, pointToSite: { ...pointToSite, pool: after } }),
    from: listed(pointToSite.pool),
    to: listed(after),
    rerouted: 'everywhere',
  };
}

/** The tunnel protocols. */
export function setProtocols(topology: Topology, gateway: Gateway, change: Change): Changed | Refusal {
  const { pointToSite } = gateway;
  if (pointToSite === null) return withoutPointToSite(change, gateway);
  const { protocols: before = [], authenticationTypes } = pointToSite;
  const after = namesOf(change, before, ['IkeV2', 'SSTP', 'OpenVPN']);
  if (isRefusal(after)) return after;
  const onlyEntra = authenticationTypes.length > 0 && authenticationTypes.every((type) => type.toLowerCase() === 'aad');
  if (after.length === 0) return refused('azure', `${change.text}: at least one protocol must stay`);
  if (gateway.sku?.toLowerCase() === 'basic' && after.some((name) => name !== 'SSTP'))
    return refused('azure', `${change.text}: a Basic gateway speaks SSTP only`);
  if (onlyEntra && !after.includes('OpenVPN'))
    return refused('azure', `${change.text}: sign-in with Microsoft Entra works with OpenVPN only`);
  return {
    topology: withGateway(topology, { ...gateway, pointToSite: { ...pointToSite, protocols: after } }),
    from: before.join(', ') || 'not told',
    to: after.join(', '),
    rerouted: [],
  };
}

function withGateway(topology: Topology, gateway: Gateway): Topology {
  return { ...topology, gateways: new Map(topology.gateways).set(keyOf(gateway.id), gateway) };
}

function withoutPointToSite({ text }: Change, { name }: Gateway): Refusal {
  return refused('onlink', `${text}: ${name} has no Point-to-Site configuration`);
}

/** BGP of a connection. */
export function setConnectionBgp(topology: Topology, connection: Connection, change: Change): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  const ends = [...topology.gateways.values()].filter(
    ({ id }) => sameResource(id, connection.gateway1) || sameResource(id, connection.gateway2),
  );
  const without = ends.find(({ enableBgp }) => enableBgp === false);
  if (value && without !== undefined)
    return refused('azure', `${change.text}: BGP is off on gateway ${without.name}; it must be on there first`);
  return {
    topology: {
      ...topology,
      connections: topology.connections.map((one) => (one === connection ? { ...one, enableBgp: value } : one)),
    },
    from: String(connection.enableBgp ?? 'not told'),
    to: String(value),
    rerouted: ends.flatMap(({ homeVNet }) => homeVNet ?? []),
  };
}

/** A VNet's address space. The snapshots its peers hold stay as they are until somebody syncs them. */
export function setAddressSpace(topology: Topology, vnet: VNet, change: Change): Changed | Refusal {
  const after = prefixesOf(change, vnet.addressSpace);
  if (isRefusal(after)) return after;
  if (after.length === 0) return refused('azure', `${change.text}: an address space cannot be empty`);
  return {
    topology: {
      ...topology,
      vnets: new Map(topology.vnets).set(keyOf(vnet.id), { ...vnet, addressSpace: after }),
      peerings: topology.peerings.map((half) =>
        sameResource(half.to, vnet.id)
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
    rerouted: [],
  };
}

/** Whether a route table takes the gateway's routes. */
export function setPropagation(topology: Topology, table: RouteTableResource, change: Change): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  const subnets = subnetsOf(topology).filter(({ routeTable }) => sameResource(routeTable, table.id));
  if (value && subnets.some(({ name }) => name.toLowerCase() === 'gatewaysubnet'))
    return refused(
      'azure',
      `${change.text}: the GatewaySubnet uses this table, and its gateway stops working without propagated routes`,
    );
  return {
    topology: {
      ...topology,
      routeTables: new Map(topology.routeTables).set(keyOf(table.id), { ...table, disableBgpRoutePropagation: value }),
    },
    from: String(table.disableBgpRoutePropagation ?? 'not told'),
    to: String(value),
    rerouted: subnets.map(({ id }) => id),
  };
}

/** The route table of a subnet, by name or id; `none` takes it away. */
export function setRouteTable(topology: Topology, subnet: Subnet, change: Change): Changed | Refusal {
  const table = ['', 'none'].includes(change.value.toLowerCase())
    ? undefined
    : findTarget({ ...change, resource: change.value }, topology, 'route-table');
  if (table !== undefined && isRefusal(table)) return table;
  return {
    topology: {
      ...topology,
      vnets: new Map(
        [...topology.vnets].map(([key, vnet]) => [
          key,
          {
            ...vnet,
            subnets: vnet.subnets.map((one) => (one === subnet ? { ...one, routeTable: table?.id } : one)),
          },
        ]),
      ),
    },
    from: subnet.routeTable === undefined ? 'none' : nameOf(subnet.routeTable),
    to: table === undefined ? 'none' : wordFor(table, subnet.routeTable),
    rerouted: [subnet.id],
  };
}

/** Its name; where a table of another group has that name too, its id. Azure's casing of one table's id varies. */
function wordFor({ id, name }: RouteTableResource, before: ResourceId | undefined): string {
  if (before === undefined || keyOf(nameOf(before)) !== keyOf(name)) return name;
  return sameResource(before, id) ? nameOf(before) : id;
}
