import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { readBundle } from '../../src/capture/bundle.ts';
import type { Artifact, Capture, Unanswered } from '../../src/facts/capture.ts';
import { formatPrefix } from '../../src/net/prefix.ts';

/* Of every scenario each answer is taken away in turn: somebody may not read it, or its command printed nothing. */
const home = fileURLToPath(new URL('../../fixtures/scenarios/', import.meta.url));

/** Where what is left is a fault of its own, or the same fault by the next likely name: which error is told then. */
const byAnotherName: Readonly<Record<string, string>> = {
  // Whether the list is old or malformed shows only in the list.
  'client-route-malformed cmroute-routes': 'client-profile-stale',
  // Which group's pool is this client's shows only on the client; of the other's it is true.
  'group-pool-not-routed windows-route-print': 'return-propagation-disabled',
  // Whose address the next hop is shows only in the network interface.
  'return-path-asymmetric arm:networkInterfaces.get.fw': 'return-route-overridden',
};

/** Files and lists that may well be empty: then that is what they say. */
const mayBeEmpty = new Set(['cmroute-routes', 'linux-xfrm-policy']);

const refused = ({ half }: Artifact): Unanswered =>
  half === 'azure'
    ? { kind: 'unanswered', status: 403, code: 'AuthorizationFailed', message: '' }
    : { kind: 'unanswered', status: null, code: 'not-permitted', message: '' };
const silent = { kind: 'answered', bytes: new Uint8Array(), exitCode: 0 } as const;

const added = (after: ReadonlySet<string>, before: ReadonlySet<string>) => [...after].filter((one) => !before.has(one));

const withOutcome = (capture: Capture, id: string, outcome: Artifact['outcome']): Capture => ({
  ...capture,
  artifacts: capture.artifacts.map((one) => (one.id === id ? { ...one, outcome } : one)),
});

function faultsOf(capture: Capture) {
  const { verdict, findings, ladders, notChecked, problems } = analyze(capture);
  return {
    verdict,
    errors: new Set(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)),
    broken: new Set(ladders.filter((one) => one.verdict === 'broken').map(({ prefix }) => formatPrefix(prefix))),
    told: new Set([...notChecked, ...problems].map(({ why }) => why)),
  };
}

test.each(readdirSync(home))('%s: what cannot be read is no fault, and no health', (name) => {
  const capture = readBundle(`${home}${name}/bundle`);
  const before = faultsOf(capture);
  for (const artifact of capture.artifacts.filter(({ outcome }) => outcome.kind === 'answered')) {
    const { id, half, source } = artifact;
    const outcomes = [refused(artifact), ...(half === 'client' && !mayBeEmpty.has(source) ? [silent] : [])];
    for (const outcome of outcomes) {
      const after = faultsOf(withOutcome(capture, id, outcome));
      const errors = added(after.errors, before.errors);
      const other = byAnotherName[`${name} ${id}`];
      expect({ id, errors }).toEqual({ id, errors: other === undefined ? [] : [other] });
      expect({ id, broken: added(after.broken, before.broken) }).toEqual({ id, broken: [] });
      // Well by all that is left, perhaps: then it is said what was not looked at.
      if (after.verdict === 'ok' && before.verdict !== 'ok') expect(added(after.told, before.told), id).not.toEqual([]);
    }
  }
});
