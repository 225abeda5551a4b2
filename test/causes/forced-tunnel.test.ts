import { describe, expect, test } from 'vitest';
import { p2sGateway, serverConfiguration, virtualHub } from '../../scripts/scenarios/azure-wan.ts';
import { type EstateSpec, idsOf, routeTableRead } from '../../scripts/scenarios/estate.ts';
import { type LinuxSpec, linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { phonebook, type WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';
import { all, linux, plain, rewritten, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* Everything goes into the tunnel, by Azure's word or by this computer's own, and the gateway passes nothing on. */
const code = 'internet-through-gateway';
const ids = idsOf(plain);
const everything = '0.0.0.0/0';
const halves = ['0.0.0.0/1', '128.0.0.0/1'];
const says = (capture: Capture) => told(capture, code).map((one) => one.says);

const advertising = (...customRoutes: readonly string[]): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, customRoutes },
});
/** With a route table on the GatewaySubnet; null: it was not read. */
function behind(
  of: EstateSpec,
  routes: readonly (readonly [prefix: string, nextHopType: string])[] | null,
): EstateSpec {
  const subnets = [{ name: 'GatewaySubnet', prefix: '10.20.1.0/27', routeTable: ids.id('routeTables', 'rt-gw') }];
  const table = {
    name: 'rt-gw',
    routes: (routes ?? []).map(([prefix, nextHopType], index) => ({
      name: `r${index}`,
      prefix,
      nextHopType,
      nextHop: '10.20.9.4',
    })),
  };
  return {
    ...of,
    hub: { ...of.hub, subnets },
    extra: ({ place }) => (routes === null ? [] : [routeTableRead(place, table)]),
  };
}

describe('what Azure advertises', () => {
  test('is proven to be lost as soon as one of it is a default', () => {
    expect(says(windows(advertising('8.8.8.0/24', everything)))).toEqual([`warning proven 8.8.8.0/24 ${everything}`]);
  });

  test.each<[string, EstateSpec]>([
    ['an appliance gets a single network', behind(advertising(everything), [['10.21.0.0/16', 'VirtualAppliance']])],
    ['an appliance gets what is for a service', behind(advertising(everything), [['Storage', 'VirtualAppliance']])],
    ['the table has no route', behind(advertising(everything), [])],
  ])('is lost where %s', (_, of) => {
    expect(says(windows(of))).toEqual([`warning proven ${everything}`]);
  });

  test('is likely lost where the table of the GatewaySubnet was not read: it may pass it on', () => {
    expect(says(windows(behind(advertising(everything), null)))).toEqual([`warning likely ${everything}`]);
  });

  test.each<[string, EstateSpec]>([
    ['an appliance gets a half', behind(advertising(everything), [['0.0.0.0/1', 'VirtualAppliance']])],
    ['several appliances share it', behind(advertising(everything), [[everything, 'VirtualApplianceEcmp']])],
    ['it is a block of Azure’s own', advertising('20.0.0.0/8')],
  ])('is not lost where %s', (_, of) => {
    expect(says(windows(of))).toEqual([]);
  });

  test('leaves the other custom routes when it is taken out, however alike', () => {
    const [finding] = told(windows(advertising('8.8.8.0/24', '10.8.8.0/24', '8.8.0.0/16', '10.0.0.0/8')), code);
    expect(finding?.actual).toBe('8.8.8.0/24, 8.8.0.0/16');
    expect(finding?.commands[0]).toMatch(/--custom-routes 10\.8\.8\.0\/24 10\.0\.0\.0\/8$/);
  });
});

