import { afterAll, describe, expect, test } from 'vitest';
import type { Route } from '../../src/facts/route.ts';
import { address, formatAddress } from '../../src/net/address.ts';
import { lastOf } from '../../src/net/prefix.ts';
import type { Decision } from '../../src/routing/decision.ts';
import { type Forwarding, forwardingOf, sourceOf } from '../../src/routing/forwarding.ts';
import type { RoutingFacts } from '../../src/routing/ground.ts';
import { linuxIpAddr } from '../../src/sources/linux-ip-addr.ts';
import { linuxIpRoute } from '../../src/sources/linux-ip-route.ts';
import { linuxIpRule } from '../../src/sources/linux-ip-rule.ts';
import type { Source } from '../../src/sources/source.ts';
import { askKernel, type KernelAnswer, makeNamespace, type Namespace, whyNoNamespace } from './kernel.ts';
import { type Dice, diceOf, type Family, links, member, stateOf } from './random-state.ts';

const states = 100;
const addressesPerState = 80;

const whyNot = whyNoNamespace();
if (whyNot !== undefined) console.warn(`Agreement with the kernel is not checked: ${whyNot}`);

const tally = { asked: 0, refused: 0, multipath: 0, sources: 0, marked: 0, doubted: 0 };

describe.skipIf(whyNot !== undefined)('agreement with the kernel’s own `ip route get`', () => {
  afterAll(() => {
    const { asked, refused, multipath, sources, marked, doubted } = tally;
    console.info(
      `kernel agreement: ${asked} addresses in ${states * 2} tables, ${refused} of them refused, ${multipath} multipath, ${sources} sources compared; ${marked} marked packets, ${doubted} in doubt`,
    );
  });

  test.each(Array.from({ length: states }, (_, seed) => seed))('random state %i', (seed) => {
    const namespace = makeNamespace(`onlink-${process.pid}-${seed}`);
    try {
      const dice = diceOf(seed + 1);
      namespace.batch([], links);
      for (const family of [4, 6] as const) namespace.batch([`-${family}`], stateOf(dice, family));
      // Next hops of a link that is down are dead; those of one without a carrier are still used.
      if (dice.chance(0.3)) namespace.batch([], [`link set ${dice.oneOf(['a0', 't0', 'a1', 'v1'])} down`]);
      const client = readState(namespace);
      const disagreements = ([4, 6] as const).flatMap((family) => compareAll(namespace, client, family, dice));
      expect(disagreements).toEqual([]);
    } finally {
      namespace.remove();
    }
  });
});

function readState(namespace: Namespace): RoutingFacts {
  const read = (source: Source, words: readonly string[], family?: Family) => {
    const context = { artifact: source.id, ...(family !== undefined && { family }) };
    const { facts, problems } = source.parse(namespace.ip(...words), context);
    expect(problems).toEqual([]);
    return facts;
  };
  const routes = (family: Family) =>
    read(linuxIpRoute, [`-${family}`, '-j', '-d', 'route', 'show', 'table', 'all'], family).routes;
  const rules = (family: Family) => read(linuxIpRule, [`-${family}`, '-j', '-d', 'rule'], family).rules ?? [];
  return {
    platform: 'linux',
    routes: { v4: routes(4), v6: routes(6) },
    rules: [...rules(4), ...rules(6)],
    policies: undefined,
    persistent: [],
    interfaces: read(linuxIpAddr, ['-j', '-d', 'addr']).interfaces ?? [],
    host: { uid: 0, origin: { artifact: 'test' } },
  };
}

function compareAll(namespace: Namespace, client: RoutingFacts, family: Family, dice: Dice): readonly string[] {
  const forwarding = forwardingOf(client);
  const asked = addressesOf(client, family, dice);
  const answers = askKernel(namespace, family, asked);
  const plain = answers.flatMap((kernel, index) => {
    const text = asked[index] ?? '';
    const decision = forwarding.decide(address(text));
    count(kernel, decision);
    const wrong = disagreement(kernel, decision) ?? sourceDisagreement(kernel, client, decision, text);
    return wrong === undefined ? [] : [`${text}: ${wrong}`];
  });
  const marks = new Set(
    (client.rules ?? []).flatMap((rule) =>
      rule.family === family && rule.not !== true ? (rule.fwmark?.value ?? 0) : 0,
    ),
  );
  const marked = [...marks]
    .filter((mark) => mark !== 0)
    .flatMap((mark) => compareMarked(namespace, forwarding, family, { asked, answers, mark }));
  return [...plain, ...marked];
}

interface Asked {
  readonly asked: readonly string[];
  readonly answers: readonly KernelAnswer[];
  readonly mark: number;
}

/** Where the kernel treats a mark that some rule names otherwise, the decision must be in doubt. */
function compareMarked(
  namespace: Namespace,
  forwarding: Forwarding,
  family: Family,
  { asked, answers, mark }: Asked,
): readonly string[] {
  return askKernel(namespace, family, asked, `mark ${mark}`).flatMap((kernel, index) => {
    const text = asked[index] ?? '';
    const isDoubted = forwarding.decide(address(text))?.doubts.some(({ kind }) => kind === 'mark') === true;
    tally.marked += 1;
    if (isDoubted) tally.doubted += 1;
    const differs = effectOf(kernel) !== effectOf(answers[index]);
    return differs && !isDoubted ? [`${text} with mark ${mark}: elsewhere, and no doubt was raised`] : [];
  });
}

