import { vnet, vnetId } from '../../scripts/scenarios/azure-network.ts';
import {
  defaultTableId,
  hubConnection,
  hubEffectiveRoute,
  hubRouteTable,
  p2sGateway,
  serverConfiguration,
  virtualHub,
} from '../../scripts/scenarios/azure-wan.ts';
import { type LinuxSpec, linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { arm, type BundleArtifact, networkId, type Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';

/* A hub of a Virtual WAN with one VNet, 10.66.0.0/16, and a P2S gateway. */
const place = { subscription: '00000000-0000-4000-8000-000000000001', group: 'rg-wan' };
export const hub = networkId(place, 'virtualHubs', 'hub');
export const defaultTable = defaultTableId(hub);
const p2s = networkId(place, 'p2sVpnGateways', 'hub-p2s');
const configuration = networkId(place, 'vpnServerConfigurations', 'users');
const app = vnetId(place, { name: 'vnet-app' });
export const otherHub = networkId(place, 'virtualHubs', 'hub-two');
export const connectionId = (name: string): string => `${hub}/hubVirtualNetworkConnections/${name}`;

type EffectiveRow = readonly [prefixes: readonly string[], nextHopType: string, nextHop: string];
type Client = Parameters<typeof p2sGateway>[1]['clients'][number];

export interface HubSpec {
  readonly connections?: readonly Wire[];
  /** The connection configurations; one for everyone unless said. */
  readonly clients?: readonly Client[];
  /** The VNet's document; null: not read. */
  readonly space?: readonly string[] | null;
  readonly hub?: Wire;
  readonly gateway?: Wire;
  /** Routes of the default table; null: not read. */
  readonly table?: Parameters<typeof hubRouteTable>[2] | null;
  readonly labels?: readonly string[];
  /** Rows of the hub's effective routes: prefixes, type, next hop; null: not read. */
  readonly effective?: readonly EffectiveRow[] | null;
  readonly extra?: readonly BundleArtifact[];
}

export const toApp = (properties: Wire = {}): Wire => hubConnection(hub, { name: 'app', vnet: app, properties });
export const everyone: Client = { name: 'everyone', pool: ['10.77.9.0/24'] };
export const route = (...destinations: readonly string[]) => ({
  name: 'by-firewall',
  destinations,
  nextHop: '/a/firewalls/fw',
});

/** What Azure tells of it. */
export function hubEstate({
  connections = [toApp()],
  clients = [everyone],
  space = ['10.66.0.0/16'],
  table = [],
  labels = ['default'],
  effective = null,
  extra = [],
  ...properties
}: HubSpec = {}): readonly BundleArtifact[] {
  const gateway = { name: 'hub-p2s', hub, serverConfiguration: configuration, clients };
  const spoke = { name: 'vnet-app', space: space ?? [], subnets: [{ name: 'app', prefix: '10.66.1.0/24' }] };
  return [
    arm('p2sVpnGateways.get', p2s, p2sGateway(place, { ...gateway, properties: properties.gateway ?? {} })),
    arm('vpnServerConfigurations.get', configuration, serverConfiguration(place, 'users', ['OpenVPN'])),
    arm('virtualHubs.get', hub, virtualHub(place, 'hub', '10.65.0.0/23', properties.hub)),
    arm('hubVirtualNetworkConnections.list', hub, { value: connections }),
    ...(table === null
      ? []
      : [arm('hubRouteTables.get', defaultTable, hubRouteTable(hub, 'defaultRouteTable', table, { labels }))]),
    ...(effective === null ? [] : [effectiveRead(defaultTable, effective)]),
    ...(space === null ? [] : [arm('virtualNetworks.get', app, vnet(place, spoke))]),
    ...extra,
  ];
}

/** The effective routes of a table, or of the hub. */
export function effectiveRead(of: string, rows: readonly EffectiveRow[]): BundleArtifact {
  return arm('virtualHubs.getEffectiveVirtualHubRoutes', of, { value: rows.map((row) => hubEffectiveRoute(...row)) });
}

/** The hub's routing intent: the destinations of each policy. */
export function intent(...policies: readonly (readonly string[])[]): BundleArtifact {
  const id = `${hub}/routingIntent/intent`;
  const routingPolicies = policies.map((destinations, index) => ({
    name: `policy-${index}`,
    destinations,
    nextHop: networkId(place, 'azureFirewalls', 'fw'),
  }));
  const properties = { routingPolicies };
  return arm('routingIntentOperations.list', hub, { value: [{ id, name: 'intent', properties }] });
}

/** A Linux client of it that has every route and asks the VNet's machine, in vain unless said. */
export function hubCapture(of: HubSpec, client: Partial<LinuxSpec> = {}): Capture {
  const spec: LinuxSpec = {
    kind: 'openvpn',
    tunnelAddress: '10.77.9.5',
    server: 'hub.vpn.azure.com',
    gatewayAddress: '20.7.7.7',
    routes: ['10.66.0.0/16', '10.77.9.0/24'],
    traces: { '10.66.1.4': 'silent' },
    ...client,
  };
  return captureOf('linux', linuxClient(spec), hubEstate(of));
}
