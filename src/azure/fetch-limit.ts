/** Runs tasks, no more than so many at once, first come first served. */
export type Gate = <T>(task: () => Promise<T>) => Promise<T>;

/** A gate that lets `width` tasks through at once. */
export function gateOf(width: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/** Waits, or ends at once when the signal does. False: it ended early. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (whole: boolean) => () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cut);
      resolve(whole);
    };
    const cut = end(false);
    const timer = setTimeout(end(true), ms);
    signal.addEventListener('abort', cut, { once: true });
  });
}
