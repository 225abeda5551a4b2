import { networkId, type Place, resource, type Wire } from './wire.ts';

/** The id of a network interface. */
export function nicId(place: Place, name: string): string {
  return networkId(place, 'networkInterfaces', name);
}

/** A network interface of a virtual machine called `NAME-vm`, unless `properties` says otherwise. */
export function nic(
  place: Place,
  spec: { readonly name: string; readonly address: string; readonly subnet: string; readonly properties?: Wire },
): Wire {
  const id = nicId(place, spec.name);
  return resource(id, {
    ipConfigurations: [
      resource(`${id}/ipConfigurations/ipconfig1`, {
        privateIPAddress: spec.address,
        privateIPAllocationMethod: 'Dynamic',
        subnet: { id: spec.subnet },
        primary: true,
        privateIPAddressVersion: 'IPv4',
      }),
    ],
    enableIPForwarding: false,
    virtualMachine: {
      id: `/subscriptions/${place.subscription}/resourceGroups/${place.group}/providers/Microsoft.Compute/virtualMachines/${spec.name}-vm`,
    },
    ...spec.properties,
  });
}

/** A row of a NIC's effective routes. */
export function effectiveRoute(prefixes: string | readonly string[], nextHopType: string, more: Wire = {}): Wire {
  const bySource: Readonly<Record<string, string>> = {
    VirtualNetworkGateway: 'VirtualNetworkGateway',
    VirtualAppliance: 'User',
  };
  return {
    source: bySource[nextHopType] ?? 'Default',
    state: 'Active',
    addressPrefix: typeof prefixes === 'string' ? [prefixes] : prefixes,
    nextHopType,
    nextHopIpAddress: [],
    disableBgpRoutePropagation: false,
    ...more,
  };
}

/** What every NIC has: the way out, and nowhere for the private ranges nobody claims. */
function systemRoutes(more: Wire = {}): readonly Wire[] {
  return [
    effectiveRoute('0.0.0.0/0', 'Internet', more),
    ...['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].map((prefix) =>
      effectiveRoute(prefix, 'None', more),
    ),
  ];
}

/** Effective routes of a NIC: its own VNet, the peered ones, what the gateway propagates. `disabled`: propagation is off. */
export function effectiveRoutes(spec: {
  readonly local: readonly string[];
  readonly peered?: readonly string[];
  readonly gateway?: readonly string[];
  readonly gatewayAddress?: string;
  readonly user?: readonly Wire[];
  readonly disabled?: boolean;
}): readonly Wire[] {
  const more = { disableBgpRoutePropagation: spec.disabled ?? false };
  const hop = spec.gatewayAddress === undefined ? [] : [spec.gatewayAddress];
  return [
    ...spec.local.map((prefix) => effectiveRoute(prefix, 'VnetLocal', more)),
    ...(spec.peered ?? []).map((prefix) => effectiveRoute(prefix, 'VNetPeering', more)),
    ...(spec.disabled === true
      ? []
      : (spec.gateway ?? []).map((prefix) =>
          effectiveRoute(prefix, 'VirtualNetworkGateway', { ...more, nextHopIpAddress: hop }),
        )),
    ...(spec.user ?? []),
    ...systemRoutes(more),
  ];
}

/** A route table; routes by name. */
export function routeTable(
  place: Place,
  spec: {
    readonly name: string;
    readonly routes?: readonly {
      readonly name: string;
      readonly prefix: string;
      readonly nextHopType: string;
      readonly nextHop?: string;
    }[];
    readonly subnets?: readonly string[];
    readonly disableBgpRoutePropagation?: boolean;
    readonly properties?: Wire;
  },
): Wire {
  const id = networkId(place, 'routeTables', spec.name);
  return resource(id, {
    disableBgpRoutePropagation: spec.disableBgpRoutePropagation ?? false,
    routes: (spec.routes ?? []).map(({ name, prefix, nextHopType, nextHop }) =>
      resource(`${id}/routes/${name}`, {
        addressPrefix: prefix,
        nextHopType,
        ...(nextHop !== undefined && { nextHopIpAddress: nextHop }),
        hasBgpOverride: false,
      }),
    ),
    subnets: (spec.subnets ?? []).map((subnet) => ({ id: subnet })),
    ...spec.properties,
  });
}

