import type { RungName } from '../../src/ladder/rung.ts';
import { prefixes } from './addresses.ts';
import type { Expected, ExpectedPrefix } from './state.ts';

const ok: ExpectedPrefix = { verdict: ['ok'], lostAt: null };

/** The four prefixes as a healthy tunnel has them. */
const allOk: Readonly<Record<string, ExpectedPrefix>> = {
  [prefixes.hub]: ok,
  [prefixes.spoke1]: ok,
  [prefixes.spoke2]: ok,
  [prefixes.storage]: ok,
};

/** With IKEv2 the storage address is advertised within a wider prefix. */
const allOkByIke: Readonly<Record<string, ExpectedPrefix>> = {
  [prefixes.hub]: ok,
  [prefixes.spoke1]: ok,
  [prefixes.spoke2]: ok,
  [prefixes.storageSelector]: ok,
};

/** Nothing is wrong, and everything that could have shown a fault was looked at. */
export const healthy: Expected = { verdict: ['ok'], mustFind: [], prefixes: allOk };
export const healthyByIke: Expected = { ...healthy, prefixes: allOkByIke };

/** A prefix that should work and doesn't, and the rung where it was first dropped. */
export function lost(lostAt: RungName, rungs: ExpectedPrefix['rungs'] = {}): ExpectedPrefix {
  return { verdict: ['broken'], lostAt, rungs };
}

/** Nobody answered, and nothing says why: neither health nor fault. */
export const silent: ExpectedPrefix = { verdict: ['undetermined'], lostAt: null, rungs: { delivered: 'unknown' } };

/** These prefixes are broken, the others of the tunnel well. */
export function broken(
  mustFind: Expected['mustFind'],
  differing: Readonly<Record<string, ExpectedPrefix>>,
  more: { readonly mayFind?: readonly string[]; readonly ike?: boolean } = {},
): Expected {
  const rest = more.ike === true ? allOkByIke : allOk;
  return {
    verdict: ['broken'],
    mustFind,
    mayFind: more.mayFind ?? [],
    prefixes: { ...rest, ...differing },
  };
}

/** No prefix is known to be broken, these can't be judged. */
export function undetermined(differing: Readonly<Record<string, ExpectedPrefix>>): Expected {
  return {
    verdict: ['undetermined'],
    mustFind: [],
    // Everything Azure can be asked is in order and the machine is silent: a suspicion may be voiced, a verdict may not.
    mayFind: ['guest-firewall-suspected'],
    prefixes: { ...allOk, ...differing },
  };
}

/** The same for every prefix of the tunnel. */
export function every(
  expected: ExpectedPrefix,
  options: { readonly ike?: boolean } = {},
): Record<string, ExpectedPrefix> {
  const all = Object.keys(options.ike === true ? allOkByIke : allOk);
  return Object.fromEntries(all.map((prefix) => [prefix, expected]));
}
