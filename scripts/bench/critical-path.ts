import type { ManifestEntry } from '../../src/capture/manifest.ts';

/** One wait of a capture: a command, a connection attempt, a request to Azure with its retries and polls. */
export interface Wait {
  readonly id: string;
  /** Milliseconds since the epoch, and how long it took. */
  readonly startedAt: number;
  readonly ms: number;
  /** What it could not begin before. */
  readonly after: readonly Wait[];
}

/** What was said in an answer, in lower case; empty where there was none. */
type TextOf = (entry: ManifestEntry) => string;

/**
 * The waits of a live capture and what each depends on, by what one has to know to begin the other:
 *
 * - what the system is asked about itself depends on nothing, and everything else on all of it: which gateway it is, and
 *   that the tables are read before the first packet leaves;
 * - a request to Azure depends on the first answer that names the resource it is about;
 * - of two long-running operations of one gateway the later depends on the earlier, for a gateway does one at a time;
 * - a second trace to a target depends on the first one's silence.
 */
export function waitsOf(entries: readonly ManifestEntry[], textOf: TextOf): readonly Wait[] {
  const timed = entries
    .filter((entry) => entry.startedAt !== undefined && entry.durationMs !== undefined)
    .sort((a, b) => endOf(a) - endOf(b));
  const facts = timed.filter((entry) => entry.half === 'client' && entry.target === undefined);
  const waits = new Map<ManifestEntry, Wait>();
  for (const entry of timed) {
    const before = facts.includes(entry) ? [] : [...facts, ...neededBy(entry, timed, textOf)];
    const after = before.flatMap((one) => waits.get(one) ?? []);
    const { durationMs: ms = 0 } = entry;
    waits.set(entry, { id: entry.id ?? entry.source, startedAt: startOf(entry), ms, after });
  }
  return [...waits.values()];
}

/** The longest chain of waits, first to last. */
export function criticalPath(waits: readonly Wait[]): readonly Wait[] {
  const longest = new Map<Wait, readonly Wait[]>();
  const chainTo = (wait: Wait): readonly Wait[] => {
    const known = longest.get(wait);
    if (known !== undefined) return known;
    const chain = [...longestOf(wait.after.map(chainTo)), wait];
    longest.set(wait, chain);
    return chain;
  };
  return longestOf(waits.map(chainTo));
}

/** How long a chain takes when nothing comes between its waits, in milliseconds. */
export function msOf(chain: readonly Wait[]): number {
  return chain.reduce((sum, { ms }) => sum + ms, 0);
}

function longestOf(chains: readonly (readonly Wait[])[]): readonly Wait[] {
  return chains.reduce((best, chain) => (msOf(chain) > msOf(best) ? chain : best), []);
}

function neededBy(entry: ManifestEntry, timed: readonly ManifestEntry[], textOf: TextOf): readonly ManifestEntry[] {
  const earlier = timed.filter((other) => endOf(other) <= startOf(entry));
  if (entry.half === 'client')
    return earlier.filter((other) => other.target === entry.target && other.source === entry.source);
  const resource = entry.resource?.toLowerCase() ?? '';
  const naming = earlier.find((other) => other.half === 'azure' && textOf(other).includes(resource));
  const isLong = (other: ManifestEntry) => longRunning.test(other.operation ?? '');
  const sameGateway = earlier.filter((other) => isLong(other) && other.resource === entry.resource);
  return [...(naming === undefined ? [] : [naming]), ...(isLong(entry) ? sameGateway : [])];
}

const longRunning = /^(virtualNetworkGateways|p2sVpnGateways)\.(?!get$|list)/;

function startOf({ startedAt = '' }: ManifestEntry): number {
  return Date.parse(startedAt);
}

function endOf(entry: ManifestEntry): number {
  return startOf(entry) + (entry.durationMs ?? 0);
}
