import { createHash } from 'node:crypto';

/** A file of a bundle with its entry in the manifest. Without `text` the question was not answered. */
export interface BundleArtifact {
  readonly id: string;
  readonly source: string;
  readonly half: 'client' | 'azure';
  readonly argv?: readonly string[];
  readonly target?: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly encoding?: string;
  readonly file?: string;
  readonly text?: string;
  readonly exitCode?: number;
  readonly unanswered?: { readonly status: number | null; readonly code: string; readonly message: string };
  readonly [extra: string]: unknown;
}

/** A value as ARM writes it. */
export type Wire = Readonly<Record<string, unknown>>;

/** The same identifier for the same words, so that a bundle does not change when it is written again. */
export function guid(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('/')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** Where a scenario's resources live. */
export interface Place {
  readonly subscription: string;
  readonly group: string;
  readonly location?: string;
}

/** `/subscriptions/…/providers/Microsoft.Network/TYPE/NAME`; children follow as further pairs. */
export function networkId(place: Place, type: string, name: string, ...children: readonly string[]): string {
  return [
    `/subscriptions/${place.subscription}/resourceGroups/${place.group}/providers/Microsoft.Network/${type}/${name}`,
    ...children,
  ].join('/');
}

/** A resource as ARM answers with it. */
export function resource(id: string, properties: Wire, more: Wire = {}): Wire {
  const name = id.slice(id.lastIndexOf('/') + 1);
  return {
    name,
    id,
    etag: `W/"${guid('etag', id)}"`,
    type: typeOf(id),
    location: 'westeurope',
    ...more,
    properties: { provisioningState: 'Succeeded', resourceGuid: guid('resource', id), ...properties },
  };
}

// …/providers/Microsoft.Network/virtualNetworks/hub/subnets/app → Microsoft.Network/virtualNetworks/subnets
function typeOf(id: string): string {
  const [namespace = '', ...rest] = (id.split('/providers/').at(-1) ?? '').split('/');
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}

/** What ARM answered to one operation about one resource. Lists and actions carry their rows in `value`. */
export function arm(operation: string, id: string, body: unknown, more: Wire = {}): BundleArtifact {
  const label = `${operation}.${id.slice(id.lastIndexOf('/') + 1)}`;
  return {
    id: `arm:${label}`,
    source: 'arm',
    half: 'azure',
    operation,
    resource: id,
    file: `azure/${label}.json`,
    text: pretty(body),
    ...more,
  };
}

/** An operation that Azure refused or never answered. */
export function unanswered(
  operation: string,
  id: string,
  why: { readonly status: number | null; readonly code: string; readonly message: string },
): BundleArtifact {
  return {
    id: `arm:${operation}.${id.slice(id.lastIndexOf('/') + 1)}`,
    source: 'arm',
    half: 'azure',
    operation,
    resource: id,
    unanswered: why,
  };
}

/** What somebody without the right gets. */
export function forbidden(operation: string, id: string, action: string): BundleArtifact {
  const message = `The client does not have authorization to perform action '${action}' over scope '${id}'.`;
  return unanswered(operation, id, { status: 403, code: 'AuthorizationFailed', message });
}

/** One line a value, so that a twin can change a single one. */
export function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
