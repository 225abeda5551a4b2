import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Evidence } from '../facts/origin.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { type Endpoint, idOf, protocolsOf } from '../model/endpoint.ts';
import { formatPrefix } from '../net/prefix.ts';
import type { TunnelProtocol } from '../situation/client-traits.ts';
import { dropsClients, updateGateway } from './gateway-commands.ts';

const oldWindows = 25;
// SSTP has no selectors, and no limit that is documented.
const limits: Readonly<Record<TunnelProtocol, number>> = { ikev2: 255, sstp: Infinity, openvpn: 1000, unknown: 1000 };

/** More prefixes than a client can take. */
export const routeLimitExceeded = defineCause({
  code: 'route-limit-exceeded',
  number: 'C24',
  title: 'More prefixes than the client can take',
  severity: 'error',
  about:
    'Every address prefix of a VNet, and every learned one, is a route of its own for the client: nothing is summarised. IKEv2 takes 255, OpenVPN 1,000; Windows builds before September 2021 take 25 by IKEv2 and then fail with error 13834. Above the limit the tunnel comes up and some prefixes work now and then. Above 25 it is a warning, for old clients.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['ladders', 'endpoint', 'situation', 'topology'],
  detect: ({ ladders, endpoint, situation, topology }) => {
    const given = ladders.filter(isGiven);
    const [first] = given;
    const { protocol } = situation.traits;
    const limit = limits[protocol];
    const { count, evidence } = counted(given, topology);
    const over = count > limit;
    const isOld = count > oldWindows && protocol !== 'openvpn' && takesIkev2(endpoint, topology);
    if (first === undefined || !(over || isOld)) return [];
    const id = idOf(endpoint);
    return [
      {
        severity: over ? 'error' : 'warning',
        confidence: 'proven',
        summary: over
          ? `Clients are given ${count} prefixes, more than the ${limit} that ${protocol === 'ikev2' ? 'IKEv2' : 'OpenVPN'} takes: some will not work.`
          : `Clients are given ${count} prefixes; Windows builds before September 2021 take ${oldWindows} by IKEv2.`,
        rung: 'issued',
        resource: id,
        expected: `at most ${over ? limit : oldWindows} prefixes`,
        actual: `${count} prefixes`,
        evidence: gathered(
          { says: `${count} prefixes`, origin: endpoint.gateway.origin },
          evidence,
          [first, ...given.slice(-1)].flatMap((ladder) => rungOf(ladder, 'configured').evidence),
        ),
        prefixes: [],
        explains: over
          ? ladders.filter(
              ({ verdict, lostAt }) => verdict === 'broken' && lostAt !== 'offered' && lostAt !== 'returned',
            )
          : [],
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(id)}`,
            commands:
              protocol === 'openvpn' || endpoint.kind === 'hub-gateway'
                ? []
                : [updateGateway(id, '--client-protocol', 'OpenVPN')],
            steps: [
              'Summarise the address spaces of the VNets, or take spokes off that VPN users do not need.',
              'Or move to OpenVPN, which takes 1,000; everybody needs a new package then.',
            ],
            disrupts: dropsClients,
          },
          { by: 'user', commands: [], steps: ['Keep Windows up to date: builds since September 2021 take 255.'] },
        ],
      },
    ];
  },
});

/** Whether any client of it may come by IKEv2. */
function takesIkev2(endpoint: Endpoint, topology: Topology): boolean {
  return (protocolsOf(endpoint, topology) ?? ['ikev2']).some((name) => name.toLowerCase() === 'ikev2');
}

/** What the gateway gives to clients; learned prefixes count as well. */
function isGiven(ladder: Ladder): boolean {
  if (ladder.expectation === 'never') return false;
  return (
    ladder.reason === 'bgp' ||
    ladder.reason === 'expressroute' ||
    stateOf(ladder, 'offered') === 'held' ||
    stateOf(ladder, 'offered') === 'partial'
  );
}

/** By the model, or by a profile made now where that lists more. */
function counted(
  given: readonly Ladder[],
  { issued }: Topology,
): { readonly count: number; readonly evidence: readonly Evidence[] } {
  const modelled = new Set(given.map(({ prefix }) => formatPrefix(prefix))).size;
  const [longest] = issued
    .filter(({ listsRoutes }) => listsRoutes)
    .toSorted((a, b) => b.routes.length - a.routes.length);
  if (longest === undefined || longest.routes.length <= modelled) return { count: modelled, evidence: [] };
  return {
    count: longest.routes.length,
    evidence: [{ says: `a profile generated now lists ${longest.routes.length} routes`, origin: longest.origin }],
  };
}
