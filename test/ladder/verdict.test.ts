import { describe, expect, test } from 'vitest';
import { type Rung, type RungName, type RungState, rungNames } from '../../src/ladder/rung.ts';
import { firstLost, verdictOf } from '../../src/ladder/verdict.ts';
import type { Expectation } from '../../src/model/expected-route.ts';

/* "Verdict of a prefix", sentence by sentence. What a row does not name is held. */
type States = Partial<Readonly<Record<RungName, RungState>>>;

const climbed = (states: States): readonly Rung[] =>
  rungNames.map((rung) => ({ rung, state: states[rung] ?? 'held', evidence: [] }));
const judged = (expectation: Expectation, states: States, probed = false) =>
  verdictOf(expectation, climbed(states), { offered: offeredOf(states), probed });
const offeredOf = ({ offered = 'held' }: States) => offered;

const absent: States = { active: 'lost', selected: 'not-applicable' };

describe('what a client must have', () => {
  test.each<[string, States, boolean, string]>([
    ['is there, wins, and answered', {}, true, 'ok'],
    ['is there and wins, the way back is there, and nobody probed', { delivered: 'unknown' }, false, 'ok'],
    ['answered, and of the way back nothing was read', { returned: 'unknown' }, true, 'ok'],
    ['is there and wins, and a probe stayed silent', { delivered: 'unknown' }, true, 'undetermined'],
    ['has no way back that was read', { returned: 'unknown', delivered: 'unknown' }, false, 'undetermined'],
    ['wins by rules that nobody read', { selected: 'unknown' }, true, 'undetermined'],
    ['stands in a table that nobody read', { active: 'unknown' }, true, 'undetermined'],
    ['is missing', absent, false, 'broken'],
    ['is withheld, and so it is missing', { ...absent, offered: 'lost' }, false, 'broken'],
    ['is withheld, yet somebody added a route, and it answers', { offered: 'lost', installed: 'lost' }, true, 'ok'],
    [
      'is missing, and whether it is offered nobody read',
      { ...absent, offered: 'unknown', issued: 'unknown' },
      false,
      'undetermined',
    ],
    [
      'is missing, and a fresh profile lacks it too',
      { ...absent, offered: 'unknown', issued: 'lost' },
      false,
      'undetermined',
    ],
    ['is missing, and a fresh profile lists it', { ...absent, offered: 'unknown', issued: 'held' }, false, 'broken'],
    [
      'is missing, and a fresh profile lists a part',
      { ...absent, offered: 'unknown', issued: 'partial' },
      false,
      'broken',
    ],
    [
      'is there, and lost on the way back, offered or not',
      { offered: 'unknown', issued: 'unknown', returned: 'lost' },
      false,
      'broken',
    ],
  ])('%s', (_, states, probed, verdict) => {
    expect(judged('must', states, probed)).toBe(verdict);
  });

  test.each(['active', 'selected', 'returned', 'delivered'] as const)(
    'is broken where %s is lost, or a part of it',
    (rung) => {
      expect(judged('must', { [rung]: 'lost' }, true)).toBe('broken');
      expect(judged('must', { [rung]: 'partial' }, true)).toBe('broken');
    },
  );

  test.each(['configured', 'offered', 'issued', 'installed'] as const)('is not broken by %s alone', (rung) => {
    expect(judged('must', { [rung]: 'lost' }, true)).toBe('ok');
    expect(judged('must', { [rung]: 'partial' }, true)).toBe('ok');
  });
});

describe('what a client may have', () => {
  test.each<[string, States, string]>([
    ['is missed by nobody', absent, 'not-expected'],
    ['may not even exist, where what would list it was not read', { ...absent, configured: 'unknown' }, 'undetermined'],
    ['is judged as if it must, once it is there', {}, 'ok'],
    ['is judged so whoever lists it', { configured: 'unknown' }, 'ok'],
    ['is broken once it is there and goes elsewhere', { selected: 'lost' }, 'broken'],
  ])('%s', (_, states, verdict) => {
    expect(judged('may', states, true)).toBe(verdict);
  });
});

test('what a client never gets is not expected, there or not, lost or not', () => {
  for (const states of [absent, {}, { selected: 'lost' }, { configured: 'unknown' }] as const)
    expect(judged('never', states, true)).toBe('not-expected');
});

test('lost at is the first rung that lost it or a part, of whatever hand', () => {
  expect(firstLost(climbed({ installed: 'partial', active: 'lost' }))).toBe('installed');
  expect(firstLost(climbed({ offered: 'unknown', returned: 'lost' }))).toBe('returned');
  expect(firstLost(climbed({ offered: 'unknown', installed: 'not-applicable' }))).toBeNull();
});
