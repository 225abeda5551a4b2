/** The address plan of the lab, that of the document which gave rise to the project. The tunnel half and the Azure half share it. */
export const addresses = {
  clientLan: '192.168.29.37',
  lanGateway: '192.168.29.1',
  /** A neighbour on the home LAN that doesn't exist: what a stale DHCP or static route points at. */
  lanNobody: '192.168.29.254',
  gatewayPublic: '20.193.245.69',
  gatewayInner: '10.0.1.4',
  hubVm: '10.0.0.4',
  spoke1Vm: '10.1.0.4',
  spoke2Vm: '10.10.0.4',
  storage: '104.211.109.42',
  client: '172.16.50.130',
} as const;

/** The prefixes of the plan, by what they belong to. */
export const prefixes = {
  pool: '172.16.50.0/24',
  hub: '10.0.0.0/16',
  spoke1: '10.1.0.0/16',
  spoke2: '10.10.0.0/16',
  storage: '104.211.109.42/32',
  /** kernel-libipsec wants an address of the gateway inside every selector, so with IKEv2 the storage address is advertised as this. */
  storageSelector: '104.211.109.40/30',
} as const;

/** What a healthy gateway tells an OpenVPN client. */
export const healthyRoutes: readonly string[] = [prefixes.hub, prefixes.spoke1, prefixes.spoke2, prefixes.storage];

/** What a healthy gateway narrows an IKEv2 client's 0.0.0.0/0 to. */
export const healthySelectors: readonly string[] = [
  prefixes.hub,
  prefixes.spoke1,
  prefixes.spoke2,
  prefixes.storageSelector,
];

/** One host behind each prefix. */
export const targets: readonly string[] = [addresses.hubVm, addresses.spoke1Vm, addresses.spoke2Vm, addresses.storage];
