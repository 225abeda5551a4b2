import { shellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import type { Route, Rule } from '../facts/route.ts';
import { familyOfPrefix, formatPrefix } from '../net/prefix.ts';
import { adapterName } from './adapters.ts';
import { detoursOf } from './detours.ts';

/** A policy rule sends the packet elsewhere before the tunnel's table is asked. */
export const policyRuleBypass = defineCause({
  code: 'policy-rule-bypass',
  number: 'C53',
  title: 'A routing policy rule bypasses the tunnel',
  severity: 'error',
  about:
    "The route into the tunnel is there, but Linux asks its tables in the order of the policy rules, and a rule before the tunnel's sends these packets to another table that has an answer. `ip route` of the main table shows nothing wrong. A rule to another VPN's adapter is C48, a rule that refuses the packet C54.",
  needs: ['ladders', 'client', 'tunnel', 'context'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ ladders, client, context }) =>
    detoursOf('rule', ladders, context).flatMap(({ route, rule, ladders: taken }) => {
      const [tunnelRoute] = taken[0].tunnelRoutes;
      if (route === undefined || tunnelRoute === undefined) return [];
      const name = adapterName(route, client);
      // The system's own rule is not in the way: what is missing is one before it.
      const made = rule === undefined || systemsOwn.has(rule.priority) ? undefined : rule;
      const by =
        made === undefined
          ? `No rule asks table ${tunnelRoute.table} before table ${route.table}`
          : `Rule ${made.priority} asks table ${route.table} first`;
      return [
        {
          confidence: 'proven' as const,
          summary: `${by}, so packets for ${list(taken)} leave by ${name} and not through the tunnel.`,
          rung: 'selected' as const,
          expected: 'the table of the tunnel is asked first',
          actual: `${formatPrefix(route.prefix)} in table ${route.table} wins, to ${name}`,
          evidence: gathered(
            { says: `${formatPrefix(route.prefix)} in table ${route.table} wins`, origin: route.origin },
            rule === undefined
              ? []
              : [{ says: `rule ${rule.priority} asks table ${route.table}`, origin: rule.origin }],
            [{ says: `${formatPrefix(route.prefix)} in table ${route.table} leads to ${name}`, origin: route.origin }],
            taken[0].tunnelRoutes.slice(0, 2).map(({ prefix, table, origin }) => ({
              says: `${formatPrefix(prefix)} in table ${table} leads into the tunnel`,
              origin,
            })),
          ),
          explains: taken,
          fixes: [
            {
              by: 'user' as const,
              ...(made === undefined ? addition(tunnelRoute) : removal(made)),
              verify: 'ip rule show',
            },
          ],
        },
      ];
    }),
});

/** What every Linux asks by itself: tables local, main and default. */
const systemsOwn: ReadonlySet<number> = new Set([0, 32_766, 32_767]);

function removal({ priority, family }: Rule): Pick<Fix, 'commands' | 'steps' | 'disrupts'> {
  return {
    commands: [{ shell: 'bash', command: `sudo ip ${v6(family)}rule del priority ${priority}` }],
    steps: [
      "Find out what made the rule (another VPN, a container tool, a script) and have it leave these prefixes out, or give it a priority after the tunnel's.",
    ],
    disrupts: 'the traffic that the rule was made for',
  };
}

function addition({ prefix, table }: Route): Pick<Fix, 'commands' | 'steps'> {
  return {
    commands: [
      {
        shell: 'bash',
        command: `sudo ip ${v6(familyOfPrefix(prefix))}rule add priority 220 table ${shellWord(table)}`,
      },
    ],
    steps: [
      'Connect again: the VPN makes its rule by itself. If it is gone once more, find out what removes it (a network manager, a script).',
    ],
  };
}

const v6 = (family: Rule['family']): string => (family === 6 ? '-6 ' : '');
