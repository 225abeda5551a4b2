import { az, groupFlags } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Origin } from '../facts/origin.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { ClientSession, Topology } from '../facts/topology.ts';
import { type Endpoint, idOf, type Pool, poolsOf, protocolsOf } from '../model/endpoint.ts';
import { containsAddress, formatPrefix, widthOfPrefix } from '../net/prefix.ts';
import type { Situation } from '../situation/situation.ts';
import { dropsClients, updateGateway } from './gateway-commands.ts';
import { isGatewaysOwn, poolProperty, poolText } from './pool-owner.ts';

/** So many addresses may be left of a pool that is full: Azure keeps some for itself, and sessions linger. */
const spare = (size: number): number => Math.max(Math.ceil(size * 0.05), Math.min(3, Math.floor(size / 4)));

/** No address is left for one more client. */
export const poolExhausted = defineCause({
  code: 'pool-exhausted',
  number: 'C46',
  title: 'The client address pool is used up',
  severity: 'error',
  about:
    'As many clients are connected as the pool has addresses, so nobody else gets in, and whoever is dropped by a failover may not come back. With SSTP and IKEv2 both allowed the pool is split between them: SSTP has half, 128 addresses at most, and IKEv2 the rest. A warning as long as this computer is connected.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['endpoint', 'topology', 'situation', 'ladders'],
  detect: ({ endpoint, topology, situation, ladders }) =>
    usages(endpoint, topology)
      // A pool that is full as a whole needs no word on its halves.
      .flatMap((ofPool) => ofPool.filter(isFull).slice(0, 1))
      .map(({ used, size, what, pool, origin }) => ({
        severity: refused(situation) ? 'error' : 'warning',
        confidence: 'proven',
        summary: `${used} clients are connected and ${what} has ${size} addresses: the next one is refused.`,
        rung: 'configured',
        resource: idOf(endpoint),
        property: poolProperty(endpoint, pool),
        expected: `a pool larger than ${rangesOf(pool).join(', ')}`,
        actual: `${used} of ${size} in use`,
        evidence: gathered(
          { says: `${used} sessions`, origin },
          [{ says: `${used} sessions stand`, origin }],
          pool.prefixes.map((range) => ({
            says: `${formatPrefix(range.prefix)} is the client address pool`,
            origin: range.origin,
          })),
        ),
        prefixes: pool.prefixes.map(({ prefix }) => prefix),
        explains: refused(situation) ? ladders.filter(({ verdict }) => verdict === 'broken') : [],
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(idOf(endpoint))}`,
            commands: isGatewaysOwn(endpoint, pool)
              ? [updateGateway(idOf(endpoint), '--address-prefixes', ...rangesOf(pool), 'FURTHER-POOL')]
              : [],
            steps: [
              `Add a range ${isGatewaysOwn(endpoint, pool) ? 'in the place of FURTHER-POOL' : `to ${poolText(pool)}`}, or take a larger one; everybody needs a new client package afterwards.`,
              'Meanwhile disconnect sessions that nobody uses.',
            ],
            disrupts: dropsClients,
            verify: healthCommand(endpoint),
          },
        ],
      })),
});

/** This computer was looked at and is not connected. */
const refused = ({ tunnel, isTunnelUntold, halves: { client } }: Situation): boolean =>
  client && tunnel === undefined && !isTunnelUntold;

interface Usage {
  readonly used: number;
  readonly size: number;
  readonly what: string;
  readonly pool: Pool;
  readonly origin: Origin;
}

const isFull = ({ used, size }: Usage): boolean => used > 0 && size > 0 && used >= size - spare(size);

/** How full each pool is: as a whole first, then by protocol where it is split. */
function usages(endpoint: Endpoint, topology: Topology): readonly (readonly Usage[])[] {
  const pools = poolsOf(endpoint);
  if (endpoint.kind === 'hub-gateway') {
    const { health } = endpoint.gateway;
    if (health === undefined) return [];
    // One count for all connection configurations together.
    const pool = { group: null, prefixes: pools.flatMap(({ prefixes }) => prefixes) };
    const used = Math.max(health.connections ?? 0, health.allocated.length);
    return [[{ used, size: sizeOf(pool), what: poolText(pool), pool, origin: health.origin }]];
  }
  const sessions = topology.sessions.get(keyOf(endpoint.gateway.id)) ?? [];
  const [first] = sessions;
  if (first === undefined) return [];
  const names = (protocolsOf(endpoint, topology) ?? []).map((name) => name.toLowerCase());
  const split = names.includes('sstp') && names.includes('ikev2');
  return pools.map((pool) => {
    const mine = sessions.filter(({ privateAddress }) =>
      privateAddress === undefined
        ? pools.length === 1
        : pool.prefixes.some(({ prefix }) => containsAddress(prefix, privateAddress)),
    );
    // The list as a whole: a single session would show whose it is.
    const origin = { artifact: first.origin.artifact };
    const whole = { used: mine.length, size: sizeOf(pool), what: poolText(pool), pool, origin };
    return split ? [whole, ...halves(mine, whole)] : [whole];
  });
}

/** SSTP has 128 addresses at most; what it leaves of a larger pool is IKEv2's. */
function halves(sessions: readonly ClientSession[], whole: Usage): readonly Usage[] {
  const sstp = Math.min(128, Math.floor(whole.size / 2));
  return [
    { name: 'SSTP', size: sstp },
    { name: 'IkeV2', size: whole.size - sstp },
  ].map(({ name, size }) => ({
    ...whole,
    used: sessions.filter(({ protocol }) => protocol?.toLowerCase() === name.toLowerCase()).length,
    size,
    what: `the part of ${whole.what} for ${name}`,
  }));
}

const rangesOf = ({ prefixes }: Pool): readonly string[] => prefixes.map(({ prefix }) => formatPrefix(prefix));

// Nobody runs out of IPv6 addresses.
const sizeOf = ({ prefixes }: Pool): number =>
  prefixes.reduce((sum, { prefix }) => sum + (widthOfPrefix(prefix) === 32 ? 2 ** (32 - prefix.length) : 0), 0);

function healthCommand({ kind, gateway: { id, name } }: Endpoint): string {
  return kind === 'hub-gateway'
    ? az('network', 'p2s-vpn-gateway', 'show', ...groupFlags(id), '-n', name).command
    : az('network', 'vnet-gateway', 'vpn-client', 'show-health', ...groupFlags(id), '-n', name).command;
}
