import { around, firstOf, lastText, maskOf } from './table.ts';
import type { Hops } from './windows-client.ts';
import { type BundleArtifact, guid, pretty, type Wire } from './wire.ts';

/** A Linux computer that dials by OpenVPN or by strongSwan. */
export interface LinuxSpec {
  readonly kind: 'openvpn' | 'strongswan';
  readonly tunnelAddress: string;
  readonly server: string;
  readonly gatewayAddress: string;
  /** What leads into the tunnel. */
  readonly routes: readonly string[];
  readonly lan?: {
    readonly device?: string;
    readonly address: string;
    readonly length?: number;
    readonly router: string;
  };
  readonly extraRoutes?: readonly Wire[];
  readonly extraRules?: readonly Wire[];
  readonly extraInterfaces?: readonly Wire[];
  readonly traces?: Readonly<Record<string, Hops>>;
  /** OpenVPN: what the log says was pushed, when that differs from the routes. */
  readonly pushed?: readonly string[];
  readonly remoteSelectors?: readonly string[];
  readonly bytes?: { readonly in: number; readonly out: number };
}

const defaultLan = { device: 'wlp2s0', address: '192.168.88.21', length: 24, router: '192.168.88.1' };

/** Everything that was captured of it. */
export function linuxClient(spec: LinuxSpec): readonly BundleArtifact[] {
  return [
    json('linux-ip-route', ['ip', '-j', '-d', 'route', 'show', 'table', 'all'], ipRoutes(spec)),
    json('linux-ip-rule', ['ip', '-j', 'rule'], ipRules(spec)),
    json('linux-ip-addr', ['ip', '-j', 'addr'], ipAddresses(spec)),
    ...(spec.kind === 'openvpn' ? [openVpnLog(spec)] : [xfrmPolicy(spec), swanctlSas(spec)]),
    ...Object.entries(spec.traces ?? {}).map(([target, hops]) => traceroute(target, hops, spec)),
  ];
}

function json(source: string, argv: readonly string[], value: unknown): BundleArtifact {
  return { id: source, source, half: 'client', argv, file: `client/${source}.json`, text: pretty(value), exitCode: 0 };
}

const lanOf = (spec: Pick<LinuxSpec, 'lan'>) => ({ ...defaultLan, ...spec.lan });

/** `ip -j -d route show table all`. */
function ipRoutes(spec: LinuxSpec): readonly Wire[] {
  const { device, address, length, router } = lanOf(spec);
  const range = around(address, length);
  const mine = spec.tunnelAddress;
  const local = (dst: string, dev: string, type = 'local'): Wire => ({
    type,
    dst,
    dev,
    table: 'local',
    protocol: 'kernel',
    scope: type === 'local' ? 'host' : 'link',
    prefsrc: type === 'local' ? dst : address,
    flags: [],
  });
  const pool = around(mine, 24);
  const tunnelRows =
    spec.kind === 'openvpn'
      ? [
          ...spec.routes.map(
            (dst): Wire =>
              dst === pool
                ? {
                    type: 'unicast',
                    dst,
                    dev: 'tun0',
                    table: 'main',
                    protocol: 'kernel',
                    scope: 'link',
                    prefsrc: mine,
                    flags: [],
                  }
                : {
                    type: 'unicast',
                    dst,
                    gateway: gatewayInside(mine),
                    dev: 'tun0',
                    table: 'main',
                    protocol: 'boot',
                    scope: 'global',
                    flags: [],
                  },
          ),
          {
            type: 'unicast',
            dst: spec.gatewayAddress,
            gateway: router,
            dev: device,
            table: 'main',
            protocol: 'boot',
            scope: 'global',
            flags: [],
          },
          local(mine, 'tun0'),
        ]
      : [
          ...spec.routes.map(
            (dst): Wire => ({
              type: 'unicast',
              dst,
              gateway: router,
              dev: device,
              table: '220',
              protocol: 'static',
              scope: 'global',
              prefsrc: mine,
              flags: [],
            }),
          ),
          local(mine, device),
        ];
  return [
    ...tunnelRows,
    {
      type: 'unicast',
      dst: 'default',
      gateway: router,
      dev: device,
      table: 'main',
      protocol: 'dhcp',
      scope: 'global',
      prefsrc: address,
      metric: 600,
      flags: [],
    },
    {
      type: 'unicast',
      dst: range,
      dev: device,
      table: 'main',
      protocol: 'kernel',
      scope: 'link',
      prefsrc: address,
      metric: 600,
      flags: [],
    },
    {
      type: 'local',
      dst: '127.0.0.0/8',
      dev: 'lo',
      table: 'local',
      protocol: 'kernel',
      scope: 'host',
      prefsrc: '127.0.0.1',
      flags: [],
    },
    { ...local('127.0.0.1', 'lo') },
    local(address, device),
    local(lastText(range), device, 'broadcast'),
    ...(spec.extraRoutes ?? []),
  ];
}

