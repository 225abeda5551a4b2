import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command, Fix } from '../diagnosis/finding.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import {
  blanketRefusal,
  type Filtered,
  hasAnswered,
  machinesIn,
  type Ruling,
  refusal,
  ruleEvidence,
  sendersTo,
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
    return [...Map.groupBy(refusals, ({ ruling }) => `${keyOf(ruling.group.id)} ${ruling.rule.name}`).values()].flatMap(
      (alike) => found(alike, context),
    );
  },
});

interface Refusal {
  readonly machine: Filtered;
  readonly from: Address;
  readonly ladder: Ladder;
  readonly ruling: Ruling;
  /** What found no answer; null: nothing from the pool gets in, whatever is asked. */
  readonly sent: ReturnType<typeof unansweredAt> | null;
}

/** Only what found no answer is blamed on a filter; where nothing was asked, only a group that refuses everything. */
function refusalAt(machine: Filtered, ladder: Ladder, context: ClimbContext): readonly Refusal[] {
  const { address, groups } = machine;
  if (hasAnswered(address, context)) return [];
  const senders = sendersTo(address, context);
  const found = (packets: readonly Packet[]) =>
    packets.flatMap(({ ruling, from }) => (ruling === undefined ? [] : [{ machine, from, ladder, ruling }]));
  const [blanket] = found(senders.map((from) => ({ from, ruling: blanketRefusal(groups, from, address) })));
  if (blanket !== undefined) return [{ ...blanket, sent: null }];
  const sent = unansweredAt(address, context);
  const refused = found(
    sent.flatMap((packet) =>
      senders.map((from) => ({ from, ruling: refusal(groups, { ...packet, from, to: address }) })),
    ),
  );
  return refused.length < sent.length ? [] : refused.slice(0, 1).map((one) => ({ ...one, sent }));
}

interface Packet {
  readonly from: Address;
  readonly ruling: Ruling | undefined;
}

/** Effective rules are named with their collection: securityRules/block. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function found(alike: readonly Refusal[], { situation }: ClimbContext): readonly Detected[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { group, rule } = first.ruling;
  const ladders = [...new Set(alike.map(({ ladder }) => ladder))];
  const addresses = [...new Set(alike.map(({ machine }) => formatAddress(machine.address)))];
  const pools = situation.pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => formatPrefix(prefix)));
  const what =
    first.sent === null
      ? 'every packet'
      : first.sent
          .map(({ protocol, port }) => (port === null ? protocol.toUpperCase() : `${protocol.toUpperCase()} ${port}`))
          .join(', ');
  return [
    {
      // The last default rule only decides where Azure's VirtualNetwork tag was said to lack the pool.
      severity: first.sent === null && rule.priority < 65_000 ? 'error' : 'warning',
      confidence: 'proven',
      summary: `${nameOf(group.id)} refuses ${what} from the VPN's address pool to ${addresses.slice(0, 3).join(', ')}: rule ${shortName(rule.name)} denies it.`,
      rung: 'delivered',
      resource: group.id,
      property: rule.name.includes('/') ? rule.name : `securityRules/${rule.name}`,
      expected: `a rule that allows ${pools.join(', ')} before it`,
      actual: `denied at priority ${rule.priority}`,
      evidence: gathered(
        { says: 'the security group', origin: group.origin },
        alike.slice(0, 3).map((one) => ruleEvidence(one.ruling, one.machine.address)),
      ),
      explains: ladders,
      fixes: [fixFor(first, pools)],
    },
  ];
}

/** Rules are numbered from here on. */
const firstPriority = 100;

function fixFor({ ruling, machine, from }: Refusal, pools: readonly string[]): Fix {
  const { group, rule } = ruling;
  const name = nameOf(group.id);
  const meant = 'If the rule is meant, the clients are not: then nothing is to be mended.';
  return {
    by: 'network-admin',
    role: `Network Contributor on ${name}`,
    ...(rule.priority > firstPriority
      ? {
          commands: allowBefore(group.id, rule.priority, pools),
          steps: [`Narrow it to the ports that are needed. Pick a free priority below ${rule.priority}.`, meant],
        }
      : {
          commands: [],
          steps: [
            `No rule can come before priority ${rule.priority}: give ${shortName(rule.name)} a higher number, then allow ${pools.join(', ')} before it.`,
            meant,
          ],
        }),
    verify: `az network watcher test-ip-flow --direction Inbound --protocol TCP --vm VM -g RESOURCE-GROUP --local ${formatAddress(machine.address)}:443 --remote ${formatAddress(from)}:50000`,
  };
}

function allowBefore(group: ResourceId, priority: number, pools: readonly string[]): readonly Command[] {
  const name = nameOf(group);
  const before = Math.min(200, priority - 1);
  const sources = pools.map((pool) => `'${pool}'`).join(',');
  return [
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
  ];
}
