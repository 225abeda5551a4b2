import type { Evidence } from '../facts/origin.ts';
import { keyOf, nameOf, sameResource } from '../facts/resource-id.ts';
import type { EffectiveRoute, NetworkInterface, RouteTableResource, Subnet, VNet } from '../facts/topology.ts';
import { interfacesIn } from '../facts/topology-index.ts';
import type { ExpectedRoute, ReasonKind } from '../model/expected-route.ts';
import type { Prefix } from '../net/prefix.ts';
import { containsAddress, formatPrefix, overlaps } from '../net/prefix.ts';
import { RouteTable } from '../net/route-table.ts';
import { byAppliance, isAppliance } from './appliance.ts';
import type { ClimbContext } from './context.ts';
import { hubLeads } from './hub-way-back.ts';
import type { Rung } from './rung.ts';
import { isGateway, tableLeads } from './table-leads.ts';

/** What one place in Azure says of the way back: a NIC's effective routes, or a subnet's route table. */
export interface ReturnWitness {
  readonly leads: 'to-gateway' | 'elsewhere' | 'unknown';
  readonly subnet: Subnet | undefined;
  readonly nic: NetworkInterface | undefined;
  readonly route: EffectiveRoute | undefined;
  readonly table: RouteTableResource | undefined;
  readonly evidence: readonly Evidence[];
}

/** Whether replies to the whole pool find the gateway from every place of the prefix that was sampled. */
export function returnedRung(expected: ExpectedRoute, context: ClimbContext): Rung {
  const rung = 'returned' as const;
  const blocked = expected.offered.obstacles.filter(({ kind }) => kind === 'access-off');
  if (blocked.length > 0) return { rung, state: 'lost', evidence: expected.offered.evidence };
  if (expected.vnet === undefined)
    return { rung, state: inVNet.has(expected.reason) ? 'unknown' : 'not-applicable', evidence: [] };
  const witnesses = witnessesOf(expected.vnet, expected.prefix, context);
  const evidence = (leads: ReturnWitness['leads']) =>
    witnesses
      .filter((one) => one.leads === leads)
      .flatMap((one) => one.evidence)
      .slice(0, 4);
  const lost = witnesses.filter(({ leads }) => leads === 'elsewhere');
  if (lost.length > 0) {
    const all = lost.length === witnesses.length;
    return { rung, state: all ? 'lost' : 'partial', evidence: [...evidence('elsewhere'), ...evidence('to-gateway')] };
  }
  // A table lets through what the gateway propagates; whether it propagates to this VNet hangs on the peering.
  const isBorneOut = expected.offered.state === 'held' || witnesses.some(({ nic }) => nic !== undefined);
  const isHeld = witnesses.length > 0 && witnesses.every(({ leads }) => leads === 'to-gateway') && isBorneOut;
  return { rung, state: isHeld ? 'held' : 'unknown', evidence: evidence(isHeld ? 'to-gateway' : 'unknown') };
}

/** What lies in a VNet, whether its document was read or not; behind the rest stands no machine of Azure. */
const inVNet: ReadonlySet<ReasonKind> = new Set<ReasonKind>([
  'gateway-transit',
  'unsynced-range',
  'hub-connection',
  'second-hop',
]);

/** A NIC shows what a hub tells it; where none runs, the hub's tables speak before the subnet's. */
function witnessesOf(vnet: VNet, prefix: Prefix, context: ClimbContext): readonly ReturnWitness[] {
  const sampled = returnWitnesses(vnet, prefix, context);
  const hub = hubLeads(vnet, context);
  if (hub === undefined || sampled.some(({ nic, leads }) => nic !== undefined && leads === 'to-gateway'))
    return sampled;
  const nowhere = { subnet: undefined, nic: undefined, route: undefined, table: undefined };
  return [...sampled.filter(({ leads }) => leads === 'elsewhere'), { ...nowhere, ...hub }];
}

/** Every sampled NIC of the prefix; for subnets without one, what their route table says. */
export function returnWitnesses(vnet: VNet, prefix: Prefix, context: ClimbContext): readonly ReturnWitness[] {
  const subnets = vnet.subnets.filter(
    (subnet) =>
      subnet.name.toLowerCase() !== 'gatewaysubnet' && subnet.prefixes.some((range) => overlaps(range, prefix)),
  );
  const nics = interfacesIn(context.topology, vnet.id).filter(({ addresses }) =>
    addresses.some(({ address }) => containsAddress(prefix, address)),
  );
  const byNic = nics.flatMap((nic) => nicWitness(nic, subnetOf(nic, vnet), prefix, context));
  const told = new Set(byNic.filter(({ leads }) => leads !== 'unknown').map(({ subnet }) => subnet?.id));
  const bySubnet = subnets
    .filter(({ id }) => !told.has(id))
    .flatMap((subnet) => subnetWitness(subnet, prefix, context));
  // A stopped VM has no effective routes: its subnet's table speaks for it. A refusal is no such answer.
  const refused = byNic.filter(
    ({ leads, subnet }) =>
      leads === 'unknown' && !bySubnet.some((one) => one.subnet === subnet && one.leads === 'elsewhere'),
  );
  const speaks = bySubnet.filter(
    ({ subnet, leads }) => leads === 'elsewhere' || !refused.some((one) => one.subnet === subnet),
  );
  return [...byNic.filter(({ leads }) => leads !== 'unknown'), ...refused, ...speaks];
}

