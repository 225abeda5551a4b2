import { describe, expect, test } from 'vitest';
import { phonebook } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, type Change, linux, plain, told, windows } from '../diagnosis/conclude.ts';

/* A line of a client's file that the client drops without a word. */
const code = 'client-route-malformed';
const early = ['10.20.0.0/16', '172.16.50.0/24'];
const spoke = '10.21.0.0/16';
const saysOf = (capture: Capture) => told(capture, code).map(({ says, actual }) => `${says.trim()}: ${actual}`);
const findingOf = (capture: Capture) =>
  analyze(capture).findings.find((one) => one.code === code) ?? expect.fail('not told');

describe('in routes.txt', () => {
  const line =
    (text: string): Change =>
    (artifacts) =>
      artifacts.map((one) => (one.source === 'cmroute-routes' ? { ...one, text: `${one.text}${text}\r\n` } : one));
  const add = (address: string, mask: string) => line(`ADD ${address} MASK ${mask} default METRIC default IF default`);
  const bits = 'the destination has bits set outside its netmask';

  test.each<[string, readonly string[], Change, string]>([
    ['an address inside the spoke', early, add('10.21.4.0', '255.255.0.0'), `error proven ${spoke}: ${bits}`],
    ['a netmask with holes', early, add('10.21.0.0', '255.0.255.0'), `error proven ${spoke}: the netmask has holes`],
    ['the same, and the spoke is here by another way', all, add('10.21.4.0', '255.255.0.0'), `warning proven: ${bits}`],
    [
      'four numbers that are no address',
      early,
      add('10.21.999.0', '255.255.0.0'),
      'warning proven: a line without a destination address',
    ],
    ['an address of nothing that Azure has', early, add('10.77.4.0', '255.255.0.0'), `warning proven: ${bits}`],
  ])('%s', (_, routes, change, says) => {
    expect(saysOf(windows(plain, { routes, installed: early }, change))).toEqual([says]);
  });

  test('the line is quoted, and no command imports it again', () => {
    const capture = windows(plain, { routes: early }, add('10.21.4.0', '255.255.0.0'));
    const { summary, evidence, fixes } = findingOf(capture);
    expect(summary).toBe(
      `The route "ADD 10.21.4.0 MASK 255.255.0.0 default METRIC default IF default" in the client's file is malformed, so the client drops it: 10.21.0.0/16 (spoke-app) is missing.`,
    );
    expect(evidence[0].origin).toEqual({ artifact: 'cmroute-routes', line: 3 });
    expect(fixes.flatMap(({ commands }) => commands)).toEqual([]);
  });

  test('what nobody is given is not missed, though somebody asked for it', () => {
    const traces = { '10.77.4.4': 'lost-outside' } as const;
    const capture = windows(plain, { routes: all, traces }, add('10.77.4.4', '255.255.0.0'));
    expect(saysOf(capture)).toEqual([`warning proven: ${bits}`]);
  });

  test('nothing is called missing where no table was read', () => {
    const change: Change = (artifacts) =>
      add('10.21.4.0', '255.255.0.0')(artifacts).filter(({ source }) => source !== 'windows-route-print');
    expect(saysOf(windows(plain, {}, change))).toEqual([`warning proven: ${bits}`]);
  });

  test('a missing default is not the fault of a line that names a network, for all that its mask lies in it', () => {
    const forced = { ...plain, gateway: { ...plain.gateway, customRoutes: ['0.0.0.0/0', '128.0.0.0/1'] } };
    const of = (change: Change) => saysOf(windows(forced, { routes: early }, change));
    expect(of(add('10.21.4.0', '255.255.0.0'))).toEqual([`error proven ${spoke}: ${bits}`]);
    expect(of(add('128.0.0.0', '64.0.0.0'))).toEqual(['error proven 128.0.0.0/1: the netmask has holes']);
  });

  test('a line that is well-formed is none', () => {
    expect(saysOf(windows(plain, { routes: early }, add('10.21.0.0', '255.255.0.0')))).toEqual([]);
  });
});

describe('in azurevpnconfig.xml', () => {
  const profile = (config: string): BundleArtifact => ({
    id: 'azurevpn-xml',
    source: 'azurevpn-xml',
    half: 'client',
    text: `<AzVpnProfile><name>hub</name><clientconfig>${config}</clientconfig></AzVpnProfile>`,
  });
  const of = (config: string) =>
    linux({ ...plain, issued: null }, { routes: early }, (artifacts) => [...artifacts, profile(config)]);

  test.each([
    [
      'two destinations in one route',
      '<includeroutes><route><destination>10.21.0.0</destination><destination>10.22.0.0</destination><mask>16</mask></route></includeroutes>',
      `error proven ${spoke}: one route with several destinations`,
      /^The route "10\.21\.0\.0 10\.22\.0\.0 16" /,
    ],
    [
      'a destination without a route around it',
      '<includeroutes><destination>10.21.0.0</destination><mask>16</mask></includeroutes>',
      `error proven ${spoke}: a destination in includeroutes without a route around it`,
      /^The route "10\.21\.0\.0 16" /,
    ],
  ])('%s', (_, config, says, summary) => {
    const capture = of(config);
    expect(saysOf(capture)).toEqual([says]);
    expect(findingOf(capture).summary).toMatch(summary);
    expect(told(capture, code).flatMap(({ commands }) => commands)).toEqual(['azurevpn -i azurevpnconfig.xml -f']);
  });
});

test('what Azure itself issues is no file of the client', () => {
  const capture = windows(plain, {}, (artifacts) =>
    artifacts.map((one) =>
      one.id === 'issued-profile' ? { ...one, text: `${one.text}`.replace('10.20.0.0/16', '10.20.4.0/16') } : one,
    ),
  );
  expect(analyze(capture).problems.map(({ why }) => why)).toContain('malformed: bits set outside the length');
  expect(saysOf(capture)).toEqual([]);
});

test('a line of another kind that was not understood is no malformed route', () => {
  const broken = phonebook('vnet-hub', { NumRoutes: 'many' });
  expect(saysOf(windows(plain, {}, (artifacts) => [...artifacts, broken]))).toEqual([]);
});
