import { az, groupFlags } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Origin, PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { ClientSession, Topology } from '../facts/topology.ts';
import { type Endpoint, idOf, poolsOf, protocolsOf } from '../model/endpoint.ts';
import { containsAddress, formatPrefix, widthOfPrefix } from '../net/prefix.ts';
import type { Situation } from '../situation/situation.ts';
import { dropsClients, updateGateway } from './gateway-commands.ts';

/** So many addresses may be left of a pool that is full: Azure keeps some for itself, and sessions linger. */
const spare = (size: number): number => Math.max(Math.ceil(size * 0.05), Math.min(3, Math.floor(size / 4)));

/** No address is left for one more client. */
export const poolExhausted = defineCause({
  code: 'pool-exhausted',
  number: 'C46',
  title: 'The client address pool is used up',
  severity: 'error',
  about:
    'As many clients are connected as the pool has addresses, so nobody else gets in, and whoever is dropped by a failover may not come back. With SSTP and IKEv2 both allowed the pool is split between them, and each has half. A warning as long as this computer is connected.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['endpoint', 'topology', 'situation', 'ladders'],
  detect: ({ endpoint, topology, situation, ladders }) =>
    usages(endpoint, topology)
      .filter(({ used, size }) => used >= size - spare(size) && used > 0)
      .slice(0, 1)
      .map(({ used, size, what, pool, origin }) => ({
        severity: refused(situation) ? 'error' : 'warning',
        confidence: 'proven',
        summary: `${used} clients are connected and ${what} has ${size} addresses: the next one is refused.`,
        rung: 'configured',
        resource: idOf(endpoint),
        property: 'vpnClientConfiguration.vpnClientAddressPool',
        expected: `a pool larger than ${pool.map(({ prefix }) => formatPrefix(prefix)).join(', ')}`,
        actual: `${used} of ${size} in use`,
        evidence: gathered(
          { says: `${used} sessions`, origin },
          [{ says: `${used} sessions stand`, origin }],
          pool.map((range) => ({
            says: `${formatPrefix(range.prefix)} is the client address pool`,
            origin: range.origin,
          })),
        ),
        prefixes: pool.map(({ prefix }) => prefix),
        explains: refused(situation) ? ladders.filter(({ verdict }) => verdict === 'broken') : [],
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(idOf(endpoint))}`,
            commands:
              endpoint.kind === 'hub-gateway'
                ? []
                : [
                    updateGateway(
                      idOf(endpoint),
                      '--address-prefixes',
                      ...pool.map(({ prefix }) => formatPrefix(prefix)),
                      'FURTHER-POOL',
                    ),
                  ],
            steps: [
              'Add a range in the place of FURTHER-POOL, or take a larger one; everybody needs a new client package afterwards.',
              'Meanwhile disconnect sessions that nobody uses.',
            ],
            disrupts: dropsClients,
            verify: healthCommand(endpoint),
          },
        ],
      })),
});

/** This computer was looked at and is not connected. */
const refused = ({ tunnel, halves: { client } }: Situation): boolean => client && tunnel === undefined;

interface Usage {
  readonly used: number;
  readonly size: number;
  readonly what: string;
  readonly pool: readonly PrefixAt[];
  readonly origin: Origin;
}

function usages(endpoint: Endpoint, topology: Topology): readonly Usage[] {
  const pools = poolsOf(endpoint);
  if (endpoint.kind === 'hub-gateway') {
    const { health } = endpoint.gateway;
    const pool = fourOf(pools.flatMap(({ prefixes }) => prefixes));
    const used = health === undefined ? undefined : Math.max(health.connections ?? 0, health.allocated.length);
    return health === undefined || used === undefined || pool.length === 0
      ? []
      : [{ used, size: sizeOf(pool), what: 'the pool', pool, origin: health.origin }];
  }
  const sessions = topology.sessions.get(keyOf(endpoint.gateway.id)) ?? [];
  const [first] = sessions;
  if (first === undefined) return [];
  const names = (protocolsOf(endpoint, topology) ?? []).map((name) => name.toLowerCase());
  const split = names.includes('sstp') && names.includes('ikev2');
  return pools.flatMap(({ prefixes, group }) => {
    const pool = fourOf(prefixes);
    if (pool.length === 0) return [];
    const mine = sessions.filter(({ privateAddress }) =>
      privateAddress === undefined
        ? pools.length === 1
        : pool.some(({ prefix }) => containsAddress(prefix, privateAddress)),
    );
    const what = group === null ? 'the pool' : `the pool of ${group}`;
    // The list as a whole: a single session would show whose it is.
    const whole = { used: mine.length, size: sizeOf(pool), what, pool, origin: { artifact: first.origin.artifact } };
    return split ? [whole, ...halves(mine, whole)] : [whole];
  });
}

function halves(sessions: readonly ClientSession[], whole: Usage): readonly Usage[] {
  const size = Math.floor(whole.size / 2);
  return ['SSTP', 'IkeV2'].map((name) => {
    const mine = sessions.filter(({ protocol }) => protocol?.toLowerCase() === name.toLowerCase());
    return {
      ...whole,
      used: mine.length,
      size: name === 'SSTP' ? Math.min(128, size) : size,
      what: `the half of the pool for ${name}`,
    };
  });
}

const fourOf = (pool: readonly PrefixAt[]): readonly PrefixAt[] =>
  pool.filter(({ prefix }) => widthOfPrefix(prefix) === 32);

const sizeOf = (pool: readonly PrefixAt[]): number =>
  pool.reduce((sum, { prefix }) => sum + 2 ** (32 - prefix.length), 0);

function healthCommand({ kind, gateway: { id, name } }: Endpoint): string {
  return kind === 'hub-gateway'
    ? az('network', 'p2s-vpn-gateway', 'show', ...groupFlags(id), '-n', name).command
    : az('network', 'vnet-gateway', 'vpn-client', 'show-health', ...groupFlags(id), '-n', name).command;
}
