import { describe, expect, test } from 'vitest';
import { nic, nicId } from '../../scripts/scenarios/azure-machine.ts';
import { connection, gateway, vnet } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, type Place } from '../../scripts/scenarios/wire.ts';
import { readTopology } from '../../src/azure/translate.ts';
import { chooseProbes, type Target } from '../../src/model/choose-probes.ts';
import { endpointsOf } from '../../src/model/endpoint.ts';
import { expectRoutes, poolsFor } from '../../src/model/expect-routes.ts';
import { address, formatAddress } from '../../src/net/address.ts';
import { linux, plain } from '../diagnosis/conclude.ts';

/* Who gets packets: what a person named, and one running machine of each network that should be reached. */
const tunnel = address('172.16.50.2');

const machineAt = (place: Place, name: string, at: string, home: string): BundleArtifact =>
  arm('networkInterfaces.get', nicId(place, name), nic(place, { name, address: at, subnet: `${home}/subnets/app` }));

function probes(of: EstateSpec, named: readonly Target[] = [], from: typeof tunnel | null = tunnel): readonly string[] {
  const { topology } = readTopology(linux(of).artifacts.filter(({ half }) => half === 'azure'));
  const [endpoint] = endpointsOf(topology);
  if (endpoint === undefined) throw new Error('the estate has no gateway');
  const expected = expectRoutes(topology, endpoint, { pools: poolsFor(endpoint, tunnel), asked: [], present: [] });
  return chooseProbes(expected, topology, from ?? undefined, named).map((probe) => {
    const target = formatAddress(probe.target);
    if (probe.kind !== 'tcp') return `${probe.kind} ${target}`;
    return `tcp ${target}:${probe.port}${probe.boundTo === null ? '' : ` from ${formatAddress(probe.boundTo)}`}`;
  });
}

const tracedBy = (list: readonly string[]) =>
  list.filter((text) => text.startsWith('trace')).map((text) => text.slice(6));
const askedOf = (list: readonly string[]) =>
  list.filter((text) => text.startsWith('kernel')).map((text) => text.slice(7));

