import { type EstateSpec, estate, idsOf } from './estate.ts';
import { linuxClient } from './linux-client.ts';
import type { Expected, Scenario } from './scenario.ts';
import { type Hops, windowsClient } from './windows-client.ts';

/**
 * The network of the blog post "Azure VPN: Routing from P2S Clients": hub 10.0.0.0/16, GatewaySubnet 10.0.1.0/27, client
 * pool 172.16.50.0/24, storage account 104.211.109.42, client 172.16.50.130. Its list says that the spoke is
 * 10.10.0.0/16; its routes and its trace say 10.1.0.0/16. Both readings are scenarios.
 */
interface Reading {
  readonly name: string;
  readonly platform: 'windows' | 'linux';
  /** The spoke as Azure has it. */
  readonly spoke: '10.1.0.0/16' | '10.10.0.0/16';
  /** What leads into the tunnel beside hub and pool. */
  readonly routes: readonly string[];
  /** The package, where it is not what Azure would issue. */
  readonly installed?: readonly string[];
  readonly traces: Readonly<Record<string, Hops>>;
  readonly customRoutes?: readonly string[];
  readonly expected: Expected;
}

export function documentScenario({
  name,
  platform,
  spoke,
  routes,
  installed,
  traces,
  customRoutes,
  expected,
}: Reading): Scenario {
  const machine = spoke.replace('0.0/16', '0.4');
  const spec: EstateSpec = {
    hub: { name: 'vnet-hub', space: ['10.0.0.0/16'], subnets: [{ name: 'servers', prefix: '10.0.0.0/24' }] },
    spokes: [
      { name: 'vnet-spoke1', space: [spoke], subnets: [{ name: 'servers', prefix: spoke.replace('/16', '/24') }] },
    ],
    gateway: {
      name: 'vpngw',
      pool: ['172.16.50.0/24'],
      publicAddress: '20.193.245.69',
      protocols: platform === 'windows' ? ['IkeV2', 'SSTP'] : ['OpenVPN'],
      ...(customRoutes !== undefined && { customRoutes }),
    },
    machines: [
      { name: 'vm-hub', address: '10.0.0.4', in: ['vnet-hub', 'servers'] },
      { name: 'vm-spoke1', address: machine, in: ['vnet-spoke1', 'servers'] },
    ],
    ...(platform === 'linux' && { issued: null }),
  };
  const common = {
    server: idsOf(spec).server,
    gatewayAddress: '20.193.245.69',
    tunnelAddress: '172.16.50.130',
    routes: ['10.0.0.0/16', ...routes, ...(customRoutes ?? []), '172.16.50.0/24'],
    lan: { address: '192.168.29.37', router: '192.168.29.1' },
    traces,
  };
  return {
    name,
    platform,
    client:
      platform === 'windows'
        ? windowsClient({ ...common, connection: 'vnet-hub', ...(installed !== undefined && { installed }) })
        : linuxClient({ ...common, kind: 'openvpn' }),
    azure: estate(spec),
    expected,
  };
}

/** The public address of the document's storage account, by way of the internet: outside the tunnel. */
export const storageOutside: Readonly<Record<string, Hops>> = {
  '104.211.109.42': ['192.168.29.1', '100.72.0.1', '104.211.109.42'],
};