// Azure's OpenVPN gateways name the first address of the pool as the way in.
function gatewayInside(address: string): string {
  return `${address.slice(0, address.lastIndexOf('.'))}.1`;
}

/** `ip -j rule`. */
function ipRules(spec: LinuxSpec): readonly Wire[] {
  return [
    { priority: 0, src: 'all', table: 'local' },
    ...(spec.kind === 'strongswan' ? [{ priority: 220, src: 'all', table: '220' }] : []),
    ...(spec.extraRules ?? []),
    { priority: 32766, src: 'all', table: 'main' },
    { priority: 32767, src: 'all', table: 'default' },
  ];
}

/** `ip -j addr`. */
export function ipAddresses(spec: LinuxSpec): readonly Wire[] {
  const { device, address, length } = lanOf(spec);
  const inet = (local: string, prefixlen: number, label: string): Wire => ({
    family: 'inet',
    local,
    prefixlen,
    scope: 'global',
    label,
    valid_life_time: 4_294_967_295,
    preferred_life_time: 4_294_967_295,
  });
  const virtual = spec.kind === 'strongswan' ? [inet(spec.tunnelAddress, 32, device)] : [];
  return [
    {
      ifindex: 1,
      ifname: 'lo',
      flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
      mtu: 65_536,
      operstate: 'UNKNOWN',
      link_type: 'loopback',
      address: '00:00:00:00:00:00',
      addr_info: [{ family: 'inet', local: '127.0.0.1', prefixlen: 8, scope: 'host', label: 'lo' }],
    },
    {
      ifindex: 2,
      ifname: device,
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
      mtu: 1500,
      operstate: 'UP',
      link_type: 'ether',
      address: '3e:61:0c:24:7b:37',
      addr_info: [inet(address, length, device), ...virtual],
    },
    ...(spec.kind === 'openvpn'
      ? [
          {
            ifindex: 7,
            ifname: 'tun0',
            flags: ['POINTOPOINT', 'MULTICAST', 'NOARP', 'UP', 'LOWER_UP'],
            mtu: 1500,
            operstate: 'UNKNOWN',
            link_type: 'none',
            linkinfo: { info_kind: 'tun' },
            addr_info: [inet(spec.tunnelAddress, 24, 'tun0')],
          },
        ]
      : []),
    ...(spec.extraInterfaces ?? []),
  ];
}

/** The log of an OpenVPN client, with what was pushed. */
function openVpnLog(spec: LinuxSpec): BundleArtifact {
  const routes = (spec.pushed ?? spec.routes).map((prefix) => `route ${firstOf(prefix)} ${maskOf(prefix)}`).join(',');
  const at = '2026-11-02 08:58:41';
  const text = [
    `${at} OpenVPN 2.6.12 x86_64-pc-linux-gnu [SSL (OpenSSL)] [LZO] [LZ4] [EPOLL] [PKCS11] [MH/PKTINFO] [AEAD] [DCO]`,
    `${at} TCP/UDP: Preserving recently used remote address: [AF_INET]${spec.gatewayAddress}:443`,
    `${at} [${spec.server}] Peer Connection Initiated with [AF_INET]${spec.gatewayAddress}:443`,
    `${at} PUSH: Received control message: 'PUSH_REPLY,${routes},route-gateway ${gatewayInside(spec.tunnelAddress)},topology subnet,ifconfig ${spec.tunnelAddress} 255.255.255.0,cipher AES-256-GCM'`,
    `${at} Initialization Sequence Completed`,
    '',
  ].join('\n');
  return { id: 'openvpn-log', source: 'openvpn-log', half: 'client', file: 'client/openvpn.log', text };
}

