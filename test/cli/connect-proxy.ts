import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** A proxy that a test can look into. */
export interface ConnectProxy {
  readonly url: string;
  /** `host:port` of every tunnel that was asked for. */
  readonly asked: readonly string[];
}

/** Starts a CONNECT proxy on this machine. It opens no tunnel but to this machine itself: everything else gets the status. */
export async function connectProxy(statusFor: (target: string) => number): Promise<ConnectProxy> {
  const asked: string[] = [];
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on('connect', (request, socket, head) => {
    const target = request.url ?? '';
    asked.push(target);
    socket.on('error', () => undefined);
    const status = statusFor(target);
    const [host, port] = [target.slice(0, target.lastIndexOf(':')), Number(target.slice(target.lastIndexOf(':') + 1))];
    if (status !== 200 || host !== '127.0.0.1') {
      const body = '<html>the proxy of the company</html>';
      const headers = `Content-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close`;
      socket.end(`HTTP/1.1 ${status === 200 ? 502 : status} Refused\r\n${headers}\r\n\r\n${body}`);
      return;
    }
    const far = connect(port, host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
