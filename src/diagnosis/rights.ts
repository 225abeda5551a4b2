/** A right that onlink uses, and what is lost without it. */
export interface Right {
  readonly action: string;
  /** SDK operations that need it, lower-cased. */
  readonly operations: readonly string[];
  readonly rung: string;
  readonly without: string;
}

/**
 * Every action onlink uses in Azure. Reads are plain `…/read`; the POST actions are what the built-in Reader role lacks.
 * https://learn.microsoft.com/azure/role-based-access-control/permissions/networking
 */
export const rights: readonly Right[] = [
  {
    action: 'Microsoft.Resources/subscriptions/read',
    operations: ['subscriptions.list'],
    rung: 'configured',
    without: 'the gateway is not searched for: name it with --gateway, or its subscription with --subscription',
  },
  {
    action: 'Microsoft.Network/virtualNetworkGateways/read',
    operations: ['virtualnetworkgateways.get', 'virtualnetworkgateways.list'],
    rung: 'configured',
    without: 'nothing of Azure can be judged: pool, custom routes and protocols are unknown',
  },
  {
    action: 'Microsoft.Network/virtualNetworks/read',
    operations: ['virtualnetworks.get', 'virtualnetworks.list', 'virtualnetworks.listall'],
    rung: 'configured',
    without: "the gateway cannot be discovered; subnets, and a spoke's own half of its peering, stay unknown",
  },
  {
    action: 'Microsoft.Network/publicIPAddresses/read',
    operations: ['publicipaddresses.get', 'publicipaddresses.list', 'publicipaddresses.listall'],
    rung: 'configured',
    without: 'the gateway cannot be told by the address the client dials',
  },
  {
    action: 'Microsoft.Network/connections/read',
    operations: [
      'virtualnetworkgateways.listconnections',
      'virtualnetworkgatewayconnections.get',
      'virtualnetworkgatewayconnections.list',
    ],
    rung: 'configured',
    without: "networks behind the gateway's connections stay unknown",
  },
  {
    action: 'Microsoft.Network/virtualNetworkGateways/connections/read',
    operations: ['virtualnetworkgateways.listconnections'],
    rung: 'configured',
    without: "networks behind the gateway's connections stay unknown",
  },
  {
    action: 'Microsoft.Network/localNetworkGateways/read',
    operations: ['localnetworkgateways.get', 'localnetworkgateways.list'],
    rung: 'configured',
    without: 'prefixes of sites stay unknown',
  },
  {
    action: 'Microsoft.Network/networkInterfaces/read',
    operations: ['networkinterfaces.get', 'networkinterfaces.list', 'networkinterfaces.listall'],
    rung: 'returned',
    without: 'no NIC can be sampled, and no target is known to probe',
  },
  {
    action: 'Microsoft.Network/routeTables/read',
    operations: ['routetables.get', 'routetables.list', 'routetables.listall'],
    rung: 'returned',
    without: 'user routes and disabled propagation stay unseen where no NIC runs',
  },
  {
    action: 'Microsoft.Network/networkSecurityGroups/read',
    operations: ['networksecuritygroups.get', 'networksecuritygroups.list', 'networksecuritygroups.listall'],
    rung: 'delivered',
    without: 'a rule that denies the pool stays unseen',
  },
  {
    action: 'Microsoft.Network/privateEndpoints/read',
    operations: ['privateendpoints.get', 'privateendpoints.list', 'privateendpoints.listbysubscription'],
    rung: 'returned',
    without: 'private endpoints are not told from other NICs',
  },
  {
    action: 'Microsoft.Network/virtualNetworkGateways/getLearnedRoutes/action',
    operations: ['virtualnetworkgateways.getlearnedroutes'],
    rung: 'issued',
    without: 'what the gateway learned by BGP stays unknown',
  },
  {
    action: 'Microsoft.Network/virtualNetworkGateways/getEffectiveRoutes/action',
    operations: ['virtualnetworkgateways.geteffectiveroutes'],
    rung: 'issued',
    without: 'whether the gateway really has a route stays unknown',
  },
  {
    action: 'Microsoft.Network/virtualNetworkGateways/getBgpPeerStatus/action',
    operations: ['virtualnetworkgateways.getbgppeerstatus'],
    rung: 'configured',
    without: 'a BGP peer that is down stays unseen',
  },
  {
    action: 'Microsoft.Network/virtualNetworkGateways/getVpnClientConnectionHealth/action',
    operations: ['virtualnetworkgateways.getvpnclientconnectionhealth'],
    rung: 'delivered',
    without: "the gateway's own view of this session stays unknown",
  },
  {
    action: 'Microsoft.Network/virtualNetworkGateways/generateVpnProfile/action',
    operations: ['virtualnetworkgateways.generatevpnprofile'],
    rung: 'issued',
    without: '--issue-profile cannot ask for a fresh profile',
  },
  {
    action: 'Microsoft.Network/networkInterfaces/effectiveRouteTable/action',
    operations: ['networkinterfaces.geteffectiveroutetable'],
    rung: 'returned',
    without: 'the way back is judged by route tables alone',
  },
  {
    action: 'Microsoft.Network/networkInterfaces/effectiveNetworkSecurityGroups/action',
    operations: ['networkinterfaces.listeffectivenetworksecuritygroups'],
    rung: 'delivered',
    without: 'rules are judged from the security groups themselves, tags not expanded',
  },
  {
    action: 'Microsoft.Network/p2sVpnGateways/read',
    operations: ['p2svpngateways.get', 'p2svpngateways.list', 'p2svpngateways.listbyresourcegroup'],
    rung: 'configured',
    without: 'Virtual WAN gateways are not found',
  },
  {
    action: 'Microsoft.Network/p2sVpnGateways/getP2sVpnConnectionHealth/action',
    operations: ['p2svpngateways.getp2svpnconnectionhealth'],
    rung: 'delivered',
    without: 'how full the pool is stays unknown in Virtual WAN',
  },
  {
    action: 'Microsoft.Network/p2sVpnGateways/generateVpnProfile/action',
    operations: ['p2svpngateways.generatevpnprofile'],
    rung: 'issued',
    without: '--issue-profile cannot ask for a fresh profile in Virtual WAN',
  },
  {
    action: 'Microsoft.Network/vpnServerConfigurations/read',
    operations: ['vpnserverconfigurations.get', 'vpnserverconfigurations.list'],
    rung: 'offered',
    without: 'the protocols of a Virtual WAN gateway stay unknown',
  },
  {
    action: 'Microsoft.Network/virtualHubs/read',
    operations: ['virtualhubs.get', 'virtualhubs.list'],
    rung: 'configured',
    without: 'the hub itself stays unknown',
  },
  {
    action: 'Microsoft.Network/virtualHubs/hubRouteTables/read',
    operations: ['hubroutetables.get', 'hubroutetables.list'],
    rung: 'offered',
    without: 'propagation in the hub stays unknown',
  },
  {
    action: 'Microsoft.Network/virtualHubs/hubVirtualNetworkConnections/read',
    operations: ['hubvirtualnetworkconnections.get', 'hubvirtualnetworkconnections.list'],
    rung: 'configured',
    without: 'VNets of the hub stay unknown',
  },
  {
    action: 'Microsoft.Network/virtualHubs/routingIntent/read',
    operations: ['routingintent.get', 'routingintents.get', 'routingintents.list', 'routingintentoperations.list'],
    rung: 'offered',
    without: 'routing intent stays unknown',
  },
  {
    action: 'Microsoft.Network/virtualHubs/effectiveRoutes/action',
    operations: ['virtualhubs.geteffectivevirtualhubroutes'],
    rung: 'issued',
    without: 'whether the hub really has a route stays unknown',
  },
];

/** The action an operation needs, as a role definition spells it. */
export function rightFor(operation: string | undefined): string {
  const name = (operation ?? '').toLowerCase();
  return rights.find(({ operations }) => operations.includes(name))?.action ?? 'Microsoft.Network/*/read';
}
