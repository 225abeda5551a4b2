import type { Problem } from '../facts/origin.ts';
import type { Profile, ProfileRoute } from '../facts/profile.ts';
import { type Prefix, parseLoosePrefix, prefix } from '../net/prefix.ts';
import { elementProblem, elementsAt, textAt, wordsOf, type XmlElement } from './profile-xml.ts';
import { lineOrigin, type ReadingContext } from './source.ts';

/*
 * ProfileXML of Windows (VPNv2 CSP), as Always On VPN and Intune hand it out. Its root is called as that of
 * VpnSettings.xml is, but for the case of its letters:
 *
 *   <VPNProfile>
 *     <NativeProfile><Servers>azuregateway-1.vpn.azure.com</Servers><NativeProtocolType>IKEv2</NativeProtocolType>
 *       <RoutingPolicyType>SplitTunnel</RoutingPolicyType></NativeProfile>
 *     <Route><Address>10.1.0.0</Address><PrefixSize>16</PrefixSize></Route>
 *   </VPNProfile>
 */

/** Whether a `VpnProfile` is one of these. */
export function isVpnV2(profile: XmlElement): boolean {
  return ['nativeprofile', 'pluginprofile', 'route'].some((name) => profile.children.has(name));
}

/** What the connection made of it adds at every connect. */
export function readVpnV2(profile: XmlElement, problems: Problem[], context: ReadingContext): Profile {
  const routes = elementsAt(profile, 'Route').flatMap((route) => routeOf(route, problems, context));
  const name = textAt(profile, 'ProfileName');
  const protocol = textAt(profile, 'NativeProfile', 'NativeProtocolType');
  return {
    kind: 'vpn-connection',
    routes: [...routes, ...everything(profile, context)],
    listsRoutes: elementsAt(profile, 'NativeProfile').length > 0 || elementsAt(profile, 'Route').length > 0,
    pool: [],
    server: serverOf(profile),
    protocols: protocol === undefined ? [] : [protocol],
    dnsServers: elementsAt(profile, 'DomainNameInformation', 'DnsServers').flatMap(({ text }) => wordsOf(text)),
    dnsSuffixes: elementsAt(profile, 'DnsSuffix').flatMap(({ text }) => wordsOf(text)),
    ...(name !== undefined && { name }),
    origin: { artifact: context.artifact },
  };
}

function routeOf(route: XmlElement, problems: Problem[], context: ReadingContext): readonly ProfileRoute[] {
  const [address, size] = [textAt(route, 'Address') ?? '', textAt(route, 'PrefixSize') ?? ''];
  const prefix = prefixOf(address, size);
  const exclude = textAt(route, 'ExclusionRoute')?.toLowerCase() === 'true';
  if (typeof prefix !== 'string') return [{ prefix, exclude, origin: lineOrigin(context, route.line) }];
  problems.push(elementProblem(route, `${address} ${size}`.trim(), prefix, context));
  return [];
}

function prefixOf(address: string, size: string): Prefix | string {
  if (address === '') return 'malformed: a route without an address';
  if (size === '') return 'malformed: a route without a prefix size';
  const loose = parseLoosePrefix(`${address}/${size}`);
  if (loose === undefined) return 'malformed: no prefix';
  return loose.prefix.first === loose.address ? loose.prefix : 'malformed: bits set outside the prefix size';
}

// <RoutingPolicyType>ForceTunnel</RoutingPolicyType>: all traffic, whatever routes are named beside it.
function everything(profile: XmlElement, context: ReadingContext): readonly ProfileRoute[] {
  const [policy] = elementsAt(profile, 'NativeProfile', 'RoutingPolicyType');
  if (policy?.text.toLowerCase() !== 'forcetunnel') return [];
  return [{ prefix: prefix('0.0.0.0/0'), exclude: false, origin: lineOrigin(context, policy.line) }];
}

// vpn.example.com;VPN of the office,vpn2.example.com: several servers, each perhaps with a name to show
function serverOf(profile: XmlElement): string | null {
  const servers = textAt(profile, 'NativeProfile', 'Servers') ?? textAt(profile, 'PluginProfile', 'ServerUrlList');
  return wordsOf(servers ?? '')[0] ?? null;
}
