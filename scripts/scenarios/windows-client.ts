import { around, firstOf, lastText, maskOf, type Row, sorted } from './table.ts';
import { type BundleArtifact, guid, pretty, type Wire } from './wire.ts';

/** A Windows computer with a native VPN connection. */
export interface WindowsSpec {
  /** Name of the connection, and of its interface. */
  readonly connection: string;
  readonly server: string;
  /** Null: the VPN is down. */
  readonly tunnelAddress: string | null;
  readonly protocol?: 'Ikev2' | 'Sstp' | 'Automatic';
  /** What leads into the tunnel. */
  readonly routes: readonly string[];
  /** What the installed package lists; the same as the routes unless said otherwise. Null: no package on this machine. */
  readonly installed?: readonly string[] | null;
  readonly lan?: {
    readonly address: string;
    readonly length?: number;
    readonly router: string;
    readonly metric?: number;
  };
  /** The gateway's public address, kept outside the tunnel. */
  readonly gatewayAddress: string;
  readonly extra?: readonly Row[];
  readonly traces?: Readonly<Record<string, Hops>>;
  readonly lists?: 'route-print' | 'net-route';
  readonly persistent?: readonly string[];
}

/** `answers`: the target at hop 1. `silent`: nothing. `lost-outside`: the LAN's router, then nothing. Or the hops themselves. */
export type Hops = 'answers' | 'silent' | 'lost-outside' | readonly (string | null)[];

const defaultLan = { address: '192.168.29.37', length: 24, router: '192.168.29.1', metric: 25 };
const tunnelIndex = 41;
const lanIndex = 16;

/** Everything that was captured of it. */
export function windowsClient(spec: WindowsSpec): readonly BundleArtifact[] {
  const installed = spec.installed === undefined ? spec.routes : spec.installed;
  const rows = windowsRows(spec);
  return [
    spec.lists === 'net-route' ? netRoute(rows, spec) : routePrint(rows, spec),
    vpnConnection(spec),
    installed === null
      ? {
          id: 'cmroute-routes',
          source: 'cmroute-routes',
          half: 'client',
          unanswered: { status: null, code: 'absent', message: 'no Connection Manager profile on this machine' },
        }
      : routesTxt(installed),
    ...Object.entries(spec.traces ?? {}).map(([target, hops]) => tracert(target, hopsOf(target, hops, spec))),
  ];
}

/** The rows of its IPv4 table. */
function windowsRows(spec: WindowsSpec): readonly Row[] {
  const lan = { ...defaultLan, ...spec.lan };
  const range = around(lan.address, lan.length);
  const tunnel = spec.tunnelAddress;
  const adapters = [lan.address, ...(tunnel === null ? [] : [tunnel])];
  return sorted([
    { prefix: '0.0.0.0/0', gateway: lan.router, interface: lan.address, metric: lan.metric },
    ...onLink(range, lan.address, lan.metric + 256, lan.metric + 256),
    { prefix: `${lan.address}/32`, interface: lan.address, metric: lan.metric + 256 },
    ...['127.0.0.0/8', '127.0.0.1/32', '127.255.255.255/32'].map((prefix) => ({
      prefix,
      interface: '127.0.0.1',
      metric: 331,
    })),
    ...(tunnel === null
      ? []
      : [
          ...spec.routes.flatMap((prefix) => onLink(prefix, tunnel, 43, 281)),
          { prefix: `${tunnel}/32`, interface: tunnel, metric: 281 },
          { prefix: `${spec.gatewayAddress}/32`, gateway: lan.router, interface: lan.address, metric: lan.metric + 1 },
        ]),
    ...(spec.extra ?? []),
    ...adapters.flatMap((address) =>
      ['224.0.0.0/4', '255.255.255.255/32'].map((prefix) => ({ prefix, interface: address, metric: 281 })),
    ),
    ...['224.0.0.0/4', '255.255.255.255/32'].map((prefix) => ({ prefix, interface: '127.0.0.1', metric: 331 })),
  ]);
}

