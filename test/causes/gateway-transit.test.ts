import { describe, expect, test } from 'vitest';
import { type EstateSpec, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { plain, told, windows } from '../diagnosis/conclude.ts';
import { findingsOf } from './findings.ts';

/* What one half of a peering withholds from the gateway's clients. */
const code = 'hub-transit-off';
const ids = idsOf(plain);
const off = (name: string, ...space: readonly string[]): SpokeSpec => ({
  name,
  space,
  near: { allowGatewayTransit: false },
});
const capture = (spokes: readonly SpokeSpec[], customRoutes: readonly string[] = []) => {
  const of: EstateSpec = { ...plain, spokes, gateway: { ...plain.gateway, customRoutes } };
  return windows({ ...of, machines: [] }, { traces: {} });
};

describe('hub-transit-off', () => {
  test('is one fault of one half, with all that it withholds', () => {
    const of = capture([off('spoke-app', '10.21.0.0/16', '10.22.0.0/16')]);
    expect(told(of, code)).toEqual([
      {
        says: 'error proven 10.21.0.0/16 10.22.0.0/16',
        actual: 'false',
        commands: [
          expect.stringMatching(/--vnet-name vnet-hub -n to-spoke-app --set allowGatewayTransit=true$/),
          expect.stringContaining('$p.AllowGatewayTransit = $true'),
        ],
      },
    ]);
    expect(findingsOf(of, code)[0]?.resource).toBe(`${ids.hub}/virtualNetworkPeerings/to-spoke-app`);
  });

  test('is a fault of each half that has it', () => {
    const of = capture([off('spoke-app', '10.21.0.0/16'), off('spoke-db', '10.25.0.0/16')]);
    expect(told(of, code).map(({ says }) => says)).toEqual(['error proven 10.21.0.0/16', 'error proven 10.25.0.0/16']);
  });

  test('withholds nothing that a custom route carries', () => {
    const of = capture([off('spoke-app', '10.21.0.0/16', '10.22.0.0/16')], ['10.21.0.0/16']);
    expect(told(of, code).map(({ says }) => says)).toEqual(['error proven 10.22.0.0/16']);
  });
});
