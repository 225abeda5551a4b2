import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { formatAddress } from '../../src/net/address.ts';
import { captureOf } from '../capture-of.ts';

/* `route print` of Windows and nothing else: no pool is known, the tunnel shows by its rows alone. */
const addressFound = (...rows: readonly string[]): string | undefined => {
  const text = `IPv4 Route Table\nActive Routes:\n${rows.join('\n')}\nPersistent Routes:\n  None\n`;
  const { tunnel } = analyze(captureOf('windows', [{ id: 'r', source: 'windows-route-print', half: 'client', text }]));
  return tunnel === null ? undefined : formatAddress(tunnel.address);
};
const lan = [
  '          0.0.0.0          0.0.0.0     192.168.29.1    192.168.29.37   4260',
  '     192.168.29.0    255.255.255.0         On-link     192.168.29.37   4516',
  '    192.168.29.37  255.255.255.255         On-link     192.168.29.37   4516',
];
const own = (address: string) => `    ${address}  255.255.255.255         On-link     ${address}    281`;
const onLinkDefault = (address: string) => `          0.0.0.0          0.0.0.0         On-link     ${address}     26`;

test('a default on-link beside the router’s is a full tunnel', () => {
  expect(addressFound(...lan, onLinkDefault('172.16.50.130'), own('172.16.50.130'))).toBe('172.16.50.130');
});

test('a default on-link alone is the way of a modem', () => {
  expect(addressFound(onLinkDefault('100.70.12.3'), own('100.70.12.3'))).toBeUndefined();
});

test('a network of one’s own without a router is a virtual switch', () => {
  const virtual = '     172.28.144.0    255.255.240.0         On-link      172.28.144.1   5256';
  expect(addressFound(...lan, virtual, own('172.28.144.1'))).toBeUndefined();
});
