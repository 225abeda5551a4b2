/** Notes on stderr while a person waits. */
export interface Progress {
  /** What is being asked: shown on a terminal, or with --verbose. */
  readonly doing: (message: string) => void;
  /** A result worth knowing before the rest is there: told to everybody who did not ask for quiet. */
  readonly told: (message: string) => void;
}

/** Shows progress where somebody is watching; a pipe gets only results unless it asked for more. */
export function progressOn(
  stderr: NodeJS.WriteStream,
  options: { readonly quiet?: boolean; readonly verbose?: boolean },
): Progress {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const shown = options.quiet !== true && (stderr.isTTY === true || options.verbose === true);
  // Names from Azure and the system pass through here: a terminal must not take them for commands.
  const line = (message: string) => stderr.write(`[${seconds()}] ${message.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')}\n`);
  return {
    doing: (message) => {
      if (shown) line(message);
    },
    told: (message) => {
      if (options.quiet !== true) line(message);
    },
  };
}
