import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connection, gateway, gatewayRoute, localNetworkGateway } from '../../scripts/scenarios/azure-network.ts';
import { type EstateIds, type EstateSpec, estate, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { windowsClient } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact, networkId } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { captureOf } from '../capture-of.ts';

/*
 * The rows of https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing (edition of July
 * 2023): what a Windows and a non-Windows client is given in eight topologies. Prefixes that the article gives only to
 * non-Windows clients, or contradicts itself about, are `may` for every client.
 */
interface Plan {
  /** VNet1 to VNet4, the site, the pool. */
  readonly vnets: readonly [string, string, string, string];
  readonly site: string;
  readonly pool: string;
  readonly name: (plain: string) => string;
}
const article: Plan = {
  vnets: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16'],
  site: '10.101.0.0/16',
  pool: '192.168.0.0/24',
  name: (plain) => plain,
};

type Row = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8';
interface Expectations {
  readonly must: readonly string[];
  readonly may: readonly string[];
  readonly never: readonly string[];
}

/** What the article lists for the row, in the plan's own addresses. */
function expectations(row: Row, { vnets: [one, two, three, four], site, pool }: Plan): Expectations {
  const own = [one, pool];
  switch (row) {
    case 'R1':
      return { must: own, may: [], never: [] };
    case 'R2':
      return { must: [...own, two, four], may: [], never: [three] };
    case 'R3':
      return { must: own, may: [two], never: [] };
    case 'R4':
      return { must: own, may: [two, three], never: [] };
    case 'R5':
    case 'R6':
      return { must: own, may: [site], never: [] };
    case 'R7':
      return { must: own, may: [two], never: [] };
    case 'R8':
      return { must: own, may: [two, three, site], never: [] };
  }
}

/** The estate of a row. Without BGP the gateway knows only what its own connections name. */
function azureOf(row: Row, plan: Plan): { readonly spec: EstateSpec; readonly artifacts: readonly BundleArtifact[] } {
  const { vnets, site, pool, name } = plan;
  const [one, two, three] = vnets;
  const bgp = row === 'R4' || row === 'R6' || row === 'R8';
  const spokes: readonly SpokeSpec[] = row === 'R2' ? peered(plan) : [];
  const base = {
    hub: { name: name('vnet1'), space: [one] },
    spokes,
    gateway: { name: name('gw1'), pool: [pool], publicAddress: '20.13.9.4', enableBgp: bgp },
  };
  const learnt: Partial<Record<Row, readonly string[]>> = { R4: [two, three], R6: [site], R8: [two, three, site] };
  const parts: Readonly<Record<Row, readonly ((ids: EstateIds) => readonly BundleArtifact[])[]>> = {
    R1: [],
    R2: [(ids) => [secondHop(ids, plan)]],
    R3: [(ids) => chained(ids, plan, bgp)],
    R4: [(ids) => chained(ids, plan, bgp)],
    R5: [(ids) => branch(ids, plan, bgp)],
    R6: [(ids) => branch(ids, plan, bgp)],
    R7: [(ids) => chained(ids, plan, bgp)],
    R8: [(ids) => chained(ids, plan, bgp)],
  };
  const extra = (ids: EstateIds) => [
    ...parts[row].flatMap((part) => part(ids)),
    ...(learnt[row] === undefined ? [] : [learnedRoutes(ids, learnt[row])]),
  ];
  const spec: EstateSpec = { ...base, issued: null, extra };
  return { spec, artifacts: estate(spec) };
}

/** VNet2 and VNet4 use VNet1's gateway; VNet3 is peered with VNet2 alone. */
function peered({ vnets: [, two, three, four], name }: Plan): readonly SpokeSpec[] {
  const ids = idsOf({
    hub: { name: name('vnet1'), space: [] },
    gateway: { name: name('gw1'), pool: [], publicAddress: '' },
  });
  const toThird = {
    id: `${ids.vnet(name('vnet2'))}/virtualNetworkPeerings/to-third`,
    name: 'to-third',
    properties: {
      peeringState: 'Connected',
      peeringSyncLevel: 'FullyInSync',
      remoteVirtualNetwork: { id: ids.vnet(name('vnet3')) },
      allowVirtualNetworkAccess: true,
      allowGatewayTransit: false,
      useRemoteGateways: false,
      remoteAddressSpace: { addressPrefixes: [three] },
      remoteVirtualNetworkAddressSpace: { addressPrefixes: [three] },
    },
  };
  return [
    { name: name('vnet2'), space: [two], peerings: [toThird] },
    { name: name('vnet4'), space: [four] },
  ];
}

function secondHop(ids: EstateIds, { vnets: [, , three], name }: Plan): BundleArtifact {
  const id = ids.vnet(name('vnet3'));
  return arm('virtualNetworks.get', id, {
    name: name('vnet3'),
    id,
    type: 'Microsoft.Network/virtualNetworks',
    location: 'westeurope',
    properties: { addressSpace: { addressPrefixes: [three] }, subnets: [], virtualNetworkPeerings: [] },
  });
}

