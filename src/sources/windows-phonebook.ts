import type { PhonebookEntry } from '../facts/client.ts';
import type { Origin, Problem } from '../facts/origin.ts';
import type { Prefix } from '../net/prefix.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { phonebookRoutes } from './windows-phonebook-routes.ts';
import { quoted } from './windows-scan.ts';

/** `rasphone.pbk`, and the phonebook of a Connection Manager profile. */
export const windowsPhonebook: Source = {
  id: 'windows-phonebook',
  title: 'Windows: rasphone.pbk',
  parse: (text: string, context: ReadingContext): Reading => {
    const { phonebook, problems } = phonebookOf(text, (line) => lineOrigin(context, line));
    if (phonebook.length > 0 || text.trim() === '') return { facts: { phonebook }, problems };
    const none = { origin: { artifact: context.artifact }, text: '', why: 'no entry of a phonebook in this text' };
    return { facts: {}, problems: problems.length > 0 ? problems : [none] };
  },
  recognise: (text: string): number =>
    /^\[[^\]\r\n]+\]\s*$/m.test(text) && /^(PBVersion|IpPrioritizeRemote|VpnStrategy|PhoneNumber)=/m.test(text)
      ? 0.95
      : 0,
};

interface Section {
  readonly name: string;
  readonly line: number;
  /** The first value of each key: a section repeats some for each of its media and devices. */
  readonly values: Map<string, { readonly value: string; readonly line: number }>;
}

/** The entries of a phonebook's text; `originOf` places a line of it. */
export function phonebookOf(
  text: string,
  originOf: (line: number) => Origin,
): { readonly phonebook: readonly PhonebookEntry[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const sections: Section[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const row = raw.replace(/^\ufeff/, '').trim();
    const line = index + 1;
    const name = /^\[(.+)\]$/.exec(row)?.[1];
    const equals = row.indexOf('=');
    if (name !== undefined) sections.push({ name, line, values: new Map() });
    else if (equals > 0 && sections.length > 0)
      keep(sections.at(-1), row.slice(0, equals), row.slice(equals + 1), line);
    else if (row !== '' && !row.startsWith(';'))
      problems.push({ origin: originOf(line), text: quoted(row), why: 'neither a section nor a key of a phonebook' });
  }
  const phonebook = sections.map((section) => entryOf(section, originOf, problems));
  return { phonebook, problems };
}

function keep(section: Section | undefined, key: string, value: string, line: number): void {
  const known = section?.values.get(key.toLowerCase());
  if (known === undefined || (known.value === '' && value !== ''))
    section?.values.set(key.toLowerCase(), { value: value.trim(), line });
}

function entryOf(section: Section, originOf: (line: number) => Origin, problems: Problem[]): PhonebookEntry {
  const { values } = section;
  const number = (key: string): number | undefined => {
    const found = values.get(key);
    if (found === undefined || found.value === '') return undefined;
    if (/^\d{1,10}$/.test(found.value)) return Number(found.value);
    problems.push({
      origin: originOf(found.line),
      text: quoted(`${key}=${found.value}`),
      why: 'a number was expected',
    });
    return undefined;
  };
  const flag = (key: string): boolean | undefined => {
    const value = number(key);
    return value === undefined ? undefined : value !== 0;
  };
  const server = values.get('phonenumber')?.value ?? '';
  const flags = {
    remoteDefaultGateway: flag('ipprioritizeremote'),
    classBasedRouteDisabled: flag('disableclassbaseddefaultroute'),
    plumbsSelectors: flag('plumbikev2tsasroutes'),
    vpnStrategy: number('vpnstrategy'),
    deviceTunnel: flag('devicetunnel'),
  };
  return {
    name: section.name,
    server: server === '' ? null : server,
    ...present(flags),
    routes: routesOf(section, number('numroutes'), originOf, problems),
    origin: originOf(section.line),
  };
}

function present<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

function routesOf(
  { values }: Section,
  count: number | undefined,
  originOf: (line: number) => Origin,
  problems: Problem[],
): readonly Prefix[] {
  const stored = values.get('routes');
  if (stored === undefined || stored.value === '') {
    const told = values.get('numroutes');
    const why = `the entry counts ${count} route(s) and lists none`;
    if (count && told) problems.push({ origin: originOf(told.line), text: `NumRoutes=${count}`, why });
    return [];
  }
  const routes = phonebookRoutes(stored.value, count);
  if (routes !== undefined) return routes;
  const why = 'stored routes whose form is not known: Windows does not document it';
  problems.push({ origin: originOf(stored.line), text: quoted(`Routes=${stored.value}`), why });
  return [];
}
