import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCapture } from '../../src/analyze.ts';
import { readBundle, writeBundle } from '../../src/capture/bundle.ts';
import { redact } from '../../src/capture/redact.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { keyOf, nameOf } from '../../src/facts/resource-id.ts';
import { type Address, address } from '../../src/net/address.ts';
import { formatPrefix, lastOf, parseLoosePrefix, prefix, prefixAround, prefixFromMask } from '../../src/net/prefix.ts';
import { departureOf } from '../../src/redaction-proof.ts';
import { bundle, onlink, root } from './run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'onlink-redact-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const scenarios = readdirSync(join(root, 'fixtures/scenarios')).filter((name) =>
  existsSync(join(bundle(name), 'manifest.json')),
);

/** Every file and file name of a folder, as one text. */
function wholeOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => `${relative('.', file)}\n${readFileSync(join(folder, file), 'utf8')}`)
    .join('\n');
}

const isPrivate = (text: string) =>
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(text);
/** Masks, the unspecified address, multicast, documentation and the platform's own address mean the same everywhere. */
const isCommon = (text: string) =>
  /^(0\.|255\.|2(2[4-9]|3\d|4\d|5[0-5])\.|127\.|169\.254\.|168\.63\.129\.16$|192\.0\.|198\.(18|19|51)\.|203\.0\.113\.|192\.88\.99\.)/.test(
    text,
  ) || /^(254|252|248|240|224|192|128)\.0\.0\.0$/.test(text);

interface Tokens {
  readonly names: readonly string[];
  readonly shapes: readonly string[];
  readonly addresses: readonly string[];
}

/** What of a capture names somebody or something, found apart from the code under test: by the parsed facts and by shape. */
function tokensOf(capture: Capture, text: string): Tokens {
  const { topology, client } = readCapture(capture);
  const ids = [
    ...topology.gateways.values(),
    ...topology.vnets.values(),
    ...topology.peerings,
    ...topology.networkInterfaces.values(),
    ...topology.routeTables.values(),
    ...topology.securityGroups.values(),
    ...topology.publicIps.values(),
    ...topology.connections,
    ...topology.hubs.values(),
    ...topology.p2sGateways.values(),
    ...topology.localNetworkGateways.values(),
    ...[...topology.vnets.values()].flatMap(({ subnets }) => subnets),
  ].map(({ id }) => id);
  const groups = ids.flatMap((id) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? []);
  const connections = (client.connections ?? []).map(({ name }) => name);
  const names = [...ids.map(nameOf), ...groups, ...connections].map(keyOf);
  const shaped = (pattern: RegExp) => [...new Set(text.match(pattern) ?? [])].map((found) => found.toLowerCase());
  return {
    names: [...new Set(names)].filter(
      (name) =>
        name.length > 3 &&
        !/^(gatewaysubnet|default|defaultroutetable|azurefirewallsubnet|main|local|azure|(allow|deny)\w+)$/.test(name),
    ),
    shapes: [
      ...shaped(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi).filter((id) => !/^[0-]+$/.test(id)),
      ...shaped(/\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g),
      ...shaped(/(?<![\w:.-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\w:-])/gi).filter(
        (mac) => !/^(00[:-]){5}00$|^(ff[:-]){5}ff$/.test(mac),
      ),
      ...shaped(/\bazuregateway-[\w-]+/gi),
    ],
    addresses: shaped(/(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-]|\.\d)/g).filter((one) => !isCommon(one)),
  };
}

const keys = Array.from({ length: 8 }, (_, index) => `key ${index}`);

/** Whether an address lies in the first or last 512 of a range that the text names, or of a private one. */
function isAtAnEdge(one: string, text: string): boolean {
  const named = [...text.matchAll(/(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})(?!\d)/g)].flatMap(
    ([range]) => parseLoosePrefix(range)?.prefix ?? [],
  );
  const masked = [...text.matchAll(/(\d{1,3}(?:\.\d{1,3}){3})\s+(255\.\d{1,3}(?:\.\d{1,3}){2})/g)].flatMap(
    ([, first = '', mask = '']) => prefixFromMask(address(first), address(mask)) ?? [],
  );
  const ranges = [
    ...named,
    ...masked,
    ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(prefix),
  ];
  const edge = (at: Address) => formatPrefix(prefixAround(at, 23));
  return ranges.some((range) => [edge(range.first), edge(lastOf(range))].includes(edge(address(one))));
}

