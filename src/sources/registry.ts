import type { Source } from './source.ts';

/** Every source there is; a bundle, the evidence and `onlink parse` name them by id. */
export const sources: readonly Source[] = [];

const byId: ReadonlyMap<string, Source> = new Map(sources.map((source) => [source.id, source]));

/** The source of that public name. */
export function sourceOf(id: string): Source | undefined {
  return byId.get(id);
}

/** Whose text this most likely is, judged by its shape; undefined where no source is surer than not. */
export function recogniseSource(text: string): Source | undefined {
  let best: Source | undefined;
  let certainty = 0.5;
  for (const source of sources) {
    const sure = source.recognise?.(text) ?? 0;
    if (sure > certainty) [best, certainty] = [source, sure];
  }
  return best;
}
