import type { Problem } from '../facts/origin.ts';
import type { Profile, ProfileRoute } from '../facts/profile.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import type { ConfiguredConnection } from './strongswan-connection.ts';
import { readIpsecConf } from './strongswan-ipsec-conf.ts';
import { readSelectors } from './strongswan-selectors.ts';
import { readSwanctlConf } from './strongswan-swanctl-conf.ts';

/** A strongSwan connection as configured: what this client asks the gateway for. */
export const strongswanConf: Source = {
  id: 'strongswan-conf',
  title: 'strongSwan: swanctl.conf, ipsec.conf',
  parse,
  recognise,
};

function parse(text: string, context: ReadingContext): Reading {
  const problems: Problem[] = [];
  const isSwanctl = /^\s*connections\s*\{/m.test(text);
  const connections = isSwanctl ? readSwanctlConf(text, context, problems) : readIpsecConf(text);
  if (connections.length === 0 && problems.length === 0 && !isStock(text)) {
    const why = text.trim() === '' ? 'the file is empty' : 'no connection was found';
    problems.push({ origin: { artifact: context.artifact }, text: '', why });
  }
  const profiles = connections.map((connection) => profileOf(connection, context, problems));
  return { facts: profiles.length === 0 ? {} : { profiles }, problems };
}

/** A file as the package installs it: comments, includes and empty sections. That it names no connection is an answer. */
function isStock(text: string): boolean {
  const told = text
    .replaceAll(/#.*$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (
    text.trim() !== '' &&
    told.every((line) => /^(include\s.*|config\s+setup|conn\s+%default|[\w-]+\s*\{\s*\}?|\})$/.test(line))
  );
}

/** Asking for everything (`0.0.0.0/0`) means what the gateway grants, which no file tells. */
function profileOf(
  { name, server, dnsServers, selectors, line }: ConfiguredConnection,
  context: ReadingContext,
  problems: Problem[],
): Profile {
  const routes: readonly ProfileRoute[] = selectors.flatMap((list) => {
    const origin = lineOrigin(context, list.line);
    return readSelectors(list.text.split(/[\s,]+/), origin, problems).map((prefix) => ({
      prefix,
      exclude: list.exclude,
      origin,
    }));
  });
  const isOpen = routes.some(({ prefix, exclude }) => !exclude && prefix.length === 0);
  const listed = isOpen ? routes.filter(({ exclude }) => exclude) : routes;
  return {
    kind: 'strongswan-conf',
    routes: listed,
    listsRoutes: !isOpen && listed.some(({ exclude }) => !exclude),
    pool: [],
    server,
    protocols: ['ikev2'],
    dnsServers,
    dnsSuffixes: [],
    name,
    origin: lineOrigin(context, line),
  };
}

function recognise(text: string): number {
  if (/^\s*connections\s*\{/m.test(text) && /\b(remote_addrs|remote_ts|children)\b/.test(text)) return 0.95;
  return /^\s*conn\s+\S+/m.test(text) && /^\s*(right|rightsubnet|keyexchange|leftsourceip)\s*=/m.test(text) ? 0.95 : 0;
}
