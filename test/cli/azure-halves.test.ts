import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { JsonReport } from '../../src/report/json.ts';
import { estateOf, gatewayId } from '../azure/estate-of.ts';
import { diagnose, emulate, onlink, scratch, token, trusting } from './run-cli.ts';

const aim = ['-g', 'rg-hub', '-n', 'gw'];
const azureRungs = ['configured', 'offered', 'issued', 'returned'];

const rungsOf = ({ prefixes }: JsonReport, names: readonly string[]) =>
  prefixes.map(({ prefix, rungs }) => [
    prefix,
    ...rungs.filter(({ rung }) => names.includes(rung)).map(({ rung, state }) => `${rung} ${state}`),
  ]);

const filesIn = (folder: string): readonly string[] =>
  globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('with Reader alone every rung that reads allow is told, and each missing action by name', async () => {
  const whole = await emulate({ estate: estateOf(2) });
  const reader = await emulate({ estate: estateOf(2, { faults: [{ match: 'POST ', kind: 'forbidden' }] }) });
  const full = await diagnose(['--arm-endpoint', whole.url, ...aim], trusting(whole));
  const { report, notChecked } = await diagnose(['--arm-endpoint', reader.url, ...aim], trusting(reader));
  expect(rungsOf(report, ['configured', 'offered'])).toEqual(rungsOf(full.report, ['configured', 'offered']));
  expect(rungsOf(report, ['configured', 'offered'])[0]).toEqual(['10.0.0.0/16', 'configured held', 'offered held']);
  expect(
    rungsOf(report, ['issued', 'returned'])
      .flat()
      .filter((state) => / (lost|partial)$/.test(state)),
  ).toEqual([]);
  expect(report.findings.map(({ code }) => code)).toEqual(full.report.findings.map(({ code }) => code));
  for (const action of ['getEffectiveRoutes', 'getLearnedRoutes', 'getVpnClientConnectionHealth']) {
    expect(notChecked).toContain(`needs Microsoft.Network/virtualNetworkGateways/${action}/action on ${gatewayId}`);
  }
});

test("Azure's half, captured where the rights are, serves where they are not, with its age told", async () => {
  const emulator = await emulate({ estate: estateOf(2) });
  const live = await diagnose(['--arm-endpoint', emulator.url, ...aim], trusting(emulator));
  const [azure, client] = [join(scratch(), 'azure'), join(scratch(), 'client')];
  const words = ['--arm-endpoint', emulator.url, ...aim];
  expect((await onlink(['capture', azure, '--half', 'azure', ...words], trusting(emulator))).code).toBe(0);
  expect((await onlink(['capture', client, '--half', 'client', '--no-probe'])).code).toBe(0);
  const offline = await diagnose(['--azure-snapshot', azure, '--max-age', '12h']);
  expect(rungsOf(offline.report, azureRungs)).toEqual(rungsOf(live.report, azureRungs));
  expect(offline.report.notes.map(({ says }) => says).join()).toMatch(/Azure's half is a snapshot, \d+ min old/);
  const replayed = await onlink(['replay', client, azure, '-o', 'json']);
  expect(rungsOf(JSON.parse(replayed.stdout), azureRungs)).toEqual(rungsOf(live.report, azureRungs));

  const manifest = join(azure, 'manifest.json');
  const written = JSON.parse(readFileSync(manifest, 'utf8'));
  const before = new Date(Date.now() - 13 * 3_600_000).toISOString();
  writeFileSync(manifest, JSON.stringify({ ...written, takenAt: before }));
  const old = await onlink(['--no-probe', '--azure-snapshot', azure, '--max-age', '12h']);
  expect(old).toMatchObject({ code: 2, stdout: '' });
  expect(old.stderr).toContain('13 h old, more than --max-age allows');
});

/** What the SDK makes of a wire document: `properties` lifted into its owner, at every depth. */
function flattened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(flattened);
  if (typeof value !== 'object' || value === null) return value;
  const { properties, ...rest } = value as Record<string, unknown>;
  const own = Object.entries(rest).map(([key, entry]) => [key, flattened(entry)]);
  return { ...Object.fromEntries(own), ...(properties === undefined ? {} : (flattened(properties) as object)) };
}

