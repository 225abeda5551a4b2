import { describe, expect, test } from 'vitest';
import type { EstateSpec } from '../../scripts/scenarios/estate.ts';
import { type LinuxSpec, swanctlSas } from '../../scripts/scenarios/linux-client.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import {
  all,
  bothAnswer,
  type Change,
  dialled,
  linux,
  plain,
  rewritten,
  windows,
  without,
} from '../diagnosis/conclude.ts';

/* Routes outlive a tunnel: they stand, and what they lead into carries nothing. */
const openVpn: EstateSpec = { ...plain, issued: null };
const silent = { '10.20.2.4': 'silent', '10.21.1.4': 'silent' } as const;
const told = (capture: Capture) =>
  analyze(capture)
    .findings.filter(({ code }) => code === 'vpn-not-connected')
    .map(({ evidence }) => evidence[0].says);
const then =
  (...changes: readonly Change[]): Change =>
  (artifacts) =>
    changes.reduce((so, change) => change(so), artifacts);

describe('a log that ends', () => {
  const log =
    (...lines: readonly string[]): Change =>
    (artifacts) =>
      artifacts.map((one) =>
        one.source === 'openvpn-log' ? { ...one, text: `${one.text}${lines.join('\n')}\n` } : one,
      );
  const restart = '2026-11-02 09:02:10 SIGUSR1[soft,ping-restart] received, process restarting';
  const complete = '2026-11-02 09:02:20 Initialization Sequence Completed';
  const of = (change: Change, traces: LinuxSpec['traces'] & object = silent) => linux(openVpn, { traces }, change);

  test.each<[string, Capture, readonly RegExp[]]>([
    [
      'with a restart: the session is gone, its routes are not',
      of(log(restart)),
      [/SIGUSR1\[soft,ping-restart\].*no session was completed after it/],
    ],
    ['with a session that came back', of(log(restart, complete)), []],
    ['with a session', of(log()), []],
    ['with a restart, and a machine answers all the same', of(log(restart), bothAnswer), []],
    ['with a restart, and one of two machines answers', of(log(restart), { ...silent, '10.21.1.4': 'answers' }), []],
    [
      'with a restart, and nobody read whether routes stand',
      of(then(log(restart), without('linux-ip-route', 'linux-ip-addr'))),
      [],
    ],
  ])('%s', (_, capture, says) => {
    expect(told(capture)).toEqual(says.map((one) => expect.stringMatching(one)));
  });

  test('with a restart, and of two machines in one network one answers', () => {
    const error = 'traceroute to 10.20.2.9 (10.20.2.9), 4 hops max, 60 byte packets\n 1  10.20.1.4  28.1 ms !H\n';
    const unreachable: Change = (artifacts) => [
      ...artifacts,
      {
        id: 'linux-traceroute:10.20.2.9',
        source: 'linux-traceroute',
        half: 'client',
        target: '10.20.2.9',
        text: error,
      },
    ];
    expect(told(of(then(log(restart), unreachable), { '10.20.2.4': 'answers' }))).toEqual([]);
  });
});

describe("the gateway's own address", () => {
  const halves = ['0.0.0.0/1', '128.0.0.0/1', '172.16.50.0/24'];
  const unkept = rewritten('linux-ip-route', (rows) => rows.filter(({ dst }) => dst !== '20.50.7.1'));
  const loop = "20.50.7.1, the gateway's own address, goes into tun0";
  const of = (change: Change, spec: Partial<LinuxSpec> = {}) =>
    linux(openVpn, { routes: halves, traces: silent, ...spec }, change);

  /** charon's own list beside a tunnel device of its own (user space), with no log of OpenVPN. */
  const charon = (change: (text: string) => string): Change => {
    const {
      id,
      text = '',
      ...rest
    } = swanctlSas({
      ...dialled(plain),
      kind: 'strongswan',
      tunnelAddress: '172.16.50.2',
      remoteSelectors: ['0.0.0.0/0'],
    });
    return then(unkept, without('openvpn-log', 'arm'), (artifacts) => [
      ...artifacts,
      { ...rest, id, text: change(text) },
    ]);
  };

  test.each<[string, Capture, readonly string[]]>([
    ['goes into the tunnel that needs it', of(unkept), [loop]],
    ['is kept outside', of(then()), []],
    ['goes there, and a machine answers: it does not', of(unkept, { traces: bothAnswer }), []],
    ['goes there as far as is known, for no rules were read', of(then(unkept, without('linux-ip-rule'))), []],
    ['was told nowhere', of(then(unkept, without('arm'))), []],
    ['is told by charon alone', of(charon((text) => text)), [loop]],
    ['is told by nobody, charon included', of(charon((text) => text.replace('@ 20.50.7.1[4500]', '@ %any[4500]'))), []],
    [
      'is an IPv6 address, of which no table was read',
      of(charon((text) => text.replace('@ 20.50.7.1[', '@ 2001:db8::7['))),
      [],
    ],
    [
      'is in the selectors of kernel IPsec, whose own packets pass by them',
      linux(openVpn, { kind: 'strongswan', routes: ['0.0.0.0/0'], traces: silent }),
      [],
    ],
    [
      'has no route outside on Windows, which keeps it there',
      windows(plain, { routes: [...all, '0.0.0.0/1', '128.0.0.0/1'], traces: silent }, (artifacts) =>
        artifacts.map((one) =>
          one.source === 'windows-route-print'
            ? { ...one, text: `${one.text}`.replace(/^ *20\.50\.7\.1 .*\r\n/m, '') }
            : one,
        ),
      ),
      [],
    ],
  ])('%s', (_, capture, says) => {
    expect(told(capture)).toEqual(says);
  });
});
