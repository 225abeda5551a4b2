import type { Buffer } from 'node:buffer';
import type { Fault } from './estate.ts';

/** What goes back over the wire: a JSON body, or bytes as they are. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error as ARM words it. */
export const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}): Reply => ({
  status,
  body: { error: { code, message } },
  headers,
});

/** What a fault answers instead of anything else. Undefined: it spoils the answer, not the request. */
export function refusalFor({ kind, retryAfter }: Fault, path: string): Reply | undefined {
  const wait: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  switch (kind) {
    case 'forbidden':
      return refuse(
        403,
        'AuthorizationFailed',
        `The client does not have authorization to perform action over scope '${path}'.`,
      );
    case 'not-found':
      return refuse(404, 'ResourceNotFound', `The Resource '${path}' was not found.`);
    case 'busy':
      return refuse(
        409,
        'AnotherOperationInProgress',
        'Another operation on this or dependent resource is in progress.',
        wait,
      );
    case 'throttled':
      return refuse(429, 'TooManyRequests', 'The request was throttled.', wait);
    case 'unavailable':
      return { ...refuse(503, 'ServiceUnavailable', 'The service is unavailable.'), headers: wait };
    case 'unauthorized':
      return refuse(
        401,
        'ExpiredAuthenticationToken',
        'The access token expiry UTC time is earlier than current UTC time.',
      );
    case 'proxy-refuses':
      return { status: 407, raw: '<html>Proxy Authentication Required</html>' };
    case 'html':
      return { status: 200, raw: '<!DOCTYPE html><html><body>Sign in to the guest network</body></html>' };
    default:
      return undefined;
  }
}

/** The answer, spoiled where the fault says so. */
export function spoil(body: unknown, fault: Fault | undefined): Reply {
  switch (fault?.kind) {
    case 'null-body':
      return { status: 200, body: null };
    case 'empty-body':
      return { status: 200 };
    case 'truncated':
      return { status: 200, raw: JSON.stringify(body).slice(0, 40) };
    case 'wrapped':
      return { status: 200, body: { status: 'Succeeded', properties: { output: body } } };
    default:
      return { status: 200, body };
  }
}
