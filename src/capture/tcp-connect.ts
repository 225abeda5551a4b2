import { connect } from 'node:net';
import type { TcpAttempt } from '../facts/trace.ts';

/** One connection to try. `boundTo` is the source address to send from; null leaves that to the system. */
export interface TcpRequest {
  readonly target: string;
  readonly port: number;
  readonly boundTo: string | null;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** How it went, as the `tcp-connect` source reads it. */
export interface TcpAnswer {
  readonly target: string;
  readonly port: number;
  readonly boundTo: string | null;
  readonly localAddress: string | null;
  readonly outcome: TcpAttempt['outcome'];
  readonly code?: string;
  readonly ms: number | null;
}

const outcomes: Readonly<Record<string, TcpAttempt['outcome']>> = {
  ECONNREFUSED: 'refused',
  // A reset in place of an answer comes from the target's side as well.
  ECONNRESET: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
};

/** Tries to open a TCP connection and closes it at once. Sends no data, and never throws. */
export function tcpConnect({ target, port, boundTo, timeoutMs = 3000, signal }: TcpRequest): Promise<TcpAnswer> {
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = connect({
      host: target,
      port,
      family: target.includes(':') ? 6 : 4,
      autoSelectFamily: false,
      ...(boundTo !== null && { localAddress: boundTo }),
    });
    const end = (outcome: TcpAttempt['outcome'], code?: string) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      const ms = outcome === 'timeout' ? null : Math.round((performance.now() - started) * 10) / 10;
      const localAddress = outcome === 'accepted' ? (socket.localAddress ?? null) : null;
      socket.destroy();
      resolve({ target, port, boundTo, localAddress, outcome, ...(code !== undefined && { code }), ms });
    };
    const stop = () => end('error', 'cancelled');
    const timer = setTimeout(() => end('timeout'), timeoutMs);
    socket.once('connect', () => end('accepted'));
    // Stays for good: a late error after our own end must not crash the program.
    socket.on('error', (error: NodeJS.ErrnoException) => end(outcomes[error.code ?? ''] ?? 'error', error.code));
    signal?.addEventListener('abort', stop);
    if (signal?.aborted === true) stop();
  });
}