function onLink(prefix: string, address: string, metric: number, broadcastMetric: number): readonly Row[] {
  const row = { prefix, interface: address, metric };
  return prefix.endsWith('/32') || prefix.endsWith('/0')
    ? [row]
    : [row, { prefix: `${lastText(prefix)}/32`, interface: address, metric: broadcastMetric }];
}

/** `route print -4` as an English Windows prints it. */
export function routePrint(
  rows: readonly Row[],
  { connection, tunnelAddress, persistent = [] }: Pick<WindowsSpec, 'connection' | 'tunnelAddress' | 'persistent'>,
): BundleArtifact {
  const bar = '='.repeat(75);
  const line = ({ prefix, gateway, interface: name, metric }: Row) =>
    [
      firstOf(prefix).padStart(17),
      maskOf(prefix).padStart(17),
      (gateway ?? 'On-link').padStart(16),
      name.padStart(17),
      String(metric).padStart(7),
    ].join('');
  const text = [
    bar,
    'Interface List',
    ...(tunnelAddress === null ? [] : [` ${tunnelIndex}...........................${connection}`]),
    ` ${lanIndex}...9c 29 76 0e 41 5a ......Intel(R) Wi-Fi 6 AX201 160MHz`,
    '  1...........................Software Loopback Interface 1',
    bar,
    '',
    'IPv4 Route Table',
    bar,
    'Active Routes:',
    'Network Destination        Netmask          Gateway       Interface  Metric',
    ...rows.map(line),
    bar,
    'Persistent Routes:',
    ...(persistent.length === 0
      ? ['  None']
      : ['  Network Address          Netmask  Gateway Address  Metric', ...persistent]),
    '',
  ].join('\r\n');
  return {
    id: 'windows-route-print',
    source: 'windows-route-print',
    half: 'client',
    argv: ['route', 'print', '-4'],
    file: 'client/windows-route-print.txt',
    text,
    exitCode: 0,
  };
}

/** `Get-NetRoute -AddressFamily IPv4 | ConvertTo-Json`. */
function netRoute(
  rows: readonly Row[],
  { connection, tunnelAddress }: Pick<WindowsSpec, 'connection' | 'tunnelAddress'>,
): BundleArtifact {
  const place = (name: string) => {
    if (name === tunnelAddress) return { InterfaceIndex: tunnelIndex, InterfaceAlias: connection };
    return name === '127.0.0.1'
      ? { InterfaceIndex: 1, InterfaceAlias: 'Loopback Pseudo-Interface 1' }
      : { InterfaceIndex: lanIndex, InterfaceAlias: 'Wi-Fi' };
  };
  const records = rows.map(
    ({ prefix, gateway, interface: name, metric }): Wire => ({
      AddressFamily: 2,
      DestinationPrefix: prefix,
      NextHop: gateway ?? '0.0.0.0',
      ...place(name),
      RouteMetric: Math.max(0, metric - 25),
      InterfaceMetric: Math.min(metric, 25),
      // 2 is Local: rows that Windows makes for an address or a broadcast address by itself.
      Protocol: metric === 281 || metric === 331 ? 2 : 3,
      State: 1,
    }),
  );
  return {
    id: 'windows-net-route',
    source: 'windows-net-route',
    half: 'client',
    argv: ['powershell', '-NoProfile', '-Command', 'Get-NetRoute -AddressFamily IPv4 | ConvertTo-Json'],
    file: 'client/windows-net-route.json',
    text: pretty(records),
    exitCode: 0,
  };
}

