import { describe, expect, it } from 'vitest';
import { linuxNmcli } from '../../../src/sources/network-manager.ts';

const read = (text: string) => linuxNmcli.parse(text, { artifact: 'x' });
const inFull = (more: string) => read(`connection.id:azure\nconnection.type:vpn\n${more}\n`).facts.connections?.[0];
const uuid = '4f1c2d70-96b1-4a51-9ad0-6f1cf1f8a002';

describe('whether a connection is up', () => {
  it.each([
    ['GENERAL.STATE:activated', true],
    ['GENERAL.STATE:activating', false],
    ['GENERAL.STATE:deactivated', false],
    // In the words of another language the state is not known, and a number is the same in all.
    ['GENERAL.STATE:aktiviert', null],
    ['VPN.VPN-STATE:5 - VPN verbunden', true],
    ['VPN.VPN-STATE:3 - VPN wird verbunden', false],
    ['GENERAL.STATE:activated\nVPN.VPN-STATE:6 - VPN connection failed', false],
    ['ipv4.method:auto', null],
  ])('%s', (line, connected) => {
    expect(inFull(line)?.connected).toBe(connected);
  });
});

describe('what kind it is', () => {
  it.each([
    ['openvpn', 'openvpn'],
    ['strongswan', 'ikev2'],
    ['sstp', 'sstp'],
    ['l2tp', 'other'],
  ])('org.freedesktop.NetworkManager.%s is %s', (service, protocol) => {
    expect(inFull(`vpn.service-type:org.freedesktop.NetworkManager.${service}`)?.protocol).toBe(protocol);
  });

  it('is not known without its service, and not told of what is no VPN', () => {
    expect(inFull('ipv4.method:auto')?.protocol).toBe('unknown');
    expect(read('connection.id:Home\nconnection.type:802-11-wireless\n').facts.connections).toEqual([]);
  });
});

describe('what its properties tell', () => {
  it.each([
    ['yes', true],
    ['no', false],
    ['ja', null],
  ])('whether it takes the default route: %s', (never, splitTunneling) => {
    expect(inFull(`ipv4.never-default:${never}`)?.splitTunneling).toBe(splitTunneling);
  });

  it('its server and routes', () => {
    const one = inFull(
      'vpn.data:remote = azuregateway-1.vpn.azure.com\\:443, proto-tcp = yes\nIP4.ROUTE[1]:dst = 10.1.0.0/16, nh = 0.0.0.0, mt = 50\nIP4.DNS[1]:dst = 10.2.0.0/16',
    );
    expect(one).toMatchObject({ server: 'azuregateway-1.vpn.azure.com', routes: [{ length: 16 }] });
  });
});

describe('a list in columns', () => {
  it('tells by the device what is active; other lines are no list', () => {
    const list = `NAME   UUID   TYPE  DEVICE \nazure  ${uuid}  vpn   wlan0  \nold    ${uuid}  vpn   --     \n`;
    expect(read(list)).toMatchObject({
      facts: { connections: [{ connected: true }, { connected: false }] },
      problems: [],
    });
    expect(linuxNmcli.recognise?.(list)).toBe(0.9);
    expect(linuxNmcli.recognise?.(`${list}and some more\n`)).toBe(0);
    expect(read(`${list}and some more\n`).problems).toMatchObject([{ text: 'and some more' }]);
  });
});
