/** Thrown when somebody pressed Ctrl-C: exit code 130, and nothing half-written. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

let listening: AbortSignal | undefined;

/** The process's one signal, whoever asks. Aborted on SIGINT, SIGTERM and SIGHUP. A second signal ends the process at once. */
export function interruption(): AbortSignal {
  if (listening !== undefined) return listening;
  const controller = new AbortController();
  listening = controller.signal;
  // Never taken off: execa's own listener, met by no other, would end the process by the signal at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Interrupted(`interrupted by ${signal}`));
    });
  return controller.signal;
}
