import { expect, test } from 'vitest';
import type { Fault } from '../../scripts/arm-emulator/estate.ts';
import { analyze } from '../../src/analyze.ts';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import type { Artifact } from '../../src/facts/capture.ts';
import { address } from '../../src/net/address.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { estateOf, gatewayId } from './estate-of.ts';
import { runFetch } from './run-fetch.ts';

const text = (id: string, source: string, lines: readonly string[]): Artifact => ({
  id,
  source,
  half: 'client',
  outcome: { kind: 'answered', bytes: new TextEncoder().encode(`${lines.join('\n')}\n`), exitCode: 0 },
});

/** A Linux client whose tunnel carries all that Azure gives it. */
const client: readonly Artifact[] = [
  text('linux-ip-route', 'linux-ip-route', [
    'default via 192.168.29.1 dev wlan0 proto dhcp metric 600',
    '192.168.29.0/24 dev wlan0 proto kernel scope link src 192.168.29.37',
    '20.193.245.69 via 192.168.29.1 dev wlan0',
    ...['10.0.0.0/16', '10.10.1.0/24', '10.10.2.0/24', '104.211.109.42', '172.16.50.0/24'].map(
      (prefix) => `${prefix} dev ppp0 scope link`,
    ),
  ]),
  text('linux-ip-rule', 'linux-ip-rule', [
    '0:\tfrom all lookup local',
    '32766:\tfrom all lookup main',
    '32767:\tfrom all lookup default',
  ]),
  text('linux-ip-addr', 'linux-ip-addr', [
    '3: wlan0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000',
    '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
    '    inet 192.168.29.37/24 brd 192.168.29.255 scope global dynamic wlan0',
    '7: ppp0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1400 qdisc fq_codel state UNKNOWN group default qlen 3',
    '    link/ppp',
    '    inet 172.16.50.130/32 scope global ppp0',
  ]),
];

const estate = estateOf(2);
const hints = { tunnelAddresses: [address('172.16.50.130')] };

async function diagnosed(faults: readonly Fault[]): Promise<Diagnosis> {
  const { artifacts } = await runFetch(
    { estate: { ...estate, faults } },
    { budgetMs: faults.length === 0 ? 20_000 : 3000, gateway: gatewayId },
    hints,
  );
  return analyze({ takenAt: '2026-11-22T10:00:00Z', platform: 'linux', artifacts: [...client, ...artifacts] });
}

const statesOf = ({ ladders }: Diagnosis): ReadonlyMap<string, string> =>
  new Map(
    ladders.flatMap(({ prefix, rungs }) => rungs.map(({ rung, state }) => [`${formatPrefix(prefix)} ${rung}`, state])),
  );

const sound = await diagnosed([]);

test('without a fault everything is read', () => {
  expect(sound.gateway?.name).toBe('gw');
  expect(sound.findings.map(({ code }) => code)).toEqual([]);
  expect(sound.notChecked.filter(({ code }) => code.startsWith('AZURE'))).toEqual([]);
  expect(statesOf(sound).get('10.10.1.0/24 returned')).toBe('held');
});

const kinds = [
  ...(['forbidden', 'not-found', 'throttled', 'unavailable', 'reset', 'truncated', 'html', 'null-body'] as const),
  ...([
    'empty-body',
    'never-ends',
    'operation-failed',
    'foreign-link',
    'proxy-refuses',
    'unauthorized',
    'silent',
  ] as const),
  'busy',
] as const satisfies readonly Fault['kind'][];
const places = ['virtualNetworks/hub', 'virtualNetworks/spoke1', 'POST ', 'getEffectiveRoutes', '/'];

test.each(kinds)(
  'an Azure that is %s shows no fault, and no health that it did not show',
  { timeout: 120_000 },
  async (kind) => {
    for (const match of places) {
      const spoiled = await diagnosed([{ match, kind, retryAfter: 60 }]);
      const before = statesOf(sound);
      const invented = [...statesOf(spoiled)].filter(
        ([key, state]) => !['unknown', 'not-applicable', before.get(key)].includes(state),
      );
      expect.soft({ match, invented }).toEqual({ match, invented: [] });
      expect
        .soft({ match, codes: spoiled.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code) })
        .toEqual({ match, codes: [] });
      const told = spoiled.notChecked.length > 0 || spoiled.problems.length > 0;
      const same = [...before].every(([key, state]) => statesOf(spoiled).get(key) === state);
      expect.soft({ match, kind, told: told || same }).toEqual({ match, kind, told: true });
    }
  },
);

test('an answer that came late says after how many retries', async () => {
  const { notes } = await diagnosed([{ match: 'virtualNetworks/spoke1', kind: 'throttled', times: 2, retryAfter: 0 }]);
  expect(notes.map(({ says }) => says)).toContain('virtualNetworks.get of spoke1 answered after 2 retries');
});
