import { expect, test } from 'vitest';
import { isPublic, mayBeAzures, overlapsPublic } from '../../src/model/public-ranges.ts';
import { address } from '../../src/net/address.ts';
import { prefix } from '../../src/net/prefix.ts';

/* Which addresses hosts on the internet may have, and which of them may be a service of Azure. */
test.each([
  ['20.60.1.1', true],
  ['8.8.8.8', true],
  ['2603:1000::1', true],
  ['10.20.1.4', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['100.128.0.1', true],
  ['169.254.169.254', false],
  ['127.0.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['fd00::1', false],
  ['fe80::1', false],
])('%s is on the internet: %s', (text, answer) => {
  expect(isPublic(address(text))).toBe(answer);
});

test.each([
  ['0.0.0.0/0', true],
  ['128.0.0.0/1', true],
  ['172.0.0.0/8', true],
  ['10.0.0.0/8', false],
  ['::/0', true],
  ['2000::/3', true],
  ['fc00::/7', false],
])('%s holds addresses of the internet: %s', (text, answer) => {
  expect(overlapsPublic(prefix(text))).toBe(answer);
});

test.each([
  ['20.60.1.0/24', true],
  ['104.211.109.42/32', true],
  ['8.8.8.8/32', false],
  ['20.0.0.0/7', false],
  ['2603:1000::/24', true],
  ['2603::/17', true],
  ['2603::/16', false],
  ['::/0', false],
])("%s may be Azure's: %s", (text, answer) => {
  expect(mayBeAzures(prefix(text))).toBe(answer);
});