/** The same as the Azure CLI prints it: lists bare, the group beside the id. */
function asCli(value: unknown): unknown {
  const flat = flattened(value) as Record<string, unknown>;
  const withGroup = (one: unknown) => {
    const { id } = (one ?? {}) as { id?: string };
    return id === undefined ? one : { ...(one as object), resourceGroup: id.split('/')[4] };
  };
  const list = flat['value'];
  return Array.isArray(list) ? list.map(withGroup) : withGroup(flat);
}

test.each([
  ['the SDK', flattened],
  ['az -o json', asCli],
] as const)('documents as %s has them say the same as those of the wire', async (_, shape) => {
  const emulator = await emulate({ estate: estateOf(2) });
  const azure = join(scratch(), 'azure');
  await onlink(['capture', azure, '--half', 'azure', '--arm-endpoint', emulator.url, ...aim], trusting(emulator));
  const wire = await diagnose(['--azure-snapshot', azure]);
  for (const file of filesIn(join(azure, 'azure'))) {
    writeFileSync(file, JSON.stringify(shape(JSON.parse(readFileSync(file, 'utf8')))));
  }
  const manifest = join(azure, 'manifest.json');
  const written = JSON.parse(readFileSync(manifest, 'utf8'));
  const artifacts = written.artifacts.map(({ bytes: _b, sha256: _s, ...rest }: Record<string, unknown>) => rest);
  writeFileSync(manifest, JSON.stringify({ ...written, artifacts }));
  const reshaped = await diagnose(['--azure-snapshot', azure]);
  expect(rungsOf(reshaped.report, azureRungs)).toEqual(rungsOf(wire.report, azureRungs));
  expect(rungsOf(wire.report, azureRungs)[1]).toContain('returned held');
});

const secrets = {
  radius: 'hunter-radius',
  sharedKey: 'hunter-shared-key',
  certificate: 'MIIDhunter',
  serverSecret: 'hunter-server-secret',
  signature: 'hunter-signature',
};

/** An estate with a secret wherever Azure keeps one. */
function secretive(faults: 'none' | 'refused') {
  const xml = `<VpnProfile><VpnServer>x</VpnServer><Routes>10.0.0.0/16</Routes><ServerSecret>${secrets.serverSecret}</ServerSecret><RadiusSecret>${secrets.radius}</RadiusSecret></VpnProfile>`;
  const zip = zipSync({ 'Generic/VpnSettings.xml': new TextEncoder().encode(xml) });
  const base = gatewayId.replace(/virtualNetworkGateways\/gw$/, '');
  return estateOf(2, {
    files: { '/sas/profile.zip': Buffer.from(zip).toString('base64') },
    actions: { [`${gatewayId}/generatevpnprofile`]: `{origin}/sas/profile.zip?sv=1&sig=${secrets.signature}` },
    resources: [
      {
        id: `${base}connections/site`,
        name: 'site',
        properties: {
          connectionType: 'IPsec',
          sharedKey: secrets.sharedKey,
          authorizationKey: secrets.sharedKey,
          virtualNetworkGateway1: { id: gatewayId },
          localNetworkGateway2: { id: `${base}localNetworkGateways/site` },
        },
      },
      {
        id: `${base}localNetworkGateways/site`,
        name: 'site',
        properties: {
          localNetworkAddressSpace: { addressPrefixes: ['10.200.0.0/16'] },
          radiusServers: [{ radiusServerSecret: secrets.radius, caCert: { privateKey: secrets.certificate } }],
        },
      },
    ],
    ...(faults === 'refused' && { faults: [{ match: 'POST ', kind: 'forbidden' as const }] }),
  });
}

