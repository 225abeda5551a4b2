import { seeded } from '../../scripts/bench/seeded.ts';

/*
 * Estates drawn at random, and the clients they would have. What a client is given is worked out here from Azure's
 * documentation, never by asking src/model: two derivations that agree a thousand times are worth something.
 */

/** A client's system and the program that dials. */
const kinds = ['windows', 'openvpn', 'strongswan'] as const;
export type Kind = (typeof kinds)[number];

export interface DrawnSpoke {
  readonly name: string;
  readonly space: readonly string[];
}

/** What was drawn, before it became documents. */
export interface Drawn {
  readonly kind: Kind;
  readonly hub: readonly string[];
  readonly spokes: readonly DrawnSpoke[];
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

/** An address in the VNet's first subnet: 10.7.0.0/16 has it at 10.7.1.0/24, a smaller range at its start. */
export function hostIn(prefix: string, subnet: number): string {
  const [address = '', length] = prefix.split('/');
  const third = Number(length) <= 16 || subnet === 2 ? subnet : 0;
  return address.replace(/\.0\.0$/, `.${third}.4`);
}
