import { describe, expect, test } from 'vitest';
import { nic, nicId, privateEndpoint } from '../../scripts/scenarios/azure-machine.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { vpnSettings } from '../../scripts/scenarios/profiles.ts';
import { windowsClient } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact, pretty, type Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';
import { bothAnswer, dialled, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* The address works, and the name does not lead to it. */
const code = 'name-resolution';
const ids = idsOf(plain);
const [blob, file] = ['stinvoices.blob.core.windows.net', 'stinvoices.file.core.windows.net'];
const [blobAt, fileAt, elsewhere] = ['10.20.2.9', '10.20.2.10', '20.209.32.161'];

/** A private endpoint of the account with the NIC that carries its address. */
function endpoint(name: string, address: string, properties: Wire): readonly BundleArtifact[] {
  const [id, card, subnet] = [
    ids.id('privateEndpoints', name),
    nicId(ids.place, `${name}-nic`),
    ids.subnet('vnet-hub', 'shared'),
  ];
  const inside = { virtualMachine: null, privateEndpoint: { id } };
  return [
    arm('networkInterfaces.get', card, nic(ids.place, { name: `${name}-nic`, address, subnet, properties: inside })),
    arm('privateEndpoints.get', id, privateEndpoint(ids.place, { name, subnet, nic: card, properties })),
  ];
}
const named = (name: string, ...addresses: readonly string[]): Wire => ({
  customDnsConfigs: [{ fqdn: name, ipAddresses: addresses }],
});
const serving: Wire = {
  privateLinkServiceConnections: [
    {
      name: 'invoices',
      properties: {
        privateLinkServiceId: `/subscriptions/${ids.place.subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stinvoices`,
      },
    },
  ],
};
const both = [...endpoint('pe-blob', blobAt, named(blob, blobAt)), ...endpoint('pe-file', fileAt, named(file, fileAt))];

const lookup = (name: string, addresses: readonly string[], error?: string): BundleArtifact => ({
  id: 'dns-lookup',
  source: 'dns-lookup',
  half: 'client',
  file: 'client/dns-lookup.json',
  text: pretty([{ name, addresses, ...(error !== undefined && { error }) }]),
});
const asking = (endpoints: readonly BundleArtifact[], asked: BundleArtifact, traces: object = bothAnswer): Capture =>
  windows({ ...plain, extra: () => endpoints }, { traces: { ...traces } }, (artifacts) => [...artifacts, asked]);
const summaries = (capture: Capture) => findingsOf(capture, code).map(({ summary }) => summary);

describe('the name of a private endpoint', () => {
  test.each([
    ['the internet', blob, [elsewhere], `${elsewhere}, not to its private endpoint ${blobAt}`],
    ['the endpoint of another service', blob, [fileAt], `${fileAt}, not to its private endpoint ${blobAt}`],
    ['nothing', blob, [], `nothing, not to its private endpoint ${blobAt}`],
    [
      'the internet, asked for by its name in the private zone',
      'stinvoices.privatelink.blob.core.windows.net.',
      [elsewhere],
      `${elsewhere}, not to its private endpoint ${blobAt}`,
    ],
  ])('that leads to %s is an error', (_, name, addresses, to) => {
    const capture = asking(both, lookup(name, addresses));
    expect(summaries(capture)).toEqual([`${name} resolves to ${to}.`]);
    expect(told(capture, code).map(({ says }) => says)).toEqual(['error proven']);
  });

  test.each([
    ['leads to it', both, blob, [blobAt]],
    [
      'leads to one of its addresses',
      endpoint('pe-blob', blobAt, named(blob, blobAt, '10.20.2.11')),
      blob,
      ['10.20.2.11'],
    ],
    ['is not the one that was asked for: the account’s other services are public', both.slice(0, 2), file, [elsewhere]],
    [
      'is not the one that was asked for, though it begins alike',
      endpoint('pe', blobAt, serving),
      'stinvoices.corp',
      [elsewhere],
    ],
    ['is not the one that was asked for: the gateway’s own is public', both, ids.server, ['20.50.7.1']],
  ])('that %s is none', (_, endpoints, name, addresses) => {
    expect(summaries(asking(endpoints, lookup(name, addresses)))).toEqual([]);
  });

  test('is known by any of the names that Azure lists', () => {
    const listed = { customDnsConfigs: [{ fqdn: file }, { fqdn: blob, ipAddresses: [blobAt] }] };
    expect(summaries(asking(endpoint('pe', blobAt, listed), lookup(blob, [elsewhere])))).toHaveLength(1);
  });

  test('is known by the service it leads to, where Azure lists none', () => {
    expect(summaries(asking(endpoint('pe', blobAt, serving), lookup(blob, [elsewhere])))).toHaveLength(1);
  });

  test('cites the answer and the endpoint', () => {
    const [finding] = findingsOf(asking(both, lookup(blob, [elsewhere])), code);
    expect(finding && cited(finding)).toEqual([`${blob} resolves to ${elsewhere}`, `pe-blob answers at ${blobAt}`]);
  });
});

describe('a name of which no endpoint is known', () => {
  const internal = 'vault.privatelink.vaultcore.azure.net';
  test.each([
    [
      'a public address for a name of a private zone',
      internal,
      [elsewhere],
      'a DNS server that knows the private zone',
    ],
    ['a public address for a name inside Azure', 'vm1.x1.internal.cloudapp.net', [elsewhere], 'knows the private zone'],
    ['nothing, while addresses answer', 'intranet.example', [], 'it is the name, not the route'],
  ])('is likely at fault that leads to %s', (_, name, addresses, why) => {
    const [finding] = findingsOf(asking([], lookup(name, addresses)), code);
    expect([finding?.severity, finding?.confidence]).toEqual(['warning', 'likely']);
    expect(finding?.summary).toContain(why);
    expect(finding && cited(finding)).toEqual([expect.stringContaining(`${name} resolves to `)]);
  });

  test.each([
    ['a private address for a name of a private zone', internal, ['10.20.2.9']],
    ['a private address beside a public one', internal, ['10.20.2.9', elsewhere]],
    ['a public address for a public name', 'www.example', [elsewhere]],
  ])('is not at fault that leads to %s', (_, name, addresses) => {
    expect(summaries(asking([], lookup(name, addresses)))).toEqual([]);
  });

  test('is not at fault that leads to nothing where no address answers either', () => {
    const silent = { '10.20.2.4': 'silent' };
    expect(summaries(asking([], lookup('intranet.example', []), silent))).toEqual([]);
    expect(summaries(asking([], lookup(internal, []), silent))).toEqual([]);
  });

  test('is at fault where one address answers, though another does not', () => {
    const mixed = { '10.20.2.4': 'answers', '10.20.2.5': 'silent' };
    expect(summaries(asking([], lookup('intranet.example', []), mixed))).toHaveLength(1);
  });

  test('is told with the resolver’s own word', () => {
    expect(summaries(asking([], lookup('intranet.example', [], 'ENOTFOUND')))[0]).toMatch(
      /^intranet\.example does not resolve here/,
    );
    const [finding] = findingsOf(asking([], lookup('intranet.example', [], 'ENOTFOUND')), code);
    expect(finding?.actual).toBe('nothing (ENOTFOUND)');
  });
});

describe("Azure's own resolver, which answers no VPN client", () => {
  const resolver = '168.63.129.16';
  const rules = (...servers: readonly string[]): BundleArtifact => ({
    id: 'windows-nrpt',
    source: 'windows-nrpt',
    half: 'client',
    file: 'client/windows-nrpt.json',
    text: pretty(servers.map((server, index) => ({ Namespace: `.zone${index}`, NameServers: [server] }))),
  });
  const withDns = (server: string): EstateSpec => ({
    ...plain,
    hub: { ...plain.hub, properties: { dhcpOptions: { dnsServers: [server] } } },
  });
  const issuing = (artifacts: readonly BundleArtifact[]) => [
    ...artifacts.filter(({ id }) => id !== 'issued-profile'),
    ...[vpnSettings({ server: ids.server, routes: [], pool: ['172.16.50.0/24'], gateway: ids.gateway })].map((one) => ({
      ...one,
      text: (one.text ?? '').replace('<CustomDnsServers>', `<CustomDnsServers>${resolver}`),
    })),
  ];

  test.each([
    [
      'a name rule',
      windows(plain, {}, (artifacts) => [...artifacts, rules('10.20.2.5', resolver)]),
      [`names in .zone1 are asked of ${resolver}`],
    ],
    ['a profile that Azure makes now', windows(plain, {}, issuing), [`the profile names ${resolver} as DNS server`]],
    [
      "the gateway's VNet",
      windows(withDns(resolver)),
      [`vnet-hub gives ${resolver} to VPN clients as their DNS server`],
    ],
  ])('is named by %s', (_, capture, evidence) => {
    const [finding] = findingsOf(capture, code);
    expect([finding?.severity, finding?.confidence, finding?.actual]).toEqual(['warning', 'proven', resolver]);
    expect(finding && cited(finding)).toEqual(evidence);
    expect(told(capture, code)[0]?.commands).toEqual([
      expect.stringMatching(/^az network vnet update .* -n vnet-hub --dns-servers DNS-SERVER-ADDRESS$/),
    ]);
  });

  test('is not to be mended by a command where the gateway is not known', () => {
    const spec = { ...dialled(plain), connection: 'vnet-hub', tunnelAddress: '172.16.50.2' };
    const capture = captureOf('windows', windowsClient(spec), [rules(resolver)]);
    expect(told(capture, code)).toEqual([{ says: 'warning proven', actual: resolver, commands: [] }]);
  });

  test.each([
    ['a forwarder in the VNet', windows(withDns('10.20.2.5'))],
    ['a name rule for a forwarder', windows(plain, {}, (artifacts) => [...artifacts, rules('10.20.2.5')])],
  ])('is not %s', (_, capture) => {
    expect(summaries(capture)).toEqual([]);
  });
});
