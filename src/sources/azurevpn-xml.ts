import type { Problem } from '../facts/origin.ts';
import type { ProfileRoute } from '../facts/profile.ts';
import { parseAddress } from '../net/address.ts';
import { lengthOfMask, type Prefix, parseLoosePrefix } from '../net/prefix.ts';
import { elementProblem, elementsAt, readProfileXml, textAt, type XmlElement } from './profile-xml.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** `azurevpnconfig.xml` of the Azure VPN Client. Its server pushes the routes; the file adds some and takes some away. */
export const azurevpnXml: Source = {
  id: 'azurevpn-xml',
  title: 'Azure VPN Client: azurevpnconfig.xml',
  parse: parseAzureVpn,
  recognise: (text) => (/<(\w+:)?AzVpnProfile[\s>]/i.test(text.slice(0, 4000)) ? 0.97 : 0),
};

function parseAzureVpn(text: string, context: ReadingContext): Reading {
  const reading = readProfileXml(text, context);
  if ('problem' in reading) return { facts: {}, problems: [reading.problem] };
  const profile = elementsAt(reading.root, 'AzVpnProfile')[0];
  if (profile === undefined)
    return { facts: {}, problems: [elementProblem(reading.root, '', 'no AzVpnProfile element', context)] };
  const problems: Problem[] = [];
  const config = elementsAt(profile, 'clientconfig');
  const includes = config.flatMap((part) => routesIn(part, false, problems, context));
  const excludes = config.flatMap((part) => routesIn(part, true, problems, context));
  problems.push(...config.flatMap((part) => strayRoutes(part, context)));
  const [name, version] = [textAt(profile, 'name'), textAt(profile, 'version')];
  return {
    facts: {
      profiles: [
        {
          kind: 'azurevpn-xml',
          routes: [...includes, ...excludes],
          listsRoutes: config.some((part) => elementsAt(part, 'includeroutes', 'route').length > 0),
          pool: [],
          server: textAt(profile, 'serverlist', 'ServerEntry', 'fqdn') ?? null,
          protocols: ['OpenVPN'],
          dnsServers: config.flatMap((part) => textsAt(part, 'dnsservers', 'dnsserver')),
          dnsSuffixes: config.flatMap((part) => textsAt(part, 'dnssuffixes', 'dnssuffix')),
          ...(name !== undefined && { name }),
          ...(version !== undefined && { version }),
          origin: { artifact: context.artifact },
        },
      ],
    },
    problems,
  };
}

function textsAt(element: XmlElement, ...path: readonly string[]): readonly string[] {
  return elementsAt(element, ...path).flatMap(({ text }) => (text === '' ? [] : [text]));
}

// <includeroutes><route><destination>10.1.0.0</destination><mask>16</mask></route></includeroutes>
function routesIn(config: XmlElement, exclude: boolean, problems: Problem[], context: ReadingContext): ProfileRoute[] {
  const list = exclude ? 'excluderoutes' : 'includeroutes';
  const bare = elementsAt(config, list).filter(({ children }) => children.has('destination'));
  problems.push(
    ...bare.map((element) =>
      elementProblem(element, '', `malformed: a destination in ${list} without a route around it`, context),
    ),
  );
  return elementsAt(config, list, 'route').flatMap((route) => {
    const prefix = prefixOf(route);
    if (typeof prefix !== 'string') return [{ prefix, exclude, origin: lineOrigin(context, route.line) }];
    problems.push(elementProblem(route, quotedRoute(route), prefix, context));
    return [];
  });
}

// The client takes routes only in their list; outside it imports them without a word and ignores them.
function strayRoutes(config: XmlElement, context: ReadingContext): readonly Problem[] {
  const why = 'malformed: a route that stands in neither includeroutes nor excluderoutes';
  return elementsAt(config, 'route').map((route) => elementProblem(route, quotedRoute(route), why, context));
}

function quotedRoute(route: XmlElement): string {
  return [...textsAt(route, 'destination'), ...textsAt(route, 'mask')].join(' ');
}

function prefixOf(route: XmlElement): Prefix | string {
  const [destination, second] = textsAt(route, 'destination');
  const [mask] = textsAt(route, 'mask');
  if (second !== undefined) return 'malformed: one route with several destinations';
  if (destination === undefined) return 'malformed: a route without a destination';
  const text = destination.includes('/') ? destination : `${destination}/${lengthText(mask)}`;
  if (mask === undefined && !destination.includes('/')) return 'malformed: a route without a mask';
  const loose = parseLoosePrefix(text);
  if (loose === undefined) return 'malformed: no prefix';
  return loose.prefix.first === loose.address ? loose.prefix : 'malformed: bits set outside the mask';
}

// The mask is a length; a dotted one is understood too.
function lengthText(mask: string | undefined): string {
  const dotted = mask?.includes('.') ? parseAddress(mask) : undefined;
  const length = dotted === undefined ? undefined : lengthOfMask(dotted);
  return length === undefined ? (mask ?? '') : String(length);
}
