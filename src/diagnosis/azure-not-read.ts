import type { Capture } from '../facts/capture.ts';
import { nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { address } from '../net/address.ts';
import type { Diagnosis } from './diagnosis.ts';
import { rightFor } from './rights.ts';

type NotChecked = Diagnosis['notChecked'];
type Unread = Topology['unread'][number];

/** What Azure did not answer, one line a reason: who has no rights has none on five hundred machines. */
export function azureNotRead({ topology, tunnelSpace, forwarding, situation }: ClimbContext): NotChecked {
  const groups = Map.groupBy(topology.unread, ({ operation, why }) => [operation, why.status, why.code].join('|'));
  const lines = [...groups.values()].flatMap(lineFor);
  const isCutOff = topology.unread.some(({ why }) => why.status === null && unreachable.has(why.code));
  const swallowsAzure =
    situation.tunnel !== undefined &&
    ofAzure.some((one) => {
      const decision = forwarding.decide(one);
      return decision !== undefined && tunnelSpace.contains(decision);
    });
  return isCutOff && swallowsAzure ? [...lines, behindTunnel] : lines;
}

/** What was asked for by name and is not there, as long as Azure answered at all. */
export function gatewayNotFound({ request }: Capture, { situation, topology }: ClimbContext): NotChecked {
  const { gateway, gatewayName, resourceGroup } = request ?? {};
  const hasAnswered = topology.vnetsListedIn.size > 0 || topology.gateways.size > 0 || topology.p2sGateways.size > 0;
  if (situation.endpoint !== undefined || !hasAnswered) return [];
  if ([gateway, gatewayName, resourceGroup].every((told) => told === undefined)) return [];
  const group = resourceGroup === undefined ? '' : ` in the resource group ${resourceGroup}`;
  const wanted = gateway ?? `${gatewayName === undefined ? 'any' : `called ${gatewayName}`}${group}`;
  const others = situation.candidates.map((one) => one.endpoint.gateway.name).slice(0, 8);
  const instead =
    others.length === 0 ? '' : `; there is ${others.join(', ')}: pick one by its flag, listed as a candidate`;
  return [
    { code: 'GATEWAY', why: `no Point-to-Site gateway ${wanted} could be told from what Azure answered${instead}` },
  ];
}

/** What a network says that swallows packets. */
const unreachable: ReadonlySet<string> = new Set(['tcp', 'timeout', 'dns', 'reset']);

// Addresses out of blocks that have been Microsoft's for years: where these go, Resource Manager goes as well.
const ofAzure = ['4.150.240.10', '20.37.158.1', '40.79.0.1', '52.224.0.1'].map(address);

const behindTunnel = {
  code: 'AZURE-BEHIND-TUNNEL',
  why: "this computer's way to Azure Resource Manager leads into the VPN tunnel itself, and no answer came back through it: a Point-to-Site gateway passes nothing on to the internet. Disconnect the VPN and run: onlink capture DIR --half azure; then connect again and run: onlink --azure-snapshot DIR",
} as const;

function lineFor(group: readonly Unread[]): NotChecked {
  const [first] = group;
  if (first === undefined) return [];
  const { operation, resource, why } = first;
  if (why.code === 'sign-in') return [{ code: 'AZURE-SIGN-IN', why: shortened(why.message, 700) }];
  if (why.code === 'proxy') return [{ code: 'AZURE-PROXY', why: shortened(why.message, 400) }];
  const others = group.length - 1;
  const on = resource === undefined ? '' : ` of ${nameOf(resource)}${others > 0 ? ` and ${others} more` : ''}`;
  // "virtualNetworks.get /subscriptions/…: no answer within the time given"
  const message = why.message.replace(`${operation} ${resource}: `, '');
  const told = message === '' ? '' : ` (${shortened(message, 240)})`;
  const status = why.status === null ? why.code : `${why.status} ${why.code}`;
  return [
    { code: 'AZURE-READ', why: `${operation ?? 'a read'}${on}: ${status}${told}${rightIn(why, operation, resource)}` },
  ];
}

/** A page of a proxy or a guest network may say 403 as well; only Azure's own refusal asks for a right. */
function rightIn(
  { status, code }: Unread['why'],
  operation: string | undefined,
  resource: ResourceId | undefined,
): string {
  if (status !== 403 || code === 'not-json') return '';
  return `; needs ${rightFor(operation)}${resource === undefined ? '' : ` on ${resource}`}: the role that "onlink rights" prints has it`;
}

const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
