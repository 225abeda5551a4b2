import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Platform, Unanswered } from './capture.ts';
import type { Origin } from './origin.ts';
import type { Profile } from './profile.ts';
import type { Route, Rule, XfrmPolicy } from './route.ts';
import type { TcpAttempt, Trace } from './trace.ts';

export interface InterfaceAddress {
  readonly address: Address;
  /** Null where the source does not tell the prefix length. */
  readonly length: number | null;
  /** The far end of a point-to-point link. */
  readonly peer?: Address;
  /** Linux sends nothing from it: whether somebody else has it is still being asked, or somebody has (IPv6). */
  readonly isTentative?: true;
}

/** A network interface as far as any source described it; merged by index, name or address. */
export interface Interface {
  readonly name: string;
  readonly index: number | null;
  readonly addresses: readonly InterfaceAddress[];
  readonly description?: string;
  readonly mac?: string;
  /** tun, wireguard, PPP, wintun, vti, xfrm …: something that carries another network. Undefined: not told. */
  readonly isTunnel?: boolean;
  readonly isUp?: boolean;
  /** Linux: link kind (`tun`, `bridge`, `veth` …). Windows: adapter type or component id. */
  readonly kind?: string;
  readonly metric?: number | null;
  /** Linux: the id of an xfrm interface, by which policies are bound to it. */
  readonly xfrmId?: number;
  /** Linux: the VRF or bridge this one belongs to. */
  readonly master?: string;
  readonly origin: Origin;
}

/** A VPN connection the operating system knows of (Get-VpnConnection, phonebook entry, nmcli, charon's SA). */
export interface VpnConnection {
  readonly name: string;
  readonly server: string | null;
  readonly protocol: 'ikev2' | 'sstp' | 'openvpn' | 'other' | 'automatic' | 'unknown';
  readonly connected: boolean | null;
  readonly splitTunneling: boolean | null;
  readonly allUser?: boolean;
  readonly deviceTunnel?: boolean;
  /** Routes the connection itself carries (Add-VpnConnectionRoute). */
  readonly routes: readonly Prefix[];
  /** It carries others beside: a view cut the list, or one of them was not understood. */
  readonly hasMoreRoutes?: true;
  readonly origin: Origin;
}

/** Flags of a phonebook entry that decide routes. Undefined: the entry does not state it. */
export interface PhonebookEntry {
  readonly name: string;
  readonly server: string | null;
  readonly remoteDefaultGateway?: boolean;
  readonly classBasedRouteDisabled?: boolean;
  readonly plumbsSelectors?: boolean;
  readonly routes: readonly Prefix[];
  readonly vpnStrategy?: number;
  readonly deviceTunnel?: boolean;
  readonly origin: Origin;
}

/** A child SA of IPsec as its daemon lists it. Null selectors or counters: not told. */
export interface SecurityAssociation {
  readonly name: string;
  readonly ike: {
    readonly state: string;
    readonly localHost: Address | null;
    readonly remoteHost: Address | null;
    readonly virtualAddresses: readonly Address[];
  };
  readonly children: readonly ChildAssociation[];
  readonly origin: Origin;
}

export interface ChildAssociation {
  readonly name: string;
  readonly state: string;
  readonly localSelectors: readonly Prefix[];
  readonly remoteSelectors: readonly Prefix[];
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  readonly origin: Origin;
}

/** What an OpenVPN client's log says of its latest session. */
export interface OpenVpnSession {
  readonly pushedRoutes: readonly Prefix[];
  readonly pushed: boolean;
  readonly topology?: string;
  readonly routeGateway?: Address;
  readonly tunnelAddress?: Address;
  readonly redirectGateway?: boolean;
  readonly initialized: boolean;
  readonly lastRestart?: string;
  /** When the routes came, if the log stamps its lines. ISO 8601, or the text as printed. */
  readonly pushedAt?: string;
  readonly origin: Origin;
}

/** A DNS answer or a name rule, as far as it decides reachability by name. */
export interface NameRule {
  readonly namespace: string;
  readonly servers: readonly Address[];
  readonly origin: Origin;
}
export interface NameLookup {
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly failed?: string;
  readonly origin: Origin;
}

export interface Host {
  readonly osVersion?: string;
  /** Windows: the build number, e.g. 19045.3693. */
  readonly build?: string;
  readonly architecture?: string;
  readonly locale?: string;
  readonly codePage?: number;
  readonly uid?: number;
  readonly origin: Origin;
}

export interface RasEvent {
  readonly id: number;
  readonly errorCode: number | null;
  readonly message: string;
  readonly at: string | null;
  readonly origin: Origin;
}

/** What the kernel answered when it was asked for one address. */
export interface KernelChoice {
  readonly target: Address;
  /** A route type, or `none` where the kernel has no route. */
  readonly type: string;
  readonly interface: string | null;
  readonly origin: Origin;
}

/** A place where the routing table may hold a route that was not read. */
export interface TableGap {
  readonly says: string;
  readonly origin: Origin;
  /** Where the route leads, as far as its row told; undefined: anywhere. */
  readonly destination: Prefix | undefined;
}

/** The client as it is: what its own system and files say. A part nobody answered for is in `unread`, and empty here. */
export interface ClientView {
  readonly platform: Platform;
  readonly interfaces: readonly Interface[];
  /** What the system would consult, per family; undefined: no table of that family was read. */
  readonly routes: { readonly v4: readonly Route[] | undefined; readonly v6: readonly Route[] | undefined };
  /** Persistent or inactive entries: listed, never consulted. */
  readonly persistent: readonly Route[];
  /** Linux policy rules; undefined: not read. On Windows: none exist, an empty list. */
  readonly rules: readonly Rule[] | undefined;
  /** Undefined: not read (needs root). */
  readonly policies: readonly XfrmPolicy[] | undefined;
  readonly associations: readonly SecurityAssociation[] | undefined;
  readonly connections: readonly VpnConnection[] | undefined;
  readonly phonebook: readonly PhonebookEntry[] | undefined;
  readonly openVpn: OpenVpnSession | undefined;
  /** Profiles on this machine or handed to us: what was handed out. */
  readonly profiles: readonly Profile[];
  readonly traces: readonly Trace[];
  readonly tcp: readonly TcpAttempt[];
  /** Linux: the kernel's own choices; empty where it was not asked. */
  readonly kernelChoices: readonly KernelChoice[];
  readonly nameRules: readonly NameRule[] | undefined;
  readonly lookups: readonly NameLookup[];
  readonly host: Host | undefined;
  readonly events: readonly RasEvent[] | undefined;
  /** What was asked of the client and not answered, by artifact. */
  readonly unread: readonly {
    readonly source: string;
    readonly target?: string;
    readonly why: Unanswered;
    readonly origin: Origin;
  }[];
  /** What the table that was read may lack: rows that were not understood, an end that is missing. */
  readonly gaps: readonly TableGap[];
  /** Whether the route table is a lesser one (main table only, first next hop only …), in words. */
  readonly limits: readonly { readonly says: string; readonly origin: Origin }[];
}
