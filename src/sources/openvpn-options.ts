import { parseAddress } from '../net/address.ts';
import { hostPrefix, type Prefix, parsePrefix, prefixFromMask } from '../net/prefix.ts';

/** A route as OpenVPN writes it, pushed or in a profile. */
export interface OptionRoute {
  readonly prefix: Prefix;
  /** Sent past the tunnel: `net_gateway`. */
  readonly exclude: boolean;
}

/** Why a route is none: `route vpn.example.com`, `route remote_host 255.255.255.255 net_gateway`, or host bits set. */
export function whyNoRoute([option, destination = '']: readonly string[]): string {
  const isNamed = option === 'route' && /^[a-z]/i.test(destination) && parseAddress(destination) === undefined;
  if (isNamed) return 'a route to a name: its address is known at connect only';
  return 'a route that is no prefix: OpenVPN cannot install it';
}

/**
 * Reads `route 10.1.0.0 255.255.0.0 [gateway [metric]]` and `route-ipv6 fd00::/8 [gateway]`, cut into words. Undefined:
 * not a route that OpenVPN could install, such as one with host bits set.
 */
export function optionRoute([option, destination = '', second, third]: readonly string[]): OptionRoute | undefined {
  if (option === 'route-ipv6') {
    const block = parsePrefix(destination);
    return block === undefined ? undefined : { prefix: block, exclude: second === 'net_gateway_ipv6' };
  }
  const first = parseAddress(destination);
  const mask = second === undefined || second === 'default' ? undefined : parseAddress(second);
  if (first === undefined || (second !== undefined && second !== 'default' && mask === undefined)) return undefined;
  const block = mask === undefined ? hostPrefix(first) : prefixFromMask(first, mask);
  return block === undefined ? undefined : { prefix: block, exclude: third === 'net_gateway' };
}
