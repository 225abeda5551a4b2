import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readInterfaces } from '../../src/capture/read-interfaces.ts';
import { runCommand } from '../../src/capture/run-command.ts';
import { tcpConnect } from '../../src/capture/tcp-connect.ts';

const node = process.execPath;
const script = (code: string) => ({ file: node, args: ['-e', code] });
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('a command', () => {
  test('gives its bytes as printed, its exit code and its stderr', async () => {
    const code = 'process.stdout.write(Buffer.from([0x82, 13, 10, 10])); console.error("warned"); process.exitCode = 3';
    const answer = await runCommand(script(code));
    expect(answer.outcome).toEqual({ kind: 'answered', bytes: new Uint8Array([0x82, 13, 10, 10]), exitCode: 3 });
    expect(answer.stderr).toBe('warned');
    expect(answer.durationMs).toBeGreaterThan(0);
  });

  test('gets its arguments as they are, no shell between, no stdin, and the C locale', async () => {
    const code =
      'process.stdin.on("data", () => {}).on("end", () => console.log(process.argv[1], process.env.LC_ALL, process.cwd()))';
    const answer = await runCommand({ file: node, args: ['-e', code, '$(id); "x" *'] });
    const printed = answer.outcome.kind === 'answered' ? textOf(answer.outcome.bytes) : '';
    expect(printed).toBe(process.platform === 'win32' ? expect.anything() : '$(id); "x" * C /\n');
  });

  test('that does not exist was not run', async () => {
    const { outcome } = await runCommand({ file: '/nonexistent/ip', args: [] });
    expect(outcome).toMatchObject({
      kind: 'unanswered',
      code: 'not-run',
      message: expect.stringContaining('/nonexistent/ip'),
    });
  });

  test('that takes too long is stopped; what it printed counts only where that was asked for', async () => {
    const slow = { ...script('console.log("hop 1"); setInterval(() => {}, 1000)'), timeoutMs: 400 };
    expect((await runCommand(slow)).outcome).toMatchObject({ kind: 'unanswered', code: 'timeout' });
    const { outcome } = await runCommand({ ...slow, keepPartial: true });
    expect(outcome).toMatchObject({ kind: 'answered', exitCode: null });
  });

  test('that ignores being asked to end is ended all the same', async () => {
    const before = performance.now();
    await runCommand({ ...script('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'), timeoutMs: 300 });
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test('that floods stdout is stopped and is no answer', async () => {
    const flood = script(
      'const s = "x".repeat(65536); const w = () => { while (process.stdout.write(s)); process.stdout.once("drain", w) }; w()',
    );
    expect((await runCommand({ ...flood, maxBytes: 1_000_000 })).outcome).toMatchObject({ code: 'flooded' });
  });

  test('that floods stderr is no danger either', async () => {
    const answer = await runCommand(script('for (let i = 0; i < 5000; i += 1) console.error("x".repeat(1000))'));
    expect(answer.stderr?.length).toBeLessThan(100_000);
    expect(answer.outcome).toMatchObject({ code: 'flooded' });
  });

  test('ends with the signal', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const { outcome, durationMs } = await runCommand({ ...script('setInterval(() => {}, 1000)'), signal: stop.signal });
    expect(outcome).toMatchObject({ kind: 'unanswered', code: 'cancelled' });
    expect(durationMs).toBeLessThan(5000);
    expect((await runCommand({ ...script(''), signal: stop.signal })).outcome).toMatchObject({ code: 'cancelled' });
  });

  test.skipIf(process.platform === 'win32')('that was killed from outside says by what', async () => {
    const { outcome } = await runCommand(script('process.kill(process.pid, "SIGKILL")'));
    expect(outcome).toMatchObject({ code: 'killed', message: expect.stringContaining('SIGKILL') });
  });
});

test('the interfaces come from a process of their own', async () => {
  const module = pathToFileURL(`${import.meta.dirname}/../../src/capture/read-interfaces.ts`).href;
  const answer = await readInterfaces([
    node,
    '--input-type=module',
    '-e',
    `(await import('${module}')).printInterfaces()`,
    '--',
  ]);
  expect(answer.outcome.kind).toBe('answered');
  const printed = answer.outcome.kind === 'answered' ? JSON.parse(Buffer.from(answer.outcome.bytes).toString()) : [];
  expect(printed).toEqual(expect.arrayContaining([expect.objectContaining({ ip4: '127.0.0.1' })]));
});

describe('a TCP connection on this machine', () => {
  const listening = async (use: (port: number) => Promise<void>) => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const found = server.address();
    const port = typeof found === 'object' && found !== null ? found.port : 0;
    try {
      await use(port);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  };

  test('is accepted, and tells the source address', async () => {
    await listening(async (port) => {
      const unbound = await tcpConnect({ target: '127.0.0.1', port, boundTo: null });
      expect(unbound).toMatchObject({ outcome: 'accepted', localAddress: '127.0.0.1', boundTo: null });
      expect(unbound.ms).toBeGreaterThanOrEqual(0);
    });
  });

  test.skipIf(process.platform !== 'linux')('goes out from the address it is bound to', async () => {
    await listening(async (port) => {
      const bound = await tcpConnect({ target: '127.0.0.1', port, boundTo: '127.0.0.9' });
      expect(bound).toMatchObject({ outcome: 'accepted', localAddress: '127.0.0.9', boundTo: '127.0.0.9' });
    });
  });

  test('is refused where nobody listens', async () => {
    let free = 0;
    await listening(async (port) => {
      free = port;
    });
    expect(await tcpConnect({ target: '127.0.0.1', port: free, boundTo: null })).toMatchObject({
      outcome: 'refused',
      code: 'ECONNREFUSED',
    });
  });

  test('bound to an address that is not ours is an error, not a verdict', async () => {
    const answer = await tcpConnect({ target: '127.0.0.1', port: 9, boundTo: '192.0.2.1' });
    expect(answer).toMatchObject({ outcome: 'error', code: 'EADDRNOTAVAIL', localAddress: null });
  });

  test('stops with the signal', async () => {
    expect(
      await tcpConnect({ target: '127.0.0.1', port: 9, boundTo: null, signal: AbortSignal.abort() }),
    ).toMatchObject({
      outcome: 'error',
      code: 'cancelled',
    });
  });
});