/** `Get-VpnConnection | ConvertTo-Json`. */
function vpnConnection(
  {
    connection,
    server,
    protocol = 'Ikev2',
    tunnelAddress,
  }: Pick<WindowsSpec, 'connection' | 'server' | 'protocol' | 'tunnelAddress'>,
  more: Wire = {},
): BundleArtifact {
  const record = {
    Name: connection,
    ServerAddress: server,
    AllUserConnection: false,
    Guid: `{${guid('connection', connection).toUpperCase()}}`,
    TunnelType: protocol,
    AuthenticationMethod: ['Eap'],
    EncryptionLevel: 'Optional',
    L2tpIPsecAuth: '',
    UseWinlogonCredential: false,
    EapConfigXmlStream: null,
    ConnectionStatus: tunnelAddress === null ? 'Disconnected' : 'Connected',
    RememberCredential: true,
    SplitTunneling: true,
    DnsSuffix: '',
    IdleDisconnectSeconds: 0,
    Routes: [],
    ...more,
  };
  return {
    id: 'windows-vpn-connection',
    source: 'windows-vpn-connection',
    half: 'client',
    argv: [
      'powershell',
      '-NoProfile',
      '-Command',
      '@(Get-VpnConnection) + @(Get-VpnConnection -AllUserConnection) | ConvertTo-Json -Depth 4',
    ],
    file: 'client/windows-vpn-connection.json',
    text: pretty([record]),
    exitCode: 0,
  };
}

/** The routes.txt of an installed package. */
function routesTxt(prefixes: readonly string[]): BundleArtifact {
  const text = prefixes
    .map((prefix) => `ADD ${firstOf(prefix)} MASK ${maskOf(prefix)} default METRIC default IF default\r\n`)
    .join('');
  return { id: 'cmroute-routes', source: 'cmroute-routes', half: 'client', file: 'client/routes.txt', text };
}

/** An entry of rasphone.pbk with the lines that decide routes. */
export function phonebook(name: string, lines: Readonly<Record<string, string | number>> = {}): BundleArtifact {
  const entry = {
    Encoding: 1,
    PBVersion: 6,
    Type: 2,
    AutoLogon: 0,
    Guid: guid('phonebook', name).replaceAll('-', '').toUpperCase(),
    VpnStrategy: 7,
    IpPrioritizeRemote: 0,
    IpInterfaceMetric: 0,
    DisableClassBasedDefaultRoute: 1,
    PlumbIKEv2TSAsRoutes: 0,
    NumServers: 0,
    RouteVersion: 1,
    NumRoutes: 0,
    DeviceTunnel: 0,
    ...lines,
  };
  const text = [
    `[${name}]`,
    ...Object.entries(entry).map(([key, value]) => `${key}=${value}`),
    '',
    'NETCOMPONENTS=',
    '',
  ].join('\r\n');
  return { id: 'windows-phonebook', source: 'windows-phonebook', half: 'client', file: 'client/rasphone.pbk', text };
}

/** `tracert -d`: an address a hop, null for one that stayed silent. */
export function tracert(target: string, hops: readonly (string | null)[]): BundleArtifact {
  const line = (hop: string | null, index: number) => {
    const ttl = String(index + 1).padStart(3);
    return hop === null
      ? `${ttl}     *        *        *     Request timed out.`
      : `${ttl}    28 ms    29 ms    28 ms  ${hop}`;
  };
  const text = [
    '',
    `Tracing route to ${target} over a maximum of 8 hops`,
    '',
    ...hops.map(line),
    '',
    'Trace complete.',
    '',
  ].join('\r\n');
  return {
    id: `windows-tracert:${target}`,
    source: 'windows-tracert',
    half: 'client',
    target,
    argv: ['tracert', '-d', '-w', '500', '-h', '8', target],
    file: `client/windows-tracert-${target.replaceAll(':', '-')}.txt`,
    text,
    exitCode: 0,
  };
}

function hopsOf(target: string, hops: Hops, spec: WindowsSpec): readonly (string | null)[] {
  if (hops === 'answers') return [target];
  const silent = Array.from({ length: 8 }, () => null);
  if (hops === 'silent') return silent;
  return hops === 'lost-outside' ? [spec.lan?.router ?? defaultLan.router, ...silent.slice(1)] : hops;
}
