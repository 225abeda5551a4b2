/** The middle value: unlike the mean it forgives a neighbour's burst of work. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/**
 * How long each of so many samples took, in milliseconds, garbage of the one before cleared away first where that can be.
 * A sample is the mean of `runs` runs: clearing up costs the engine some of what it has learnt, and something that takes a
 * millisecond would be measured while it learns it again.
 */
export function times(samples: number, run: () => unknown, runs = 1): readonly number[] {
  return Array.from({ length: samples }, () => {
    globalThis.gc?.();
    const started = performance.now();
    for (let i = 0; i < runs; i += 1) run();
    return (performance.now() - started) / runs;
  });
}
