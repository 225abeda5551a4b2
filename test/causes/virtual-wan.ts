import { type SubnetSpec, vnet, vnetId } from '../../scripts/scenarios/azure-network.ts';
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
import { type WindowsSpec, windowsClient } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact, guid, networkId, type Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';

interface WanVNet {
  readonly name: string;
  readonly space: readonly string[];
  readonly subnets?: readonly SubnetSpec[];
  readonly routing?: Wire;
  /** Overrides of its connection to the hub. */
  readonly connection?: Wire;
  /** The VNet's own document was not read. */
  readonly unread?: boolean;
}

export interface WanSpec {
  readonly vnets: readonly WanVNet[];
  readonly clients?: Parameters<typeof p2sGateway>[1]['clients'];
  readonly protocols?: readonly string[];
  readonly routes?: Parameters<typeof hubRouteTable>[2];
  /** Prefix and the VNet whose connection teaches it; undefined: effective routes were not read. */
  readonly effective?: readonly (readonly [prefix: string, vnet: string])[];
  readonly properties?: Wire;
  readonly extra?: readonly BundleArtifact[];
}

const place = { subscription: guid('subscription', 'wan'), group: 'rg-wan' };
export const hub = networkId(place, 'virtualHubs', 'hub-wan');
export const p2s = networkId(place, 'p2sVpnGateways', 'hub-wan-p2s');
const configuration = networkId(place, 'vpnServerConfigurations', 'staff');
export const pool = '10.77.9.0/24';
export const connectionId = (name: string): string => `${hub}/hubVirtualNetworkConnections/${name}`;

/** The names of a VNet that hangs on the hub. */
export const vnetOf = (name: string) => ({
  place,
  id: vnetId(place, { name }),
  subnet: (subnet: string): string => `${vnetId(place, { name })}/subnets/${subnet}`,
});

/** What is read of a Virtual WAN hub with a Point-to-Site gateway and VNets that hang on it. */
function wan(spec: WanSpec): readonly BundleArtifact[] {
  const gateway = p2sGateway(place, {
    name: 'hub-wan-p2s',
    hub,
    serverConfiguration: configuration,
    clients: spec.clients ?? [{ name: 'everyone', pool: [pool] }],
    ...(spec.properties !== undefined && { properties: spec.properties }),
  });
  const connections = spec.vnets.map(({ name, routing, connection }) =>
    hubConnection(hub, {
      name,
      vnet: vnetId(place, { name }),
      ...(routing !== undefined && { routing }),
      ...(connection !== undefined && { properties: connection }),
    }),
  );
  return [
    arm('p2sVpnGateways.get', p2s, gateway),
    arm('vpnServerConfigurations.get', configuration, serverConfiguration(place, 'staff', spec.protocols)),
    arm('virtualHubs.get', hub, virtualHub(place, 'hub-wan', '10.65.0.0/23')),
    arm('hubVirtualNetworkConnections.list', hub, { value: connections }),
    arm('hubRouteTables.get', defaultTableId(hub), hubRouteTable(hub, 'defaultRouteTable', spec.routes)),
    ...(spec.effective === undefined
      ? []
      : [
          arm('virtualHubs.getEffectiveVirtualHubRoutes', defaultTableId(hub), {
            value: spec.effective.map(([prefix, name]) =>
              hubEffectiveRoute([prefix], 'Virtual Network Connection', connectionId(name)),
            ),
          }),
        ]),
    ...spec.vnets
      .filter(({ unread }) => unread !== true)
      .map((one) => arm('virtualNetworks.get', vnetId(place, one), vnet(place, one))),
    ...(spec.extra ?? []),
  ];
}

/** A capture of an OpenVPN client on Linux of that hub: its routes are those of the VNets and the pool, unless said. */
export function wanClient(spec: WanSpec, client: Partial<LinuxSpec> = {}): Capture {
  const dialled = {
    kind: 'openvpn' as const,
    tunnelAddress: '10.77.9.5',
    server: 'hub-wan.vpn.azure.com',
    gatewayAddress: '20.7.7.7',
    routes: [...spec.vnets.flatMap(({ space }) => space), pool],
  };
  return captureOf('linux', linuxClient({ ...dialled, ...client }), wan(spec));
}

/** Only what Azure told: nobody looked at a client. */
export const wanAlone = (spec: WanSpec): Capture => captureOf('linux', wan(spec));

/** A capture of a native Windows client of that hub whose VPN is down. */
export function wanOff(spec: WanSpec, client: Omit<WindowsSpec, 'tunnelAddress'>): Capture {
  return captureOf('windows', windowsClient({ ...client, tunnelAddress: null }), wan(spec));
}
