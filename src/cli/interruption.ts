/** Thrown when somebody pressed Ctrl-C: exit code 130, and nothing half-written. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Aborted on SIGINT, SIGTERM and SIGHUP. A second signal ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => controller.abort(new Interrupted(`interrupted by ${signal}`)));
  return controller.signal;
}
