import { seeded } from '../../scripts/bench/seeded.ts';
import { type EstateSpec, estate, idsOf, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { type Hops, windowsClient } from '../../scripts/scenarios/windows-client.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';

/*
 * Estates drawn at random, and the clients they would have. What a client is given is worked out here from Azure's
 * documentation, never by asking src/model: two derivations that agree a thousand times are worth something.
 */

/** What one thing is broken in an estate; each has the name of the cause that should be found. */
export const faults = [
  'spoke-remote-gateway-off',
  'hub-transit-off',
  'peering-disconnected',
  'peering-half-missing',
  'client-profile-stale',
  'stray-route',
  'return-propagation-disabled',
] as const;
export type Fault = (typeof faults)[number];

/** A client's system and the program that dials. */
const kinds = ['windows', 'openvpn', 'strongswan'] as const;
type Kind = (typeof kinds)[number];

/** What was drawn, before it became documents. */
export interface Drawn {
  readonly kind: Kind;
  readonly hub: readonly string[];
  readonly spokes: readonly { readonly name: string; readonly space: readonly string[] }[];
  readonly custom: readonly string[];
  readonly pool: string;
  readonly tunnelAddress: string;
  /** The place of the spoke that a fault is planted in. */
  readonly victim: number;
}

/** An estate of one hub and up to six spokes, the same for the same seed. */
export function draw(seed: number): Drawn {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const slots = Array.from({ length: 200 }, (_, index) => index).sort(() => random() - 0.5);
  const range = (): string => `10.${slots.pop()}.0.0/${16 + below(7)}`;
  const spokes = Array.from({ length: 1 + below(6) }, (_, index) => ({
    name: `spoke-${index}`,
    space: Array.from({ length: 1 + below(2) }, range),
  }));
  const third = below(200);
  return {
    kind: kinds[below(kinds.length)] ?? 'windows',
    hub: [range()],
    spokes,
    custom: below(3) === 0 ? [range()] : [],
    pool: `172.20.${third}.0/24`,
    tunnelAddress: `172.20.${third}.${2 + below(250)}`,
    victim: below(spokes.length),
  };
}

/** The capture of a drawn estate and its client; with a fault, what that fault would make of both. */
export function captureOfDrawn(drawn: Drawn, fault?: Fault): Capture {
  const spec = specOf(drawn, fault);
  const routes = deliveredTo(drawn, fault);
  const stale = fault === 'client-profile-stale' ? (drawn.spokes[drawn.victim]?.space ?? []) : [];
  const had = [
    ...routes.filter((prefix) => !stale.includes(prefix)),
    ...(fault === 'stray-route' ? ['10.222.0.0/16'] : []),
  ];
  const common = {
    server: idsOf(spec).server,
    tunnelAddress: drawn.tunnelAddress,
    gatewayAddress: '20.61.3.3',
    routes: had,
    traces: tracesOf(drawn, fault),
  };
  const client =
    drawn.kind === 'windows'
      ? windowsClient({ ...common, connection: 'hub', protocol: 'Ikev2' })
      : linuxClient({ ...common, kind: drawn.kind });
  return captureOf(drawn.kind === 'windows' ? 'windows' : 'linux', client, estate(spec));
}

/**
 * A client is given the hub, every spoke whose peering is connected, shares the gateway and uses it, the custom
 * routes, and the pool: https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing
 */
export function deliveredTo({ hub, spokes, custom, pool, victim }: Drawn, fault?: Fault): readonly string[] {
  const withheld: readonly (Fault | undefined)[] = [
    'spoke-remote-gateway-off',
    'hub-transit-off',
    'peering-disconnected',
    'peering-half-missing',
  ];
  const given = spokes.filter((_, index) => index !== victim || !withheld.includes(fault));
  return [...hub, ...given.flatMap(({ space }) => space), ...custom, pool];
}

function specOf({ kind, hub, spokes, custom, pool, victim }: Drawn, fault: Fault | undefined): EstateSpec {
  const planted = spokes.map((spoke, index): SpokeSpec => ({ ...spoke, ...(index === victim && broken(fault)) }));
  const protocols = kind === 'openvpn' ? ['OpenVPN'] : ['IkeV2'];
  return {
    hub: { name: 'hub', space: hub },
    spokes: planted,
    gateway: { name: 'gateway', pool: [pool], publicAddress: '20.61.3.3', protocols, customRoutes: custom },
    machines: [
      { name: 'vm-hub', address: hostIn(hub[0] ?? '', 2), in: ['hub', 'shared'] },
      ...spokes.map(({ name, space }, index) => ({
        name: `vm-${name}`,
        address: hostIn(space[0] ?? '', 1),
        in: [name, 'app'] as const,
        disabled: fault === 'return-propagation-disabled' && index === victim,
      })),
    ],
    // A package generated now lists routes for native clients; OpenVPN is told at connect.
    issued:
      kind === 'windows' ? deliveredTo({ kind, hub, spokes, custom, pool, victim, tunnelAddress: '' }, fault) : null,
  };
}

function broken(fault: Fault | undefined): Partial<SpokeSpec> {
  if (fault === 'spoke-remote-gateway-off') return { far: { useRemoteGateways: false } };
  if (fault === 'hub-transit-off') return { near: { allowGatewayTransit: false } };
  if (fault === 'peering-disconnected') return { near: { peeringState: 'Disconnected' }, far: null };
  return fault === 'peering-half-missing' ? { near: { peeringState: 'Initiated' }, far: null } : {};
}

/** An address in the VNet's first subnet: 10.7.0.0/16 has it at 10.7.1.0/24, a smaller range at its start. */
function hostIn(prefix: string, subnet: number): string {
  const [address = '', length] = prefix.split('/');
  const third = Number(length) <= 16 || subnet === 2 ? subnet : 0;
  return address.replace(/\.0\.0$/, `.${third}.4`);
}

function tracesOf({ hub, spokes, custom, victim }: Drawn, fault: Fault | undefined): Readonly<Record<string, Hops>> {
  const gone = fault !== undefined && fault !== 'stray-route';
  const silent: Hops = fault === 'return-propagation-disabled' ? 'silent' : 'lost-outside';
  return Object.fromEntries<Hops>([
    [hostIn(hub[0] ?? '', 2), 'answers'],
    ...custom.map((prefix): [string, Hops] => [hostIn(prefix, 1), 'answers']),
    ...spokes.map(({ space }, index): [string, Hops] => [
      hostIn(space[0] ?? '', 1),
      gone && index === victim ? silent : 'answers',
    ]),
  ]);
}
