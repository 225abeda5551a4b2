import type { Capture } from '../facts/capture.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Diagnosis } from './diagnosis.ts';

/** How the parsers read an artifact's bytes: a quotation must show the text that they saw. */
export type Decode = (bytes: Uint8Array, encoding: string | undefined) => string;

/** Puts beside each piece of evidence the line or value it rests on, as captured, so that a report can show it. */
export function quoted(diagnosis: Diagnosis, capture: Capture, decode: Decode): Diagnosis {
  const quote = quoter(capture, decode);
  const evidence = <E extends Evidence>(one: E): E => {
    const text = quote(one);
    return text === undefined ? one : { ...one, quote: text };
  };
  const ladders = new Map(
    diagnosis.ladders.map((ladder): [Ladder, Ladder] => [
      ladder,
      { ...ladder, rungs: ladder.rungs.map((rung) => ({ ...rung, evidence: rung.evidence.map(evidence) })) },
    ]),
  );
  return {
    ...diagnosis,
    ladders: [...ladders.values()],
    findings: diagnosis.findings.map((finding) => {
      const [first, ...rest] = finding.evidence;
      return {
        ...finding,
        evidence: [evidence(first), ...rest.map(evidence)],
        explains: finding.explains.map((ladder) => ladders.get(ladder) ?? ladder),
      };
    }),
    notes: diagnosis.notes.map(evidence),
  };
}

const longest = 200;

function quoter(capture: Capture, decode: Decode): (evidence: Evidence) => string | undefined {
  const artifacts = new Map(capture.artifacts.map((artifact) => [artifact.id, artifact]));
  const lines = new Map<string, readonly string[]>();
  const documents = new Map<string, unknown>();
  const textOf = (id: string): string | undefined => {
    const artifact = artifacts.get(id);
    return artifact?.outcome.kind === 'answered' ? decode(artifact.outcome.bytes, artifact.encoding) : undefined;
  };
  return ({ origin, says }) => {
    const { artifact } = origin;
    if ('line' in origin) {
      if (!lines.has(artifact)) lines.set(artifact, textOf(artifact)?.split(/\r\n|\n|\r/) ?? []);
      return shortened(lines.get(artifact)?.[origin.line - 1]?.trim());
    }
    if (!('pointer' in origin)) return unansweredText(artifacts.get(artifact)?.outcome);
    if (!documents.has(artifact)) documents.set(artifact, parsed(textOf(artifact)));
    return shortened(shown(at(documents.get(artifact), origin.pointer), says));
  };
}

function unansweredText(outcome: Capture['artifacts'][number]['outcome'] | undefined): string | undefined {
  return outcome?.kind === 'unanswered' ? shortened(`${outcome.code}: ${outcome.message}`) : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function at(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')]
          : undefined,
      document,
    );
}

/** A value as it stands in the document; of an object the properties that the evidence names, else its short ones. */
function shown(value: unknown, says: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const record = value as Record<string, unknown>;
  const inner = typeof record['properties'] === 'object' && record['properties'] !== null ? record['properties'] : {};
  const flat = Object.entries({ ...record, ...inner }).filter(
    ([key, one]) => !unsaid.has(key) && (typeof one !== 'object' || one === null),
  );
  const named = flat.filter(([key]) => says.includes(key));
  return (named.length > 0 ? named : flat).map(([key, one]) => `${key}: ${JSON.stringify(one)}`).join(', ');
}

/** Properties that tell a reader nothing. */
const unsaid: ReadonlySet<string> = new Set(['etag', 'id', 'resourceGuid', 'type', 'location', 'provisioningState']);

function shortened(text: string | undefined): string | undefined {
  return text === undefined || text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
