import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startEmulator } from './emulator.ts';

const { values } = parseArgs({
  options: {
    estate: { type: 'string' },
    port: { type: 'string', default: '0' },
    address: { type: 'string', default: '127.0.0.1' },
    token: { type: 'string' },
    latency: { type: 'string', default: '0' },
    'page-size': { type: 'string', default: '100' },
    'retry-after': { type: 'string', default: '0' },
    polls: { type: 'string', default: '1' },
    /** Where to leave the certificate, for NODE_EXTRA_CA_CERTS. */
    ca: { type: 'string' },
  },
});

if (values.estate === undefined) {
  console.error(
    'usage: node scripts/arm-emulator/main.ts --estate FILE [--port N] [--ca FILE] [--token T] [--latency MS]',
  );
  process.exitCode = 2;
} else {
  const emulator = await startEmulator({
    estate: JSON.parse(readFileSync(values.estate, 'utf8')),
    address: values.address,
    port: Number(values.port),
    latencyMs: Number(values.latency),
    pageSize: Number(values['page-size']),
    retryAfter: Number(values['retry-after']),
    polls: Number(values.polls),
    ...(values.token !== undefined && { token: values.token }),
  });
  if (values.ca !== undefined) writeFileSync(values.ca, emulator.ca);
  console.log(emulator.url);
  const stop = () => {
    void emulator.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
