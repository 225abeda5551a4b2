import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Evidence } from '../facts/origin.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { type Filtered, isAllowed, machinesIn, ruleEvidence, rulings, sendersTo, unansweredAt } from './filters.ts';
import { hasAnswer } from './own-answers.ts';
import { returning } from './way-back.ts';

/** Everything on the way is in order, and the machine keeps silent to ICMP. */
export const guestFirewallSuspected = defineCause({
  code: 'guest-firewall-suspected',
  number: 'C34',
  title: "The target's own firewall probably drops the probe",
  severity: 'info',
  about:
    "Route there, route back and security groups are in order as read, and only the machine does not answer. Windows guests drop ICMP by default, so silence to a trace says little. It can't be proven from outside: a TCP connection to a port that is known to listen tells more.",
  needs: ['ladders', 'context', 'topology'],
  dependsOn: [
    'nsg-denies-pool',
    'return-propagation-disabled',
    'return-route-overridden',
    'return-path-asymmetric',
    'gateway-subnet-route-table',
    'peering-route-disabled',
    'local-network-overlap',
    'vpn-not-connected',
  ],
  detect: ({ ladders, context }) => {
    const silent = returning(ladders)
      .filter(isClean)
      .flatMap((ladder) =>
        machinesIn(ladder, context).flatMap((machine) => {
          const [from] = sendersTo(machine.address, context);
          return from !== undefined && isSilent(machine, from, context) ? [{ ladder, machine, from }] : [];
        }),
      );
    const [first] = silent;
    // Where nobody answers, the tunnel itself is as likely a culprit as every guest at once.
    const someoneAnswers = ladders.some((ladder) => hasAnswer(ladder, ladders, context));
    if (first === undefined || !someoneAnswers) return [];
    const addresses = [...new Set(silent.map(({ machine }) => formatAddress(machine.address)))];
    return [
      {
        confidence: 'likely',
        summary: `${addresses.slice(0, 3).join(', ')} does not answer, though the way there and back and the security groups are in order: its own firewall probably drops the probe.`,
        rung: 'delivered',
        expected: 'an answer',
        actual: 'silence to ICMP',
        evidence: gathered(
          { says: 'the network interface', origin: first.machine.nic.origin },
          rungOf(first.ladder, 'delivered').evidence,
          rungOf(first.ladder, 'returned').evidence.slice(0, 1),
          allowances(first.machine, first.from),
        ),
        explains: [...new Set(silent.map(({ ladder }) => ladder))],
        fixes: [
          {
            by: 'client-owner',
            commands: [
              {
                shell: 'powershell',
                command: "New-NetFirewallRule -DisplayName 'Allow ping' -Protocol ICMPv4 -IcmpType 8 -Action Allow",
              },
            ],
            steps: [
              'Run it in the guest, if it may answer pings; or try a port that is known to listen: onlink --target ADDRESS:PORT',
            ],
            verify: `onlink --target ${addresses[0]}:443`,
          },
        ],
      },
    ];
  },
});

/** Nothing on the ladder is lost: it is offered, it wins here, and replies find the gateway. */
function isClean(ladder: Ladder): boolean {
  const held = (['offered', 'active', 'selected', 'returned'] as const).every(
    (rung) => stateOf(ladder, rung) === 'held',
  );
  return held && ladder.verdict !== 'broken';
}

/** A trace went unanswered, nothing else did, and Azure lets it in for sure. */
function isSilent({ address, groups, isComplete }: Filtered, from: Address, context: ClimbContext): boolean {
  const sent = unansweredAt(address, context);
  return (
    isComplete &&
    sent.some(({ protocol }) => protocol === 'icmp') &&
    sent.every((packet) => isAllowed(groups, { ...packet, from, to: address }))
  );
}

function allowances({ address, groups }: Filtered, from: Address): readonly Evidence[] {
  return rulings(groups, { from, to: address, protocol: 'icmp', port: null }).map((one) => ruleEvidence(one, address));
}
