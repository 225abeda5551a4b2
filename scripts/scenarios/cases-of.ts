import { type EstateSpec, estate, idsOf, issuedOf } from './estate.ts';
import { type LinuxSpec, linuxClient } from './linux-client.ts';
import type { Expected, Scenario, Twin } from './scenario.ts';
import { type WindowsSpec, windowsClient } from './windows-client.ts';

interface CaseOf<Client> {
  readonly name: string;
  readonly estate: EstateSpec;
  /** The address the client was given. */
  readonly tunnelAddress: string;
  /** What leads into the tunnel; what Azure should hand out, unless said. */
  readonly routes?: readonly string[];
  readonly client?: Client;
  readonly expected: Expected;
  readonly twin?: Twin;
  readonly manifest?: Scenario['manifest'];
}

/** A scenario of a native Windows client of that estate's gateway. */
export function windowsCase(spec: CaseOf<Partial<WindowsSpec>>): Scenario {
  const client = windowsClient({ ...dialled(spec), connection: spec.estate.hub.name, ...spec.client });
  return { ...told(spec), platform: 'windows', client };
}

/** A scenario of a Linux client of that estate's gateway: OpenVPN unless said. */
export function linuxCase(spec: CaseOf<Partial<LinuxSpec>>): Scenario {
  const client = linuxClient({ ...dialled(spec), kind: 'openvpn', ...spec.client });
  return { ...told(spec), platform: 'linux', client };
}

function dialled({ estate: of, tunnelAddress, routes }: CaseOf<unknown>) {
  return {
    server: idsOf(of).server,
    tunnelAddress,
    gatewayAddress: of.gateway.publicAddress,
    routes: routes ?? issuedOf(of),
  };
}

function told({ name, estate: of, expected, twin, manifest }: CaseOf<unknown>) {
  return {
    name,
    azure: estate(of),
    expected,
    ...(twin !== undefined && { twin }),
    ...(manifest !== undefined && { manifest }),
  };
}
