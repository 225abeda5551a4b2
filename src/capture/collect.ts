import type { Readable } from 'node:stream';

/** What a stream brought: its bytes, or that there were too many. Asked once the stream is at its end. */
export interface Collected {
  readonly isFlooded: () => boolean;
  /** Empty after a flood. */
  readonly bytes: () => Uint8Array;
}

/** Keeps what a stream brings up to a limit. Beyond it nothing is kept any more, and `stop` is called to end the source. */
export function collect(stream: Readable | null | undefined, limit: number, stop: () => void): Collected {
  let chunks: Uint8Array[] = [];
  let length = 0;
  stream?.on('data', (chunk: Uint8Array) => {
    if (length > limit) return;
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else {
      chunks = [];
      stop();
    }
  });
  return { isFlooded: () => length > limit, bytes: () => joined(chunks, length > limit ? 0 : length) };
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
