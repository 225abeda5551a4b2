import { describe, expect, test } from 'vitest';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { rungOf } from '../../src/ladder/ladder.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { type Change, linux, plain, without } from '../diagnosis/conclude.ts';

/* What a probe proves: an answer through the tunnel, an answer by another way, an error, or nothing. */
const [spoke, target, tunnel, lan] = ['10.21.0.0/16', '10.21.1.4', '172.16.50.2', '192.168.88.21'] as const;

interface Attempt {
  readonly to?: string;
  readonly port?: number;
  readonly outcome: string;
  readonly from?: string;
  readonly boundTo?: string;
  readonly code?: string;
}

function tcp({ to = target, port = 443, outcome, from, boundTo, code }: Attempt): BundleArtifact {
  const bound = boundTo === undefined ? '' : `@${boundTo}`;
  const told = { target: to, port, boundTo: boundTo ?? null, localAddress: from ?? null, outcome, code, ms: 3 };
  return {
    id: `tcp-connect:${to}:${port}${bound}`,
    source: 'tcp-connect',
    half: 'client',
    target: `${to}:${port}`,
    text: JSON.stringify(told),
  };
}

const trace = (to: string, ...lines: readonly string[]): BundleArtifact => ({
  id: `linux-traceroute:${to}`,
  source: 'linux-traceroute',
  half: 'client',
  target: to,
  text: [`traceroute to ${to} (${to}), 4 hops max, 60 byte packets`, ...lines, ''].join('\n'),
  exitCode: 0,
});

const probed = (probes: readonly BundleArtifact[], change: Change = (artifacts) => artifacts): Capture =>
  linux(plain, { traces: {} }, (artifacts) => change([...artifacts, ...probes]));

/** `state: first word of evidence` of the spoke's rung. */
function delivered(capture: Capture): string {
  const ladder = analyze(capture).ladders.find(({ prefix }) => formatPrefix(prefix) === spoke);
  const { state = 'none', evidence = [] } = ladder === undefined ? {} : rungOf(ladder, 'delivered');
  return [state, ...evidence.map(({ says }) => says)].join(' | ');
}

describe('a TCP connection', () => {
  test.each([
    [
      'that is accepted from the tunnel address',
      { outcome: 'accepted', from: tunnel },
      'held | 10.21.1.4:443 accepted the connection',
    ],
    [
      'that is refused: the machine answered',
      { outcome: 'refused', from: tunnel },
      'held | 10.21.1.4:443 refused the connection',
    ],
    [
      'whose own address was not told goes where the table says',
      { outcome: 'accepted' },
      'held | 10.21.1.4:443 accepted the connection',
    ],
    [
      'from the LAN address went another way',
      { outcome: 'accepted', from: lan },
      'lost | 10.21.1.4:443 accepted the connection, but not through the tunnel',
    ],
    ['that a router refuses', { outcome: 'unreachable', code: 'EHOSTUNREACH' }, 'lost | 10.21.1.4:443: EHOSTUNREACH'],
    ['that is unreachable, by no code', { outcome: 'unreachable' }, 'lost | 10.21.1.4:443: unreachable'],
    ['that nobody answers proves nothing', { outcome: 'timeout' }, 'unknown | no answer from 10.21.1.4:443'],
    [
      'to a machine elsewhere says nothing of this one',
      { outcome: 'accepted', to: '10.20.2.4', from: tunnel },
      'unknown',
    ],
  ])('%s', (_, attempt, says) => {
    expect(delivered(probed([tcp(attempt)]))).toBe(says);
  });

  test('bound to the tunnel address tells, and does not decide: programs do not bind', () => {
    const bound = tcp({ outcome: 'accepted', from: tunnel, boundTo: tunnel });
    expect(delivered(probed([bound]))).toBe('unknown | 10.21.1.4:443 accepted a connection bound to 172.16.50.2');
    expect(delivered(probed([bound, tcp({ outcome: 'accepted', from: lan })]))).toMatch(
      /^lost \| .*not through the tunnel \| .*bound to 172\.16\.50\.2$/,
    );
    // Where the plain one answered there is nothing left to tell; and one that was not answered never tells.
    expect(delivered(probed([bound, tcp({ outcome: 'refused', from: tunnel })]))).not.toMatch(/bound/);
    expect(delivered(probed([tcp({ outcome: 'timeout', boundTo: tunnel })]))).not.toMatch(/bound/);
  });

  test('outweighs a silent trace, for ICMP is often filtered', () => {
    const silent = trace(target, ' 1  *', ' 2  *');
    expect(delivered(probed([silent]))).toBe('unknown | no answer from 10.21.1.4');
    expect(delivered(probed([silent, tcp({ outcome: 'refused', from: tunnel })]))).toMatch(/^held/);
  });

  test('from the tunnel address went through it, even where the table was not read', () => {
    const unread = without('linux-ip-route', 'linux-ip-rule');
    expect(delivered(probed([tcp({ outcome: 'accepted', from: tunnel })], unread))).toMatch(/^held/);
    expect(delivered(probed([tcp({ outcome: 'accepted', from: lan })], unread))).toMatch(/^lost/);
    expect(delivered(probed([tcp({ outcome: 'accepted' })], unread))).toBe(
      'unknown | 10.21.1.4:443 accepted the connection, and which way it went was not read',
    );
  });
});

describe('a trace', () => {
  test('ends at the target, or in the error of whoever sent it back', () => {
    expect(delivered(probed([trace(target, ` 1  ${target}  28.1 ms`)]))).toBe('held | 10.21.1.4 answered at hop 1');
    expect(delivered(probed([trace(target, ' 1  172.16.50.1  3.1 ms !H')]))).toMatch(/^lost \| 172\.16\.50\.1 reports/);
    expect(delivered(probed([trace(target, ' 1  172.16.50.1  3.1 ms', ' 2  *')]))).toMatch(/^unknown \| no answer/);
  });

  test('of which one target answers and another does not is half an answer', () => {
    const other = '10.21.9.9';
    const both = [trace(target, ` 1  ${target}  28.1 ms`), trace(other, ' 1  172.16.50.1  3.1 ms !N')];
    expect(delivered(probed(both))).toMatch(/^partial/);
    expect(delivered(probed([trace(target, ` 1  ${target}  28.1 ms`), trace(other, ' 1  *')]))).toMatch(/^unknown/);
  });
});
