import { defineCause } from '../diagnosis/define-cause.ts';
import type { Evidence } from '../facts/origin.ts';
import { stateOf } from '../ladder/ladder.ts';
import { formatPrefix } from '../net/prefix.ts';

/** No tunnel: nothing the client lacks means anything until there is one. */
export const vpnNotConnected = defineCause({
  code: 'vpn-not-connected',
  number: 'C44',
  title: 'The VPN is not connected',
  severity: 'error',
  about:
    'No interface of this computer holds an address of the client pool, and no route leads into a tunnel of this gateway. Everything the client lacks follows from that; what Azure offers is told all the same. IKE may be up without a tunnel: with no child SA there are no selectors and no routes.',
  helpUrl:
    'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-troubleshoot-vpn-point-to-site-connection-problems',
  needs: ['client', 'situation', 'ladders'],
  detect: ({ client, situation, ladders }) => {
    const { tunnel, pools, candidates } = situation;
    const read = client.routes.v4 !== undefined || client.interfaces.length > 0;
    const withoutChild = (client.associations ?? []).find(
      ({ children, ike }) =>
        ike.state === 'ESTABLISHED' && !children.some(({ state }) => state === 'INSTALLED' || state === 'REKEYED'),
    );
    const established = (client.associations ?? []).some(({ children }) =>
      children.some(({ state }) => state === 'INSTALLED' || state === 'REKEYED'),
    );
    if ((tunnel !== undefined && (withoutChild === undefined || established)) || !read) return [];
    const disconnected = (client.connections ?? []).find(({ connected }) => connected === false);
    const looked = client.routes.v4?.[0]?.origin ?? client.interfaces[0]?.origin;
    const evidence: readonly Evidence[] = [
      ...(withoutChild === undefined
        ? []
        : [{ says: `IKE ${withoutChild.name} is up and has no child SA`, origin: withoutChild.origin }]),
      ...(disconnected === undefined
        ? []
        : [{ says: `connection ${disconnected.name} is not connected`, origin: disconnected.origin }]),
      ...(looked === undefined
        ? []
        : [
            {
              says: `no address of ${pools.length > 0 ? poolText(pools) : 'a client pool'} is on any interface`,
              origin: looked,
            },
          ]),
    ];
    const [first, ...rest] = evidence;
    if (first === undefined) return [];
    const name = disconnected?.name ?? candidates[0]?.endpoint.gateway.name;
    const summary =
      withoutChild === undefined
        ? 'The VPN is not connected: no interface holds an address of the client pool.'
        : 'The VPN signed in but carries nothing: IKE is up and no child SA was agreed.';
    return [
      {
        confidence: 'proven',
        summary,
        rung: 'active',
        evidence: [first, ...rest],
        // Without a child SA even a route, or a trap policy, carries nothing.
        explains: ladders.filter(
          (ladder) =>
            ladder.verdict === 'broken' &&
            (withoutChild !== undefined || stateOf(ladder, 'active') !== 'held') &&
            stateOf(ladder, 'offered') !== 'lost',
        ),
        fixes: [
          {
            by: 'user',
            commands: connectCommands(client.platform, disconnected?.name),
            steps: [
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
