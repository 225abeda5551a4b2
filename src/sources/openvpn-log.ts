import type { OpenVpnSession } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { parseAddress } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import { optionRoute } from './openvpn-options.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** What an OpenVPN client wrote down: which routes the gateway pushed, and whether the session still stands. */
export const openvpnLog: Source = {
  id: 'openvpn-log',
  title: 'OpenVPN: the client log, its own file, syslog or journal',
  parse,
  recognise,
};

type Draft = { -readonly [Key in keyof OpenVpnSession]: OpenVpnSession[Key] } & {
  pushedRoutes: Prefix[];
  /** More of the same reply follows on a later line. */
  continues: boolean;
};

// … PUSH: Received control message: 'PUSH_REPLY,route 10.1.0.0 255.255.0.0,route-gateway 172.16.50.1,topology subnet,ifconfig …'
const push = /'PUSH_REPLY,?([^']*)('?)/;
// … SIGUSR1[soft,ping-restart] received, process restarting
const restart = /\bSIG(?:USR1|HUP|TERM|INT)\[[^\]]*\][^']*/;
const ready = /\bInitialization Sequence Completed\b/;
const start = /\bOpenVPN \d+\.\d+\S* .*\[(?:SSL|AEAD|PKCS11|LZO|LZ4|EPOLL)|\bOpenVPN \d+\.\d+\S* \S+ built on /;

function parse(text: string, context: ReadingContext): Reading {
  const problems: Problem[] = [];
  let session: Draft | undefined;
  for (const [index, line] of text.split('\n').entries())
    session = readLine(session, line, { at: index + 1, context, problems });
  if (session === undefined) return { facts: {}, problems: nothingRead(text, context) };
  const { continues: _, ...openVpn } = session;
  return { facts: { openVpn }, problems };
}

interface Place {
  readonly at: number;
  readonly context: ReadingContext;
  readonly problems: Problem[];
}

/** The session as it stands after this line. */
function readLine(session: Draft | undefined, line: string, place: Place): Draft | undefined {
  // A server's log says what it sent to each client.
  const reply = line.includes('SENT CONTROL') ? null : push.exec(line);
  if (reply !== null) return readReply(session, reply, line, place);
  const { context, at } = place;
  if (start.test(line)) return newSession(context, at);
  const isReady = ready.test(line);
  const current = session ?? (isReady || looksLikeLog(line) ? newSession(context, at) : undefined);
  if (isReady && current !== undefined) current.initialized = true;
  else readRestart(current, line);
  return current;
}

/** An empty log is a log; other text is not. */
function nothingRead(text: string, context: ReadingContext): readonly Problem[] {
  const why = text.trim() === '' ? 'the log is empty' : 'no line of an OpenVPN log was found';
  return [{ origin: { artifact: context.artifact }, text: '', why }];
}

function newSession(context: ReadingContext, line: number): Draft {
  return { pushedRoutes: [], pushed: false, initialized: false, continues: false, origin: lineOrigin(context, line) };
}

function readRestart(session: Draft | undefined, line: string): void {
  const words = restart.exec(line)?.[0].trim();
  if (session === undefined || words === undefined) return;
  const at = stampOf(line);
  session.initialized = false;
  session.lastRestart = at === undefined ? words : `${at} ${words}`;
}

/** A reply begins a session's routes anew, unless the one before it announced that more follows. */
function readReply(
  before: Draft | undefined,
  [, options = '', closing]: RegExpExecArray,
  line: string,
  { at, context, problems }: Place,
): Draft {
  const goesOn = before?.continues === true;
  const session = goesOn && before !== undefined ? before : { ...newSession(context, at) };
  if (before?.lastRestart !== undefined) session.lastRestart = before.lastRestart;
  const pushedAt = stampOf(line);
  session.pushed = true;
  session.continues = false;
  if (pushedAt !== undefined) session.pushedAt = pushedAt;
  for (const option of options.split(',')) {
    const why = readOption(session, option.trim().split(/\s+/));
    if (why !== undefined) problems.push({ origin: lineOrigin(context, at), text: option.trim().slice(0, 100), why });
  }
  if (closing === '')
    problems.push({ origin: lineOrigin(context, at), text: 'PUSH_REPLY', why: 'cut short: the reply is not closed' });
  return session;
}

/** Reads what decides routes. Everything else, tokens and keys among it, is not kept. */
function readOption(session: Draft, words: readonly string[]): string | undefined {
  const [option = '', value = ''] = words;
  if (option === 'route' || option === 'route-ipv6') {
    const route = optionRoute(words);
    if (route === undefined) return 'a pushed route that is no prefix: OpenVPN cannot install it';
    if (!route.exclude) session.pushedRoutes.push(route.prefix);
  } else if (option === 'topology') session.topology = value;
  else if (option === 'push-continuation') session.continues = value === '2';
  else if (option === 'redirect-gateway') session.redirectGateway = true;
  else readAddressOption(session, option, value);
  return undefined;
}

function readAddressOption(session: Draft, option: string, value: string): void {
  const address = option === 'route-gateway' || option === 'ifconfig' ? parseAddress(value) : undefined;
  if (address === undefined) return;
  if (option === 'ifconfig') session.tunnelAddress = address;
  else session.routeGateway = address;
}

// 2026-10-12 09:14:05 us=1 …    Mon Oct 12 09:14:05 2026 …    Oct 12 09:14:05 laptop ovpn-azure[811]: …    2026-10-12T09:14:05.123+00:00 laptop …
const isoStamp = /^\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\S*)/;
const otherStamp = /^\s*((?:\S{2,4} )?\S{2,5} +\d{1,2} \d\d:\d\d:\d\d(?: \d{4})?)\b/;

function stampOf(line: string): string | undefined {
  const iso = isoStamp.exec(line);
  return iso === null ? otherStamp.exec(line)?.[1] : `${iso[1]}T${iso[2]}${iso[3]}`;
}

function looksLikeLog(line: string): boolean {
  return /\[AF_INET6?\]|\bTUN\/TAP device\b|\bnet_(iface|route|addr)_|\bTLS: |\bVERIFY (OK|ERROR)|\bopenvpn\[\d+\]|\bSIG(USR1|TERM|HUP)\[/.test(
    line,
  );
}

function recognise(text: string): number {
  const start20k = text.slice(0, 50_000);
  if (/'PUSH_REPLY,/.test(start20k) || start.test(start20k)) return 0.95;
  return /Initialization Sequence Completed|\[AF_INET6?\]\d/.test(start20k) ? 0.85 : 0;
}
