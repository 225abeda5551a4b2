import { describe, expect, test } from 'vitest';
import { type EstateSpec, idsOf, routeTableRead } from '../../scripts/scenarios/estate.ts';
import { phonebook } from '../../scripts/scenarios/windows-client.ts';
import { all, plain, told, windows } from '../diagnosis/conclude.ts';

/* Traffic that Azure was never asked to carry, and goes into the tunnel all the same. */
const ids = idsOf(plain);
const advertising = (customRoutes: readonly string[], properties: object = {}): EstateSpec => ({
  ...plain,
  gateway: { ...plain.gateway, customRoutes, properties: { ...properties } },
});
const site = { gatewayDefaultSite: { id: ids.id('localNetworkGateways', 'hq') } };

describe('internet-through-gateway', () => {
  const of = (estate: EstateSpec) => told(windows(estate), 'internet-through-gateway');

  test.each([
    [['0.0.0.0/0'], 'warning proven 0.0.0.0/0'],
    [['0.0.0.0/1', '128.0.0.0/1'], 'warning proven 0.0.0.0/1 128.0.0.0/1'],
    [['8.8.8.0/24', '10.99.0.0/16'], 'warning likely 8.8.8.0/24'],
    [['4.0.0.0/6'], 'warning likely 4.0.0.0/6'],
  ])('is told of custom routes %j', (routes, says) => {
    expect(of(advertising(routes)).map((one) => one.says)).toEqual([says]);
  });

  test.each([
    ['half of the internet, which some advertise for its own sake', ['0.0.0.0/1'], {}],
    ["a public address that may be Azure's", ['104.211.109.42/32'], {}],
    ['a private range behind an appliance', ['10.99.0.0/16'], {}],
    ['a default that the gateway is told to pass on to a site', ['0.0.0.0/0'], site],
  ])('is not told of %s', (_, routes, properties) => {
    expect(of(advertising(routes, properties))).toEqual([]);
  });

  test.each([
    ['VirtualAppliance', 0],
    ['Internet', 1],
  ])("with the GatewaySubnet's default to %s it is told %i times", (nextHopType, times) => {
    const table = { name: 'rt-gw', routes: [{ name: 'all', prefix: '0.0.0.0/0', nextHopType, nextHop: '10.20.9.4' }] };
    const subnets = [{ name: 'GatewaySubnet', prefix: '10.20.1.0/27', routeTable: ids.id('routeTables', 'rt-gw') }];
    const estate = {
      ...advertising(['0.0.0.0/0']),
      hub: { ...plain.hub, subnets },
      extra: () => [routeTableRead(ids.place, table)],
    };
    expect(of(estate)).toHaveLength(times);
  });

  test('takes the offending routes out, and leaves the others: the list is replaced as a whole', () => {
    const [finding] = of(advertising(['0.0.0.0/0', '10.99.0.0/16']));
    expect(finding?.actual).toBe('0.0.0.0/0');
    expect(finding?.commands[0]).toMatch(/az network vnet-gateway update .* --custom-routes 10\.99\.0\.0\/16$/);
  });

  test('is told of a client that sends everything into the tunnel by its own setting', () => {
    const routes = ['0.0.0.0/0', ...all];
    const forced = (metric: number) =>
      told(
        windows(
          plain,
          { routes, installed: all, lan: { address: '192.168.29.37', router: '192.168.29.1', metric } },
          (artifacts) => [...artifacts, phonebook('vnet-hub', { IpPrioritizeRemote: 1 })],
        ),
        'internet-through-gateway',
      );
    expect(forced(4500).map(({ says }) => says)).toEqual(['warning proven 0.0.0.0/0']);
    // The LAN's default wins: nothing goes there.
    expect(forced(25)).toEqual([]);
  });
});

describe('class-based-route', () => {
  const client = (tunnelAddress: string, row: string, book: object = {}) => {
    const pool = tunnelAddress.replace(/\d+$/, '0/24');
    const estate = { ...plain, gateway: { ...plain.gateway, pool: [pool] } };
    const spec = {
      tunnelAddress,
      routes: ['10.20.0.0/16', '10.21.0.0/16', pool],
      extra: [{ prefix: row, interface: tunnelAddress, metric: 43 }],
    };
    return windows(estate, spec, (artifacts) => [
      ...artifacts,
      phonebook('vnet-hub', { DisableClassBasedDefaultRoute: 0, ...book }),
    ]);
  };

  test.each([
    ['10.99.0.5', '10.0.0.0/8', 'route delete 10.0.0.0 mask 255.0.0.0'],
    ['172.16.50.2', '172.16.0.0/16', 'route delete 172.16.0.0 mask 255.255.0.0'],
    ['126.1.1.2', '126.0.0.0/8', 'route delete 126.0.0.0 mask 255.0.0.0'],
    ['128.1.1.2', '128.1.0.0/16', 'route delete 128.1.0.0 mask 255.255.0.0'],
  ])('of %s it is %s that Windows adds by itself', (address, row, command) => {
    const findings = told(client(address, row), 'class-based-route');
    expect(findings.map(({ commands }) => commands)).toEqual([[command]]);
  });

  test.each([
    ['a network of another class', '172.16.50.2', '172.0.0.0/8'],
    ['the pool itself, which is as wide in class C', '192.168.77.2', '192.168.77.0/24'],
  ])('%s is none', (_, address, row) => {
    expect(told(client(address, row), 'class-based-route')).toEqual([]);
  });
});