/** VNet1 = VNet2 by a VNet-to-VNet connection; the gateway of VNet2 is read, what lies behind it is told by BGP alone. */
function chained(ids: EstateIds, { vnets: [, two], name }: Plan, enableBgp: boolean): readonly BundleArtifact[] {
  const home = ids.vnet(name('vnet2'));
  const far = networkId(ids.place, 'virtualNetworkGateways', name('gw2'));
  const document = {
    name: name('vnet2'),
    id: home,
    type: 'Microsoft.Network/virtualNetworks',
    location: 'westeurope',
    properties: { addressSpace: { addressPrefixes: [two] }, subnets: [], virtualNetworkPeerings: [] },
  };
  const line = connection(ids.place, {
    name: name('to-vnet2'),
    type: 'Vnet2Vnet',
    from: ids.gateway,
    to: far,
    enableBgp,
  });
  return [
    arm('virtualNetworks.get', home, document),
    arm(
      'virtualNetworkGateways.get',
      far,
      gateway(ids.place, { name: name('gw2'), home, pool: [], publicAddress: '20.13.9.5', enableBgp }),
    ),
    arm('virtualNetworkGateways.listConnections', ids.gateway, { value: [line] }),
  ];
}

function branch(ids: EstateIds, { site, name }: Plan, enableBgp: boolean): readonly BundleArtifact[] {
  const id = networkId(ids.place, 'localNetworkGateways', name('site1'));
  const line = connection(ids.place, { name: name('to-site1'), type: 'IPsec', from: ids.gateway, to: id, enableBgp });
  return [
    arm('localNetworkGateways.get', id, localNetworkGateway(ids.place, name('site1'), [site])),
    arm('virtualNetworkGateways.listConnections', ids.gateway, { value: [line] }),
  ];
}

function learnedRoutes(ids: EstateIds, prefixes: readonly string[]): BundleArtifact {
  const value = prefixes.map((network) =>
    gatewayRoute(network, {
      local: '10.255.255.30',
      origin: 'EBgp',
      nextHop: '10.254.254.30',
      sourcePeer: '10.254.254.30',
      asPath: '65010',
    }),
  );
  return arm('virtualNetworkGateways.getLearnedRoutes', ids.gateway, { value });
}

function diagnose(row: Row, platform: 'windows' | 'linux', plan: Plan): Diagnosis {
  const { spec, artifacts } = azureOf(row, plan);
  const tunnelAddress = plan.pool.replace(/\.0\/\d+$/, '.7');
  const common = {
    server: idsOf(spec).server,
    gatewayAddress: '20.13.9.4',
    tunnelAddress,
    routes: [plan.vnets[0], plan.pool],
    lan: { address: '172.30.200.20', router: '172.30.200.1' },
  };
  const client =
    platform === 'windows'
      ? windowsClient({ ...common, connection: 'vpn' })
      : linuxClient({ ...common, kind: 'strongswan' });
  return analyze(captureOf(platform, client, artifacts));
}

function expectationsOf({ ladders }: Diagnosis): Expectations {
  const of = (wanted: string) =>
    ladders
      .filter(({ expectation, reason }) => expectation === wanted && reason !== 'stray')
      .map(({ prefix }) => formatPrefix(prefix))
      .sort();
  return { must: of('must'), may: of('may'), never: of('never') };
}
const sorted = ({ must, may, never }: Expectations): Expectations => ({
  must: must.toSorted(),
  may: may.toSorted(),
  never: never.toSorted(),
});

const rows: readonly Row[] = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8'];
/** The same topologies with addresses of another plan. */
const renumbered: Plan = {
  vnets: ['172.20.0.0/14', '10.128.0.0/12', '192.168.96.0/20', '100.80.0.0/16'],
  site: '10.9.0.0/24',
  pool: '172.31.255.0/24',
  name: (plain) => `${plain}-prod`,
};

describe.each(['windows', 'linux'] as const)('a %s client', (platform) => {
  test.each(rows)('row %s of the article', (row) => {
    expect(expectationsOf(diagnose(row, platform, article))).toEqual(sorted(expectations(row, article)));
  });

  test.each(rows)('row %s with another address plan', (row) => {
    expect(expectationsOf(diagnose(row, platform, renumbered))).toEqual(sorted(expectations(row, renumbered)));
  });

  test('renumbering and renaming renumbers and renames the answer, and changes nothing else', () => {
    const plans = fc.record({
      blocks: fc.uniqueArray(fc.integer({ min: 1, max: 250 }), { minLength: 6, maxLength: 6 }),
      suffix: fc.stringMatching(/^[a-z]{1,6}$/),
    });
    fc.assert(
      fc.property(fc.constantFrom(...rows), plans, (row, { blocks, suffix }) => {
        const at = (index: number) => `10.${blocks[index]}.0.0/16`;
        const plan: Plan = {
          vnets: [at(0), at(1), at(2), at(3)],
          site: at(4),
          pool: `192.168.${blocks[5]}.0/24`,
          name: (plain) => `${plain}-${suffix}`,
        };
        const found = diagnose(row, platform, plan);
        expect(expectationsOf(found)).toEqual(sorted(expectations(row, plan)));
        expect(found.verdict).toBe(diagnose(row, platform, article).verdict);
        expect(found.findings.map(({ code }) => code)).toEqual(
          diagnose(row, platform, article).findings.map(({ code }) => code),
        );
      }),
      { numRuns: 40 },
    );
  });
});
