import type { Problem } from '../facts/origin.ts';
import type { Profile, ProfileRoute } from '../facts/profile.ts';
import { parseAddress } from '../net/address.ts';
import { lengthOfMask, type Prefix, parseLoosePrefix } from '../net/prefix.ts';
import { elementProblem, elementsAt, readProfileXml, textAt, textsAt, type XmlElement } from './profile-xml.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** `azurevpnconfig.xml` of the Azure VPN Client. Its server pushes the routes; the file adds some and takes some away. */
export const azurevpnXml: Source = {
  id: 'azurevpn-xml',
  title: 'Azure VPN Client: azurevpnconfig.xml',
  parse: parseAzureVpn,
  recognise: (text) => (isAzureVpnProfile(text) ? 0.97 : 0),
};

// <PluginPackageFamilyName>Microsoft.AzureVpn_8wekyb3d8bbwe</PluginPackageFamilyName>
const ofIntune = /<PluginPackageFamilyName>\s*Microsoft\.AzureVpn_/i;

/** Whether a text holds a profile of the Azure VPN Client: by itself, inside what Intune hands out, or a part of it. */
export function isAzureVpnProfile(text: string): boolean {
  return has(text, 'AzVpnProfile') || ofIntune.test(text) || (has(text, 'clientconfig') && has(text, 'includeroutes'));
}

function has(text: string, element: string): boolean {
  return new RegExp(`<(\\w+:)?${element}[\\s>]`, 'i').test(text);
}

function parseAzureVpn(text: string, context: ReadingContext): Reading {
  const name = outermost(text);
  const { elements, problems } = readProfileXml(text, name, context);
  const whole = name === 'clientconfig' ? elements.map(around) : elements;
  const own: Problem[] = [];
  const profiles = whole.map((element) => profileOf(element, own, context));
  return { facts: profiles.length === 0 ? {} : { profiles }, problems: [...problems, ...own] };
}

// Intune's ProfileXML holds the profile as `CustomConfiguration`; Microsoft's steps leave its own outer tags away. In
// questions often only the part with the routes is shown.
function outermost(text: string): string {
  if (has(text, 'AzVpnProfile')) return 'AzVpnProfile';
  if (ofIntune.test(text)) return 'CustomConfiguration';
  return has(text, 'clientconfig') ? 'clientconfig' : 'AzVpnProfile';
}

function around(config: XmlElement): XmlElement {
  return { children: new Map([['clientconfig', [config]]]), text: '', rows: [], line: config.line };
}

function profileOf(profile: XmlElement, problems: Problem[], context: ReadingContext): Profile {
  const config = elementsAt(profile, 'clientconfig');
  const includes = config.flatMap((part) => routesIn(part, false, problems, context));
  const excludes = config.flatMap((part) => routesIn(part, true, problems, context));
  problems.push(...strayRoutes(profile, context));
  const [name, version] = [textAt(profile, 'name'), textAt(profile, 'version')];
  return {
    kind: 'azurevpn-xml',
    routes: [...includes, ...excludes],
    listsRoutes: elementsAt(profile, 'clientconfig', 'includeroutes', 'route').length > 0,
    pool: [],
    server: textAt(profile, 'serverlist', 'ServerEntry', 'fqdn') ?? null,
    protocols: ['OpenVPN'],
    dnsServers: textsAt(profile, 'clientconfig', 'dnsservers', 'dnsserver'),
    dnsSuffixes: textsAt(profile, 'clientconfig', 'dnssuffixes', 'dnssuffix'),
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    origin: { artifact: context.artifact },
  };
}

// <includeroutes><route><destination>10.1.0.0</destination><mask>16</mask></route></includeroutes>
function routesIn(config: XmlElement, exclude: boolean, problems: Problem[], context: ReadingContext): ProfileRoute[] {
  const list = exclude ? 'excluderoutes' : 'includeroutes';
  const bare = elementsAt(config, list).filter(({ children }) => children.has('destination'));
  problems.push(
    ...bare.map((element) =>
      elementProblem(
        element,
        quotedRoute(element),
        `malformed: a destination in ${list} without a route around it`,
        context,
      ),
    ),
  );
  return elementsAt(config, list, 'route').flatMap((route) => {
    const prefix = prefixOf(route);
    if (typeof prefix !== 'string') return [{ prefix, exclude, origin: lineOrigin(context, route.line) }];
    problems.push(elementProblem(route, quotedRoute(route), prefix, context));
    return [];
  });
}

// The client takes routes only in their list; elsewhere it imports them without a word and ignores them.
function strayRoutes(profile: XmlElement, context: ReadingContext): readonly Problem[] {
  const lists = ['includeroutes', 'excluderoutes'].flatMap((list) => elementsAt(profile, 'clientconfig', list));
  const placed = new Set(lists.flatMap((list) => elementsAt(list, 'route')));
  const why = 'malformed: a route that stands in neither includeroutes nor excluderoutes';
  const whyOutside = 'malformed: a list of routes that does not stand in clientconfig';
  return routesBelow(profile).flatMap(({ route, list }) => {
    if (placed.has(route)) return [];
    const isListed = list === 'includeroutes' || list === 'excluderoutes';
    return [elementProblem(route, quotedRoute(route), isListed ? whyOutside : why, context)];
  });
}

interface FoundRoute {
  readonly route: XmlElement;
  /** The name of the element it stands in. */
  readonly list: string;
}

function routesBelow(element: XmlElement, name = ''): readonly FoundRoute[] {
  return [...element.children].flatMap(([child, elements]) =>
    elements.flatMap((one) => (child === 'route' ? [{ route: one, list: name }] : routesBelow(one, child))),
  );
}

function quotedRoute(route: XmlElement): string {
  return [...textsAt(route, 'destination'), ...textsAt(route, 'mask')].join(' ');
}

function prefixOf(route: XmlElement): Prefix | string {
  const [destination, second] = textsAt(route, 'destination');
  const [mask] = textsAt(route, 'mask');
  if (second !== undefined) return 'malformed: one route with several destinations';
  if (destination === undefined) return 'malformed: a route without a destination';
  const hasLength = destination.includes('/');
  if (mask === undefined && !hasLength) return 'malformed: a route without a mask';
  const loose = parseLoosePrefix(hasLength ? destination : `${destination}/${lengthText(mask)}`);
  if (loose === undefined) return 'malformed: no prefix';
  return loose.prefix.first === loose.address ? loose.prefix : 'malformed: bits set outside the mask';
}

// The mask is a length; a dotted one is understood too.
function lengthText(mask: string | undefined): string {
  const dotted = mask?.includes('.') ? parseAddress(mask) : undefined;
  const length = dotted === undefined ? undefined : lengthOfMask(dotted);
  return length === undefined ? `${mask}` : String(length);
}
