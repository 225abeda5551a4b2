import type { Fault } from '../arm-emulator/estate.ts';
import { every, healthy } from './expectations.ts';
import { openvpn } from './scenarios.ts';
import type { Expected, ExpectedPrefix, State } from './state.ts';

/** The tunnel works in all of these: whatever Azure does, no prefix may be called broken, and none `ok` on an answer that never came. */
const works: ExpectedPrefix = {
  verdict: ['ok', 'undetermined'],
  lostAt: null,
  rungs: { active: 'held', selected: 'held', delivered: 'held' },
};

const unharmed: Expected = { verdict: ['ok', 'undetermined'], mustFind: [], prefixes: every(works) };
/** Not even the ranges are known: nothing is left to judge. */
const unread: Expected = { verdict: ['undetermined'], mustFind: [], prefixes: {} };

const state = (name: string, title: string, faults: readonly Fault[], expected: Expected): State => ({
  name,
  title,
  tunnel: openvpn,
  changes: [],
  estate: { faults },
  expected,
});

/** A working tunnel, and Azure on a bad day. */
export const azureFaultStates: readonly State[] = [
  state(
    'azure-reader-only',
    'the account may read, and run no action',
    [{ match: 'POST ', kind: 'forbidden' }],
    unharmed,
  ),
  state('azure-guest-network', 'a guest network answers for Azure', [{ match: '/', kind: 'html' }], unread),
  state('azure-token-expired', 'the token has expired', [{ match: '/', kind: 'unauthorized' }], unread),
  state(
    'azure-busy',
    'Azure is throttled, busy and cut, and answers in the end',
    [
      { match: 'virtualNetworks/', kind: 'throttled', times: 2, retryAfter: 1 },
      { match: 'getEffectiveRoutes', kind: 'busy', times: 1, retryAfter: 1 },
      { match: 'effectiveRouteTable', kind: 'reset', times: 1 },
    ],
    healthy,
  ),
  state(
    'azure-results-elsewhere',
    'results stand wrapped, or only where the operation is polled',
    [
      { match: 'getEffectiveRoutes', kind: 'wrapped' },
      { match: 'effectiveRouteTable', kind: 'at-status-only' },
    ],
    healthy,
  ),
  state(
    'azure-actions-empty',
    'actions answer null, as on a bad day of the service',
    [{ match: 'POST ', kind: 'null-body' }],
    unharmed,
  ),
  // The list of the subscription's VNets still has it whole.
  state(
    'azure-spoke-truncated',
    "the first spoke's document breaks off",
    [{ match: 'virtualNetworks/spoke1', kind: 'truncated' }],
    unharmed,
  ),
];
