import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/sources/decode.ts';
import { readProfileZip } from '../../../src/sources/profile-zip.ts';
import { recogniseSource } from '../../../src/sources/registry.ts';
import { collectorScript, encodedCommand } from '../../../src/sources/windows-collector.ts';

const root = join(import.meta.dirname, '../../../fixtures/sources');

describe('a text without a name', () => {
  const typical = readdirSync(root)
    .filter((id) => /^(windows-|cmroute|vpn-settings|azurevpn)/.test(id))
    .flatMap((id) =>
      readdirSync(join(root, id))
        .filter((file) => file.endsWith('.txt') && !/^(empty|garbage|truncated|unresolved|collector)/.test(file))
        .map((file) => ({ id, file })),
    );
  it.each(typical)('$id: $file is known by its shape', ({ id, file }) => {
    const { text } = decodeText(readFileSync(join(root, id, file)), /\.([\w-]+)\.txt$/.exec(file)?.[1]);
    expect(recogniseSource(text)?.id).toBe(id);
  });
  it('is nobody’s when it is nothing', () => {
    expect(recogniseSource('')).toBeUndefined();
    expect(recogniseSource('dear helpdesk, the vpn at 10.1.0.4 is slow\n')).toBeUndefined();
  });
});

describe('the collector', () => {
  it('fits a command line of Windows and survives the way there', () => {
    expect(encodedCommand().length).toBeLessThan(32_000);
    expect(Buffer.from(encodedCommand(), 'base64').toString('utf16le')).toBe(collectorScript);
  });
  it('is plain ASCII and uses nothing that Constrained Language Mode forbids', () => {
    expect(collectorScript).toMatch(/^[\n\x20-\x7e]*$/);
    expect(collectorScript).not.toMatch(
      /Add-Type|New-Object|\[ordered\]|\[pscustomobject\]|\[Console\]|Invoke-Expression/i,
    );
    // The one .NET call has its way out beside it.
    expect(collectorScript.match(/\]::/g)).toHaveLength(1);
    expect(collectorScript).toMatch(/try\{[^\n]*\]::[^\n]*\}catch\{/);
  });
  it('only reads', () => {
    expect(collectorScript).not.toMatch(/\b(Set|New|Remove|Add|Clear|Disable|Enable|Restart|Stop)-\w+/);
  });
});

describe('a profile package', () => {
  const profile = strToU8('<VpnProfile/>');
  it('gives the known files and tells of the installers', () => {
    const zip = zipSync({
      'Generic/VpnSettings.xml': profile,
      'WindowsAmd64/VpnClientSetupAmd64.exe': profile,
      'readme.md': profile,
    });
    const { entries, problems } = readProfileZip(zip);
    expect(entries.map(({ name }) => name)).toEqual(['Generic/VpnSettings.xml']);
    expect(problems).toEqual([
      'WindowsAmd64/VpnClientSetupAmd64.exe: an installer or archive within the package: not opened',
    ]);
  });
  it.each(['../VpnSettings.xml', '/VpnSettings.xml', 'C:/VpnSettings.xml', 'a\\..\\VpnSettings.xml'])(
    'refuses %s',
    (name) => {
      const { entries, problems } = readProfileZip(zipSync({ [name]: profile }));
      expect(entries).toEqual([]);
      expect(problems[0]).toContain('leads out');
    },
  );
  it('refuses what is packed to burst', () => {
    const { entries, problems } = readProfileZip(zipSync({ 'a.ovpn': new Uint8Array(3_000_000) }));
    expect(entries).toEqual([]);
    expect(problems[0]).toContain('refused');
  });
  it('says of another file that it is no zip, and of a cut one that it is damaged', () => {
    expect(readProfileZip(profile).problems).toEqual(['not a zip archive']);
    expect(readProfileZip(zipSync({ 'a.ovpn': profile }).slice(0, 40)).problems[0]).toContain('damaged');
  });
});
