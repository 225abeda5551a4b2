import { writeBundle } from '../capture/bundle.ts';
import { openCapture } from '../capture/join.ts';
import { redact } from '../capture/redact.ts';
import { UserError } from '../capture/user-error.ts';
import { departureOf } from '../redaction-proof.ts';
import { toolName } from './version.ts';

/** `onlink redact DIR OUT [--addresses]`: a bundle safe to hand on, or a refusal where the diagnosis would change. */
export async function redactCommand(
  directory: string,
  out: string,
  options: { readonly addresses?: boolean },
): Promise<void> {
  const original = openCapture([directory]);
  const redaction = redact(original, { addresses: options.addresses === true });
  const departure = departureOf(original, redaction);
  if (departure !== undefined) {
    const where = departure.artifact?.id ?? 'more than one file';
    throw new UserError(
      `redact: ${where}: under other names it would not lead to the same diagnosis, so nothing was written${difference(departure)}`,
    );
  }
  await writeBundle(out, redaction.capture, toolName);
  process.stderr.write(
    `${original.artifacts.length} artifacts in ${out}; its diagnosis is the same under other names. ${
      options.addresses === true ? '' : 'Private addresses are kept (--addresses hides them too). '
    }Look through it before it leaves your hands.\n`,
  );
}

function difference({
  lost,
  instead,
}: {
  readonly lost: string | undefined;
  readonly instead: string | undefined;
}): string {
  return [
    ...(lost === undefined ? [] : [`\n  expected: ${lost}`]),
    ...(instead === undefined ? [] : [`\n  found:    ${instead}`]),
  ].join('');
}
