import type { Problem } from '../facts/origin.ts';
import type { Profile, ProfileRoute } from '../facts/profile.ts';
import { prefix } from '../net/prefix.ts';
import { optionRoute, whyNoRoute } from './openvpn-options.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** An OpenVPN profile as Azure issues it: its routes are pushed at connect, unless it was edited. */
export const openvpnProfile: Source = {
  id: 'openvpn-profile',
  title: 'OpenVPN: vpnconfig.ovpn',
  parse,
  recognise,
};

interface Draft {
  readonly context: ReadingContext;
  readonly routes: ProfileRoute[];
  readonly servers: string[];
  readonly dnsServers: string[];
  readonly dnsSuffixes: string[];
  readonly suppressesPush: string[];
  readonly problems: Problem[];
  name: string | undefined;
  /** How many lines said something that OpenVPN knows. */
  options: number;
}

function parse(text: string, context: ReadingContext): Reading {
  const draft: Draft = {
    ...{ context, routes: [], servers: [], dnsServers: [], dnsSuffixes: [], suppressesPush: [], problems: [] },
    name: undefined,
    options: 0,
  };
  let block: string | undefined;
  for (const [index, line] of text.split('\n').entries()) block = readLine(draft, block, line.trim(), index + 1);
  if (block !== undefined) complain(draft, undefined, `<${block}>`, 'cut short: the block is not closed');
  if (draft.servers.length === 0 && draft.routes.length === 0 && draft.options === 0) {
    complain(
      draft,
      undefined,
      '',
      text.trim() === '' ? 'the file is empty' : 'no option of an OpenVPN profile was found',
    );
    return { facts: {}, problems: draft.problems };
  }
  return { facts: { profiles: [profileOf(draft)] }, problems: draft.problems };
}

/** Between <key> and </key> stand keys and certificates: they are never looked at. The block that goes on after the line. */
function readLine(draft: Draft, block: string | undefined, line: string, at: number): string | undefined {
  if (block !== undefined) return line === `</${block}>` ? undefined : block;
  const opened = /^<([a-z0-9-]+)>$/i.exec(line)?.[1];
  if (opened === undefined && line !== '' && !/^[#;<]/.test(line)) readOption(draft, wordsOf(line), at);
  // <connection> holds options: one way to reach the gateway.
  return opened === 'connection' ? undefined : opened;
}

function profileOf({ context, routes, servers, dnsServers, dnsSuffixes, suppressesPush, name }: Draft): Profile {
  return {
    kind: 'openvpn-profile',
    routes,
    listsRoutes: routes.length > 0,
    pool: [],
    server: servers[0] ?? null,
    protocols: ['openvpn'],
    dnsServers,
    dnsSuffixes,
    ...(suppressesPush.length > 0 && { suppressesPush }),
    ...(name !== undefined && { name }),
    origin: { artifact: context.artifact },
  };
}

// remote azuregateway-0c1e….vpn.azure.com 443          pull-filter ignore "route 10.9."          --route 10.1.0.0 255.255.0.0 # hub
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [whole, double, single, bare] of line.replace(/^--/, '').matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)) {
    if (/^[#;]/.test(whole)) break;
    words.push(double ?? single ?? bare ?? '');
  }
  return words;
}

const knownOptions: ReadonlySet<string> = new Set([
  ...['client', 'dev', 'proto', 'remote', 'pull', 'tls-client', 'persist-tun', 'persist-key', 'remote-cert-tls'],
  ...['verify-x509-name', 'cipher', 'data-ciphers', 'auth', 'auth-user-pass', 'nobind', 'tls-auth', 'key-direction'],
]);

function readOption(draft: Draft, words: readonly string[], line: number): void {
  const [option = ''] = words;
  if (knownOptions.has(option)) draft.options += 1;
  readers[option]?.(draft, words, line);
}

function complain({ context, problems }: Draft, line: number | undefined, text: string, why: string): void {
  const origin = line === undefined ? { artifact: context.artifact } : lineOrigin(context, line);
  problems.push({ origin, text: text.slice(0, 200), why });
}

function readRoute(draft: Draft, words: readonly string[], line: number): void {
  const route = optionRoute(words);
  if (route === undefined) complain(draft, line, words.join(' '), whyNoRoute(words));
  else draft.routes.push({ ...route, origin: lineOrigin(draft.context, line) });
}

const readers: Readonly<Record<string, (draft: Draft, words: readonly string[], line: number) => void>> = Object.assign(
  Object.create(null),
  {
    remote: ({ servers }, [, host = '']) => servers.push(host),
    route: readRoute,
    'route-ipv6': readRoute,
    'redirect-gateway': ({ routes, context }, flags, line) => {
      const everything = [
        ...(flags.includes('!ipv4') ? [] : ['0.0.0.0/0']),
        ...(flags.includes('ipv6') ? ['::/0'] : []),
      ];
      for (const all of everything)
        routes.push({ prefix: prefix(all), exclude: false, origin: lineOrigin(context, line) });
    },
    'route-nopull': ({ suppressesPush }, words) => suppressesPush.push(words.join(' ')),
    'route-noexec': ({ suppressesPush }, words) => suppressesPush.push(words.join(' ')),
    'pull-filter': ({ suppressesPush }, words) => {
      const [, action, ...text] = words;
      if (action !== 'accept') suppressesPush.push(`pull-filter ${action} "${text.join(' ')}"`);
    },
    'dhcp-option': ({ dnsServers, dnsSuffixes }, [, kind = '', value = '']) => {
      if (kind === 'DNS' || kind === 'DNS6') dnsServers.push(value);
      else if (kind.startsWith('DOMAIN')) dnsSuffixes.push(value);
    },
    // dns server 0 address 10.0.0.4 10.0.0.5:53      dns search-domains hub.example
    dns: ({ dnsServers, dnsSuffixes }, [, kind, ...words]) => {
      if (kind === 'search-domains') dnsSuffixes.push(...words);
      else if (kind === 'server' && words[1] === 'address')
        dnsServers.push(...words.slice(2).map((word) => word.replace(/^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$/, '$1$2')));
    },
    setenv: (draft, [, key, ...value]) => {
      if (key === 'FRIENDLY_NAME') draft.name = value.join(' ');
    },
  } satisfies Record<string, (draft: Draft, words: readonly string[], line: number) => unknown>,
);

function recognise(text: string): number {
  const isProfile =
    /^\s*remote\s+\S+/m.test(text) && /^\s*(dev\s+(tun|tap)|client\s*$|proto\s+(tcp|udp)|<ca>)/m.test(text);
  return isProfile ? 0.95 : 0;
}
