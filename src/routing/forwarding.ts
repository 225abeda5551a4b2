import type { ClientView } from '../facts/client.ts';
import type { Route } from '../facts/route.ts';
import type { Address, Family } from '../net/address.ts';
import { familyOf } from '../net/address.ts';
import { familyOfPrefix, hostPrefix, type Prefix } from '../net/prefix.ts';
import { type Deciding, type Part, partsOf } from './across.ts';
import { beatenBy } from './beaten.ts';
import type { Beaten, Decision, Outcome } from './decision.ts';
import { groundOf, type RoutingFacts } from './ground.ts';
import { sendersOf } from './source.ts';

/** Where an operating system sends packets of its own, as its rules, tables and policies have it. */
export interface Forwarding {
  /** Undefined: no table of the address's family was read. */
  readonly decide: (address: Address) => Decision | undefined;
  /** Every route that matched and lost, best first. */
  readonly beaten: (address: Address) => readonly Beaten[];
  /** How the host decides across a prefix: disjoint parts that together cover it; none where no table was read. */
  readonly across: (prefix: Prefix) => readonly Part[];
}

/** Reads the facts into decisions. Tables are built when they are first asked, and once. */
export function forwardingOf(client: RoutingFacts): Forwarding {
  const families = new Map<Family, Deciding | undefined>();
  const decidingOf = (family: Family): Deciding | undefined => {
    if (!families.has(family)) {
      const rows = family === 4 ? client.routes.v4 : client.routes.v6;
      families.set(family, rows && prepare(client, family, rows));
    }
    return families.get(family);
  };
  const decide = (address: Address): Decision | undefined => {
    const deciding = decidingOf(familyOf(address));
    return deciding && partsOf(deciding, hostPrefix(address))[0]?.decision;
  };
  return {
    decide,
    beaten: (address) => {
      const deciding = decidingOf(familyOf(address));
      const winner = decide(address)?.outcome;
      if (deciding === undefined || winner === undefined) return [];
      return beatenBy(deciding.ground, deciding.plain, address, winner);
    },
    across: (prefix) => {
      const deciding = decidingOf(familyOfPrefix(prefix));
      return deciding === undefined ? [] : partsOf(deciding, prefix);
    },
  };
}

function prepare(client: RoutingFacts, family: Family, rows: readonly Route[]): Deciding {
  const senders = new Map<Outcome, readonly Address[]>();
  return {
    ground: groundOf(client, family, rows),
    plain: { mark: 0, uid: client.host?.uid },
    view: {
      policies: client.policies ?? [],
      interfaces: client.interfaces,
      sendersOf: (outcome) => {
        const known = senders.get(outcome) ?? sendersOf(client.interfaces, outcome);
        senders.set(outcome, known);
        return known;
      },
    },
  };
}

/** The address this host would put into its packets as the sender; undefined where what was read does not tell it. */
export function sourceOf(
  client: Pick<ClientView, 'interfaces'>,
  decision: Pick<Decision, 'outcome'>,
): Address | undefined {
  const [only, ...others] = sendersOf(client.interfaces, decision.outcome);
  return others.length === 0 ? only : undefined;
}
