import type { Artifact } from '../facts/capture.ts';

/** Artifacts from several places, each with an id of its own: a second `arm:001` becomes `arm:001#2`. */
export function withOwnIds(artifacts: readonly Artifact[]): readonly Artifact[] {
  const seen = new Map<string, number>();
  return artifacts.map((artifact) => {
    const count = (seen.get(artifact.id) ?? 0) + 1;
    seen.set(artifact.id, count);
    return count === 1 ? artifact : { ...artifact, id: `${artifact.id}#${count}` };
  });
}
