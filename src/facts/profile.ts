import type { Prefix } from '../net/prefix.ts';
import type { Origin } from './origin.ts';

export interface ProfileRoute {
  readonly prefix: Prefix;
  readonly exclude: boolean;
  readonly origin: Origin;
}

type ProfileKind =
  | 'cmroute-routes'
  | 'vpn-settings-xml'
  | 'azurevpn-xml'
  | 'openvpn-profile'
  | 'strongswan-conf'
  | 'vpn-connection'
  | 'phonebook'
  | 'profile-script';

/** A VPN client profile: what Azure issued, or what was handed out and lies on the machine. */
export interface Profile {
  readonly kind: ProfileKind;
  readonly routes: readonly ProfileRoute[];
  /** Whether the format lists routes at all. An OpenVPN profile does not: its routes are pushed at connect. */
  readonly listsRoutes: boolean;
  readonly pool: readonly Prefix[];
  readonly server: string | null;
  readonly protocols: readonly string[];
  readonly dnsServers: readonly string[];
  readonly dnsSuffixes: readonly string[];
  /** Azure VPN Client: `<version>`. */
  readonly version?: string;
  /** Options that suppress pushed routes (`route-nopull`, `pull-filter ignore …`), as written. */
  readonly suppressesPush?: readonly string[];
  readonly name?: string;
  readonly origin: Origin;
}
