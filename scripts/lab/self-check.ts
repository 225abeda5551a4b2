import { addresses, healthyRoutes, healthySelectors, prefixes, targets } from './addresses.ts';
import { scratch } from './enclosure.ts';
import { attempt } from './hosts.ts';
import { bringUpNetwork } from './network.ts';
import { connect, type Tunnel } from './tunnel.ts';

/** One thing the lab says about itself before it is believed about anything else. */
export type Observation = { readonly says: string; readonly holds: boolean; readonly saw: string };

/** The tunnels a self-check brings up, one enclosure each. */
export const selfChecks: Readonly<
  Record<string, { tunnel: Tunnel; hopsVisible: boolean; inTunnel: readonly string[] }>
> = {
  'openvpn-subnet': { tunnel: openvpn('subnet', healthyRoutes), hopsVisible: false, inTunnel: targets },
  'openvpn-net30': { tunnel: openvpn('net30', healthyRoutes), hopsVisible: false, inTunnel: targets },
  'openvpn-p2p': { tunnel: openvpn('p2p', healthyRoutes), hopsVisible: false, inTunnel: targets },
  'openvpn-without-storage': {
    tunnel: openvpn('subnet', [prefixes.hub, prefixes.spoke1]),
    hopsVisible: false,
    inTunnel: [addresses.hubVm, addresses.spoke1Vm],
  },
  'openvpn-hops-visible': { tunnel: openvpn('subnet', healthyRoutes), hopsVisible: true, inTunnel: targets },
  ikev2: { tunnel: { kind: 'ikev2', selectors: healthySelectors }, hopsVisible: false, inTunnel: targets },
};

/** Runs one self-check inside the enclosure. */
export async function selfCheck(name: string): Promise<readonly Observation[]> {
  const check = selfChecks[name];
  if (check === undefined) return [{ says: `there is a self-check ${name}`, holds: false, saw: 'none' }];
  await bringUpNetwork({ hopsVisible: check.hopsVisible });
  await connect(check.tunnel, scratch);
  const observations: Observation[] = [await hasPoolAddress()];
  for (const target of check.inTunnel) observations.push(await hopsTo(target, check.hopsVisible ? 3 : 1));
  // Outside the tunnel the storage address is two hops away, over the home router.
  if (!check.inTunnel.includes(addresses.storage)) observations.push(await hopsTo(addresses.storage, 2));
  if (!check.inTunnel.includes(addresses.spoke2Vm)) observations.push(await isUnreachable(addresses.spoke2Vm));
  return observations;
}

function openvpn(topology: 'subnet' | 'net30' | 'p2p', push: readonly string[]): Tunnel {
  return { kind: 'openvpn', topology, push };
}

async function hasPoolAddress(): Promise<Observation> {
  const { stdout } = await attempt('client', ['ip', '-o', '-4', 'addr']);
  return { says: `the client has ${addresses.client}`, holds: stdout.includes(` ${addresses.client}`), saw: stdout };
}

async function hopsTo(target: string, hops: number): Promise<Observation> {
  const { stdout } = await attempt('client', ['traceroute', '-n', '-q', '1', '-w', '2', '-m', '5', target]);
  //  1  10.1.0.4  0.352 ms
  const rows = stdout.split('\n').filter((line) => /^\s*\d+ /.test(line));
  const reached = rows.at(-1)?.includes(` ${target} `) === true;
  return { says: `${target} answers at hop ${hops}`, holds: reached && rows.length === hops, saw: stdout };
}

async function isUnreachable(target: string): Promise<Observation> {
  const { exitCode, stdout } = await attempt('client', ['ping', '-n', '-c', '1', '-W', '1', target]);
  return { says: `${target} does not answer`, holds: exitCode !== 0, saw: stdout };
}
