import type { Capture } from '../../src/facts/capture.ts';
import type { AddressV4 } from '../../src/net/address.ts';
import { formatAddress } from '../../src/net/address.ts';
import { captureOf } from '../../test/capture-of.ts';
import { type EstateSpec, estate, idsOf, issuedOf } from '../scenarios/estate.ts';
import { linuxClient } from '../scenarios/linux-client.ts';

/** A healthy estate of so many VNets, and a client whose table has so many routes of other people's beside its own. */
export function largeEstate(vnets: number, routes: number): Capture {
  const spokes = Array.from({ length: vnets - 1 }, (_, index) => ({
    name: `spoke-${index}`,
    space: [`10.${1 + Math.floor(index / 64)}.${(index % 64) * 4}.0/22`],
  }));
  const spec: EstateSpec = {
    hub: { name: 'hub', space: ['10.0.0.0/16'] },
    spokes,
    gateway: { name: 'gateway', pool: ['172.16.50.0/24'], publicAddress: '20.61.3.3', protocols: ['OpenVPN'] },
    machines: spokes.map(({ name, space: [space = ''] }) => ({
      name: `vm-${name}`,
      address: space.replace('.0/22', '.4'),
      in: [name, 'app'] as const,
    })),
    issued: null,
  };
  const client = linuxClient({
    kind: 'openvpn',
    tunnelAddress: '172.16.50.130',
    server: idsOf(spec).server,
    gatewayAddress: '20.61.3.3',
    routes: issuedOf(spec),
    extraRoutes: Array.from({ length: routes }, (_, index) => ({
      type: 'unicast',
      dst: `${formatAddress((2 ** 31 + index * 1024) as AddressV4)}/24`,
      gateway: '192.168.29.1',
      dev: 'wlp2s0',
      protocol: 'bgp',
      metric: 20,
      flags: [],
    })),
    traces: Object.fromEntries(
      spokes.slice(0, 20).map(({ space: [space = ''] }) => [space.replace('.0/22', '.4'), 'answers' as const]),
    ),
  });
  return captureOf('linux', client, estate(spec));
}
