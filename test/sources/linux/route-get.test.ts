import { describe, expect, it } from 'vitest';
import { linuxIpRouteGet } from '../../../src/sources/linux-ip-route-get.ts';
import type { ReadingContext } from '../../../src/sources/source.ts';

const read = (text: string, context: Partial<ReadingContext> = {}) =>
  linuxIpRouteGet.parse(text, { artifact: 'x', ...context });

describe('an answer that is a refusal, on stderr alone', () => {
  const target = '10.1.0.4';
  it.each([
    ['RTNETLINK answers: Invalid argument', 'blackhole'],
    ['RTNETLINK answers: No route to host', 'unreachable'],
    ['RTNETLINK answers: Permission denied', 'prohibit'],
    ['RTNETLINK answers: Network is unreachable', 'none'],
  ])('%s', (stderr, type) => {
    for (const text of ['', '\n'])
      expect(read(text, { stderr, target })).toMatchObject({
        facts: { kernelChoices: [{ type, interface: null }] },
        problems: [],
      });
  });

  it('says nothing where it is not known what was asked, or what was answered', () => {
    const silence = { facts: {}, problems: [{ why: 'the command printed nothing' }] };
    expect(read('', { stderr: 'RTNETLINK answers: Permission denied' })).toMatchObject(silence);
    expect(read('', { stderr: 'Error: any word is expected', target })).toMatchObject(silence);
  });
});

describe('an answer in JSON', () => {
  it('is one of a list, or alone', () => {
    const answer = { dst: '10.1.0.4', dev: 'tun0', prefsrc: '172.16.50.130', flags: [], uid: 0, cache: [] };
    const choice = { type: 'unicast', interface: 'tun0' };
    expect(read(JSON.stringify([answer])).facts.kernelChoices).toMatchObject([
      { ...choice, origin: { pointer: '/0' } },
    ]);
    expect(read(JSON.stringify(answer)).facts.kernelChoices).toMatchObject([{ ...choice, origin: { pointer: '' } }]);
  });

  it.each(['[]', '[5]', '[{}]', '[{"dst":"default","dev":"tun0"}]'])('is none without an address: %s', (text) => {
    expect(read(text)).toMatchObject({ facts: {}, problems: [{ text, why: 'not an answer of `ip route get`' }] });
  });
});
