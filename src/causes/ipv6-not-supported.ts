import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { idOf, poolsOf } from '../model/endpoint.ts';
import { familyOfPrefix } from '../net/prefix.ts';
import type { Situation } from '../situation/situation.ts';
import { askedEvidence, askedIn, isPresent, ladderEvidence } from './asked.ts';
import { showGateway } from './gateway-commands.ts';

/** IPv6 where this kind of gateway, tunnel or peering carries only one family. */
export const ipv6NotSupported = defineCause({
  code: 'ipv6-not-supported',
  number: 'C51',
  title: 'This VPN does not carry that address family',
  severity: 'info',
  about:
    'IPv6 reaches a client only by IKEv2 or OpenVPN, from a VNet gateway that is not of the Basic SKU, with an IPv6 pool beside the IPv4 one; SSTP and Virtual WAN carry none. A peering for IPv6 only carries no IPv4. Explains when somebody asks for such an address, and is an error where a prefix that should be there is not.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['ladders', 'endpoint', 'situation'],
  detect: ({ ladders, endpoint, situation }) => {
    const affected = ladders.filter((ladder) => isAffected(ladder, situation));
    const [first] = affected;
    if (first === undefined) return [];
    const id = idOf(endpoint);
    const hasPool = poolsOf(endpoint).some(({ prefixes }) =>
      prefixes.some(({ prefix }) => familyOfPrefix(prefix) === 6),
    );
    return [
      {
        severity: affected.some(({ verdict }) => verdict === 'broken') ? 'error' : 'info',
        confidence: 'proven',
        summary: `${list(affected)} does not come through this VPN: ${reasonOf(first, situation, hasPool)}.`,
        rung: 'offered',
        resource: obstacleOf(first)?.resource ?? id,
        evidence: gathered(
          { says: nameOf(id), origin: endpoint.gateway.origin },
          ladderEvidence(first),
          askedEvidence(askedIn(first, situation.asked)),
        ),
        explains: affected,
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(id)}`,
            commands: [],
            steps: [
              'Use the IPv4 address of the target.',
              'Or add an IPv6 range to the client pool, with IKEv2 or OpenVPN on a gateway that is neither Basic nor in Virtual WAN.',
            ],
            ...(endpoint.kind === 'vnet-gateway' && {
              verify: showGateway(id, 'vpnClientConfiguration.[vpnClientAddressPool,vpnClientProtocols]'),
            }),
          },
        ],
      },
    ];
  },
});

function isAffected(ladder: Ladder, situation: Situation): boolean {
  if (ladder.reason === 'pool') return false;
  const six = familyOfPrefix(ladder.prefix) === 6;
  const wanted = askedIn(ladder, situation.asked).length > 0 || isPresent(ladder) || ladder.verdict === 'broken';
  const bySstp = six && situation.traits.protocol === 'sstp' && stateOf(ladder, 'active') === 'lost';
  return wanted && (obstacleOf(ladder) !== undefined || bySstp || (six && ladder.reason === 'asked-for'));
}

function obstacleOf({ origin }: Ladder) {
  const all = origin.kind === 'expected' ? origin.route.offered.obstacles : [];
  return all.flatMap((one) => (one.kind === 'ipv6-unsupported' ? [one] : []))[0];
}

function reasonOf({ prefix }: Ladder, { traits }: Situation, hasPool: boolean): string {
  if (familyOfPrefix(prefix) === 4) return 'its peering is for IPv6 only';
  if (traits.protocol === 'sstp') return 'SSTP carries no IPv6';
  return hasPool ? 'this gateway carries no IPv6 to clients' : 'the client pool has no IPv6 range';
}
