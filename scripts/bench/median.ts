/** The middle value: unlike the mean it forgives a neighbour's burst of work. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** How long each of so many runs took, in milliseconds, garbage of the run before cleared away first where that can be. */
export function times(count: number, run: () => unknown): readonly number[] {
  return Array.from({ length: count }, () => {
    globalThis.gc?.();
    const started = performance.now();
    run();
    return performance.now() - started;
  });
}
