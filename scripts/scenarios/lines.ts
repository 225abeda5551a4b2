import { firstOf, maskOf, type Row } from './table.ts';
import type { BundleArtifact } from './wire.ts';

/** A row of `route print` without its indentation, as a twin names it. */
export function printedRow({ prefix, gateway, interface: name, metric }: Row): string {
  return [
    firstOf(prefix).padStart(17),
    maskOf(prefix).padStart(17),
    (gateway ?? 'On-link').padStart(16),
    name.padStart(17),
    String(metric).padStart(7),
  ]
    .join('')
    .trim();
}

/** The one line of an artifact that holds a text, trimmed. */
export function lineWith(artifacts: readonly BundleArtifact[], id: string, part: string): string {
  const lines = (artifacts.find((artifact) => artifact.id === id)?.text ?? '')
    .split('\n')
    .filter((line) => line.includes(part));
  const [only] = lines;
  if (only === undefined || lines.length > 1) throw new Error(`${lines.length} lines of ${id} hold ${part}`);
  return only.trim();
}

/** The artifacts with one line of one of them changed before anything is written. */
export function edited(
  artifacts: readonly BundleArtifact[],
  id: string,
  line: string,
  instead: string,
): readonly BundleArtifact[] {
  return artifacts.map((artifact) =>
    artifact.id === id && artifact.text !== undefined
      ? { ...artifact, text: artifact.text.replace(line, () => instead) }
      : artifact,
  );
}
