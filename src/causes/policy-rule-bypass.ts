import { shellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import type { Rule } from '../facts/route.ts';
import { formatPrefix } from '../net/prefix.ts';
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
      if (route === undefined) return [];
      const name = adapterName(route, client);
      const by =
        rule === undefined
          ? 'No rule asks the table of the tunnel'
          : `Rule ${rule.priority} asks table ${route.table} first`;
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
              commands: rule === undefined ? [] : [deleteRule(rule)],
              steps: [
                "Find out what made the rule (another VPN, a container tool, a script) and have it leave these prefixes out, or give it a priority after the tunnel's.",
              ],
              disrupts: 'the traffic that the rule was made for',
              verify: 'ip rule show',
            },
          ],
        },
      ];
    }),
});

function deleteRule({ priority, family }: Rule): Command {
  return {
    shell: 'bash',
    command: `sudo ip ${family === 6 ? '-6 ' : ''}rule del priority ${shellWord(String(priority))}`,
  };
}
