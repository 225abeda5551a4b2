import { type EstateSpec, estate, idsOf } from '../../scripts/scenarios/estate.ts';
import { linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { type Hops, windowsClient } from '../../scripts/scenarios/windows-client.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { captureOf } from '../capture-of.ts';
import { type Drawn, type DrawnSpoke, hostIn } from './draw-estate.ts';
import { type FaultName, type PlantedFault, plantedFaults } from './planted-faults.ts';

/* What was drawn as documents and texts; `deliveredTo` is the second derivation that the model is held against. */

/** The capture of a drawn estate and its client; with a fault, what that fault would make of both. */
export function captureOfDrawn(drawn: Drawn, name?: FaultName): Capture {
  const fault: PlantedFault = name === undefined ? {} : plantedFaults[name];
  const spoke = victimOf(drawn);
  const spec = specOf(drawn, name, fault);
  const lacking = fault.lacking?.(drawn, spoke) ?? [];
  const routes = [...deliveredTo(drawn, name).filter((one) => !lacking.includes(one)), ...(fault.added ?? [])];
  const common = {
    server: idsOf(spec).server,
    tunnelAddress: drawn.tunnelAddress,
    gatewayAddress: '20.61.3.3',
    routes,
    traces: tracesOf(drawn, fault),
  };
  if (drawn.kind === 'windows') {
    const client = { ...common, connection: 'hub', protocol: 'Ikev2' as const, ...fault.windows?.(drawn, spoke) };
    return captureOf('windows', windowsClient(client), estate(spec));
  }
  const client = { ...common, kind: drawn.kind, ...fault.linux?.(drawn, spoke, routes) };
  return captureOf('linux', linuxClient(client), estate(spec));
}

/**
 * A client is given the hub, every spoke whose peering is connected, shares the gateway and uses it, the custom
 * routes, and the pool: https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing
 */
export function deliveredTo(drawn: Drawn, name?: FaultName): readonly string[] {
  const { hub, spokes, custom, pool } = drawn;
  const fault: PlantedFault = name === undefined ? {} : plantedFaults[name];
  const withheld = fault.withheld?.(victimOf(drawn)) ?? [];
  const given = spokes.flatMap(({ space }) => space).filter((prefix) => !withheld.includes(prefix));
  return [...hub, ...given, ...custom, pool];
}

/** The spoke that a fault is planted in. */
function victimOf({ spokes, victim }: Drawn): DrawnSpoke {
  return spokes[victim] ?? { name: '', space: [] };
}

function specOf(drawn: Drawn, name: FaultName | undefined, fault: PlantedFault): EstateSpec {
  const { kind, hub, spokes, custom, pool } = drawn;
  const victim = victimOf(drawn);
  const gateway = {
    name: 'gateway',
    pool: [pool],
    publicAddress: '20.61.3.3',
    protocols: kind === 'openvpn' ? ['OpenVPN'] : ['IkeV2'],
    customRoutes: custom,
    ...fault.gateway,
  };
  const ids = idsOf({ hub: { name: 'hub', space: hub }, gateway, spokes });
  const extra = fault.documents?.(ids, victim, drawn) ?? [];
  return {
    hub: { name: 'hub', space: hub, ...fault.hub?.(ids, drawn) },
    spokes: spokes.map((spoke) => ({ ...spoke, ...(spoke === victim && fault.spoke?.(spoke, ids)) })),
    gateway,
    machines: [
      { name: 'vm-hub', address: hostIn(hub[0] ?? '', 2), in: ['hub', 'shared'] },
      ...spokes.map((spoke) => ({
        name: `vm-${spoke.name}`,
        address: hostIn(spoke.space[0] ?? '', 1),
        in: [spoke.name, 'app'] as const,
        ...(spoke === victim && fault.machine?.(drawn)),
      })),
    ],
    // A package generated now lists routes for native clients; OpenVPN is told at connect.
    issued: kind === 'windows' ? deliveredTo(drawn, name) : null,
    extra: () => extra,
  };
}

function tracesOf(drawn: Drawn, { hops = {} }: PlantedFault): Readonly<Record<string, Hops>> {
  const { hub, spokes, custom } = drawn;
  const { spokes: others = 'answers' } = hops;
  const victim = victimOf(drawn);
  return Object.fromEntries<Hops>([
    [hostIn(hub[0] ?? '', 2), hops.hub ?? 'answers'],
    ...custom.map((prefix): [string, Hops] => [hostIn(prefix, 1), hops.custom ?? 'answers']),
    ...spokes.map((spoke): [string, Hops] => [
      hostIn(spoke.space[0] ?? '', 1),
      spoke === victim ? (hops.spoke ?? others) : others,
    ]),
  ]);
}
