import type { CaptureRequest, Half, Platform, Unanswered } from '../facts/capture.ts';
import { formatAddress, parseAddress } from '../net/address.ts';
import { UserError } from './user-error.ts';

/** The bundle format this version writes and reads. */
export const bundleFormat = 'onlink-bundle/1';

/** One artifact as the manifest lists it: everything but its bytes. */
export interface ManifestEntry {
  readonly id?: string;
  readonly source: string;
  readonly half: Half;
  readonly target?: string;
  readonly argv?: readonly string[];
  readonly operation?: string;
  readonly resource?: string;
  readonly encoding?: string;
  readonly family?: 4 | 6;
  readonly file?: string;
  /** Written by us: tells a file cut short from a file that was changed. */
  readonly bytes?: number;
  readonly sha256?: string;
  readonly exitCode?: number;
  readonly startedAt?: string;
  readonly durationMs?: number;
  readonly stderr?: string;
  readonly retries?: number;
  readonly unanswered?: Omit<Unanswered, 'kind'>;
}

/** What `manifest.json` says. Keys it does not name are ignored. */
export interface Manifest {
  readonly format: typeof bundleFormat;
  readonly takenAt?: string;
  readonly azureTakenAt?: string;
  readonly platform: Platform;
  readonly tool?: string;
  /** The capture was not finished: it was killed, or still runs. */
  readonly partial?: boolean;
  readonly notes?: readonly string[];
  /** What the person asked for, addresses as text. */
  readonly request?: CaptureRequest;
  readonly artifacts: readonly ManifestEntry[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Where in which file a value stands, for the message of a refusal. */
interface Place {
  readonly file: string;
  readonly at: string;
}

/** Reads a manifest's text; refuses, naming `file` and the place in it, whatever this version could misread. */
export function parseManifest(text: string, file: string): Manifest {
  const document = parseJson(text, file);
  if (!isFields(document)) throw new UserError(`${file}: a manifest is a JSON object`);
  const { format, artifacts, partial } = document;
  checkFormat(format, file);
  const place = { file, at: '' };
  if (!Array.isArray(artifacts)) throw new UserError(`${file}: "artifacts" must be a list`);
  const entries = artifacts.map((entry: unknown, index) => readEntry(entry, { file, at: `artifacts[${index}]` }));
  checkIds(entries, file);
  checkFileNames(entries, file);
  return {
    format: bundleFormat,
    platform: oneOf(document, 'platform', ['windows', 'linux'], place),
    ...textAt(document, 'takenAt', place),
    ...textAt(document, 'azureTakenAt', place),
    ...textAt(document, 'tool', place),
    ...(partial === true && { partial: true }),
    ...textsAt(document, 'notes', place),
    ...readRequest(document, place),
    artifacts: entries,
  };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checkFormat(format: unknown, file: string): void {
  if (format === bundleFormat) return;
  const version = typeof format === 'string' ? /^onlink-bundle\/(\d+)$/.exec(format)?.[1] : undefined;
  if (version !== undefined && Number(version) > 1) {
    throw new UserError(`${file}: written by a newer onlink (format ${format}); this one reads ${bundleFormat}`);
  }
  const found = format === undefined ? 'no "format"' : `unknown format ${JSON.stringify(format)}`;
  throw new UserError(`${file}: ${found}; expected "${bundleFormat}"`);
}

function readEntry(entry: unknown, place: Place): ManifestEntry {
  if (!isFields(entry)) throw wrong(place, 'must be an object');
  const unanswered = readUnanswered(entry, place);
  const file = textAt(entry, 'file', place);
  if (unanswered.unanswered === undefined && file.file === undefined) {
    throw wrong(place, 'needs either "file" or "unanswered"');
  }
  const source = textAt(entry, 'source', place).source;
  if (source === undefined) throw wrong(place, 'lacks "source"');
  return {
    source,
    half: oneOf(entry, 'half', ['client', 'azure'], place),
    ...textAt(entry, 'id', place),
    ...textAt(entry, 'target', place),
    ...textsAt(entry, 'argv', place),
    ...textAt(entry, 'operation', place),
    ...textAt(entry, 'resource', place),
    ...textAt(entry, 'encoding', place),
    ...readFamily(entry, place),
    ...file,
    ...numberAt(entry, 'bytes', place),
    ...textAt(entry, 'sha256', place),
    ...numberAt(entry, 'exitCode', place),
    ...textAt(entry, 'startedAt', place),
    ...numberAt(entry, 'durationMs', place),
    ...textAt(entry, 'stderr', place),
    ...numberAt(entry, 'retries', place),
    ...unanswered,
  };
}

function readUnanswered(entry: Fields, place: Place): { unanswered?: Omit<Unanswered, 'kind'> } {
  const { unanswered: value } = entry;
  if (value === undefined || value === null) return {};
  const inside = { ...place, at: `${place.at}.unanswered` };
  if (!isFields(value)) throw wrong(inside, 'must be an object');
  const status = numberAt(value, 'status', inside).status ?? null;
  // A reason without a code is no evidence of absence: only the word `absent` is.
  const code = textAt(value, 'code', inside).code ?? (status === null ? 'not-told' : `http-${status}`);
  return { unanswered: { status, code, message: textAt(value, 'message', inside).message ?? '' } };
}

function readRequest({ request }: Fields, place: Place): { request?: CaptureRequest } {
  if (request === undefined || request === null) return {};
  const inside = { ...place, at: 'request' };
  if (!isFields(request)) throw wrong(inside, 'must be an object');
  const targets = textsAt(request, 'targets', inside).targets?.map((text) => {
    const address = parseAddress(text);
    if (address === undefined) throw wrong(inside, `"targets": ${JSON.stringify(text)} is no address`);
    return address;
  });
  return {
    request: {
      ...textAt(request, 'gateway', inside),
      ...textAt(request, 'gatewayName', inside),
      ...textAt(request, 'resourceGroup', inside),
      ...(targets !== undefined && { targets }),
      ...flagAt(request, 'azure', inside),
      ...flagAt(request, 'probes', inside),
    },
  };
}

/** A request as the manifest's JSON has it. */
export function requestAsText({ targets, ...rest }: CaptureRequest): object {
  return { ...rest, ...(targets !== undefined && { targets: targets.map(formatAddress) }) };
}

function readFamily(entry: Fields, place: Place): { family?: 4 | 6 } {
  const { family } = numberAt(entry, 'family', place);
  if (family === undefined) return {};
  if (family !== 4 && family !== 6) throw wrong(place, '"family" must be 4 or 6');
  return { family };
}

function checkIds(entries: readonly ManifestEntry[], file: string): void {
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (id === undefined) continue;
    if (seen.has(id)) throw new UserError(`${file}: two artifacts have the id "${id}"`);
    seen.add(id);
  }
}

// Two names that differ by case alone are one file on Windows and macOS: the bundle would not survive a copy.
function checkFileNames(entries: readonly ManifestEntry[], file: string): void {
  const seen = new Map<string, string>();
  for (const { file: name } of entries) {
    if (name === undefined) continue;
    const folded = name.normalize('NFC').toLowerCase();
    const other = seen.get(folded) ?? name;
    if (other !== name) throw new UserError(`${file}: "${other}" and "${name}" are one file where case does not count`);
    seen.set(folded, name);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong({ file, at }: Place, why: string): UserError {
  return new UserError(`${file}: ${at === '' ? '' : `${at}: `}${why}`);
}

// An optional field that is null says as little as one that is missing.
function textAt<K extends string>(fields: Fields, key: K, place: Place): { [P in K]?: string } {
  const value = fields[key] ?? undefined;
  if (value === undefined) return {};
  if (typeof value !== 'string') throw wrong(place, `"${key}" must be text`);
  return { [key]: value } as { [P in K]?: string };
}

function numberAt<K extends string>(fields: Fields, key: K, place: Place): { [P in K]?: number } {
  const value = fields[key] ?? undefined;
  if (value === undefined) return {};
  if (typeof value !== 'number') throw wrong(place, `"${key}" must be a number`);
  return { [key]: value } as { [P in K]?: number };
}

function flagAt<K extends string>(fields: Fields, key: K, place: Place): { [P in K]?: boolean } {
  const value = fields[key] ?? undefined;
  if (value === undefined) return {};
  if (typeof value !== 'boolean') throw wrong(place, `"${key}" must be true or false`);
  return { [key]: value } as { [P in K]?: boolean };
}

function textsAt<K extends string>(fields: Fields, key: K, place: Place): { [P in K]?: readonly string[] } {
  const value = fields[key] ?? undefined;
  if (value === undefined) return {};
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw wrong(place, `"${key}" must be a list of texts`);
  }
  return { [key]: value as readonly string[] } as { [P in K]?: readonly string[] };
}

function oneOf<const T extends string>(fields: Fields, key: string, allowed: readonly T[], place: Place): T {
  const found = allowed.find((one) => one === fields[key]);
  if (found !== undefined) return found;
  const value = fields[key] === undefined ? 'missing' : JSON.stringify(fields[key]);
  throw wrong(place, `"${key}" must be ${allowed.map((one) => `"${one}"`).join(' or ')}, and is ${value}`);
}
