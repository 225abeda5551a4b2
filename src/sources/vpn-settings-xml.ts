import type { Problem } from '../facts/origin.ts';
import { parseLoosePrefix, parsePrefix } from '../net/prefix.ts';
import { elementProblem, elementsAt, readProfileXml, textAt, type XmlElement } from './profile-xml.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** `Generic/VpnSettings.xml` of a downloaded profile: the routes Azure says a client should have. Secrets aren't read. */
export const vpnSettingsXml: Source = {
  id: 'vpn-settings-xml',
  title: 'Azure: VpnSettings.xml of a VPN client profile',
  parse: parseVpnSettings,
  recognise: (text) => (/<(\w+:)?VpnProfile[\s>]/i.test(text.slice(0, 4000)) ? 0.97 : 0),
};

function parseVpnSettings(text: string, context: ReadingContext): Reading {
  const reading = readProfileXml(text, context);
  if ('problem' in reading) return { facts: {}, problems: [reading.problem] };
  const profile = elementsAt(reading.root, 'VpnProfile')[0];
  if (profile === undefined)
    return { facts: {}, problems: [elementProblem(reading.root, '', 'no VpnProfile element', context)] };
  const problems: Problem[] = [];
  const listed = elementsAt(profile, 'Routes');
  if (listed.length === 0)
    problems.push(elementProblem(profile, '', 'no Routes element: the list of routes was not read', context));
  const routes = listed.flatMap((list) =>
    prefixesIn(list, problems, context).map(({ prefix, line }) => ({
      prefix,
      exclude: false,
      origin: lineOrigin(context, line),
    })),
  );
  const pool = elementsAt(profile, 'VpnClientAddressPool').flatMap((list) => prefixesIn(list, problems, context));
  return {
    facts: {
      profiles: [
        {
          kind: 'vpn-settings-xml',
          routes,
          listsRoutes: listed.length > 0,
          pool: pool.map(({ prefix }) => prefix),
          server: textAt(profile, 'VpnServer') ?? null,
          protocols: wordsOf(textAt(profile, 'VpnType')),
          dnsServers: elementsAt(profile, 'CustomDnsServers').flatMap((list) => wordsIn(list).map(({ word }) => word)),
          dnsSuffixes: [],
          origin: { artifact: context.artifact },
        },
      ],
    },
    problems,
  };
}

// 10.1.0.0/16,10.2.0.0/16      or one child element each
function prefixesIn(list: XmlElement, problems: Problem[], context: ReadingContext) {
  return wordsIn(list).flatMap(({ word, line }) => {
    const prefix = parsePrefix(word);
    if (prefix !== undefined && word.includes('/')) return [{ prefix, line }];
    const hasHostBits = word.includes('/') && parseLoosePrefix(word) !== undefined;
    const why = hasHostBits ? 'malformed: bits set outside the length' : 'malformed: no prefix';
    problems.push(elementProblem(list, word, why, context));
    return [];
  });
}

function wordsIn(list: XmlElement): readonly { readonly word: string; readonly line: number }[] {
  const own = wordsOf(list.text).map((word) => ({ word, line: list.line }));
  return [...own, ...[...list.children.values()].flat().flatMap(wordsIn)];
}

function wordsOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[,;\s]+/).filter((word) => word !== '');
}
