import { defineCause } from '../diagnosis/define-cause.ts';
import type { ClientView, SecurityAssociation, VpnConnection } from '../facts/client.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { isCarrying } from '../ladder/tunnel-space.ts';
import { formatPrefix } from '../net/prefix.ts';
import { isAzureServer } from '../situation/find-tunnel.ts';
import type { Situation } from '../situation/situation.ts';
import { type DeadTunnel, deadTunnel } from './dead-tunnel.ts';

/** No tunnel: nothing the client lacks means anything until there is one. */
export const vpnNotConnected = defineCause({
  code: 'vpn-not-connected',
  number: 'C44',
  title: 'The VPN is not connected',
  severity: 'error',
  about:
    'No interface of this computer holds an address of the client pool, and no route leads into a tunnel of this gateway. Everything the client lacks follows from that; what Azure offers is told all the same. IKE may be up without a tunnel: with no child SA there are no selectors and no routes. And routes may outlive the tunnel: a log that ends in a restart, or a gateway whose own address goes into the tunnel, prove that nothing gets through.',
  helpUrl:
    'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-troubleshoot-vpn-point-to-site-connection-problems',
  needs: ['client', 'situation', 'ladders', 'context'],
  dependsOn: ['another-vpn-owns-route'],
  detect: ({ client, situation, ladders, context }) => {
    const down: Down | undefined = noTunnel(client, situation) ?? deadTunnel(ladders, context);
    if (down === undefined) return [];
    const disconnected = disconnectedOf(client);
    const name = disconnected?.name ?? situation.candidates[0]?.endpoint.gateway.name;
    return [
      {
        confidence: down.likely === true ? 'likely' : 'proven',
        summary: down.summary,
        rung: 'active',
        evidence: down.evidence,
        explains: ladders.filter(isConsequence),
        fixes: [
          {
            by: 'user',
            commands: connectCommands(client.platform, disconnected?.name),
            steps: [
              ...(down.step === undefined ? [] : [down.step]),
              `Connect the VPN${name === undefined ? '' : ` (${name})`}, then run onlink again.`,
              "If it does not connect, look at the client's own error first: certificate, sign-in and proposal faults are not routing.",
            ],
            verify: 'onlink',
          },
        ],
      },
    ];
  },
});

/** Where a route or a trap policy stands without a tunnel behind it, it carries nothing: those count too. */
function isConsequence(ladder: Ladder): boolean {
  if (stateOf(ladder, 'offered') === 'lost') return false;
  return ladder.verdict === 'broken' || (ladder.verdict === 'undetermined' && stateOf(ladder, 'active') === 'held');
}

interface Down extends Omit<DeadTunnel, 'step'> {
  /** Nobody said which addresses the pool has: the tunnel may be one that was not recognised. */
  readonly likely?: boolean;
  readonly step?: string;
}

/** No address of the pool anywhere, or IKE without a child SA. Undefined where a tunnel stands, or nobody looked. */
function noTunnel(client: ClientView, { tunnel, isTunnelUntold, pools }: Situation): Down | undefined {
  const carries = ({ children }: SecurityAssociation) => children.some(isCarrying);
  const associations = client.associations ?? [];
  const withoutChild = associations.some(carries)
    ? undefined
    : associations.find(({ ike }) => ike.state === 'ESTABLISHED');
  if (withoutChild !== undefined)
    return {
      summary: 'The VPN signed in but carries nothing: IKE is up and no child SA was agreed.',
      evidence: [{ says: `IKE ${withoutChild.name} is up and has no child SA`, origin: withoutChild.origin }],
      step: "Read what the daemon says of TS_UNACCEPTABLE or NO_PROPOSAL_CHOSEN: the selectors or proposals do not match the gateway's.",
    };
  // A list of interfaces without their addresses, as `route print` begins with, shows no pool's absence.
  const listed = client.interfaces.find(({ addresses }) => addresses.length > 0);
  const looked = client.routes.v4?.[0]?.origin ?? listed?.origin;
  const disconnected = disconnectedOf(client);
  if (isTunnelUntold && disconnected === undefined) return undefined;
  if (tunnel !== undefined || looked === undefined || mayBeHidden(client, pools.length > 0)) return undefined;
  const none = {
    says:
      pools.length > 0
        ? `no address of ${poolText(pools)} is on any interface`
        : 'no route or interface looks like a tunnel',
    origin: looked,
  };
  return {
    ...(pools.length === 0 && disconnected === undefined && { likely: true }),
    summary:
      pools.length > 0
        ? 'The VPN is not connected: no interface holds an address of the client pool.'
        : 'The VPN is not connected: no tunnel of a VPN was recognised on this computer.',
    evidence:
      disconnected === undefined
        ? [none]
        : [{ says: `connection ${disconnected.name} is not connected`, origin: disconnected.origin }, none],
  };
}

/** The connection that is down: one to Azure before one to wherever. */
function disconnectedOf({ connections = [] }: ClientView): VpnConnection | undefined {
  const down = connections.filter(({ connected }) => connected === false);
  return down.find(({ server }) => isAzureServer(server)) ?? down[0];
}

/** Its rows are among those that were not read; or it is up, and without the pool nobody can tell its address. */
function mayBeHidden({ gaps, connections = [] }: ClientView, isPoolKnown: boolean): boolean {
  return gaps.length > 0 || (!isPoolKnown && connections.some(({ connected }) => connected === true));
}

function poolText(
  pools: readonly { readonly prefixes: readonly { readonly prefix: Parameters<typeof formatPrefix>[0] }[] }[],
): string {
  return pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => formatPrefix(prefix))).join(', ');
}

function connectCommands(
  platform: 'windows' | 'linux',
  name: string | undefined,
): { shell: 'cmd' | 'bash'; command: string }[] {
  if (platform === 'windows')
    return name === undefined || /["%^&|<>]/.test(name) ? [] : [{ shell: 'cmd', command: `rasdial "${name}"` }];
  return [{ shell: 'bash', command: 'sudo swanctl --list-conns' }];
}
