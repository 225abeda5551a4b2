import { az, groupFlags } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { Origin } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { type Endpoint, idOf } from '../model/endpoint.ts';
import { dropsClients, gatewayVariable } from './gateway-commands.ts';

/** The gateway is being changed, has failed, or hands out less than its own settings say. */
export const gatewayNotReady = defineCause({
  code: 'gateway-not-ready',
  number: 'C45',
  title: 'The gateway is not in a good state',
  severity: 'error',
  about:
    'The gateway, or the hub it belongs to, is not in the state Succeeded: it is being updated or its last change failed. Or all settings say that a prefix is offered, and a profile that the gateway makes now lacks it: then the gateway did not take its own settings over, and a reset helps. A warning as long as nothing is broken.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/reset-gateway',
  needs: ['endpoint', 'topology', 'ladders'],
  detect: ({ endpoint, topology, ladders }) => {
    const forgotten = ladders.filter(isForgotten);
    const [first] = forgotten;
    const [unready] = statesOf(endpoint, topology);
    const id = idOf(endpoint);
    if (unready === undefined && first === undefined) return [];
    const broken = ladders.filter(
      (ladder) => ladder.verdict === 'broken' && stateOf(ladder, 'offered') === 'held' && ladder.lostAt !== 'installed',
    );
    const explains = unready === undefined ? forgotten : broken;
    return [
      {
        severity: explains.some(({ verdict }) => verdict === 'broken') ? 'error' : 'warning',
        confidence: unready === undefined ? 'likely' : 'proven',
        summary:
          unready === undefined
            ? `The gateway's settings offer ${list(forgotten)}, but the profile it makes now lacks ${forgotten.length === 1 ? 'it' : 'them'}.`
            : `${nameOf(unready.id)} is ${unready.state}, not ready.`,
        rung: unready === undefined ? 'issued' : 'offered',
        resource: unready?.id ?? id,
        property: unready?.property ?? 'vpnClientConfiguration',
        ...(unready !== undefined && { expected: unready.expected, actual: unready.state }),
        evidence: gathered(
          { says: `${nameOf(id)}`, origin: endpoint.gateway.origin },
          statesOf(endpoint, topology).map(({ id: one, state, property, origin }) => ({
            says: `${nameOf(one)}: ${property} is ${state}`,
            origin,
          })),
          first === undefined ? [] : [...rungOf(first, 'offered').evidence, ...rungOf(first, 'issued').evidence],
        ),
        explains,
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(id)}`,
            commands: resetCommands(endpoint),
            steps: [
              'While it is being updated, wait: that takes up to an hour. If it failed, repeat the last change. Reset it as the last resort.',
            ],
            disrupts: dropsClients,
            verify: showState(endpoint),
          },
        ],
      },
    ];
  },
});

/** Offered by everything that was read, and not in a profile made now. Learned and static routes are told elsewhere. */
function isForgotten(ladder: Ladder): boolean {
  const counted = ladder.expectation === 'must' && ladder.reason !== 'pool' && ladder.reason !== 'custom-route';
  return (
    counted &&
    stateOf(ladder, 'offered') === 'held' &&
    stateOf(ladder, 'issued') === 'lost' &&
    stateOf(ladder, 'active') !== 'held'
  );
}

interface Unready {
  readonly id: ResourceId;
  readonly property: string;
  readonly state: string;
  readonly expected: string;
  readonly origin: Origin;
}

function statesOf(endpoint: Endpoint, topology: Topology): readonly Unready[] {
  const { gateway } = endpoint;
  const hub =
    endpoint.kind === 'hub-gateway' && endpoint.gateway.hub !== undefined
      ? topology.hubs.get(keyOf(endpoint.gateway.hub))
      : undefined;
  const states: readonly (Omit<Unready, 'state'> & { readonly state: string | undefined })[] = [
    {
      id: gateway.id,
      property: 'provisioningState',
      state: gateway.provisioningState,
      expected: 'Succeeded',
      origin: gateway.origin,
    },
    ...(hub === undefined
      ? []
      : [
          {
            id: hub.id,
            property: 'provisioningState',
            state: hub.provisioningState,
            expected: 'Succeeded',
            origin: hub.origin,
          },
          {
            id: hub.id,
            property: 'routingState',
            state: hub.routingState,
            expected: 'Provisioned',
            origin: hub.origin,
          },
        ]),
  ];
  return states.flatMap(({ state, ...one }) =>
    state === undefined || state === one.expected || state === 'None' ? [] : [{ ...one, state }],
  );
}

function resetCommands({ kind, gateway: { id } }: Endpoint) {
  if (kind === 'hub-gateway') return [];
  return [
    az('network', 'vnet-gateway', 'reset', ...groupFlags(id), '-n', nameOf(id)),
    {
      shell: 'powershell' as const,
      command: `${gatewayVariable(id)}; Reset-AzVirtualNetworkGateway -VirtualNetworkGateway $gw`,
    },
  ];
}

function showState({ kind, gateway: { id } }: Endpoint): string {
  return az(
    'network',
    kind === 'hub-gateway' ? 'p2s-vpn-gateway' : 'vnet-gateway',
    'show',
    ...groupFlags(id),
    '-n',
    nameOf(id),
    '--query',
    'provisioningState',
  ).command;
}