export interface SecurityRuleSpec {
  readonly name: string;
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  readonly direction?: 'Inbound' | 'Outbound';
  readonly protocol?: string;
  readonly source?: string;
  readonly destination?: string;
  readonly ports?: string;
}

/** The rules that every security group ends with. */
const defaultRules: readonly SecurityRuleSpec[] = [
  {
    name: 'AllowVnetInBound',
    priority: 65000,
    access: 'Allow',
    source: 'VirtualNetwork',
    destination: 'VirtualNetwork',
  },
  { name: 'AllowAzureLoadBalancerInBound', priority: 65001, access: 'Allow', source: 'AzureLoadBalancer' },
  { name: 'DenyAllInBound', priority: 65500, access: 'Deny' },
  {
    name: 'AllowVnetOutBound',
    priority: 65000,
    access: 'Allow',
    direction: 'Outbound',
    source: 'VirtualNetwork',
    destination: 'VirtualNetwork',
  },
  { name: 'AllowInternetOutBound', priority: 65001, access: 'Allow', direction: 'Outbound', destination: 'Internet' },
  { name: 'DenyAllOutBound', priority: 65500, access: 'Deny', direction: 'Outbound' },
];

/** A network security group. */
export function securityGroup(
  place: Place,
  name: string,
  rules: readonly SecurityRuleSpec[],
  properties: Wire = {},
): Wire {
  const id = networkId(place, 'networkSecurityGroups', name);
  const rule = (collection: string) => (spec: SecurityRuleSpec) =>
    resource(`${id}/${collection}/${spec.name}`, {
      protocol: spec.protocol ?? '*',
      sourcePortRange: '*',
      destinationPortRange: spec.ports ?? '*',
      sourceAddressPrefix: spec.source ?? '*',
      destinationAddressPrefix: spec.destination ?? '*',
      access: spec.access,
      priority: spec.priority,
      direction: spec.direction ?? 'Inbound',
    });
  return resource(id, {
    securityRules: rules.map(rule('securityRules')),
    defaultSecurityRules: defaultRules.map(rule('defaultSecurityRules')),
    ...properties,
  });
}

/** An entry of listEffectiveNetworkSecurityGroups. `expanded` is what the tags stand for on this NIC. */
export function effectiveSecurityGroup(spec: {
  readonly group: string;
  readonly nic: string;
  readonly rules: readonly SecurityRuleSpec[];
  readonly expanded?: Readonly<Record<string, readonly string[]>>;
}): Wire {
  const expand = (tag: string) => spec.expanded?.[tag];
  return {
    networkSecurityGroup: { id: spec.group },
    association: { networkInterface: { id: spec.nic } },
    effectiveSecurityRules: [...spec.rules, ...defaultRules].map((rule) => {
      const [source, destination] = [rule.source ?? '0.0.0.0/0', rule.destination ?? '0.0.0.0/0'];
      return {
        name: `${rule.priority >= 65000 ? 'defaultSecurityRules' : 'securityRules'}/${rule.name}`,
        protocol: rule.protocol ?? 'All',
        sourcePortRange: '0-65535',
        destinationPortRange: rule.ports ?? '0-65535',
        sourceAddressPrefix: source,
        destinationAddressPrefix: destination,
        ...(expand(source) !== undefined && { expandedSourceAddressPrefix: expand(source) }),
        ...(expand(destination) !== undefined && { expandedDestinationAddressPrefix: expand(destination) }),
        access: rule.access,
        priority: rule.priority,
        direction: rule.direction ?? 'Inbound',
      };
    }),
  };
}

/** A private endpoint with the network interface that carries its address. */
export function privateEndpoint(
  place: Place,
  spec: { readonly name: string; readonly subnet: string; readonly nic: string; readonly properties?: Wire },
): Wire {
  return resource(networkId(place, 'privateEndpoints', spec.name), {
    subnet: { id: spec.subnet },
    networkInterfaces: [{ id: spec.nic }],
    ...spec.properties,
  });
}
