import type { Problem } from '../facts/origin.ts';
import type { Profile } from '../facts/profile.ts';
import { parseLoosePrefix, parsePrefix } from '../net/prefix.ts';
import { isAzureVpnProfile } from './azurevpn-xml.ts';
import { elementProblem, elementsAt, readProfileXml, textAt, wordsOf, type XmlElement } from './profile-xml.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { isVpnV2, readVpnV2 } from './vpnv2-xml.ts';

/** `Generic/VpnSettings.xml` of a downloaded profile: the routes Azure says a client should have. Secrets aren't read. */
export const vpnSettingsXml: Source = {
  id: 'vpn-settings-xml',
  title: 'Azure: VpnSettings.xml of a VPN client profile; Windows: ProfileXML of Always On VPN',
  parse: parseVpnSettings,
  recognise: (text) => (/<(\w+:)?VpnProfile[\s>]/i.test(text) && !isAzureVpnProfile(text) ? 0.97 : 0),
};

function parseVpnSettings(text: string, context: ReadingContext): Reading {
  const { elements, problems } = readProfileXml(text, 'VpnProfile', context);
  const own: Problem[] = [];
  const profiles = elements.map((element) =>
    isVpnV2(element) ? readVpnV2(element, own, context) : profileOf(element, own, context),
  );
  return { facts: profiles.length === 0 ? {} : { profiles }, problems: [...problems, ...own] };
}

function profileOf(profile: XmlElement, problems: Problem[], context: ReadingContext): Profile {
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
    kind: 'vpn-settings-xml',
    routes,
    listsRoutes: listed.length > 0,
    pool: pool.map(({ prefix }) => prefix),
    server: textAt(profile, 'VpnServer') ?? null,
    protocols: wordsOf(textAt(profile, 'VpnType') ?? ''),
    dnsServers: elementsAt(profile, 'CustomDnsServers').flatMap((list) => wordsIn(list).map(({ word }) => word)),
    dnsSuffixes: [],
    origin: { artifact: context.artifact },
  };
}

// 10.1.0.0/16,10.2.0.0/16      or one child element each
function prefixesIn(list: XmlElement, problems: Problem[], context: ReadingContext) {
  return wordsIn(list).flatMap(({ word, line }) => {
    const prefix = parsePrefix(word);
    if (prefix !== undefined && word.includes('/')) return [{ prefix, line }];
    const hasHostBits = word.includes('/') && parseLoosePrefix(word) !== undefined;
    const why = hasHostBits ? 'malformed: bits set outside the length' : 'malformed: no prefix';
    problems.push({ origin: lineOrigin(context, line), text: word, why });
    return [];
  });
}

function wordsIn(list: XmlElement): readonly { readonly word: string; readonly line: number }[] {
  const own = list.rows.flatMap((row, index) => wordsOf(row).map((word) => ({ word, line: list.line + index })));
  return [...own, ...[...list.children.values()].flat().flatMap(wordsIn)];
}
