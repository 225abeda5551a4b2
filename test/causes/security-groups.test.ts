import { describe, expect, test } from 'vitest';
import { nic, nicId } from '../../scripts/scenarios/azure-machine.ts';
import { vnet } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, estate } from '../../scripts/scenarios/estate.ts';
import type { WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm, type BundleArtifact, forbidden } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';
import { plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';
import { attempt, connecting, deny, effective, group, guarded, open, read, silent } from './guarded-estate.ts';

/* What security groups refuse, and what is not to be blamed on them. */
const code = 'nsg-denies-pool';
const spoke = '10.21.0.0/16';
const capture = (of: EstateSpec, traces: WindowsSpec['traces'] & object = silent, ...more: readonly BundleArtifact[]) =>
  windows(of, { traces }, (artifacts) => [...artifacts, ...more]);
const says = (of: Capture, wanted = code) => told(of, wanted).map((one) => one.says);
describe('a rule that refuses every packet of the pool', () => {
  test.each([
    ['in the effective rules, with nothing asked of the machine', guarded({}, effective([deny()])), open],
    ['in the subnet’s group', guarded({ subnet: 'nsg-app' }, read('nsg-app', [deny()])), silent],
    ['in the NIC’s group', guarded({ nic: 'nsg-app' }, read('nsg-app', [deny()])), silent],
    [
      'in the group that was read, whatever the other says',
      guarded({ subnet: 'nsg-other', nic: 'nsg-app' }, read('nsg-app', [deny()])),
      silent,
    ],
  ])('is an error %s', (_, of, traces) => {
    expect(says(capture(of, traces))).toEqual([`error proven ${spoke}`]);
  });

  test('names the rule, and the command that lets clients in before it', () => {
    const [finding] = findingsOf(capture(guarded({ nic: 'nsg-app' }, read('nsg-app', [deny()]))), code);
    expect(finding).toMatchObject({
      resource: group('nsg-app'),
      property: 'securityRules/no-remote',
      actual: 'denied at priority 310',
    });
    expect(finding?.summary).toBe(
      "nsg-app refuses every packet from the VPN's address pool to 10.21.1.4: rule no-remote denies it.",
    );
    expect(finding?.fixes[0]?.commands[0]?.command).toMatch(
      /az network nsg rule create .* --nsg-name nsg-app .* --priority 200 .* --source-address-prefixes 172\.16\.50\.0\/24 /,
    );
    expect(finding?.fixes[0]?.verify).toMatch(/--local 10\.21\.1\.4:443 --remote 172\.16\.50\.2:50000$/);
  });

  test.each([
    [201, '200'],
    [150, '149'],
    [101, '100'],
  ])('at priority %i is preceded by one at %s', (priority, before) => {
    const [finding] = told(capture(guarded({}, effective([deny({ priority })]))), code);
    expect(finding?.commands[0]).toContain(`--priority ${before} `);
  });

  test('at the first priority must be moved: none can come before it', () => {
    const [finding] = findingsOf(capture(guarded({}, effective([deny({ priority: 100 })]))), code);
    expect(finding?.fixes[0]?.commands).toEqual([]);
    expect(finding?.fixes[0]?.steps[0]).toMatch(
      /^No rule can come before priority 100: give no-remote a higher number/,
    );
  });

  test('is named with its collection where the effective rules tell it', () => {
    const [finding] = findingsOf(capture(guarded({}, effective([deny()]))), code);
    expect(finding?.property).toBe('securityRules/no-remote');
  });

  test('by default, where Azure’s tag was said to lack the pool, is a warning', () => {
    const [finding] = findingsOf(capture(guarded({}, effective([], []))), code);
    expect([finding?.severity, finding?.property]).toEqual(['warning', 'defaultSecurityRules/DenyAllInBound']);
  });

  test('is told once for all that it cuts off, and names no more than three of them', () => {
    const hosts = [4, 5, 6, 7].map((last) => `10.21.1.${last}`);
    const of = guarded({ subnet: 'nsg-app' }, read('nsg-app', [deny()]));
    const machines = hosts.map((address) => ({
      name: `app${address}`,
      address,
      in: ['spoke-app', 'app'] as const,
    }));
    const [finding, ...rest] = findingsOf(capture({ ...of, machines }, {}), code);
    expect(rest).toEqual([]);
    expect(finding?.summary).toContain(`to ${hosts.slice(0, 3).join(', ')}: rule`);
    expect(finding && cited(finding)).toHaveLength(3);
  });

  test('is told without a client: an address of the pool stands for it, of either family', () => {
    const pool = ['172.16.50.0/24', 'fd50::/64'];
    const of = guarded({}, effective([deny({ source: '172.16.50.4/32' })]));
    const capture4 = captureOf('windows', estate(of));
    expect(findingsOf(capture4, code).map(({ severity }) => severity)).toEqual(['error']);
    const dual = { ...of, gateway: { ...of.gateway, pool: [...pool].reverse() } };
    expect(findingsOf(captureOf('windows', estate(dual)), code).map(({ severity }) => severity)).toEqual(['error']);
  });
});

describe('is not blamed:', () => {
  const allDenied = read('nsg-app', [deny()]);
  test.each<[string, Capture]>([
    ['a group of a machine that answers', capture(guarded({ nic: 'nsg-app' }, allDenied), { '10.21.1.4': 'answers' })],
    [
      'a group that nobody may read',
      capture(guarded({ nic: 'nsg-app' }, forbidden('networkSecurityGroups.get', group('nsg-app'), 'read'))),
    ],
    [
      'a rule of a VNet that clients do not get, though its range is the same',
      capture(
        {
          ...plain,
          machines: [{ name: 'srv', address: '10.20.2.4', in: ['vnet-hub', 'shared'] }],
          extra: ({ place, vnet: called, subnet }) => [
            arm(
              'virtualNetworks.get',
              called('copy'),
              vnet(place, {
                name: 'copy',
                space: [spoke],
                subnets: [{ name: 'app', prefix: '10.21.1.0/24', networkSecurityGroup: group('nsg-app') }],
              }),
            ),
            arm(
              'networkInterfaces.get',
              nicId(place, 'copy'),
              nic(place, { name: 'copy', address: '10.21.1.4', subnet: subnet('copy', 'app') }),
            ),
            allDenied,
          ],
        },
        { ...silent, '10.21.1.4': 'silent' },
      ),
    ],
    [
      'a group of a prefix that the peering withholds: clients come by no security group',
      capture({
        ...guarded({ nic: 'nsg-app' }, allDenied),
        spokes: [{ name: 'spoke-app', space: [spoke], far: { useRemoteGateways: false } }],
      }),
    ],
  ])('%s', (_, of) => {
    expect(says(of)).toEqual([]);
  });

  test('of two ranges of a VNet the one whose machines are not refused', () => {
    const of = guarded({ nic: 'nsg-app' }, allDenied);
    const two = { name: 'spoke-app', space: [spoke, '10.22.0.0/16'] };
    expect(says(capture({ ...of, spokes: [{ ...of.spokes?.[0], ...two }] }))).toEqual([`error proven ${spoke}`]);
  });
});

describe('a rule that refuses some packets', () => {
  const ports = (...refused: readonly string[]) =>
    guarded(
      {},
      effective(
        refused.map((port, index) => deny({ name: `no-${port}`, priority: 300 + index, protocol: 'Tcp', ports: port })),
      ),
    );
  const icmp = guarded({}, effective([deny({ name: 'no-ping', protocol: 'Icmp' })]));

  test.each<[string, Capture, string]>([
    ['the trace', capture(icmp), 'nsg-app refuses ICMP from'],
    [
      'the connection',
      capture(ports('443'), open, connecting(attempt(443, 'timeout'))),
      'nsg-app refuses TCP 443 from',
    ],
    [
      'both connections, one tried twice',
      capture(
        ports('443', '22'),
        open,
        connecting(attempt(443, 'timeout'), attempt(443, 'timeout'), attempt(22, 'timeout')),
      ),
      'nsg-app refuses TCP 443, TCP 22 from',
    ],
  ])('explains %s that found no answer', (_, of, summary) => {
    expect(says(of)).toEqual([`warning proven ${spoke}`]);
    const [finding] = findingsOf(of, code);
    expect(finding?.summary).toMatch(new RegExp(`^${summary}`));
  });

  test.each<[string, Capture]>([
    ['nothing, where nothing was asked', capture(icmp, open)],
    ['no silence of another port', capture(ports('443'), open, connecting(attempt(22, 'timeout')))],
    ['no silence of another machine', capture(ports('443'), open, connecting(attempt(443, 'timeout', '10.21.1.9')))],
    ['no failure that is not silence', capture(ports('443'), open, connecting(attempt(443, 'error')))],
    [
      'no silence that another probe shares which is allowed',
      capture(ports('443'), silent, connecting(attempt(443, 'timeout'))),
    ],
    ['no trace that a router answered on the way', capture(icmp, { ...open, '10.21.1.4': 'lost-outside' })],
    [
      'no trace that a router answered on the way now and then',
      windows(icmp, { traces: { ...open, '10.21.1.4': ['192.168.29.1', null, null] } }, (artifacts) =>
        artifacts.map((one) =>
          one.target === '10.21.1.4'
            ? { ...one, text: (one.text ?? '').replace('28 ms    29 ms', '    *    29 ms') }
            : one,
        ),
      ),
    ],
    [
      'no trace that went elsewhere',
      windows(icmp, {
        traces: silent,
        routes: ['10.20.0.0/16', '172.16.50.0/24'],
        installed: ['10.20.0.0/16', spoke, '172.16.50.0/24'],
      }),
    ],
  ])('explains %s', (_, of) => {
    expect(says(of)).toEqual([]);
  });
});
