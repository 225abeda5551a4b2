import type { ClientView } from '../facts/client.ts';
import type { Evidence, Origin } from '../facts/origin.ts';
import type { Profile } from '../facts/profile.ts';
import { type AddressSet, setOf } from '../net/address-set.ts';
import { formatPrefix, type Prefix } from '../net/prefix.ts';
import { PrefixIndex } from '../net/prefix-index.ts';
import type { ClientTraits } from '../situation/client-traits.ts';
import type { Situation } from '../situation/situation.ts';
import { coverage, listsAll } from './issued.ts';
import type { Rung } from './rung.ts';

/** Routes that something on this machine keeps for the connection, and how far that list can be trusted to be whole. */
export interface InstalledRoutes {
  readonly routes: readonly { readonly prefix: Prefix; readonly origin: Origin }[];
  /** What the routes and pools hold, and which of the routes touch a prefix: every ladder asks. */
  readonly space: AddressSet;
  readonly routesTo: (prefix: Prefix) => InstalledRoutes['routes'];
  /** Files that were read and that this kind of client takes its routes from. */
  readonly read: readonly { readonly says: string; readonly origin: Origin }[];
  /** Looked for and not there, where this kind of client needs one. */
  readonly absent: readonly { readonly says: string; readonly origin: Origin }[];
  /** Asked for and not answered: it may list what the others lack. */
  readonly unread: readonly { readonly says: string; readonly origin: Origin }[];
}

const fileSources = ['cmroute-routes', 'windows-profile-script', 'strongswan-conf'];

export function installedRoutes(client: ClientView, situation: Situation): InstalledRoutes {
  const { tunnel, traits } = situation;
  const suited = client.profiles.filter((profile) => listsAll(profile) && suits(profile, traits));
  // A package that was handed in says what was handed out; the client's own file says what it will do.
  const own = suited.filter(({ kind }) => kind !== 'vpn-settings-xml');
  const files = own.length > 0 ? own : suited;
  const isOurs = ({ name }: { readonly name: string }) =>
    tunnel?.connection === undefined || name === tunnel.connection.name;
  const kept = [...(client.connections ?? []), ...(client.phonebook ?? [])]
    .filter(isOurs)
    .filter(({ routes }) => routes.length > 0);
  // Routes   : {10.0.0.0/16, 10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16...}: whether the rest holds a prefix nobody can say.
  const cut = (client.connections ?? []).filter((one) => one.hasMoreRoutes === true && isOurs(one));
  const routes = [
    ...files.flatMap((file) => file.routes),
    ...kept.flatMap(({ routes, origin }) => routes.map((prefix) => ({ prefix, origin }))),
  ];
  // The pool needs no line of its own where a file names it.
  const pools = files.flatMap(({ pool }) => pool);
  const index = new PrefixIndex(routes, ({ prefix }) => prefix);
  return {
    routes,
    space: setOf([...routes.map(({ prefix }) => prefix), ...pools]),
    routesTo: (prefix) => index.overlapping(prefix),
    read: [
      ...files.map(({ kind, origin }) => ({ says: `${kind} was read`, origin })),
      ...kept.map(({ name, origin }) => ({ says: `connection ${name} carries routes of its own`, origin })),
    ],
    absent: client.unread
      .filter(({ source, why }) => fileSources.includes(source) && why.code === 'absent')
      .map(({ source, origin, why }) => ({
        says: why.message === '' ? `${source} does not exist` : why.message,
        origin,
      })),
    unread: [
      ...client.unread
        .filter(({ source, why }) => fileSources.includes(source) && why.code !== 'absent')
        .map(({ source, origin, why }) => ({ says: `${source} was not read: ${why.code}`, origin })),
      ...cut.map(({ name, origin }) => ({ says: `connection ${name} carries more routes than were read`, origin })),
    ],
  };
}

/** A file of another kind of client decides nothing here. */
function suits({ kind }: Profile, { client }: ClientTraits): boolean {
  if (client === 'windows-native') return kind !== 'strongswan-conf';
  return client !== 'strongswan' || kind === 'strongswan-conf' || kind === 'vpn-settings-xml';
}

/** Whether the profile on this machine carries the prefix. Clients that are told at connect need none. */
export function installedRung(prefix: Prefix, installed: InstalledRoutes, { traits }: Situation): Rung {
  const rung = 'installed' as const;
  if (traits.pushed === true) return { rung, state: 'not-applicable', evidence: [] };
  const state = coverage(installed.space, prefix);
  if (state !== 'held' && installed.unread.length > 0) return { rung, state: 'unknown', evidence: installed.unread };
  if (state !== 'lost') {
    const [row] = installed.routesTo(prefix);
    return {
      rung,
      state,
      evidence:
        row === undefined ? installed.read : [{ says: `${formatPrefix(row.prefix)} is installed`, origin: row.origin }],
    };
  }
  if (installed.read.length > 0)
    return {
      rung,
      state: 'lost',
      evidence: installed.read.map(
        ({ says, origin }): Evidence => ({ says: `${says} and lacks ${formatPrefix(prefix)}`, origin }),
      ),
    };
  // strongSwan with rightsubnet=0.0.0.0/0 takes what the gateway grants: there is no list that could lack anything.
  if (traits.client === 'strongswan') return { rung, state: 'not-applicable', evidence: [] };
  if (installed.absent.length > 0 && traits.client === 'windows-native')
    return { rung, state: 'lost', evidence: installed.absent };
  return { rung, state: 'unknown', evidence: [] };
}