function holds(text: string, token: string): boolean {
  const escaped = token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`, 'i').test(text);
}

describe('no token of the original is left', () => {
  test.each(scenarios)('%s', async (scenario) => {
    const original = readBundle(bundle(scenario));
    const before = wholeOf(bundle(scenario));
    const { names, shapes, addresses } = tokensOf(original, before);
    expect(names.length + shapes.length + addresses.length).toBeGreaterThan(3);
    for (const all of [false, true]) {
      const redaction = redact(original, { addresses: all, key: `${scenario} ${all}` });
      expect(departureOf(original, redaction)).toBeUndefined();
      const out = join(scratch, `${scenario}-${all}`);
      await writeBundle(out, redaction.capture, 'onlink');
      const after = wholeOf(out);
      expect([...names, ...shapes].filter((token) => holds(after, token))).toEqual([]);
      const hidden = addresses.filter((one) => all || !isPrivate(one));
      expect(hidden.filter((one) => !isPrivate(one) && redaction.mapText(one) === one)).toEqual([]);
      // What stays itself under every key is forced to: it lies where the first or last address of a range has to stay.
      const stuck = keys.reduce(
        (left, key) => {
          const { mapText } = redact(original, { addresses: all, key });
          return left.filter((one) => mapText(one) === one);
        },
        hidden.filter((one) => redaction.mapText(one) === one),
      );
      expect(stuck.filter((one) => !isAtAnEdge(one, before))).toEqual([]);
    }
  });
});

describe('the command', () => {
  test('writes a bundle that replays to the same conclusions under other names', async () => {
    const out = join(scratch, 'out');
    const done = await onlink(['redact', bundle('hub-transit-off'), out, '--addresses']);
    expect(done).toMatchObject({ code: 0, stdout: '' });
    const [was, is] = await Promise.all([
      onlink(['replay', bundle('hub-transit-off'), '-o', 'json']),
      onlink(['replay', out, '-o', 'json']),
    ]);
    const outline = (text: string) => {
      const { verdict, findings, prefixes } = JSON.parse(text);
      return {
        verdict,
        findings: findings.map(({ code }: { code: string }) => code),
        lost: prefixes
          .map(({ reason, verdict: one, lostAt }: Record<string, string>) => [reason, one, lostAt].join(' '))
          .sort(),
      };
    };
    expect(outline(is.stdout)).toEqual(outline(was.stdout));
    expect(is.code).toBe(was.code);
  });

  test('does not write over a folder that holds something, and says what is no bundle', async () => {
    const full = join(scratch, 'full');
    cpSync(bundle('hub-transit-off'), full, { recursive: true });
    expect(await onlink(['redact', bundle('healthy-linux'), full])).toMatchObject({ code: 2, stdout: '' });
    const none = await onlink(['redact', join(scratch, 'nothing'), join(scratch, 'new')]);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('nothing');
  });
});

test('a redaction that changes the diagnosis is refused, and the file named', async () => {
  const original = readBundle(bundle('hub-transit-off'));
  const { capture, mapText } = redact(original, { key: 'k' });
  const broken = {
    ...capture,
    artifacts: capture.artifacts.map((artifact) =>
      artifact.operation === 'virtualNetworkGateways.get' && artifact.outcome.kind === 'answered'
        ? { ...artifact, outcome: { ...artifact.outcome, bytes: new TextEncoder().encode('{}') } }
        : artifact,
    ),
  };
  const departure = departureOf(original, { capture: broken, mapText });
  expect(departure?.artifact?.operation).toBe('virtualNetworkGateways.get');
  expect(departure?.lost).toBeDefined();
});
