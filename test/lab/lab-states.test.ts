import { describe, expect, test } from 'vitest';
import { prefixes } from '../../scripts/lab/addresses.ts';
import { differences, essence, parseReport, type Report } from '../../scripts/lab/compare.ts';
import { estateOf } from '../../scripts/lab/estate.ts';
import { broken, healthy, lost } from '../../scripts/lab/expectations.ts';
import { runsOf, states } from '../../scripts/lab/states.ts';
import { rungNames } from '../../src/ladder/rung.ts';
import { parsePrefix } from '../../src/net/prefix.ts';

const scenarioNames = [
  'healthy',
  'spoke-remote-gateway-off',
  'local-network-overlap',
  'return-propagation-disabled',
  'vpn-not-connected',
];

describe('the states', () => {
  test('each name is given once', () => {
    const names = states.flatMap(runsOf).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('the 25 states of a Linux client are all there', () => {
    const numbers = states.map(({ name }) => Number(name.slice(0, 2))).filter((number) => number > 0);
    expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  });

  test.each(scenarioNames.slice(1))('%s varies each half alone', (name) => {
    const state = states.find((one) => one.name === name);
    expect(state?.contrasts?.map(({ label }) => label).sort()).toEqual(['azure-alone', 'tunnel-alone']);
  });

  test.each(states.flatMap(runsOf).map((one) => [one.name, one.run.expected] as const))(
    '%s expects what a report can say',
    (_name, expected) => {
      for (const prefix of Object.keys(expected.prefixes)) expect(parsePrefix(prefix), prefix).toBeDefined();
      for (const one of Object.values(expected.prefixes)) {
        for (const rung of Object.keys(one.rungs ?? {})) expect(rungNames).toContain(rung);
      }
      expect(expected.verdict).not.toEqual([]);
    },
  );
});

describe('the estate', () => {
  const spokeRoutes = (flags: Flags) => effectiveRoutes(flags, 'vm-spoke1-nic');

  test('in health every machine knows the way back to the pool', () => {
    for (const machine of ['vm-hub-nic', 'vm-spoke1-nic', 'vm-spoke2-nic']) {
      expect(nextHopTo(prefixes.pool, effectiveRoutes({}, machine))).toBe('VirtualNetworkGateway');
    }
  });

  test.each([{ spoke1Propagation: false }, { spoke1UsesRemoteGateways: false }])(
    '%j takes the way back from spoke1, and from it alone',
    (flags) => {
      expect(nextHopTo(prefixes.pool, spokeRoutes(flags))).toBeUndefined();
      expect(nextHopTo('172.16.0.0/12', spokeRoutes(flags))).toBe('None');
      expect(nextHopTo(prefixes.pool, effectiveRoutes(flags, 'vm-spoke2-nic'))).toBe('VirtualNetworkGateway');
    },
  );

  test('a spoke that does not use the gateway is not among what the gateway advertises', () => {
    const advertised = (flags: Flags) => JSON.stringify(answerOf(flags, '/getEffectiveRoutes'));
    expect(advertised({})).toContain(prefixes.spoke1);
    expect(advertised({ spoke1UsesRemoteGateways: false })).not.toContain(prefixes.spoke1);
  });
});

describe('the comparison', () => {
  const report: Report = {
    verdict: 'ok',
    findings: [],
    prefixes: Object.keys(healthy.prefixes).map((prefix) => ({
      prefix,
      verdict: 'ok',
      lostAt: null,
      rungs: rungNames.map((rung) => ({ rung, state: 'held' })),
    })),
  };

  test('health is health', () => {
    expect(differences(healthy, report, 0)).toEqual([]);
  });

  test('every way to differ is told', () => {
    const expected = broken(['local-network-overlap'], {
      [prefixes.spoke1]: lost('selected', { selected: 'partial' }),
    });
    expect(differences(expected, report, 3)).toEqual([
      'verdict: ok, not broken',
      'exit code: 3, not 0',
      'not found: local-network-overlap',
      '10.1.0.0/16 verdict: ok, not broken',
      '10.1.0.0/16 lostAt: null, not selected',
      '10.1.0.0/16 selected: held, not partial',
    ]);
  });

  test('an alarm nobody expects is a difference, an explanation is none', () => {
    const alarmed = { ...report, findings: [{ code: 'stray-route', severity: 'warning' }] };
    const explained = { ...report, findings: [{ code: 'pool-edge-address', severity: 'info' }] };
    expect(differences(healthy, alarmed, 0)).toEqual(['found, and should not be: stray-route']);
    expect(differences(healthy, explained, 0)).toEqual([]);
  });

  test('diagnoses that differ in one rung only are told apart', () => {
    const [first, ...rest] = report.prefixes;
    const changed = first && { ...first, rungs: first.rungs.map((rung) => ({ ...rung, state: 'unknown' })) };
    expect(essence({ ...report, prefixes: changed ? [changed, ...rest] : [] })).not.toBe(essence(report));
  });

  test.each(['', 'not json', '{}', '[1]', '{"verdict":"ok"}'])('%j is no report', (text) => {
    expect(parseReport(text)).toBeTypeOf('string');
  });
});

type Flags = Parameters<typeof estateOf>[0];
type Row = { readonly addressPrefix: readonly string[]; readonly nextHopType: string };

function effectiveRoutes(flags: Flags, machine: string): readonly Row[] {
  return (answerOf(flags, `/${machine}/effectiveRouteTable`) as { readonly value: readonly Row[] }).value;
}

function answerOf(flags: Flags, end: string): unknown {
  const [found] = Object.entries(estateOf(flags).actions).filter(([action]) => action.endsWith(end));
  if (found === undefined) throw new Error(`no answer ends in ${end}`);
  return found[1];
}

function nextHopTo(prefix: string, rows: readonly Row[]): string | undefined {
  return rows.find(({ addressPrefix }) => addressPrefix.includes(prefix))?.nextHopType;
}
