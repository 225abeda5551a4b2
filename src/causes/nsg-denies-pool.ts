import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import type { Arrival, Verdict } from '../model/security.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import {
  blanketRefusal,
  type Filtered,
  hasAnswered,
  machinesIn,
  refusal,
  ruleEvidence,
  sendersOf,
  unansweredAt,
} from './filters.ts';
import { returning } from './way-back.ts';

/** A network security group refuses packets from the client pool. */
export const nsgDeniesPool = defineCause({
  code: 'nsg-denies-pool',
  number: 'C33',
  title: 'A network security group refuses the VPN clients',
  severity: 'error',
  about:
    "The routes are right in both directions, and a security group on the target's subnet or NIC has a rule that denies packets from the client pool before any other allows them. By default the VirtualNetwork tag admits the pool; an explicit deny is the usual fault. Both groups, the subnet's and the NIC's, must allow. If replies lack a route it is C31 or C35; if Azure allows it all, the guest's own firewall (C34).",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview',
  needs: ['ladders', 'context', 'topology'],
  dependsOn: ['return-propagation-disabled', 'return-route-overridden', 'vpn-not-connected'],
  detect: ({ ladders, context }) => {
    const refusals = returning(ladders)
      .filter((ladder) => stateOf(ladder, 'offered') !== 'lost')
      .flatMap((ladder) => machinesIn(ladder, context).flatMap((machine) => refusalAt(machine, ladder, context)));
    return [
      ...Map.groupBy(refusals, ({ verdict }) => `${keyOf(verdict.group.id)} ${verdict.rule?.name}`).values(),
    ].flatMap((alike) => found(alike, context));
  },
});

interface Refusal {
  readonly machine: Filtered;
  readonly ladder: Ladder;
  readonly verdict: Verdict;
  readonly sent: readonly Pick<Arrival, 'protocol' | 'port'>[];
  /** Nothing from the pool gets in, whatever is asked. */
  readonly total: boolean;
}

/** Only what found no answer is blamed on a filter; where nothing was asked, only a group that refuses everything. */
function refusalAt(machine: Filtered, ladder: Ladder, context: ClimbContext): readonly Refusal[] {
  const { address, groups } = machine;
  if (groups === undefined || hasAnswered(address, context)) return [];
  const senders = sendersOf(context).filter((from) => typeof from === typeof address);
  const blanket = senders.map((from) => blanketRefusal(groups, from, address)).find((verdict) => verdict !== undefined);
  const sent = unansweredAt(address, context);
  if (blanket !== undefined) return [{ machine, ladder, verdict: blanket, sent, total: true }];
  const refused = sent.flatMap((packet) =>
    senders.flatMap((from) => refusal(groups, { ...packet, from, to: address }) ?? []),
  );
  const [first] = refused;
  return first === undefined || refused.length < sent.length * senders.length
    ? []
    : [{ machine, ladder, verdict: first, sent, total: false }];
}

/** Effective rules are named with their collection: securityRules/block. */
function shortName(name = ''): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function found(alike: readonly Refusal[], context: ClimbContext): readonly Detected[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { verdict, total } = first;
  const { group, rule } = verdict;
  const ladders = [...new Set(alike.map(({ ladder }) => ladder))];
  const addresses = [...new Set(alike.map(({ machine }) => formatAddress(machine.address)))];
  const pools = context.situation.pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => formatPrefix(prefix)));
  const what = total
    ? 'every packet'
    : alike[0]?.sent
        .map(({ protocol, port }) => (port === null ? protocol.toUpperCase() : `${protocol.toUpperCase()} ${port}`))
        .join(', ');
  return [
    {
      // The last default rule only decides where Azure's VirtualNetwork tag was said to lack the pool.
      severity: total && (rule?.priority ?? 0) < 65_000 ? 'error' : 'warning',
      confidence: 'proven',
      summary: `${nameOf(group.id)} refuses ${what} from the VPN's address pool to ${addresses.slice(0, 3).join(', ')}: rule ${shortName(rule?.name)} denies it.`,
      rung: 'delivered',
      resource: group.id,
      property: rule?.name.includes('/') === true ? rule.name : `securityRules/${rule?.name ?? ''}`,
      expected: `a rule that allows ${pools.join(', ')} before it`,
      actual: `denied at priority ${rule?.priority ?? ''}`,
      evidence: gathered(
        { says: 'the security group', origin: group.origin },
        alike.slice(0, 3).map((one) => ruleEvidence(one.verdict, one.machine.address)),
      ),
      explains: ladders,
      fixes: fixesFor(group.id, rule?.priority ?? 200, pools, alike[0]?.machine.address, context),
    },
  ];
}

function fixesFor(
  group: string,
  priority: number,
  pools: readonly string[],
  target: Address | undefined,
  context: ClimbContext,
): readonly Fix[] {
  const name = nameOf(group);
  const before = Math.max(100, Math.min(200, priority - 1));
  const sender = sendersOf(context)[0];
  const sources = pools.map((pool) => `'${pool}'`).join(',');
  return [
    {
      by: 'network-admin',
      role: `Network Contributor on ${name}`,
      commands: [
        az(
          'network',
          'nsg',
          'rule',
          'create',
          ...groupFlags(group),
          '--nsg-name',
          name,
          '-n',
          'allow-vpn-clients',
          '--priority',
          String(before),
          '--direction',
          'Inbound',
          '--access',
          'Allow',
          '--protocol',
          '*',
          '--source-address-prefixes',
          ...pools,
          '--destination-port-ranges',
          '*',
        ),
        {
          shell: 'powershell',
          command: `$nsg = Get-AzNetworkSecurityGroup -ResourceGroupName ${powershellWord(groupOf(group))} -Name ${powershellWord(name)}; $nsg | Add-AzNetworkSecurityRuleConfig -Name allow-vpn-clients -Priority ${before} -Direction Inbound -Access Allow -Protocol * -SourceAddressPrefix ${sources} -SourcePortRange * -DestinationAddressPrefix * -DestinationPortRange * | Set-AzNetworkSecurityGroup`,
        },
      ],
      steps: [
        `Narrow it to the ports that are needed. Pick a free priority below ${priority}.`,
        'If the rule is meant, the clients are not: then nothing is to be mended.',
      ],
      ...(sender !== undefined &&
        target !== undefined && {
          verify: `az network watcher test-ip-flow --direction Inbound --protocol TCP --vm VM -g RESOURCE-GROUP --local ${formatAddress(target)}:443 --remote ${formatAddress(sender)}:50000`,
        }),
    },
  ];
}
