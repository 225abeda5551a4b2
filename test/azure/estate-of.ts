import type { Estate, WireResource } from '../../scripts/arm-emulator/estate.ts';

/** Two subscriptions of the same tenant: the hub's, and one of a partner. */
export const [home, partner] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

/** An id in the network provider. */
export function idIn(subscription: string, group: string, rest: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/${rest}`;
}

export const gatewayId = idIn(home, 'rg-hub', 'virtualNetworkGateways/gw');
export const hubId = idIn(home, 'rg-hub', 'virtualNetworks/hub');
const publicIpId = idIn(home, 'rg-hub', 'publicIPAddresses/gw-ip');

/** The hub of the blog this project grew from, with as many spokes as wanted; every odd one is the partner's. */
export function estateOf(spokes: number, more: Partial<Estate> = {}): Estate {
  const numbers = Array.from({ length: spokes }, (_, index) => index + 1);
  return {
    ...more,
    resources: [gateway(), publicIp(), hub(numbers), ...numbers.flatMap(spoke), ...(more.resources ?? [])],
    actions: { ...gatewayActions, ...Object.fromEntries(numbers.flatMap(nicActions)), ...more.actions },
  };
}

function gateway(): WireResource {
  return {
    id: gatewayId,
    name: 'gw',
    type: 'Microsoft.Network/virtualNetworkGateways',
    properties: {
      provisioningState: 'Succeeded',
      gatewayType: 'Vpn',
      vpnType: 'RouteBased',
      enableBgp: false,
      activeActive: false,
      // Not in any SDK: what ARM says must survive all the same.
      brandNewProperty: { colour: 'green' },
      sku: { name: 'VpnGw1AZ', tier: 'VpnGw1AZ' },
      ipConfigurations: [
        {
          name: 'default',
          properties: { publicIPAddress: { id: publicIpId }, subnet: { id: `${hubId}/subnets/GatewaySubnet` } },
        },
      ],
      vpnClientConfiguration: {
        vpnClientAddressPool: { addressPrefixes: ['172.16.50.0/24'] },
        vpnClientProtocols: ['IkeV2', 'OpenVPN'],
        vpnAuthenticationTypes: ['Certificate'],
        radiusServers: [{ radiusServerAddress: '10.0.0.9', radiusServerSecret: 'radius-hunter2' }],
        radiusServerSecret: 'radius-hunter3',
        vpnClientRootCertificates: [{ name: 'root', properties: { publicCertData: 'MIIDhunter4' } }],
      },
      customRoutes: { addressPrefixes: ['104.211.109.42/32'] },
    },
  };
}

function publicIp(): WireResource {
  return { id: publicIpId, name: 'gw-ip', properties: { ipAddress: '20.193.245.69' } };
}

const spokeId = (n: number): string => idIn(n % 2 === 1 ? partner : home, `rg-spoke${n}`, `virtualNetworks/spoke${n}`);
export const nicIdOf = (n: number): string =>
  idIn(n % 2 === 1 ? partner : home, `rg-spoke${n}`, `networkInterfaces/vm${n}-nic`);
const spokePrefix = (n: number): string => `10.${10 + Math.floor(n / 200)}.${n % 200}.0/24`;

function hub(numbers: readonly number[]): WireResource {
  return {
    id: hubId,
    name: 'hub',
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [
        {
          id: `${hubId}/subnets/GatewaySubnet`,
          name: 'GatewaySubnet',
          properties: {
            addressPrefix: '10.0.1.0/27',
            ipConfigurations: [{ id: `${gatewayId}/ipConfigurations/default` }],
          },
        },
      ],
      virtualNetworkPeerings: numbers.map((n) => peering(hubId, spokeId(n), `to-spoke${n}`, true, spokePrefix(n))),
    },
  };
}

function peering(from: string, to: string, name: string, isHubs: boolean, prefix: string): WireResource {
  const space = { addressPrefixes: [prefix] };
  return {
    id: `${from}/virtualNetworkPeerings/${name}`,
    name,
    properties: {
      peeringState: 'Connected',
      peeringSyncLevel: 'FullyInSync',
      remoteVirtualNetwork: { id: to },
      allowVirtualNetworkAccess: true,
      allowGatewayTransit: isHubs,
      useRemoteGateways: !isHubs,
      remoteAddressSpace: space,
      remoteVirtualNetworkAddressSpace: space,
    },
  };
}

function spoke(n: number): readonly WireResource[] {
  const subnet = `${spokeId(n)}/subnets/app`;
  const nic = nicIdOf(n);
  return [
    {
      id: spokeId(n),
      name: `spoke${n}`,
      properties: {
        addressSpace: { addressPrefixes: [spokePrefix(n)] },
        subnets: [
          {
            id: subnet,
            name: 'app',
            properties: { addressPrefix: spokePrefix(n), ipConfigurations: [{ id: `${nic}/ipConfigurations/one` }] },
          },
        ],
        virtualNetworkPeerings: [peering(spokeId(n), hubId, 'to-hub', false, '10.0.0.0/16')],
      },
    },
    {
      id: nic,
      name: `vm${n}-nic`,
      properties: {
        ipConfigurations: [
          {
            name: 'one',
            properties: { privateIPAddress: spokePrefix(n).replace('.0/24', '.4'), subnet: { id: subnet } },
          },
        ],
        virtualMachine: {
          id: `/subscriptions/${home}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm${n}`,
        },
      },
    },
  ];
}

const gatewayActions: Readonly<Record<string, unknown>> = {
  [`${gatewayId}/getLearnedRoutes`]: {
    value: [
      {
        localAddress: '10.0.1.30',
        network: '10.0.0.0/16',
        nextHop: '',
        sourcePeer: '10.0.1.30',
        origin: 'Network',
        asPath: '',
        weight: 32768,
      },
    ],
  },
  [`${gatewayId}/getEffectiveRoutes`]: {
    value: [
      {
        localAddress: '10.0.1.30',
        addressPrefixes: ['10.0.0.0/16'],
        nextHopIpAddress: '',
        nextHopType: 'VirtualNetwork',
      },
    ],
  },
  [`${gatewayId}/getVpnClientConnectionHealth`]: {
    value: [
      {
        vpnConnectionId: 'IKEv2_1',
        vpnUserName: 'jane@contoso.example',
        privateIpAddress: '172.16.50.130',
        ingressBytesTransferred: 5,
        vpnConnectionTime: '2026-11-22T08:00:00',
      },
    ],
  },
};

function nicActions(n: number): readonly (readonly [string, unknown])[] {
  const row = (prefix: string, nextHopType: string) => ({
    source: 'Default',
    state: 'Active',
    addressPrefix: [prefix],
    nextHopType,
    nextHopIpAddress: [],
  });
  return [
    [
      `${nicIdOf(n)}/effectiveRouteTable`,
      { value: [row(spokePrefix(n), 'VnetLocal'), row('172.16.50.0/24', 'VirtualNetworkGateway')] },
    ],
    [`${nicIdOf(n)}/effectiveNetworkSecurityGroups`, { value: [] }],
  ];
}
