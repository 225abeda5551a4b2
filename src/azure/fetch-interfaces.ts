import { ancestorOf, keyOf, type ResourceId } from '../facts/resource-id.ts';
import type { NetworkInterface, Subnet } from '../facts/topology.ts';
import type { Address } from '../net/address.ts';
import { type AddressSet, covers, setOf } from '../net/address-set.ts';
import { containsAddress } from '../net/prefix.ts';
import { gateOf } from './fetch-limit.ts';
import type { FetchHints } from './fetch-options.ts';
import { questions } from './fetch-questions.ts';
import type { Answer, Session } from './fetch-session.ts';
import { typeOfId } from './recognise.ts';
import { readTopology } from './translate.ts';

/** Subnets of one VNet that share a route table and a security group: one machine speaks for them all. */
interface Group {
  readonly candidates: readonly ResourceId[];
  /** 0: a target lies in it; 1: nothing leads into the tunnel to some of it; 2: the rest. */
  readonly urgency: 0 | 1 | 2;
}

/** How many operations on network interfaces are under way at once; real ones take up to a minute each. */
const atOnce = 32;
const triesPerGroup = 3;
const looksPerGroup = 20;

/** Asks one running machine per group of like subnets for its effective routes and rules, the urgent ones first. */
export async function readInterfaces(session: Session, subnets: readonly Subnet[], hints: FetchHints): Promise<void> {
  const gate = gateOf(atOnce);
  const groups = groupsOf(subnets, hints).toSorted((a, b) => a.urgency - b.urgency);
  const speakers = await Promise.all(groups.map((group) => gate(() => readGroup(session, group, hints))));
  // Either question may take a minute: the way back is known everywhere before the rules are asked about anywhere.
  const ids = speakers.filter((id) => id !== undefined);
  await Promise.all(ids.map((id) => gate(() => session.ask(questions.effectiveSecurityGroups(id)))));
}

// What Azure reserves for services of its own: no machine of the user stands there.
const reserved = /^(GatewaySubnet|AzureFirewall(Management)?Subnet|AzureBastionSubnet|RouteServerSubnet)$/i;

function groupsOf(subnets: readonly Subnet[], { targets, tunnelPrefixes }: FetchHints): readonly Group[] {
  const groups = new Map<string, Subnet[]>();
  const tunnel = setOf(tunnelPrefixes);
  for (const subnet of subnets.filter(({ name }) => !reserved.test(name))) {
    const vnet = ancestorOf(subnet.id, 'virtualNetworks') ?? '';
    const key = keyOf([vnet, subnet.routeTable ?? '', subnet.networkSecurityGroup ?? ''].join('|'));
    groups.set(key, [...(groups.get(key) ?? []), subnet]);
  }
  return [...groups.values()].map((members) => ({
    candidates: interfacesIn(members),
    urgency: mostUrgent(members.map((subnet) => urgencyOf(subnet, targets, tunnel))),
  }));
}

const mostUrgent = (all: readonly Group['urgency'][]): Group['urgency'] => {
  if (all.includes(0)) return 0;
  return all.includes(1) ? 1 : 2;
};

function interfacesIn(subnets: readonly Subnet[]): readonly ResourceId[] {
  const ids = subnets
    .flatMap(({ ipConfigurations }) => ipConfigurations)
    // Those of scale sets have ids of their own kind, which these questions do not take.
    .filter((id) => typeOfId(id)?.startsWith('networkinterfaces'))
    .flatMap((id) => ancestorOf(id, 'networkInterfaces') ?? []);
  return [...new Map(ids.map((id) => [keyOf(id), id])).values()];
}

function urgencyOf({ prefixes }: Subnet, targets: readonly Address[], tunnel: AddressSet): Group['urgency'] {
  if (prefixes.some((prefix) => targets.some((target) => containsAddress(prefix, target)))) return 0;
  return covers(tunnel, setOf(prefixes)) ? 2 : 1;
}

/** Gives the interface whose effective routes could be had. */
async function readGroup(session: Session, group: Group, hints: FetchHints): Promise<ResourceId | undefined> {
  if (group.urgency > 0) return firstThatSpeaks(session, group.candidates, (id) => look(session, id));
  // Where a target is looked for, its own machine is better than just any.
  const found = new Map<ResourceId, NetworkInterface | undefined>();
  for (const id of group.candidates.slice(0, looksPerGroup)) {
    found.set(id, await look(session, id));
    if (session.signal.aborted || isTarget(found.get(id), hints)) break;
  }
  const order = [...found.keys()].toSorted(
    (a, b) => Number(isTarget(found.get(b), hints)) - Number(isTarget(found.get(a), hints)),
  );
  return firstThatSpeaks(session, order, async (id) => found.get(id));
}

async function firstThatSpeaks(
  session: Session,
  candidates: readonly ResourceId[],
  find: (id: ResourceId) => Promise<NetworkInterface | undefined>,
): Promise<ResourceId | undefined> {
  let tries = 0;
  for (const id of candidates.slice(0, looksPerGroup)) {
    const found = await find(id);
    if (session.signal.aborted) return undefined;
    // Private endpoints and load balancers have interfaces too, which no machine runs.
    if (found?.virtualMachine === undefined) continue;
    tries += 1;
    const routes = await session.ask(questions.effectiveRoutes(id));
    if (routes.kind === 'answered') return id;
    // Asking another machine would not help.
    const isRefused = routes.status === 401 || routes.status === 403;
    if (isRefused || session.signal.aborted || tries === triesPerGroup) return undefined;
  }
  return undefined;
}

async function look(session: Session, id: ResourceId): Promise<NetworkInterface | undefined> {
  const found = interfaceIn(await session.ask(questions.networkInterface(id)), id);
  if (found?.privateEndpoint !== undefined) await session.ask(questions.privateEndpoint(found.privateEndpoint));
  return found;
}

const isTarget = (found: NetworkInterface | undefined, { targets }: FetchHints): boolean =>
  found?.addresses.some(({ address }) => targets.includes(address)) ?? false;

function interfaceIn(answer: Answer, id: ResourceId): NetworkInterface | undefined {
  if (answer.kind === 'unanswered') return undefined;
  const bytes = new TextEncoder().encode(answer.text);
  const artifact = {
    id: '',
    source: 'arm',
    half: 'azure',
    resource: id,
    outcome: { kind: 'answered', bytes, exitCode: null },
  } as const;
  return readTopology([artifact]).topology.networkInterfaces.get(keyOf(id));
}
