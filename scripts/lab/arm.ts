import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { scratch } from './enclosure.ts';
import { type EstateFlags, estateOf } from './estate.ts';
import { LabError, poll, startDaemon } from './hosts.ts';
import type { Run } from './state.ts';

/** The bearer token that the lab's ARM wants; it opens nothing else. */
export const accessToken = 'lab-token';

/** Where the lab's ARM listens, and whom to trust for it. */
export type Arm = { readonly endpoint: string; readonly caFile: string };

const emulator = fileURLToPath(new URL('../arm-emulator/main.ts', import.meta.url));

/** Serves the Azure side of a run on the client's own loopback: a broken tunnel must not cut off the other half of the evidence. */
export async function startArm(run: Run, latencyMs = 0): Promise<Arm> {
  const [estateFile, caFile, log] = [`${scratch}/estate.json`, `${scratch}/arm-ca.pem`, `${scratch}/arm.log`];
  await writeFile(estateFile, JSON.stringify(estateOf({ ...sessionOf(run), ...run.estate })));
  const flags = ['--estate', estateFile, '--ca', caFile, '--token', accessToken, '--latency', String(latencyMs)];
  const daemon = startDaemon('client', [process.execPath, emulator, ...flags], log);
  const answer = await poll(async () => {
    const url = urlIn(await readFile(log, 'utf8').catch(() => ''));
    return url !== undefined || daemon.hasEnded() ? { url } : undefined;
  }, 20);
  const endpoint = answer?.url;
  if (endpoint === undefined) throw new LabError(`ARM does not listen: ${await readFile(log, 'utf8')}`);
  return { endpoint, caFile };
}

/** The gateway lists the client exactly when there is a tunnel. */
function sessionOf({ tunnel }: Run): Pick<EstateFlags, 'session'> {
  if (tunnel.kind === 'none') return {};
  if (tunnel.kind === 'openvpn') return { session: 'OVPN' };
  return tunnel.childRefused === true ? {} : { session: 'IKEv2' };
}

// https://127.0.0.1:41234
function urlIn(log: string): string | undefined {
  return /^https:\/\/\S+$/m.exec(log)?.[0];
}
