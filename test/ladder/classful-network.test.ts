import { describe, expect, test } from 'vitest';
import type { Route } from '../../src/facts/route.ts';
import { isClassBased } from '../../src/ladder/strays.ts';
import { address } from '../../src/net/address.ts';
import { prefix } from '../../src/net/prefix.ts';

/* Classes A to C; what lies above is no network. */
describe('the classful network of the tunnel address', () => {
  const row = (text: string, gateway = false): Route => ({
    prefix: prefix(text),
    via: gateway ? { kind: 'gateway', address: address('192.168.1.1') } : { kind: 'on-link' },
    type: 'unicast',
    interface: 'vpn',
    metric: 43,
    table: 'main',
    origin: { artifact: 'table' },
  });

  test.each([
    ['10.55.0.5', '10.0.0.0/8', true],
    ['127.9.9.9', '127.0.0.0/8', true],
    ['128.0.0.5', '128.0.0.0/16', true],
    ['128.0.0.5', '128.0.0.0/8', false],
    ['191.255.0.5', '191.255.0.0/16', true],
    ['192.0.0.5', '192.0.0.0/24', true],
    ['192.0.0.5', '192.0.0.0/16', false],
    ['223.255.255.5', '223.255.255.0/24', true],
    ['224.0.0.5', '224.0.0.0/24', false],
    ['10.55.0.5', '11.0.0.0/8', false],
    ['10.55.0.5', '10.55.0.0/16', false],
    ['fd00::5', 'fd00::/24', false],
  ])('of %s is %s: %s', (tunnel, text, is) => {
    expect(isClassBased(row(text), address(tunnel), 'windows')).toBe(is);
  });

  test('is made by Windows alone, and on-link', () => {
    expect(isClassBased(row('10.0.0.0/8'), address('10.55.0.5'), 'linux')).toBe(false);
    expect(isClassBased(row('10.0.0.0/8', true), address('10.55.0.5'), 'windows')).toBe(false);
  });
});
