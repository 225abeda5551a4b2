import type { Problem } from '../facts/origin.ts';
import type { ProfileRoute } from '../facts/profile.ts';
import { parsePrefix } from '../net/prefix.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { quoted } from './windows-scan.ts';

/** The profile script Azure hands out for IKEv2 (`VpnProfileSetup.ps1`): the routes baked in when it was downloaded. */
export const windowsProfileScript: Source = {
  id: 'windows-profile-script',
  title: 'Windows: the IKEv2 profile script (VpnProfileSetup.ps1)',
  parse: parseProfileScript,
  recognise: (text) => (/^[^#\n]*\bAdd-VpnConnection(Route)?\s/im.test(text) ? 0.9 : 0),
};

function parseProfileScript(text: string, context: ReadingContext): Reading {
  const lines = joinedLines(text);
  const make = lines.find(({ row }) => /\bAdd-VpnConnection\s/i.test(row));
  const variables = variablesOf(lines);
  const { routes, problems } = routesOf(lines, variables, context);
  if (make === undefined && routes.length === 0 && problems.length === 0) {
    const why = 'no Add-VpnConnection in this text';
    return { facts: {}, problems: [{ origin: { artifact: context.artifact }, text: '', why }] };
  }
  const name = parameterOf(make?.row, 'Name', variables);
  const tunnel = parameterOf(make?.row, 'TunnelType', variables);
  const profile = {
    kind: 'profile-script',
    routes,
    listsRoutes: true,
    pool: [],
    server: parameterOf(make?.row, 'ServerAddress', variables) ?? null,
    protocols: tunnel === undefined ? [] : [tunnel],
    dnsServers: [],
    dnsSuffixes: [],
    ...(name !== undefined && { name }),
    origin: { artifact: context.artifact },
  } as const;
  return { facts: { profiles: [profile] }, problems };
}

function routesOf(
  lines: readonly ScriptLine[],
  variables: ReadonlyMap<string, readonly string[]>,
  context: ReadingContext,
): { readonly routes: readonly ProfileRoute[]; readonly problems: readonly Problem[] } {
  const routes: ProfileRoute[] = [];
  const problems: Problem[] = [];
  for (const { row, line } of lines.filter(({ row: text }) => /\bAdd-VpnConnectionRoute\s/i.test(text))) {
    const origin = lineOrigin(context, line);
    for (const text of destinationsOf(row, variables)) {
      const prefix = text.includes('/') ? parsePrefix(text) : undefined;
      if (prefix !== undefined) routes.push({ prefix, exclude: false, origin });
      else problems.push({ origin, text: quoted(row), why: `malformed: the route names no prefix (${quoted(text)})` });
    }
  }
  return { routes, problems };
}

interface ScriptLine {
  readonly row: string;
  readonly line: number;
}

// A backtick at the end of a line goes on with the next; comments tell nothing.
function joinedLines(text: string): readonly ScriptLine[] {
  const lines: { row: string; line: number }[] = [];
  let isOpen = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const row = raw.replace(/^\ufeff/, '').trim();
    const last = lines.at(-1);
    if (isOpen && last !== undefined) last.row = `${last.row} ${row.replace(/`$/, '')}`;
    else lines.push({ row: row.replace(/`$/, ''), line: index + 1 });
    isOpen = row.endsWith('`');
  }
  return lines.filter(({ row }) => row !== '' && !row.startsWith('#'));
}

// $Server = 'azuregateway-….vpn.azure.com'      $Routes = "10.1.0.0/16","10.2.0.0/16"
function variablesOf(lines: readonly ScriptLine[]): ReadonlyMap<string, readonly string[]> {
  const variables = new Map<string, readonly string[]>();
  for (const { row } of lines) {
    const [, name, value] = /^\$(\w{1,60})\s*=\s*(@?\(?\s*["'].*)$/.exec(row) ?? [];
    if (name !== undefined) variables.set(name.toLowerCase(), literalsOf(value ?? ''));
  }
  return variables;
}

function literalsOf(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single ?? '');
}

// -DestinationPrefix 10.1.0.0/16      "10.1.0.0/16"      $Prefix
function destinationsOf(row: string, variables: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const given = argumentOf(row, 'DestinationPrefix');
  if (given === undefined) return [/(?<=[\s"'])\d[\d.]*\/\d{1,2}(?=[\s"';]|$)/.exec(row)?.[0] ?? row];
  return resolved(given, variables);
}

function parameterOf(
  row: string | undefined,
  name: string,
  variables: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const given = row === undefined ? undefined : argumentOf(row, name);
  return given === undefined ? undefined : resolved(given, variables)[0];
}

function resolved(given: string, variables: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return (given.startsWith('$') ? variables.get(given.slice(1).toLowerCase()) : undefined) ?? [given];
}

function argumentOf(row: string, name: string): string | undefined {
  const found = new RegExp(`-${name}[:\\s]\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"';]+))`, 'i').exec(row);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}
