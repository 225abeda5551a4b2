/** Numbers between 0 and 1 that a seed decides (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws that a random state is made of. */
export interface Dice {
  readonly below: (limit: number) => number;
  readonly chance: (share: number) => boolean;
  readonly oneOf: <T>(choices: readonly [T, ...T[]]) => T;
}

export function diceOf(seed: number): Dice {
  const random = randomOf(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    below,
    chance: (share) => random() < share,
    oneOf: (choices) => choices[below(choices.length)] ?? choices[0],
  };
}

export type Family = 4 | 6;

/** Two Ethernet-like links and two tunnels, with addresses of both families. */
export const links: readonly string[] = [
  'link set lo up',
  'link add v0 type veth peer name v1',
  'link add a0 type veth peer name a1',
  'tuntap add t0 mode tun',
  'tuntap add t1 mode tun',
  // An address that the kernel gives a link by itself is not used for the first second: the answer would hang on the clock.
  ...['v0', 'v1', 'a0', 'a1', 't0', 't1'].flatMap((name) => [
    `link set ${name} addrgenmode none`,
    `link set ${name} up`,
  ]),
  'addr add 192.168.1.2/24 dev v0',
  'addr add 10.200.0.2/16 dev a0',
  'addr add 172.16.50.130/24 dev t0',
  'addr add 172.16.60.6 peer 172.16.60.5/32 dev t1',
  'addr add fe80::2/64 dev v0 nodad',
  'addr add fe80::2/64 dev a0 nodad',
  'addr add fd00:1::2/64 dev v0 nodad',
  'addr add fd00:2::2/64 dev a0 nodad',
  'addr add fd00:3::130/64 dev t0 nodad',
];

type Gateway = readonly [via: string, dev: string];
const gateways: { readonly [F in Family]: readonly [Gateway, ...Gateway[]] } = {
  4: [
    ['192.168.1.1', 'v0'],
    ['192.168.1.77', 'v0'],
    ['10.200.0.1', 'a0'],
    ['172.16.50.1', 't0'],
    ['172.16.60.5', 't1'],
  ],
  6: [
    ['fd00:1::1', 'v0'],
    ['fd00:1::77', 'v0'],
    ['fd00:2::1', 'a0'],
    ['fd00:3::1', 't0'],
  ],
};
const far = { 4: '198.51.100.9', 6: 'fd99::9' } as const;
const tables = ['main', 'main', '100', '220', '51820'] as const;

/** A block of a small world, 10.0.0.0/13 or fd10::/32, in which blocks often hold each other. */
function block(dice: Dice, family: Family): string {
  if (dice.chance(0.12)) return 'default';
  const length = dice.oneOf([13, 14, 15, 16, 20, 24, 28, 32]);
  const host = dice.below(2 ** 19);
  const first = host - (host % 2 ** (32 - length));
  return `${member(family, first)}/${family === 4 ? length : length + 19}`;
}

/** An address of the small world: 19 bits of it vary. */
export function member(family: Family, bits: number): string {
  if (family === 4) return `10.${bits >>> 16}.${(bits >>> 8) & 255}.${bits & 255}`;
  // The 19 bits stand right after fd10::/32.
  const high = (bits >>> 3) & 0xffff;
  const low = (bits & 7) << 13;
  return `fd10:0:${high.toString(16)}:${low.toString(16)}::`;
}

function hop(dice: Dice, family: Family): string {
  const [via, dev] = dice.oneOf(gateways[family]);
  return dice.chance(0.25) ? `dev ${dice.oneOf(['v0', 'a0', 't0', 't1'])}` : `via ${via} dev ${dev}`;
}

function route(dice: Dice, family: Family): string {
  const to = block(dice, family);
  const kind = dice.below(20);
  const tail = `table ${dice.oneOf(tables)} metric ${dice.oneOf([1, 5, 50, 1024])}`;
  if (kind < 4) return `route add ${dice.oneOf(['blackhole', 'unreachable', 'prohibit', 'throw'])} ${to} ${tail}`;
  if (kind < 6) return `route add throw ${to} ${tail}`;
  if (kind < 9) {
    const hops = Array.from(
      { length: 2 + dice.below(2) },
      () => `nexthop ${hop(dice, family)} weight ${1 + dice.below(3)}`,
    );
    return `route add ${to} ${tail} ${hops.join(' ')}`;
  }
  if (kind === 9) return `route add ${to} via ${far[family]} dev v0 onlink ${tail}`;
  if (kind === 10) return `route add local ${to} dev lo table ${dice.oneOf(['local', 'main', '100'])}`;
  if (kind === 11 && family === 4) return `route add ${to} ${hop(dice, family)} src 172.16.50.130 ${tail}`;
  if (kind === 12 && to !== 'default') return `route append ${to} ${hop(dice, family)} ${tail}`;
  const preference = family === 6 && dice.chance(0.3) ? ` pref ${dice.oneOf(['low', 'high'])}` : '';
  return `route add ${to} ${hop(dice, family)} ${tail}${preference}`;
}

function rule(dice: Dice, family: Family): string {
  const priority = 10 + dice.below(40);
  const not = dice.chance(0.15) ? 'not ' : '';
  return `rule add ${not}${selector(dice, family)} pref ${priority} ${action(dice, priority)}`;
}

function selector(dice: Dice, family: Family): string {
  const to = block(dice, family).replace('default', 'all');
  return dice.oneOf([
    'from all',
    `to ${to}`,
    `to ${to}`,
    `from ${to}`,
    family === 4 ? 'from 0.0.0.0/8' : 'from ::/16',
    'fwmark 0x10/0xff',
    'fwmark 0/0xff',
    'iif lo',
    'iif v0',
    'oif v0',
    'uidrange 0-10',
    'uidrange 1000-2000',
    'ipproto tcp dport 443',
    `to ${to} fwmark 0x1`,
    'tos 0x10',
  ]);
}

function action(dice: Dice, priority: number): string {
  const table = dice.oneOf(['main', '100', '220', '51820', '999']);
  return dice.oneOf([
    `lookup ${table}`,
    `lookup ${table}`,
    `lookup ${table}`,
    `lookup ${table} suppress_prefixlength ${dice.oneOf([0, 13, 16, 24])}`,
    `goto ${priority + 1 + dice.below(20)}`,
    'goto 32766',
    'nop',
    dice.oneOf(['blackhole', 'prohibit', 'unreachable']),
  ]);
}

/** Commands of `ip -4` or `ip -6` that make one random state. Some are meant to fail: what the kernel holds counts. */
export function stateOf(dice: Dice, family: Family): readonly string[] {
  const rules = dice.chance(0.15) ? 0 : 1 + dice.below(7);
  const routes = 8 + dice.below(30);
  const moved = rules > 0 && dice.chance(0.15) ? ['rule add pref 300 lookup local', 'rule del pref 0'] : [];
  return [
    ...Array.from({ length: routes }, () => route(dice, family)),
    ...Array.from({ length: rules }, () => rule(dice, family)),
    ...moved,
  ];
}
