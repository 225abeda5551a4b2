import { expect, test } from 'vitest';
import { estateOf, gatewayId, home, idIn, partner } from '../azure/estate-of.ts';
import { diagnose, emulate, onlink, profileFor, trusting } from './run-cli.ts';

const publicIpId = (name: string) => idIn(partner, 'rg-other', `publicIPAddresses/${name}`);
const otherHub = idIn(partner, 'rg-other', 'virtualNetworks/hub2');
const otherGateway = idIn(partner, 'rg-other', 'virtualNetworkGateways/gw2');

/** A second gateway in the other subscription, active-active, with the same pool: what a copied template leaves. */
const twins = estateOf(1, {
  resources: [
    {
      id: otherHub,
      name: 'hub2',
      properties: {
        addressSpace: { addressPrefixes: ['10.90.0.0/16'] },
        subnets: [
          {
            id: `${otherHub}/subnets/GatewaySubnet`,
            name: 'GatewaySubnet',
            properties: {
              addressPrefix: '10.90.1.0/27',
              ipConfigurations: [{ id: `${otherGateway}/ipConfigurations/a` }],
            },
          },
        ],
      },
    },
    {
      id: otherGateway,
      name: 'gw2',
      properties: {
        gatewayType: 'Vpn',
        vpnType: 'RouteBased',
        activeActive: true,
        ipConfigurations: ['a', 'b'].map((name) => ({
          name,
          properties: {
            publicIPAddress: { id: publicIpId(name) },
            subnet: { id: `${otherHub}/subnets/GatewaySubnet` },
          },
        })),
        vpnClientConfiguration: {
          vpnClientAddressPool: { addressPrefixes: ['172.16.50.0/24'] },
          vpnClientProtocols: ['OpenVPN'],
        },
      },
    },
    { id: publicIpId('a'), name: 'a', properties: { ipAddress: '20.9.9.1' } },
    { id: publicIpId('b'), name: 'b', properties: { ipAddress: '20.9.9.2' } },
  ],
});

test('several gateways: listed with the flag that picks one, all of Azure unknown, and none is asked anything long', async () => {
  const emulator = await emulate({ estate: twins });
  const { report, code } = await diagnose(['--arm-endpoint', emulator.url], trusting(emulator));
  expect(report.gateway).toBeNull();
  expect(report.candidates.map(({ flag }) => flag)).toEqual([
    `--subscription ${home} -g rg-hub -n gw`,
    `--subscription ${partner} -g rg-other -n gw2`,
  ]);
  expect(report.prefixes.filter(({ expectation }) => expectation === 'must')).toEqual([]);
  expect(code).not.toBe(0);
  expect(emulator.log.some(({ method }) => method === 'POST')).toBe(false);
  const text = await onlink(['--no-probe', '--arm-endpoint', emulator.url], trusting(emulator));
  expect(text.stdout).toContain('-g rg-other -n gw2');
});

test.each(['20.9.9.1', '20.9.9.2'])(
  'either public address of an active-active gateway finds it (%s)',
  async (server) => {
    const emulator = await emulate({ estate: twins });
    const { report } = await diagnose(
      ['--arm-endpoint', emulator.url, '--profile', profileFor(server)],
      trusting(emulator),
    );
    expect(report.gateway?.id).toBe(otherGateway);
  },
);

test("the profile's server name is resolved", async () => {
  const resolved = structuredClone(twins);
  Object.assign(resolved.resources.find(({ id }) => id === publicIpId('b'))?.['properties'] as object, {
    ipAddress: '127.0.0.1',
  });
  const emulator = await emulate({ estate: resolved });
  const { report } = await diagnose(
    ['--arm-endpoint', emulator.url, '--profile', profileFor('localhost')],
    trusting(emulator),
  );
  expect(report.gateway?.id).toBe(otherGateway);
});

test.each([
  ['a name', ['-g', 'rg-hub', '-n', 'gateway'], 'called gateway in the resource group rg-hub'],
  ['a name alone', ['-n', 'gateway'], 'called gateway'],
  ['a group', ['-g', 'rg-hab'], 'in the resource group rg-hab'],
  ['an id', ['--gateway', gatewayId.replace(/gw$/, 'gateway')], 'virtualNetworkGateways/gateway'],
])('a wrong %s: what there is, and how to pick it', async (_, words, said) => {
  const emulator = await emulate({ estate: estateOf(0) });
  const { report, notChecked } = await diagnose(['--arm-endpoint', emulator.url, ...words], trusting(emulator));
  expect(report.gateway).toBeNull();
  expect(report.candidates.map(({ name, flag }) => [name, flag])).toEqual([
    ['gw', `--subscription ${home} -g rg-hub -n gw`],
  ]);
  expect(notChecked).toMatch(/^GATEWAY: no Point-to-Site gateway /m);
  expect(notChecked).toContain(said);
});

test('a wrong subscription: those the account sees', async () => {
  const subscriptions = [
    { subscriptionId: home, displayName: 'Production' },
    { subscriptionId: partner, displayName: 'Partner' },
  ];
  const emulator = await emulate({ estate: estateOf(0, { subscriptions }) });
  const wrong = await diagnose(['--arm-endpoint', emulator.url, '--subscription', 'Produktion'], trusting(emulator));
  expect(wrong.notChecked).toContain(
    `no subscription is called Produktion; the signed-in account sees Production (${home})`,
  );
  const right = await diagnose(['--arm-endpoint', emulator.url, '--subscription', 'production'], trusting(emulator));
  expect(right.report.gateway?.id).toBe(gatewayId);
  expect(emulator.log.some(({ path }) => path.startsWith(`/subscriptions/${partner}/`))).toBe(false);
});

test('a Virtual WAN gateway is found beside others, and picked by its flag', async () => {
  const hub = idIn(home, 'rg-wan', 'virtualHubs/hub1');
  const p2s = idIn(home, 'rg-wan', 'p2sVpnGateways/p2s');
  const connection = { name: 'users', properties: { vpnClientAddressPool: { addressPrefixes: ['172.16.60.0/24'] } } };
  const estate = estateOf(0, {
    resources: [
      { id: hub, name: 'hub1', properties: { addressPrefix: '10.60.0.0/23', routingState: 'Provisioned' } },
      { id: p2s, name: 'p2s', properties: { virtualHub: { id: hub }, p2SConnectionConfigurations: [connection] } },
    ],
  });
  const emulator = await emulate({ estate });
  const both = await diagnose(['--arm-endpoint', emulator.url], trusting(emulator));
  expect(both.report.candidates.map(({ name }) => name)).toEqual(['gw', 'p2s']);
  const flag = both.report.candidates.find(({ name }) => name === 'p2s')?.flag ?? '';
  const one = await diagnose(['--arm-endpoint', emulator.url, ...flag.split(' ')], trusting(emulator));
  expect(one.report.gateway).toEqual({ id: p2s, name: 'p2s' });
});

test('what is no resource id is refused before anything is asked', async () => {
  const ran = await onlink(['--gateway', 'gw', '--no-probe']);
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toContain('--gateway: the resource id of a VPN gateway');
});