describe('packets go', () => {
  test('to one machine of each VNet, by trace and to the usual ports, plain and from the tunnel address', () => {
    const all = probes(plain);
    expect(tracedBy(all)).toEqual(['10.20.2.4', '10.21.1.4']);
    expect(all.filter((text) => text.startsWith('tcp 10.21.1.4'))).toEqual([
      'tcp 10.21.1.4:22',
      'tcp 10.21.1.4:22 from 172.16.50.2',
      'tcp 10.21.1.4:3389',
      'tcp 10.21.1.4:3389 from 172.16.50.2',
      'tcp 10.21.1.4:443',
      'tcp 10.21.1.4:443 from 172.16.50.2',
    ]);
  });

  test('to what was named first, and to its port alone; its network needs no other target', () => {
    const all = probes(plain, [{ address: address('10.21.9.9'), port: 8443 }]);
    expect(tracedBy(all)).toEqual(['10.21.9.9', '10.20.2.4']);
    expect(all.filter((text) => text.startsWith('tcp 10.21.'))).toEqual([
      'tcp 10.21.9.9:8443',
      'tcp 10.21.9.9:8443 from 172.16.50.2',
    ]);
  });

  test('from no address of the other family, and from none where there is no tunnel', () => {
    expect(
      probes(plain, [{ address: address('fd00::4'), port: 443 }]).filter((text) => text.includes('fd00::4:')),
    ).toEqual(['tcp fd00::4:443']);
    expect(probes(plain, [], null).some((text) => text.includes('from'))).toBe(false);
  });

  test('to machines only: an address of a private endpoint or of nothing that runs is none', () => {
    const { place } = idsOf(plain);
    const bare = nic(place, {
      name: 'aaa-endpoint',
      address: '10.21.0.9',
      subnet: idsOf(plain).subnet('spoke-app', 'app'),
    });
    const properties = { ...(bare['properties'] as object), virtualMachine: undefined };
    const estate = {
      ...plain,
      extra: () => [arm('networkInterfaces.get', nicId(place, 'aaa-endpoint'), { ...bare, properties })],
    };
    expect(tracedBy(probes(estate))).toEqual(['10.20.2.4', '10.21.1.4']);
  });

  test.each<[string, EstateSpec]>([
    [
      'of a VNet that clients may have and need not',
      {
        ...plain,
        extra: ({ place, gateway: id, vnet: idOf, id: named }) => [
          arm('virtualNetworkGateways.listConnections', id, {
            value: [
              connection(place, {
                name: 'to-far',
                type: 'Vnet2Vnet',
                from: id,
                to: named('virtualNetworkGateways', 'far'),
              }),
            ],
          }),
          arm(
            'virtualNetworkGateways.get',
            named('virtualNetworkGateways', 'far'),
            gateway(place, { name: 'far', home: idOf('vnet-far'), pool: [], publicAddress: '20.50.7.9' }),
          ),
          arm('virtualNetworks.get', idOf('vnet-far'), vnet(place, { name: 'vnet-far', space: ['10.99.0.0/16'] })),
          machineAt(place, 'far-vm', '10.99.1.4', idOf('vnet-far')),
        ],
      },
    ],
    [
      'of an address range that a custom route carries',
      {
        ...plain,
        gateway: { ...plain.gateway, customRoutes: ['10.99.0.0/16'] },
        extra: ({ place, vnet: idOf }) => [machineAt(place, 'far-vm', '10.99.1.4', idOf('vnet-far'))],
      },
    ],
  ])('to no machine %s', (_, estate) => {
    expect(tracedBy(probes(estate))).toEqual(['10.20.2.4', '10.21.1.4']);
  });

  test('once to a machine that stands in two ranges', () => {
    const snapshot = { remoteAddressSpace: { addressPrefixes: ['10.21.0.0/17', '10.21.0.0/18'] } };
    const estate = { ...plain, spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], near: snapshot }] };
    expect(tracedBy(probes(estate))).toEqual(['10.20.2.4', '10.21.1.4']);
  });

  test('to the same machine of several, in whatever order they were read', () => {
    const { place, vnet: idOf } = idsOf(plain);
    const other = { ...place, group: 'rg-other' };
    const machines = [
      machineAt(place, 'zoe', '10.21.1.9', idOf('spoke-app')),
      machineAt(place, 'ada', '10.21.1.8', idOf('spoke-app')),
      machineAt(other, 'ada', '10.21.1.7', idOf('spoke-app')),
    ];
    const hubOnly = { ...plain, machines: (plain.machines ?? []).slice(0, 1) };
    for (const extra of [machines, machines.toReversed()])
      expect(tracedBy(probes({ ...hubOnly, extra: () => extra }))).toEqual(['10.20.2.4', '10.21.1.8']);
  });

  test('to no more than twenty targets, named ones always', () => {
    const spokes = Array.from({ length: 30 }, (_, index) => ({
      name: `spoke-${index}`,
      space: [`10.${100 + index}.0.0/16`],
    }));
    const machines = spokes.map(({ name }, index) => ({
      name: `vm-${index}`,
      address: `10.${100 + index}.1.4`,
      in: [name, 'app'] as const,
    }));
    const estate = { ...plain, spokes, machines };
    expect(tracedBy(probes(estate))).toHaveLength(20);
    const named = Array.from({ length: 25 }, (_, index) => ({ address: address(`192.0.2.${index + 1}`) }));
    expect(tracedBy(probes(estate, named))).toEqual(named.map((one) => formatAddress(one.address)));
  });
});

describe('the kernel is asked', () => {
  test('of each target, and of one address inside every prefix, pool and optional ones too', () => {
    expect(askedOf(probes(plain))).toEqual(['10.20.2.4', '10.21.1.4', '10.20.0.1', '10.21.0.1', '172.16.50.1']);
  });

  test('of no more than sixty-four prefixes', () => {
    const customRoutes = Array.from({ length: 70 }, (_, index) => `10.${100 + index}.0.0/16`);
    expect(askedOf(probes({ ...plain, gateway: { ...plain.gateway, customRoutes } }))).toHaveLength(2 + 64);
  });

  test('of a single address by that address', () => {
    const estate = { ...plain, gateway: { ...plain.gateway, customRoutes: ['20.60.1.1/32', '20.60.2.2/31'] } };
    expect(askedOf(probes(estate))).toEqual(expect.arrayContaining(['20.60.1.1', '20.60.2.2']));
    // Whose packets a custom route carries nobody named: nothing is sent there.
    expect(tracedBy(probes(estate))).toEqual(['10.20.2.4', '10.21.1.4']);
  });
});
