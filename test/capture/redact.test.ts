import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { readBundle } from '../../src/capture/bundle.ts';
import { redact } from '../../src/capture/redact.ts';
import { addressMap } from '../../src/capture/redact-addresses.ts';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import type { Artifact, Capture } from '../../src/facts/capture.ts';
import { type Address, type AddressV4, address, formatAddress } from '../../src/net/address.ts';
import { containsAddress, formatPrefix, lastOf, prefix, prefixAround } from '../../src/net/prefix.ts';

const answered = (id: string, half: Artifact['half'], text: string, more: Partial<Artifact> = {}): Artifact => ({
  ...{ id, source: id.split(':')[0] ?? id, half, ...more },
  outcome: { kind: 'answered', bytes: new TextEncoder().encode(text), exitCode: 0 },
});
const textsOf = ({ artifacts }: Capture) =>
  artifacts
    .map(
      ({ outcome, ...rest }) =>
        JSON.stringify(rest) +
        (outcome.kind === 'answered' ? new TextDecoder().decode(outcome.bytes) : outcome.message),
    )
    .join('\n');

describe('addresses are mapped so that', () => {
  const prefixes = ['10.0.0.0/16', '10.1.0.0/16', '10.1.0.0/24', '172.16.50.0/24', '0.0.0.0/0', '20.60.0.0/15'].map(
    prefix,
  );
  const map = addressMap('a key', prefixes, true);
  const anyAddress = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((value) => value as AddressV4);
  const common = (a: Address, b: Address) => {
    let length = 32;
    while (length > 0 && prefixAround(a, length).first !== prefixAround(b, length).first) length -= 1;
    return length;
  };

  test('any two keep the length of what they have in common, and so differ where they differed', () => {
    fc.assert(fc.property(anyAddress, anyAddress, (a, b) => common(map(a), map(b)) === common(a, b)));
    const nearby = fc
      .tuple(anyAddress, fc.integer({ min: 0, max: 31 }))
      .map(([a, bit]) => [a, (a ^ (2 ** bit)) >>> 0] as const);
    fc.assert(fc.property(nearby, ([a, b]) => common(map(a), map(b as AddressV4)) === common(a, b as AddressV4)));
  });

  test('the first and last of each prefix of the capture stay first and last', () => {
    for (const one of prefixes) {
      const [first, last] = [map(one.first), map(lastOf(one))];
      expect(prefixAround(first, one.length).first).toBe(first);
      expect(lastOf(prefixAround(last, one.length))).toBe(last);
    }
  });

  test('private ones stay in their range, public ones public, and well-known ones themselves', () => {
    const ranges = [
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '169.254.0.0/16',
      '224.0.0.0/3',
      '0.0.0.0/8',
    ].map(prefix);
    const rangeOf = (one: Address) => ranges.findIndex((range) => containsAddress(range, one));
    fc.assert(fc.property(anyAddress, (one) => rangeOf(map(one)) === rangeOf(one)));
    for (const known of ['168.63.129.16', '255.255.0.0', '127.0.0.1', '0.0.0.0', '255.255.255.255', '::1', 'ff02::1']) {
      expect(formatAddress(map(address(known)))).toBe(known);
    }
  });

  test('only public ones move unless all were asked for', () => {
    const partly = addressMap('a key', prefixes, false);
    for (const kept of ['10.1.0.4', '172.16.50.130', '192.168.29.37', 'fd00::4'])
      expect(formatAddress(partly(address(kept)))).toBe(kept);
    for (const moved of ['104.211.109.42', 'fe80::1ff:fe23:4567:890a', '2603:1030::4'])
      expect(formatAddress(partly(address(moved)))).not.toBe(moved);
  });
});

