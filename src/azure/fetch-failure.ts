import type { Unanswered } from '../facts/capture.ts';
import { scrub } from './fetch-scrub.ts';

const unanswered = (status: number | null, code: string, message: string): Unanswered => ({
  kind: 'unanswered',
  status,
  code,
  message: scrub(message),
});

/** The answer that did not come in time. */
export function timedOut(what: string): Unanswered {
  return unanswered(null, 'timeout', `${what}: no answer within the time given`);
}

/** The question that was never put, because the time given was up. */
export function notRun(what: string): Unanswered {
  return unanswered(null, 'not-run', `${what}: not asked, the time given was up`);
}

/** The sign-in that did not end: a tool that hangs, or a person who did not type the code. */
export function neverSignedIn(): Unanswered {
  return unanswered(null, 'sign-in', 'signing in to Azure did not end within the time given. To mend it: az login.');
}

/** Why an answer with this status and body is none. Undefined: it is one. */
export function refusalOf(status: number, body: string, resource: string): Unanswered | undefined {
  const parsed = parse(body);
  if (status < 400) return parsed === undefined && body.trim() !== '' ? notJson(status, body) : failedOperation(parsed);
  if (status === 407) return unanswered(407, 'proxy', 'the proxy wants credentials of its own (407): see HTTPS_PROXY');
  const error = errorIn(parsed);
  if (error === undefined) return notAzure(status, body);
  return unanswered(status, error.code, `${error.message}${hintFor(status, error.code, resource)}`);
}

/** Codes of a network layer that failed, by what Node says. */
const layers: readonly (readonly [RegExp, string, string])[] = [
  [/^(ENOTFOUND|EAI_\w+)$/, 'dns', 'the name of Azure Resource Manager does not resolve'],
  [
    /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    'tcp',
    'no connection: a firewall, a proxy, or the tunnel itself may cut Azure off',
  ],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'timeout', 'the connection timed out'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/, 'reset', 'the connection was cut'],
  [
    /CERT|SELF_SIGNED|UNABLE_TO|^ERR_(TLS|SSL)|^EPROTO$/,
    'tls',
    'the certificate is not trusted. Where a proxy inspects TLS, name its root in NODE_EXTRA_CA_CERTS',
  ],
];

/** Why a request got no answer at all: the layer that failed, by name. */
export function failureOf(error: unknown, what: string): Unanswered {
  const { name, message, code } = detailsOf(error);
  if (name === 'AbortError' || name === 'TimeoutError') return timedOut(what);
  if (
    /^(SignInError|CredentialUnavailableError|AuthenticationRequiredError|AuthenticationError|AggregateAuthenticationError)$/.test(
      name,
    )
  ) {
    return unanswered(null, 'sign-in', `signing in to Azure failed. ${message}`);
  }
  const layer = layers.find(([pattern]) => pattern.test(code));
  if (layer !== undefined) return unanswered(null, layer[1], `${layer[2]} (${code}: ${message})`);
  if (/socket hang up|aborted/i.test(message)) return unanswered(null, 'reset', `the connection was cut (${message})`);
  return unanswered(null, code === '' ? 'error' : code, message);
}

function detailsOf(error: unknown): { readonly name: string; readonly message: string; readonly code: string } {
  if (!(error instanceof Error)) return { name: '', message: String(error), code: '' };
  const own = (error as { code?: unknown }).code;
  const code = typeof own === 'string' && own !== 'REQUEST_SEND_ERROR' ? own : '';
  // happy-eyeballs: every address was tried, and the reasons are inside.
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  if (code === '' && inner instanceof Error && inner !== error) return detailsOf(inner);
  return { name: error.name, message: error.message, code };
}

// A proxy, a firewall or a guest network in between answers in HTML.
const notAzure = (status: number, body: string): Unanswered => {
  const { message, ...rest } = notJson(status, body);
  return { ...rest, message: `not Azure's own answer; something in between gave it: ${message}` };
};

const notJson = (status: number, body: string): Unanswered => unanswered(status, 'not-json', body.slice(0, 1000));

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

interface ArmError {
  readonly code: string;
  readonly message: string;
}

/** `{ "error": { "code", "message" } }`; some providers leave the wrapper out. */
function errorIn(parsed: unknown): ArmError | undefined {
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { error = parsed } = parsed as { error?: unknown };
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? { code, message: typeof message === 'string' ? message : '' } : undefined;
}

/** An operation that ended badly says so in a body of status 200. */
function failedOperation(parsed: unknown): Unanswered | undefined {
  const status = (parsed as { status?: unknown } | null | undefined)?.status;
  if (status !== 'Failed' && status !== 'Canceled') return undefined;
  const error = errorIn(parsed) ?? { code: `Operation${status}`, message: 'the operation failed' };
  return unanswered(200, error.code, error.message);
}

function hintFor(status: number, code: string, resource: string): string {
  if (status === 401) return ' Sign in again: az login (with --tenant for the tenant of this subscription).';
  if (status === 403) return ` The role that "onlink rights" prints, on ${resource}, allows it.`;
  if (code === 'SubscriptionNotFound') return ' The signed-in account does not see this subscription: az account list.';
  return '';
}