/** `ip xfrm policy`. */
function xfrmPolicy(spec: LinuxSpec): BundleArtifact {
  const { address } = lanOf(spec);
  const pair = (selector: string) => [
    `src ${selector} dst ${spec.tunnelAddress}/32 `,
    '\tdir in priority 371327 ptype main ',
    `\ttmpl src ${spec.gatewayAddress} dst ${address}`,
    '\t\tproto esp reqid 1 mode tunnel',
    `src ${spec.tunnelAddress}/32 dst ${selector} `,
    '\tdir out priority 371327 ptype main ',
    `\ttmpl src ${address} dst ${spec.gatewayAddress}`,
    '\t\tproto esp spi 0x8b489a89 reqid 1 mode tunnel',
  ];
  const text = `${(spec.remoteSelectors ?? spec.routes).flatMap(pair).join('\n')}\n`;
  return {
    id: 'linux-xfrm-policy',
    source: 'linux-xfrm-policy',
    half: 'client',
    argv: ['ip', 'xfrm', 'policy'],
    file: 'client/linux-xfrm-policy.txt',
    text,
    exitCode: 0,
  };
}

/** `swanctl --list-sas`. */
export function swanctlSas(spec: LinuxSpec): BundleArtifact {
  const { address } = lanOf(spec);
  const bytes = spec.bytes ?? { in: 18_244, out: 20_316 };
  const text = `azure: #3, ESTABLISHED, IKEv2, ${guid('i', spec.server).slice(0, 8)}5182aa01_i* ${guid('r', spec.server).slice(0, 8)}80e460a5_r
  local  'CN=laptop' @ ${address}[4500] [${spec.tunnelAddress}]
  remote '${spec.server}' @ ${spec.gatewayAddress}[4500]
  AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048
  established 412s ago, rekeying in 13702s
  azure: #5, reqid 1, INSTALLED, TUNNEL-in-UDP, ESP:AES_GCM_16-256
    installed 412s ago, rekeying in 3021s, expires in 3548s
    in  82a98038, ${String(bytes.in).padStart(6)} bytes,   191 packets,     2s ago
    out eaadc041, ${String(bytes.out).padStart(6)} bytes,   196 packets,     2s ago
    local  ${spec.tunnelAddress}/32
    remote ${(spec.remoteSelectors ?? spec.routes).join(' ')}
`;
  return {
    id: 'linux-swanctl-sas',
    source: 'linux-swanctl-sas',
    half: 'client',
    argv: ['swanctl', '--list-sas'],
    file: 'client/linux-swanctl-sas.txt',
    text,
    exitCode: 0,
  };
}

/** `traceroute -n -q 1`. */
export function traceroute(target: string, hops: Hops, spec: LinuxSpec): BundleArtifact {
  const silent: readonly (string | null)[] = Array.from({ length: 8 }, () => null);
  const named = { answers: [target], silent, 'lost-outside': [lanOf(spec).router, ...silent.slice(1)] };
  const list = typeof hops === 'string' ? named[hops] : hops;
  const line = (hop: string | null, index: number) =>
    `${String(index + 1).padStart(2)}  ${hop === null ? '*' : `${hop}  27.418 ms`}`;
  const text = [`traceroute to ${target} (${target}), 8 hops max, 60 byte packets`, ...list.map(line), ''].join('\n');
  return {
    id: `linux-traceroute:${target}`,
    source: 'linux-traceroute',
    half: 'client',
    target,
    argv: ['traceroute', '-n', '-q', '1', '-w', '1', '-m', '8', target],
    file: `client/linux-traceroute-${target.replaceAll(':', '-')}.txt`,
    text,
    exitCode: 0,
  };
}