describe('what this computer sends there by its own setting', () => {
  const lan = { address: '192.168.29.37', router: '192.168.29.1', metric: 4500 };
  const forced = (more: readonly BundleArtifact[] = [], client: Partial<WindowsSpec> = {}, of: EstateSpec = plain) =>
    windows(of, { routes: [everything, ...all], installed: all, lan, ...client }, (artifacts) => [
      ...artifacts,
      ...more,
    ]);
  const settings = (capture: Capture) => findingsOf(capture, code).flatMap(cited).slice(1);
  const named = 'the phonebook entry uses the default gateway of the remote network';

  test('is for whoever hands out the client to mend: nothing is to be set at the gateway', () => {
    const [finding] = findingsOf(forced([phonebook('vnet-hub', { IpPrioritizeRemote: 1 })]), code);
    expect(finding?.resource).toBeUndefined();
    expect(finding?.fixes.map(({ by }) => by)).toEqual(['client-owner']);
    expect(finding && cited(finding)).toEqual([`${everything} leads into the tunnel and wins`, named]);
  });

  const connections = (...changes: readonly object[]) =>
    windows(plain, { routes: [everything, ...all], installed: all, lan }, (artifacts) =>
      rewritten('windows-vpn-connection', ([row]) => changes.map((change) => ({ ...row, ...change })))(artifacts),
    );
  test.each<[string, Capture, readonly string[]]>([
    ['no setting, where none was read', forced(), []],
    ['not the phonebook entry of another connection', forced([phonebook('office', { IpPrioritizeRemote: 1 })]), []],
    ['not an entry that keeps the internet out', forced([phonebook('vnet-hub')]), []],
    ['the connection that splits nothing', connections({ SplitTunneling: false }), ['split tunneling is off']],
    [
      'not one that splits nothing, and is down',
      connections(
        { SplitTunneling: true },
        { Name: 'office', SplitTunneling: false, ConnectionStatus: 'Disconnected' },
      ),
      [],
    ],
    [
      'any entry, where the connection is not known',
      windows(plain, { routes: [everything, ...all], installed: all, lan }, (artifacts) => [
        ...artifacts.filter(({ source }) => source !== 'windows-vpn-connection'),
        phonebook('vnet-hub', { IpPrioritizeRemote: 1 }),
      ]),
      [named],
    ],
  ])('cites %s', (_, capture, expected) => {
    expect(says(capture)).toEqual([`warning proven ${everything}`]);
    expect(settings(capture)).toEqual(expected);
  });

  test('may be two halves that the server pushed', () => {
    const pushing = (option: string) =>
      linux(plain, { routes: [...halves, ...all] }, (artifacts) =>
        artifacts.map((one) =>
          one.source === 'openvpn-log'
            ? { ...one, text: (one.text ?? '').replace("'PUSH_REPLY,", `'PUSH_REPLY,${option}`) }
            : one,
        ),
      );
    const rows = halves.map((half) => `${half} leads into the tunnel and wins`);
    expect(findingsOf(pushing('redirect-gateway def1,'), code).map(cited)).toEqual([
      [...rows, 'redirect-gateway was pushed'],
    ]);
    expect(findingsOf(pushing(''), code).map(cited)).toEqual([rows]);
  });

  test.each<[string, Capture]>([
    ['one half alone', forced([], { routes: ['0.0.0.0/1', ...all] })],
    [
      'what is forced to a site',
      forced(
        [],
        {},
        {
          ...plain,
          gateway: {
            ...plain.gateway,
            properties: { gatewayDefaultSite: { id: ids.id('localNetworkGateways', 'hq') } },
          },
        },
      ),
    ],
    ['what IPsec blocks here', blocked()],
    ['what a hub of Virtual WAN may pass on', ofHub()],
  ])('is not told of %s', (_, capture) => {
    expect(says(capture)).toEqual([]);
  });
});

function blocked(): Capture {
  const client: Partial<LinuxSpec> = { kind: 'strongswan', routes: [everything, ...all], traces: {} };
  const block = 'src 0.0.0.0/0 dst 0.0.0.0/0 \n\tdir out action block priority 100 ptype main \n';
  return linux({ ...plain, gateway: { ...plain.gateway, protocols: ['IkeV2'] } }, client, (artifacts) =>
    artifacts.map((one) => (one.source === 'linux-xfrm-policy' ? { ...one, text: `${block}${one.text}` } : one)),
  );
}

function ofHub(): Capture {
  const { place, id } = ids;
  const [wan, configuration] = [id('virtualHubs', 'west'), id('vpnServerConfigurations', 'staff')];
  const gateway = p2sGateway(place, {
    name: 'west-p2s',
    hub: wan,
    serverConfiguration: configuration,
    clients: [{ name: 'staff', pool: ['10.60.0.0/24'] }],
  });
  const client = linuxClient({
    kind: 'openvpn',
    tunnelAddress: '10.60.0.5',
    server: 'hub-west.vpn.azure.com',
    gatewayAddress: '20.7.7.7',
    routes: [...halves, '10.60.0.0/24'],
  });
  return captureOf('linux', client, [
    arm('p2sVpnGateways.get', id('p2sVpnGateways', 'west-p2s'), gateway),
    arm('vpnServerConfigurations.get', configuration, serverConfiguration(place, 'staff', ['OpenVPN'])),
    arm('virtualHubs.get', wan, virtualHub(place, 'west', '10.61.0.0/23')),
  ]);
}
