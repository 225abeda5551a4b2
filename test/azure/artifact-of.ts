import type { Artifact } from '../../src/facts/capture.ts';

/** An artifact of Azure's half that was answered with this document. */
export function artifactOf(document: unknown, more: Partial<Artifact> = {}): Artifact {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const outcome = { kind: 'answered', bytes: new TextEncoder().encode(text), exitCode: 0 } as const;
  return { id: 'arm:001', source: 'arm', half: 'azure', outcome, ...more };
}

type Json = unknown;
const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mapped(value: Json, change: (object: Record<string, Json>) => Record<string, Json>): Json {
  if (Array.isArray(value)) return value.map((entry) => mapped(entry, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapped(entry, change)])));
}

/** The document as the SDK and `az -o json` write it: what stood under `properties` stands beside the id. */
export const flattened = (document: Json): Json =>
  mapped(document, ({ properties, ...rest }) => ({ ...rest, ...(isObject(properties) ? properties : {}) }));

/** The document as PowerShell's `ConvertTo-Json` writes it: flattened, each name with a capital. */
export const capitalised = (document: Json): Json =>
  mapped(flattened(document), (object) =>
    Object.fromEntries(
      Object.entries(object).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
    ),
  );

/** A topology without the places its facts were read at, which differ from one way of writing to another. */
export const withoutOrigins = (value: Json): Json => {
  if (value instanceof Map) return new Map([...value].map(([key, entry]) => [key, withoutOrigins(entry)]));
  if (Array.isArray(value)) return value.map(withoutOrigins);
  if (!isObject(value) || value instanceof Set) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'origin' && key !== 'at');
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutOrigins(entry)]));
};
