import { describe, expect, test } from 'vitest';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import type { BundleArtifact, Wire } from '../../scripts/scenarios/wire.ts';
import { all, type Change, linux, plain, windows, without } from '../diagnosis/conclude.ts';
import { ladderOf, rungText } from './rung-text.ts';

/* What a trace proves of the way it went, and what the daemon's counters prove without one. */
const [spoke, target] = ['10.21.0.0/16', '10.21.1.4'] as const;

const printed = (source: string, text: string, more: object = {}): BundleArtifact => ({
  id: `${source}:${target}`,
  source,
  half: 'client',
  target,
  text,
  exitCode: 0,
  ...more,
});
const tracert = (...hops: readonly string[]) =>
  printed(
    'windows-tracert',
    ['', `Tracing route to ${target} over a maximum of 8 hops`, '', ...hops, '', 'Trace complete.', ''].join('\r\n'),
  );
const onWindows = (probe: BundleArtifact) => windows(plain, { traces: {} }, (artifacts) => [...artifacts, probe]);
const onLinux = (client: Partial<LinuxSpec>, change: Change = (artifacts) => artifacts) =>
  rungText(linux(plain, { traces: {}, ...client }, change), 'delivered', spoke);

describe('a trace', () => {
  test('of which one probe in three came back from the target is an answer, on that line', () => {
    const capture = onWindows(
      tracert('  1     3 ms     3 ms     3 ms  172.16.50.1', `  2    28 ms     *       29 ms  ${target}`),
    );
    const delivered = ladderOf(capture, spoke)?.rungs.at(-1);
    expect(delivered?.state).toBe('held');
    expect(delivered?.evidence[0]).toMatchObject({ says: `${target} answered at hop 2`, origin: { line: 5 } });
  });

  test('that names its hops ends at the target where the last one goes by its name', () => {
    const hub = (count: number, host: string) => ({ count, host, 'Loss%': 0, Avg: 28.1 });
    const report = { mtr: { dst: 'vm.internal' }, hubs: [hub(1, 'gw.internal'), hub(2, 'vm.internal')] };
    const probe = printed('mtr-json', JSON.stringify({ report }));
    expect(onLinux({}, (artifacts) => [...artifacts, probe])).toBe(`held | ${target} answered at hop 2`);
  });

  test('that this computer could not send is no answer', () => {
    const refused = tracert('  1  Transmit error: code 1231.');
    expect(rungText(onWindows(refused), 'delivered', spoke)).toBe(`lost | this host reports code-1231 for ${target}`);
  });

  test('to nobody knows whom tells of no prefix', () => {
    const unknown = printed('mtr-json', JSON.stringify({ report: { mtr: { dst: 'x' }, hubs: [] } }), {
      target: undefined,
    });
    expect(onLinux({}, (artifacts) => [...artifacts, unknown])).toBe('unknown');
  });

  test('is not quoted beside a connection that was answered', () => {
    const accepted = printed(
      'tcp-connect',
      JSON.stringify({ target, port: 443, boundTo: null, localAddress: '172.16.50.2', outcome: 'accepted', ms: 3 }),
    );
    expect(onLinux({ traces: { [target]: 'silent' } }, (artifacts) => [...artifacts, accepted])).toBe(
      `held | ${target}:443 accepted the connection`,
    );
  });
});

test('a connection bound to the tunnel address is quoted for its own target alone', () => {
  const bound = (to: string): BundleArtifact => {
    const told = {
      target: to,
      port: 443,
      boundTo: '172.16.50.2',
      localAddress: '172.16.50.2',
      outcome: 'accepted',
      ms: 3,
    };
    return printed('tcp-connect', JSON.stringify(told), { id: `tcp:${to}`, target: to });
  };
  const probes = [bound(target), bound('10.20.2.4')];
  expect(onLinux({}, (artifacts) => [...artifacts, ...probes])).toBe(
    `unknown | ${target}:443 accepted a connection bound to 172.16.50.2`,
  );
});

describe('an answer by way of the local network', () => {
  const lan: Wire = {
    type: 'unicast',
    dst: '10.21.1.0/24',
    dev: 'wlp2s0',
    table: 'main',
    protocol: 'boot',
    scope: 'link',
    flags: [],
  };
  const aside: Wire = {
    type: 'unicast',
    dst: 'default',
    dev: 'tun0',
    table: '77',
    protocol: 'boot',
    scope: 'global',
    flags: [],
  };
  const answers = { traces: { [target]: 'answers' } as const };
  const astray = `lost | ${target} answered, but not through the tunnel`;

  test('did not come through the tunnel', () => {
    expect(onLinux({ ...answers, extraRoutes: [lan] })).toBe(astray);
  });

  test('did not, whatever a rule does with marked traffic: a probe carries no mark', () => {
    const marked = { priority: 100, src: 'all', fwmark: '0x1', table: '77' };
    expect(onLinux({ ...answers, extraRoutes: [lan, aside], extraRules: [marked] })).toBe(astray);
  });

  test('may have, where the rules were not read, or one of them asks what this program does not know', () => {
    const untold = `unknown | ${target} answered, and which way it went was not read`;
    expect(onLinux({ ...answers, extraRoutes: [lan] }, without('linux-ip-rule'))).toBe(untold);
    const strange = { priority: 100, src: 'all', suppressor: 'odd', table: '77' };
    expect(onLinux({ ...answers, extraRoutes: [lan, aside], extraRules: [strange] })).toBe(untold);
  });
});

describe("the daemon's counters", () => {
  const counted = (bytes: LinuxSpec['bytes'], client: Partial<LinuxSpec> = {}) =>
    onLinux({ kind: 'strongswan', ...(bytes && { bytes }), ...client });

  test.each([
    ['grow outward alone', { in: 0, out: 5120 }, 'lost | azure: 5120 bytes out, 0 in'],
    ['did not grow at all', { in: 0, out: 0 }, 'unknown'],
    ['grow both ways', { in: 512, out: 5120 }, 'unknown'],
  ])('%s', (_, bytes, says) => {
    expect(counted(bytes)).toBe(says);
  });

  test('speak of what their selectors hold, and not against an answer', () => {
    const bytes = { in: 0, out: 5120 };
    expect(counted(bytes, { remoteSelectors: ['10.20.0.0/16', '172.16.50.0/24'] })).toBe('unknown');
    expect(counted(bytes, { remoteSelectors: all, traces: { [target]: 'answers' } })).toMatch(/^held/);
  });

  test('that do not tell what went out prove nothing', () => {
    const untold: Change = (artifacts) =>
      artifacts.map((one) =>
        one.source === 'linux-swanctl-sas' ? { ...one, text: one.text?.replace(/^ {4}out .*\n/m, '') ?? '' } : one,
      );
    expect(onLinux({ kind: 'strongswan', bytes: { in: 0, out: 5120 } }, untold)).toBe('unknown');
  });
});
