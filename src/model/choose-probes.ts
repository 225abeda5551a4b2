import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { NetworkInterface, Topology } from '../facts/topology.ts';
import { type Address, successor } from '../net/address.ts';
import { containsAddress, type Prefix, widthOfPrefix } from '../net/prefix.ts';
import type { ExpectedRoute } from './expected-route.ts';

/** One question that sends packets. `boundTo` is the source address; null leaves it to the system. */
export type Probe =
  | { readonly kind: 'trace'; readonly target: Address }
  /** Asks the kernel, and sends nothing. */
  | { readonly kind: 'kernel'; readonly target: Address }
  | { readonly kind: 'tcp'; readonly target: Address; readonly port: number; readonly boundTo: Address | null };

/** A destination somebody named; without a port the usual ones are tried. */
export interface Target {
  readonly address: Address;
  readonly port?: number;
}

/** Where a virtual machine usually listens: SSH, Remote Desktop, HTTPS. */
const usualPorts = [22, 3389, 443] as const;

/** An estate of hundreds of spokes must not become a port scan. */
const mostTargets = 20;

/** Asking the kernel costs milliseconds and no packet. */
const mostKernelQuestions = 64;

/**
 * What to send: to every target named, and to one machine Azure names in each prefix that should be reached. A trace each, and TCP both bound to the tunnel address and unbound: on Windows
 * binding overrides a route that shadows the tunnel's, on Linux it does not choose the interface.
 */
export function chooseProbes(
  expected: readonly ExpectedRoute[],
  topology: Topology,
  tunnel: Address | undefined,
  named: readonly Target[],
): readonly Probe[] {
  const musts = expected.filter(
    ({ expectation, reason }) => expectation === 'must' && reason !== 'pool' && reason !== 'custom-route',
  );
  const machines = machinesOf(topology);
  const chosen = new Set(musts.flatMap(({ prefix }) => machineIn(prefix, machines, named)));
  const targets: readonly Target[] = [
    ...named,
    ...[...chosen].slice(0, Math.max(0, mostTargets - named.length)).map((address) => ({ address })),
  ];
  const inside = expected.slice(0, mostKernelQuestions).map(({ prefix }) => insideOf(prefix));
  const asked = [...targets.map(({ address }) => address), ...inside];
  return [
    ...[...new Set(asked)].map((target) => ({ kind: 'kernel' as const, target })),
    ...targets.flatMap((target) => probesOf(target, tunnel)),
  ];
}

/** One address of a prefix, neither its first nor its last where it has others. */
function insideOf(prefix: Prefix): Address {
  return prefix.length >= widthOfPrefix(prefix) - 1 ? prefix.first : successor(prefix.first);
}

function probesOf({ address, port }: Target, tunnel: Address | undefined): readonly Probe[] {
  return [
    { kind: 'trace' as const, target: address },
    ...(port === undefined ? usualPorts : [port]).flatMap((one) => [
      { kind: 'tcp' as const, target: address, port: one, boundTo: null },
      ...(tunnel === undefined || typeof tunnel !== typeof address
        ? []
        : [{ kind: 'tcp' as const, target: address, port: one, boundTo: tunnel }]),
    ]),
  ];
}

/** The address of one machine in the prefix; none where a named target already stands there. */
function machineIn(prefix: Prefix, machines: readonly Address[], named: readonly Target[]): readonly Address[] {
  if (named.some(({ address }) => containsAddress(prefix, address))) return [];
  return machines.filter((address) => containsAddress(prefix, address)).slice(0, 1);
}

function machinesOf({ networkInterfaces }: Topology): readonly Address[] {
  return [...networkInterfaces.values()]
    .filter(({ virtualMachine }) => virtualMachine !== undefined)
    .toSorted(byName)
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

// Not by locale, nor as read: the choice must be the same on every machine, and each time.
function byName(a: NetworkInterface, b: NetworkInterface): number {
  return labelOf(a) < labelOf(b) ? -1 : 1;
}

const labelOf = ({ id }: NetworkInterface): string => `${nameOf(id)} ${keyOf(id)}`;
