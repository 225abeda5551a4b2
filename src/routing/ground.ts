import type { ClientView } from '../facts/client.ts';
import type { Route, Rule } from '../facts/route.ts';
import type { Family } from '../net/address.ts';
import { containsPrefix } from '../net/prefix.ts';
import type { Doubt, Outcome } from './decision.ts';
import { defaultSteps, mergedSteps, type Step, singleTable, stepsOf } from './steps.ts';
import { type Tables, tableName, tablesOf } from './tables.ts';
import type { Ground } from './walk.ts';

/** The facts of a client that decide where it sends a packet. */
export type RoutingFacts = Pick<
  ClientView,
  'platform' | 'routes' | 'rules' | 'policies' | 'interfaces' | 'host' | 'persistent'
>;

/** All that decides for one family, and what was not read of it. */
export interface FamilyGround extends Ground {
  /** The same rules, where it cannot be told whether the kernel still keeps `local` and `main` as one. */
  readonly ifSplit: Ground | undefined;
  readonly doubts: readonly Doubt[];
}

/** Sets out the rules and tables of one family. */
export function groundOf(client: RoutingFacts, family: Family, rows: readonly Route[]): FamilyGround {
  const tables = tablesOf(rows, client.platform);
  const known = stepsFor(client, family);
  const steps = known ?? defaultSteps(family);
  const merged = family === 4 && client.platform === 'linux' ? mergedSteps(steps) : undefined;
  const shared = { tables, isRead: isReadOf(tables), ...outcomesOf(merged ?? steps, tables) };
  const differs = merged !== undefined && hidesMain(rows);
  return {
    ...shared,
    steps: merged ?? steps,
    ifSplit: differs ? { ...shared, steps } : undefined,
    doubts: known === undefined ? [rulesUnread(tables, rows)] : [],
  };
}

function stepsFor({ platform, rules }: RoutingFacts, family: Family): readonly Step[] | undefined {
  if (platform === 'windows') return singleTable(family);
  // A kernel without a single rule routes nothing: no rows of this family means nobody asked for them.
  const ofFamily = rules?.filter((rule) => rule.family === family) ?? [];
  return ofFamily.length === 0 ? undefined : stepsOf(ofFamily);
}

// Table `local` is never empty: a dump without it is a dump of less than all tables, and the others may hold anything.
function isReadOf(tables: Tables): (name: string) => boolean {
  const isWhole = tables.has('local');
  return (name) => isWhole || name === 'local' || name === 'default' || tables.has(name);
}

function outcomesOf(steps: readonly Step[], tables: Tables): Pick<Ground, 'outcomeOf' | 'refusalOf' | 'nowhere'> {
  const routed = new Map<Rule | undefined, Map<Route, Outcome>>();
  const refused = new Map<Rule, Outcome>();
  const make = (rule: Rule | undefined, route: Route): Outcome => ({
    kind: 'route',
    route,
    nextHops: tables.nextHopsOf(route),
    ...(rule !== undefined && { rule }),
  });
  return {
    nowhere: { kind: 'none' },
    refusalOf: (rule) => remembered(refused, rule, () => ({ kind: 'rule', rule })),
    outcomeOf: (step, route) => {
      const rule = ruleThatFound(steps, step, route);
      const ofRule = remembered(routed, rule, () => new Map<Route, Outcome>());
      return remembered(ofRule, route, () => make(rule, route));
    },
  };
}

// In tables kept as one, the row tells which table it is of, and that which rule it stands for.
function ruleThatFound(steps: readonly Step[], step: Step, route: Route): Rule | undefined {
  if (step.tables.length < 2 || tableName(route.table) === step.tables[0]) return step.rule;
  return steps.find(({ tables }) => tables.length === 1 && tables[0] === tableName(route.table))?.rule;
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

/** Whether a row of `main` lies within a shorter one of `local`: only then does it matter if they are kept as one. */
function hidesMain(rows: readonly Route[]): boolean {
  const wide = rows.filter(({ table, prefix }) => tableName(table) === 'local' && prefix.length < 32);
  return rows.some(
    ({ table, prefix }) =>
      tableName(table) === 'main' &&
      wide.some((outer) => outer.prefix.length < prefix.length && containsPrefix(outer.prefix, prefix)),
  );
}

function rulesUnread(tables: Tables, rows: readonly Route[]): Doubt {
  const others = tables.names.filter((name) => !['local', 'main', 'default', 'unspec'].includes(name));
  const row = rows.find(({ table }) => others.includes(tableName(table))) ?? rows[0];
  const usual = 'The routing rules were not read; the kernel’s own order local, main, default is assumed';
  const says =
    others.length === 0
      ? usual
      : `${usual}, though there are routes in ${others.length === 1 ? 'table' : 'tables'} ${others.join(', ')} that a rule may put first`;
  return { kind: 'rules-unread', says, origin: row?.origin ?? { artifact: 'linux-ip-rule' } };
}