function effectOf(answer: KernelAnswer | undefined): string {
  // A rule that says unreachable and a route that does refuse in different words.
  if (answer?.kind !== 'route') return (answer?.words ?? '').replace('No route to host', 'Network is unreachable');
  return [answer.type, answer.dev, answer.gateway, answer.source].join();
}

/** Some at random, some where a prefix begins or ends, and the ones every system treats apart. */
function addressesOf({ routes }: RoutingFacts, family: Family, dice: Dice): readonly string[] {
  const rows = (family === 4 ? routes.v4 : routes.v6) ?? [];
  const edges = rows
    .flatMap(({ prefix }) => [prefix.first, lastOf(prefix)])
    .map(formatAddress)
    .filter((text) => text !== '0.0.0.0' && text !== '::');
  const fixed =
    family === 4
      ? ['8.8.8.8', '127.0.0.1', '192.168.1.255', '172.16.50.130', '172.16.60.5', '224.0.0.5', '255.255.255.255']
      : ['2001:db8::1', '::1', 'fd00:1::2', 'fd00:3::', 'fd00:2::77'];
  const drawn = Array.from({ length: addressesPerState }, (_, index) =>
    index % 2 === 0 || edges.length === 0
      ? member(family, dice.below(2 ** 19))
      : (edges[dice.below(edges.length)] ?? member(family, 0)),
  );
  return [...fixed, ...drawn];
}

function count(kernel: KernelAnswer, decision: Decision | undefined): void {
  tally.asked += 1;
  if (kernel.kind === 'refused') tally.refused += 1;
  if (decision?.outcome.kind === 'route' && decision.outcome.nextHops.length > 1) tally.multipath += 1;
}

function disagreement(kernel: KernelAnswer, decision: Decision | undefined): string | undefined {
  if (decision === undefined) return 'no decision';
  const words = wordsOf(decision);
  if (kernel.kind === 'refused')
    return words === kernel.words ? undefined : `kernel “${kernel.words}”, onlink ${shown(decision)}`;
  const says = `kernel ${JSON.stringify(kernel)}, onlink ${shown(decision)}`;
  const { outcome } = decision;
  if (words !== undefined || outcome.kind !== 'route') return says;
  return outcome.nextHops.some((hop) => isWay(hop, kernel)) ? undefined : says;
}

function isWay({ interface: dev, via, table, type }: Route, kernel: KernelAnswer & { kind: 'route' }): boolean {
  if (type === 'local') return kernel.dev === 'lo';
  if (dev !== kernel.dev) return false;
  // Packets to many keep the device of their route, not its gateway; and while the tables are kept as one, the kernel
  // says `main` of broadcast rows of `local`.
  if (kernel.type === 'multicast' || kernel.type === 'broadcast') return true;
  return table === kernel.table && (via.kind === 'gateway' ? formatAddress(via.address) : undefined) === kernel.gateway;
}

/** The kernel's words for a packet that goes nowhere; undefined where it goes somewhere. */
function wordsOf({ outcome }: Decision): string | undefined {
  const words = { blackhole: 'Invalid argument', prohibit: 'Permission denied' } as const;
  if (outcome.kind === 'none') return 'Network is unreachable';
  if (outcome.kind === 'rule') {
    const type = outcome.rule.action.kind === 'discard' ? outcome.rule.action.type : undefined;
    return type === 'blackhole' || type === 'prohibit' ? words[type] : 'Network is unreachable';
  }
  const { type } = outcome.route;
  if (type === 'blackhole' || type === 'prohibit') return words[type];
  return type === 'unreachable' ? 'No route to host' : undefined;
}

function sourceDisagreement(
  kernel: KernelAnswer,
  client: RoutingFacts,
  decision: Decision | undefined,
  to: string,
): string | undefined {
  const { outcome } = decision ?? {};
  if (kernel.kind === 'refused' || kernel.type !== 'unicast' || outcome?.kind !== 'route') return undefined;
  if (outcome.nextHops.length > 1) return undefined;
  // A sender is told for a route, not for each address: what a wider route carries to link-local ones is left out.
  if (to.startsWith('fe80:') && outcome.route.prefix.length < 10) return undefined;
  const source = sourceOf(client, { outcome });
  // A packet to an address of this host that rules keep from table local carries that very address: leave it out.
  if (source === undefined || kernel.source === undefined || kernel.source === to) return undefined;
  tally.sources += 1;
  const text = formatAddress(source);
  return text === kernel.source
    ? undefined
    : `source: kernel ${kernel.source}, onlink ${text} for ${shown({ outcome })}`;
}

function shown({ outcome }: Pick<Decision, 'outcome'>): string {
  const text = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString(16) : value);
  return JSON.stringify(outcome, text);
}
