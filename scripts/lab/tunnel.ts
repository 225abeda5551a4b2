import { type Daemon, type HostName, LabError, run } from './hosts.ts';
import { connectOpenvpn, type OpenvpnTunnel } from './openvpn.ts';
import { createPki } from './pki.ts';
import { connectIke, type IkeTunnel } from './strongswan.ts';

/** How the client is connected; `none` is a client whose VPN was never started. */
export type Tunnel = OpenvpnTunnel | IkeTunnel | { readonly kind: 'none' };

/** One thing done to the lab after the tunnel is up. */
export type Change =
  | { readonly at: HostName; readonly argv: readonly string[] }
  | { readonly gatewayProcess: 'SIGSTOP' };

/** Connects the client; what comes back is the gateway's process, where there is one that a change may stop. */
export async function connect(tunnel: Tunnel, directory: string): Promise<Daemon | undefined> {
  if (tunnel.kind === 'none') return undefined;
  const pki = await createPki(directory);
  if (tunnel.kind === 'openvpn') return connectOpenvpn(tunnel, pki, directory);
  await connectIke(tunnel, pki, directory);
  return undefined;
}

/** Makes a change to the running lab. */
export async function apply(change: Change, gateway: Daemon | undefined): Promise<void> {
  if ('at' in change) {
    await run(change.at, change.argv);
  } else if (gateway?.pid === undefined) {
    throw new LabError('no gateway process to stop');
  } else {
    process.kill(gateway.pid, change.gatewayProcess);
  }
}
