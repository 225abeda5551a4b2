import type { Origin, Problem } from '../facts/origin.ts';
import type { Profile, ProfileRoute } from '../facts/profile.ts';
import { parsePrefix } from '../net/prefix.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { quoted } from './windows-scan.ts';
import { argumentOf, assign, resolved, splatted, statementsOf, type Variables } from './windows-script-statements.ts';

/** The profile script Azure hands out for IKEv2 (`VpnProfileSetup.ps1`): the routes baked in when it was downloaded. */
export const windowsProfileScript: Source = {
  id: 'windows-profile-script',
  title: 'Windows: the IKEv2 profile script (VpnProfileSetup.ps1)',
  parse: parseProfileScript,
  recognise: (text) => (/^[^#\n]*\bAdd-VpnConnection(Route)?\s/im.test(text) ? 0.9 : 0),
};

function parseProfileScript(text: string, context: ReadingContext): Reading {
  const variables: Variables = new Map();
  const routes: ProfileRoute[] = [];
  const problems: Problem[] = [];
  let made: Made | undefined;
  for (const { row: written, line } of statementsOf(text)) {
    assign(written, variables);
    const row = splatted(written, variables);
    if (calls(row, 'Add-VpnConnection')) made ??= madeBy(row, variables);
    if (!calls(row, 'Add-VpnConnectionRoute')) continue;
    for (const route of routesOf(row, variables, lineOrigin(context, line)))
      if ('prefix' in route) routes.push(route);
      else problems.push(route);
  }
  if (made !== undefined || routes.length > 0 || problems.length > 0)
    return { facts: { profiles: [profileOf(made, routes, context)] }, problems };
  const why = 'no Add-VpnConnection in this text';
  return { facts: {}, problems: [{ origin: { artifact: context.artifact }, text: '', why }] };
}

function profileOf(made: Made | undefined, routes: readonly ProfileRoute[], { artifact }: ReadingContext): Profile {
  const { name, server, tunnel } = made ?? {};
  return {
    kind: 'profile-script',
    routes,
    listsRoutes: true,
    pool: [],
    server: server ?? null,
    protocols: tunnel === undefined ? [] : [tunnel],
    dnsServers: [],
    dnsSuffixes: [],
    ...(name !== undefined && { name }),
    origin: { artifact },
  };
}

function routesOf(row: string, variables: Variables, origin: Origin): readonly (ProfileRoute | Problem)[] {
  return destinationsOf(row, variables).map((text) => {
    const prefix = text.includes('/') ? parsePrefix(text) : undefined;
    const why = `malformed: the route names no prefix (${quoted(text)})`;
    return prefix === undefined ? { origin, text: quoted(row), why } : { prefix, exclude: false, origin };
  });
}

interface Made {
  readonly name: string | undefined;
  readonly server: string | undefined;
  readonly tunnel: string | undefined;
}

function madeBy(row: string, variables: Variables): Made {
  const argument = (name: string): string | undefined => {
    const given = argumentOf(row, name);
    return given === undefined ? undefined : resolved(given, variables)[0];
  };
  return { name: argument('Name'), server: argument('ServerAddress'), tunnel: argument('TunnelType') };
}

// Write-Host "Add-VpnConnectionRoute failed"      within quotes it is a word
function calls(row: string, cmdlet: string): boolean {
  const at = new RegExp(`(?<![\\w-])${cmdlet}\\s`, 'i').exec(row)?.index ?? -1;
  return at >= 0 && (row.slice(0, at).match(/["']/g)?.length ?? 0) % 2 === 0;
}

// -DestinationPrefix 10.1.0.0/16      "10.1.0.0/16"      $Prefix
function destinationsOf(row: string, variables: Variables): readonly string[] {
  const given = argumentOf(row, 'DestinationPrefix');
  if (given === undefined) return [/(?<=[\s"'])\d[\d.]*\/\d{1,2}(?=[\s"';]|$)/.exec(row)?.[0] ?? row];
  return resolved(given, variables);
}
