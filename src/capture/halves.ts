import { readTopology } from '../azure/translate.ts';
import type { Artifact, Capture, Platform } from '../facts/capture.ts';
import type { ClientView } from '../facts/client.ts';
import type { Topology } from '../facts/topology.ts';
import { endpointsOf, poolsOf, publicAddressesOf } from '../model/endpoint.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { containsAddress, formatPrefix, type Prefix } from '../net/prefix.ts';
import { findTunnel, type Tunnel } from '../situation/find-tunnel.ts';
import { readClient } from '../sources/read-client.ts';
import { UserError } from './user-error.ts';

/** What only a client itself can print. A profile or a trace beside it may come from anybody. */
const tableSources: ReadonlySet<string> = new Set([
  'windows-net-route',
  'windows-route-print',
  'windows-netsh-route',
  'linux-ip-route',
  'linux-proc-route',
  'netstat-routes',
]);

/** The part that is the client's own half. Two of them are a person's mistake: whose routes would be judged? */
export function checkClients(parts: readonly Capture[]): Capture | undefined {
  const clients = parts.filter((part) => part.artifacts.some(hasTable));
  const [first, second] = clients;
  if (first === undefined || second === undefined)
    return first ?? parts.find((part) => part.artifacts.some(({ half }) => half === 'client'));
  const difference = hostDifference(first, second);
  const times = [first, second].map(({ takenAt }) => takenAt ?? 'an unknown time').join(' and ');
  throw new UserError(
    difference === undefined
      ? `two captures of one client, of ${times}: replay one of them`
      : `two client halves of different hosts (${difference}): replay them one at a time`,
  );
}

function hasTable({ half, source, outcome }: Artifact): boolean {
  return half === 'client' && tableSources.has(source) && outcome.kind === 'answered';
}

function hostDifference(first: Capture, second: Capture): string | undefined {
  if (first.platform !== second.platform) return `${first.platform} and ${second.platform}`;
  const [ours, theirs] = [first, second].map((capture) => marksOf(readClient(capture).client));
  if (ours === undefined || theirs === undefined || ours.size === 0 || theirs.size === 0) return undefined;
  return [...ours].some((mark) => theirs.has(mark)) ? undefined : 'they share no network adapter and no address';
}

/** What tells one host from another: its adapters, and its own addresses. */
function marksOf({ interfaces }: ClientView): ReadonlySet<string> {
  const macs = interfaces.flatMap(({ mac }) => (mac === undefined || /^[0:-]*$/.test(mac) ? [] : [mac.toLowerCase()]));
  const own = interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => formatAddress(address)));
  return new Set([...macs, ...own.filter((text) => !text.startsWith('127.') && text !== '::1')]);
}

/** Whether the two halves are of one VPN, in words, where both tell enough. */
export function kinship(artifacts: readonly Artifact[], platform: Platform): readonly string[] {
  const azure = artifacts.filter(({ half }) => half === 'azure');
  if (azure.length === 0 || azure.length === artifacts.length) return [];
  const { client } = readClient({ takenAt: null, platform, artifacts });
  const { pools, servers } = dialledAt(readTopology(azure).topology);
  const signs = [...poolSigns(findTunnel(client, pools, servers), pools), ...serverSigns(client, servers)];
  if (signs.length > 0) return [`The two halves belong together: ${signs.join(', and ')}.`];
  const address = findTunnel(client, [], [])?.address;
  if (address === undefined || pools.length === 0) return [];
  const named = pools.map(formatPrefix).join(', ');
  return [
    `The two halves may not belong together: the tunnel address ${formatAddress(address)} lies in none of Azure's pools (${named}).`,
  ];
}

function dialledAt(topology: Topology): { readonly pools: readonly Prefix[]; readonly servers: readonly Address[] } {
  const endpoints = endpointsOf(topology);
  return {
    pools: endpoints.flatMap(poolsOf).flatMap(({ prefixes }) => prefixes.map(({ prefix }) => prefix)),
    servers: endpoints.flatMap((endpoint) => publicAddressesOf(endpoint, topology)),
  };
}

function poolSigns(tunnel: Tunnel | undefined, pools: readonly Prefix[]): readonly string[] {
  const pool = tunnel && pools.find((one) => containsAddress(one, tunnel.address));
  if (tunnel === undefined || pool === undefined) return [];
  return [`the tunnel address ${formatAddress(tunnel.address)} lies in Azure's pool ${formatPrefix(pool)}`];
}

// The host route that keeps the gateway's public address out of the tunnel.
function serverSigns({ routes }: ClientView, servers: readonly Address[]): readonly string[] {
  const hosts = (routes.v4 ?? []).filter(({ prefix, via }) => via.kind === 'gateway' && prefix.length === 32);
  const server = servers.find((one) => hosts.some(({ prefix }) => prefix.first === one));
  return server === undefined ? [] : [`the client keeps a route to the gateway's own address ${formatAddress(server)}`];
}

const aMoment = 5 * 60_000;

/** How far apart the halves were taken, and what that makes doubtful. Nothing where it was a moment, or nobody told. */
export function timeApart(client: string | null, azure: string | undefined): readonly string[] {
  if (client === null || azure === undefined) return [];
  const apart = Date.parse(azure) - Date.parse(client);
  if (Number.isNaN(apart) || Math.abs(apart) < aMoment) return [];
  const order = apart > 0 ? 'after' : 'before';
  return [
    `Azure's half was taken ${inWords(Math.abs(apart))} ${order} the client's: whatever changed in between shows as a difference, and is none.`,
  ];
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}