function subnetOf(nic: NetworkInterface, vnet: VNet): Subnet | undefined {
  return vnet.subnets.find(({ id }) => nic.addresses.some(({ subnet }) => sameResource(subnet, id)));
}

function nicWitness(
  nic: NetworkInterface,
  subnet: Subnet | undefined,
  target: Prefix,
  context: ClimbContext,
): readonly ReturnWitness[] {
  const { topology, situation } = context;
  const routes = topology.effectiveRoutes.get(keyOf(nic.id));
  const base = { subnet, nic, table: undefined };
  if (routes === undefined) {
    const refusal = topology.unread.find(
      ({ resource, operation }) =>
        sameResource(resource, nic.id) && operation?.toLowerCase().includes('effectiveroute'),
    );
    if (refusal === undefined || isNotRunning(refusal.why)) return [];
    return [
      {
        ...base,
        leads: 'unknown',
        route: undefined,
        evidence: [
          { says: `effective routes of ${nic.name} were not read: ${refusal.why.code}`, origin: refusal.origin },
        ],
      },
    ];
  }
  const active = routes
    .filter(({ state }) => state.toLowerCase() !== 'invalid')
    .flatMap((route) => route.prefixes.map((prefix) => ({ prefix, metric: rank(route), route })));
  const table = new RouteTable(active);
  return situation.pools
    .flatMap(({ prefixes }) => prefixes)
    .flatMap(({ prefix }) => table.slices(prefix))
    .map(({ route: winner }): ReturnWitness => {
      const route = winner?.route;
      const says =
        route === undefined
          ? `${nic.name} has no route to the pool`
          : `${nic.name}: the pool goes to ${route.nextHopType}${route.nextHops.length > 0 && isAppliance(route.nextHopType) ? ` ${route.nextHops.join(', ')}` : ''} by ${route.prefixes.map(formatPrefix).join(', ')} (${route.source})`;
      const here = { says, origin: route?.at ?? nic.origin };
      if (route === undefined || !isAppliance(route.nextHopType))
        return {
          ...base,
          leads: route !== undefined && isGateway(route.nextHopType) ? 'to-gateway' : 'elsewhere',
          route,
          evidence: [here],
        };
      const { leads, evidence } = byAppliance(route.nextHops, target, context);
      return { ...base, leads, route, evidence: [here, ...evidence] };
    });
}

/** Equal prefixes: a user's route wins over the gateway's, that one over the system's. */
function rank({ source }: EffectiveRoute): number {
  const name = source.toLowerCase();
  if (name === 'user') return 0;
  return name === 'virtualnetworkgateway' ? 1 : 2;
}

function isNotRunning({ code, message }: { readonly code: string; readonly message: string }): boolean {
  return /notrunning|not running|deallocated|NetworkInterfaceNotAttached|notattached|stopped/i.test(
    `${code} ${message}`,
  );
}

/**
 * A subnet without a table has the system's routes, the gateway's among them. With one, propagation and the most
 * specific user route decide; a default route to an appliance leaves it open whether the reserved ranges' None bites.
 */
function subnetWitness(subnet: Subnet, target: Prefix, context: ClimbContext): readonly ReturnWitness[] {
  const { topology, situation } = context;
  const base = { subnet, nic: undefined, route: undefined };
  if (subnet.routeTable === undefined)
    return [
      {
        ...base,
        table: undefined,
        leads: 'to-gateway',
        evidence: [{ says: `${subnet.name} has no route table: the gateway's routes reach it`, origin: subnet.origin }],
      },
    ];
  const table = topology.routeTables.get(keyOf(subnet.routeTable));
  if (table === undefined)
    return [
      {
        ...base,
        table: undefined,
        leads: 'unknown',
        evidence: [{ says: `route table ${nameOf(subnet.routeTable)} was not read`, origin: subnet.origin }],
      },
    ];
  return situation.pools
    .flatMap(({ prefixes }) => prefixes)
    .flatMap(({ prefix }) =>
      tableLeads(table, prefix, target, context).map((leading) => ({ ...base, table, ...leading })),
    );
}