const id =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-pay/providers/Microsoft.Network/virtualNetworks/vnet-Payroll';
const capture: Capture = {
  takenAt: null,
  platform: 'windows',
  artifacts: [
    answered(
      'arm:001',
      'azure',
      `{ "id": "${id}", "name": "vnet-Payroll", "tags": {"cost": "Team Ann"}, "properties": {"provisioningState": "Succeeded", "fqdn": "pay.westeurope.cloudapp.azure.com"} }`,
      { resource: id.toUpperCase() },
    ),
    answered(
      'windows-vpn-connection',
      'client',
      '[{"Name":"VNET-payroll","ServerAddress":"azuregateway-11111111-2222-3333-4444-555555555555-ab12.vpn.azure.com","name":"Succeeded"}]',
    ),
    answered(
      'windows-ipconfig',
      'client',
      'C:\\Users\\ann.lee\\x  Physical Address: 02-AB-00-00-00-01  ann@contoso.com  laptop7.corp.contoso.com  104.211.109.42, 10.1.0.4',
    ),
    answered('linux-proc-route', 'client', 'Iface\tDestination\tGateway\neth0\t2A6DD368\t0132A8C0\t0003\n'),
    answered(
      'openvpn-profile',
      'client',
      'remote gw.contoso.com 443\n<ca>\n-----BEGIN CERTIFICATE-----\nQ29udG9zbw==\n-----END CERTIFICATE-----\n</ca>\n',
    ),
    {
      id: 'x',
      source: 'arm',
      half: 'azure',
      outcome: {
        kind: 'unanswered',
        status: 403,
        code: 'AuthorizationFailed',
        message: `The client 'ann@contoso.com' may not read ${id}`,
      },
    },
  ],
};

describe('a redacted capture', () => {
  const { capture: after, mapText } = redact(capture, { key: 'k' });
  const text = textsOf(after);

  test('holds no name, id, user, host, hardware or public address of the original', () => {
    for (const token of [
      'payroll',
      'rg-pay',
      '11111111-2222',
      'ann',
      'contoso',
      'laptop7',
      '02-AB',
      '104.211.109.42',
      '2A6DD368',
      'Q29udG9zbw',
      'Team',
      'pay.west',
    ]) {
      expect(text.toLowerCase()).not.toContain(token.toLowerCase());
    }
    expect(text).toContain('10.1.0.4');
    expect(text).toContain('0132A8C0');
  });

  test('calls one thing by one name everywhere, whatever its letter case', () => {
    const name = mapText('vnet-Payroll');
    expect(name).toMatch(/^name-[0-9a-f]{8}$/);
    expect(text.split(name).length - 1).toBe(5);
    expect(mapText(id).toLowerCase()).toBe(after.artifacts[0]?.resource?.toLowerCase());
  });

  test('keeps what has a meaning: types, states, keys, zones, layout', () => {
    expect(text).toContain('/providers/Microsoft.Network/virtualNetworks/');
    expect(text).toContain('"provisioningState": "Succeeded"');
    expect(text).toMatch(/"fqdn": "host-[0-9a-f]+\.cloudapp\.azure\.com"/);
    expect(text).toMatch(/azuregateway-[0-9a-f]+\.vpn\.azure\.com/);
    expect(textsOf(after).split('\n').length).toBe(textsOf(capture).split('\n').length);
  });

  test('has other names under another key, and a fresh key each time none is given', () => {
    expect(textsOf(redact(capture, { key: 'k' }).capture)).toBe(text);
    expect(textsOf(redact(capture, { key: 'l' }).capture)).not.toBe(text);
    expect(textsOf(redact(capture).capture)).not.toBe(textsOf(redact(capture).capture));
  });

  test('with addresses hides the private ones too', () => {
    expect(textsOf(redact(capture, { key: 'k', addresses: true }).capture)).not.toContain('10.1.0.4');
  });
});

/** What a diagnosis says, in names of the given mapping. */
function said({ verdict, ladders, findings, problems }: Diagnosis, name: (text: string) => string): readonly string[] {
  return [
    verdict,
    `${problems.length} problems`,
    ...ladders.map((one) =>
      [
        name(formatPrefix(one.prefix)),
        one.expectation,
        one.verdict,
        one.lostAt,
        ...one.rungs.map(({ state }) => state),
      ].join(' '),
    ),
    ...findings.map((one) =>
      [
        one.code,
        one.severity,
        name(one.resource ?? ''),
        ...one.prefixes.map((each) => name(formatPrefix(each))).sort(),
      ].join(' '),
    ),
  ].sort();
}

const scenarios = join(import.meta.dirname, '..', '..', 'fixtures', 'scenarios');
describe('the diagnosis of a redacted bundle is the redacted diagnosis', () => {
  test.each(readdirSync(scenarios))('%s', async (scenario) => {
    const original = readBundle(join(scenarios, scenario, 'bundle'));
    for (const addresses of [false, true]) {
      const { capture: after, mapText } = redact(original, { addresses, key: scenario });
      expect(said(analyze(after), (text) => text)).toEqual(said(analyze(original), mapText));
      const ids = textsOf(original).match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi) ?? [];
      for (const one of new Set(ids))
        if (!/^[0-]+$/.test(one)) expect(textsOf(after).toLowerCase()).not.toContain(one.toLowerCase());
    }
  });
});
