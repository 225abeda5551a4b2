/** What a link says of itself, in JSON or text. */
export interface Link {
  readonly linkType: string | undefined;
  readonly kind: string | undefined;
  /** `tun` or `tap`, of a link whose kind is tun. */
  readonly mode: string | undefined;
  readonly flags: readonly string[] | undefined;
  readonly master: string | undefined;
}

const tunnelKinds: ReadonlySet<string> = new Set([
  ...['wireguard', 'amneziawg', 'ovpn', 'ovpn-dco', 'ppp', 'vti', 'vti6', 'xfrm', 'l2tp', 'fou', 'gtp'],
  ...['ipip', 'ip6tnl', 'sit', 'gre', 'ip6gre', 'gretap', 'ip6gretap', 'erspan'],
]);
const tunnelLinkTypes: ReadonlySet<string> = new Set(['ppp', 'ipip', 'tunnel6', 'sit', 'gre', 'gre6', 'ipgre']);

/** The kernel's numbers (linux/if_arp.h), which `ip -N` prints in place of the words. */
const numberedLinkTypes: ReadonlyMap<string, string> = new Map([
  ['[65534]', 'none'],
  ['[512]', 'ppp'],
  ['[768]', 'ipip'],
  ['[769]', 'tunnel6'],
  ['[776]', 'sit'],
  ['[778]', 'gre'],
  ['[823]', 'gre6'],
]);

/** Whether a link carries another network: never told by its name, which anybody may choose. Undefined: not told. */
export function carriesNetwork({ linkType, kind, mode, flags, master }: Link): boolean | undefined {
  // Virtual machines hang on bridged taps; a tap alone is a VPN's.
  if (kind === 'tun') return mode !== 'tap' || master === undefined;
  if (kind !== undefined && tunnelKinds.has(kind)) return true;
  if (linkType === undefined) return undefined;
  const numbered = numberedLinkTypes.get(linkType);
  if (numbered !== undefined) return carriesNetwork({ linkType: numbered, kind, mode, flags, master });
  if (tunnelLinkTypes.has(linkType)) return true;
  return linkType === 'none' && (flags === undefined || flags.includes('POINTOPOINT'));
}

/** Whether packets can leave by it. A tunnel without a carrier says UNKNOWN and is up. */
export function isUp(flags: readonly string[] | undefined, state: string | undefined): boolean | undefined {
  if (flags === undefined) return state === undefined || state === 'UNKNOWN' ? undefined : state === 'UP';
  return flags.includes('UP') && state !== 'DOWN';
}

/** The id of an xfrm interface: `xfrm if_id 0x5`, `"info_data":{"if_id":"0x5"}`. */
export function xfrmIdOf(written: unknown): { readonly xfrmId?: number } {
  const xfrmId = typeof written === 'string' && written !== '' ? Number(written) : written;
  return typeof xfrmId === 'number' && Number.isInteger(xfrmId) ? { xfrmId } : {};
}