test.each(['none', 'refused'] as const)(
  'no secret reaches stdout, stderr, a bundle or a report (faults: %s)',
  async (faults) => {
    const emulator = await emulate({ estate: secretive(faults) });
    const words = ['--arm-endpoint', emulator.url, ...aim, '--issue-profile', '--verbose', '--no-probe'];
    const kept = scratch();
    const bundle = join(kept, 'bundle');
    let told = '';
    const first = await onlink([...words, '--save', bundle], trusting(emulator));
    told += first.stdout + first.stderr;
    for (const format of ['json', 'html', 'markdown', 'junit']) {
      const ran = await onlink([
        'replay',
        bundle,
        '-o',
        format,
        '--output-file',
        join(kept, `report.${format}`),
        '--verbose',
      ]);
      told += ran.stdout + ran.stderr;
    }
    const captured = await onlink(['capture', join(kept, 'capture'), ...words], trusting(emulator));
    told += captured.stdout + captured.stderr;
    const files = filesIn(kept);
    expect(files.length).toBeGreaterThan(20);
    const everything = told + files.map((file) => readFileSync(file, 'latin1')).join('\n');
    for (const secret of ['hunter', token, 'sig=', 'jane@', 'Bearer ']) expect(everything).not.toContain(secret);
    if (faults === 'none') {
      expect(emulator.log.filter(({ path }) => path.startsWith('/sas/')).length).toBe(2);
      expect(everything).toContain('<Routes>10.0.0.0/16</Routes>');
    }
  },
);

test('a fresh profile decides what is issued; a package without one leaves it unknown', async () => {
  const issued = await emulate({ estate: secretive('none') });
  const fresh = await diagnose(['--arm-endpoint', issued.url, ...aim, '--issue-profile'], trusting(issued));
  const states = rungsOf(fresh.report, ['issued']);
  expect(states).toContainEqual(['10.0.0.0/16', 'issued held']);
  expect(states).toContainEqual(['10.10.1.0/24', 'issued lost']);
  const zip = zipSync({ 'OpenVPN/vpnconfig.ovpn': new TextEncoder().encode('client\ndev tun\n') });
  const estate = { ...secretive('none'), files: { '/sas/profile.zip': Buffer.from(zip).toString('base64') } };
  const openVpn = await emulate({ estate });
  const without = await diagnose(['--arm-endpoint', openVpn.url, ...aim, '--issue-profile'], trusting(openVpn));
  expect(rungsOf(without.report, ['issued'])).toContainEqual(['10.10.1.0/24', 'issued unknown']);
  expect(without.notChecked).toContain('no-vpn-settings');
});

test('Ctrl-C while Azure is waited for: 130, no report, and no bundle that looks whole', async () => {
  const emulator = await emulate({
    estate: estateOf(1, { faults: [{ match: 'getEffectiveRoutes', kind: 'silent' }] }),
  });
  const folder = scratch();
  const words = ['--arm-endpoint', emulator.url, ...aim, '--verbose', '--no-probe'];
  // Once: a second Ctrl-C ends the process on the spot.
  const stopping = () => {
    let isStopped = false;
    return {
      onStderr: (said: string, kill: () => void) => {
        if (isStopped || !said.includes('asking the gateway')) return;
        isStopped = true;
        setTimeout(kill, 300);
      },
    };
  };
  const report = join(folder, 'report.json');
  const saved = join(folder, 'saved');
  const stopped = await onlink(
    [...words, '-o', 'json', '--output-file', report, '--save', saved],
    trusting(emulator),
    stopping(),
  );
  expect(stopped).toMatchObject({ code: 130, stdout: '' });
  expect(existsSync(report)).toBe(false);
  const captured = join(folder, 'captured');
  const halted = await onlink(['capture', captured, ...words], trusting(emulator), stopping());
  expect(halted.code).toBe(130);
  for (const bundle of [saved, captured])
    expect(JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'))).toMatchObject({ partial: true });
});
