import { type EstateSpec, estate, idsOf, issuedOf } from '../../scripts/scenarios/estate.ts';
import { type LinuxSpec, linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { type WindowsSpec, windowsClient } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { captureOf } from '../capture-of.ts';

/** A hub with one spoke, a machine in each, and a pool: where nothing is wrong. */
export const plain: EstateSpec = {
  hub: { name: 'vnet-hub', space: ['10.20.0.0/16'] },
  spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'] }],
  gateway: { name: 'vpngw-hub', pool: ['172.16.50.0/24'], publicAddress: '20.50.7.1' },
  machines: [
    { name: 'srv', address: '10.20.2.4', in: ['vnet-hub', 'shared'] },
    { name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'] },
  ],
};
export const all = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24'];
export const bothAnswer = { '10.20.2.4': 'answers', '10.21.1.4': 'answers' } as const;
export const spokeLost = { '10.20.2.4': 'answers', '10.21.1.4': 'lost-outside' } as const;

export type Change = (artifacts: readonly BundleArtifact[]) => readonly BundleArtifact[];
const asIs: Change = (artifacts) => artifacts;

/** A capture of a native Windows client of that estate. */
export function windows(of: EstateSpec, client: Partial<WindowsSpec> = {}, change: Change = asIs): Capture {
  const spec = { ...dialled(of), connection: of.hub.name, tunnelAddress: '172.16.50.2', ...client };
  return captureOf('windows', change([...windowsClient(spec), ...estate(of)]));
}

/** A capture of a Linux client of that estate: OpenVPN unless said. */
export function linux(of: EstateSpec, client: Partial<LinuxSpec> = {}, change: Change = asIs): Capture {
  const spec = { ...dialled(of), kind: 'openvpn' as const, tunnelAddress: '172.16.50.2', ...client };
  return captureOf('linux', change([...linuxClient(spec), ...estate(of)]));
}

export const dialled = (of: EstateSpec) => ({
  server: idsOf(of).server,
  gatewayAddress: of.gateway.publicAddress,
  routes: issuedOf(of),
  traces: bothAnswer,
});

/** Drops what these sources told. */
export const without =
  (...sources: readonly string[]): Change =>
  (artifacts) =>
    artifacts.filter(({ source }) => !sources.includes(source));

/** Rewrites the JSON list that a source printed. */
export const rewritten =
  (source: string, rewrite: (rows: readonly Record<string, unknown>[]) => unknown): Change =>
  (artifacts) =>
    artifacts.map((one) =>
      one.source === source && one.text !== undefined
        ? { ...one, text: JSON.stringify(rewrite(JSON.parse(one.text) as Record<string, unknown>[])) }
        : one,
    );

export interface Conclusion {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  /** `expectation verdict lostAt`, by prefix. */
  readonly prefixes: Readonly<Record<string, string>>;
  readonly verdict: string;
}

/** What is concluded of a capture, in short. */
export function conclude(capture: Capture): Conclusion {
  const { findings, ladders, verdict } = analyze(capture);
  const codes = (severity: string) =>
    [...new Set(findings.filter((one) => one.severity === severity).map(({ code }) => code))].sort();
  return {
    errors: codes('error'),
    warnings: codes('warning'),
    infos: codes('info'),
    prefixes: Object.fromEntries(
      ladders.map((one) => [formatPrefix(one.prefix), `${one.expectation} ${one.verdict} ${one.lostAt ?? '-'}`]),
    ),
    verdict,
  };
}

/** What is told of one cause: `severity confidence prefixes`, the property as it is, and every command offered. */
export function told(capture: Capture, code: string) {
  return analyze(capture)
    .findings.filter((one) => one.code === code)
    .map(({ severity, confidence, prefixes, actual, fixes }) => ({
      says: [severity, confidence, ...prefixes.map(formatPrefix)].join(' '),
      actual,
      commands: fixes.flatMap(({ commands }) => commands.map(({ command }) => command)),
    }));
}
