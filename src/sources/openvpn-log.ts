import type { OpenVpnSession } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { parseAddress } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import { beginsOptions, eventOf, isConnectLog, listedOption } from './openvpn-connect.ts';
import { optionRoute, whyNoRoute } from './openvpn-options.ts';
import { logLines } from './openvpn-wrapped.ts';
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
  /** A list of the pushed options goes on, row by row. */
  isListing: boolean;
};

// … PUSH: Received control message: 'PUSH_REPLY,route 10.1.0.0 255.255.0.0,route-gateway 172.16.50.1,topology subnet,ifconfig …'
const push = /'PUSH_REPLY,?([^']*)('?)/;
// … SIGUSR1[soft,ping-restart] received, process restarting
const restart = /\bSIG(?:USR1|HUP|TERM|INT)\[[^\]]*\][^']*/;
const ready = /\bInitialization Sequence Completed\b/;
const start =
  /\bOpenVPN core \d|\bOpenVPN \d+\.\d+\S* .*\[(?:SSL|AEAD|PKCS11|LZO|LZ4|EPOLL)|\bOpenVPN \d+\.\d+\S* \S+ built on /;

function parse(text: string, context: ReadingContext): Reading {
  const problems: Problem[] = [];
  let session: Draft | undefined;
  for (const { text: line, at } of logLines(text, (row) => stampOf(row) !== undefined))
    session = readLine(session, line, { at, context, problems });
  if (session === undefined) return { facts: {}, problems: nothingRead(text, context) };
  const { continues: _continues, isListing: _isListing, ...openVpn } = session;
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
  // 2.7 can change a session while it runs; what of the routes before still holds is not told.
  if (/Received control message: 'PUSH_UPDATE\b/.test(line))
    complain(place, 'PUSH_UPDATE', 'an update of what was pushed: left out');
  const { context, at } = place;
  if (start.test(line)) return newSession(context, at);
  if (beginsOptions(line)) return { ...begun(session, line, place), isListing: true };
  if (session?.isListing === true && readRow(session, line, place)) return session;
  const isReady = ready.test(line) || eventOf(line) === 'up';
  const current = session ?? (isReady || looksLikeLog(line) ? newSession(context, at) : undefined);
  if (isReady && current !== undefined) current.initialized = true;
  else readRestart(current, line);
  return current;
}

/** Whether the line is a row of the list; what is none ends it. */
function readRow(session: Draft, line: string, place: Place): boolean {
  const words = listedOption(line);
  session.isListing = words !== undefined;
  if (words !== undefined) readPushed(session, words, place);
  return words !== undefined;
}

/** An empty log is a log; other text is not. */
function nothingRead(text: string, context: ReadingContext): readonly Problem[] {
  const why = text.trim() === '' ? 'the log is empty' : 'no line of an OpenVPN log was found';
  return [{ origin: { artifact: context.artifact }, text: '', why }];
}

function newSession(context: ReadingContext, line: number): Draft {
  return {
    pushedRoutes: [],
    pushed: false,
    initialized: false,
    continues: false,
    isListing: false,
    origin: lineOrigin(context, line),
  };
}

function readRestart(session: Draft | undefined, line: string): void {
  const words = eventOf(line) === 'down' ? /\bEVENT: [A-Z_]+/.exec(line)?.[0] : restart.exec(line)?.[0].trim();
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
  place: Place,
): Draft {
  const session = before?.continues === true ? before : begun(before, line, place);
  session.continues = false;
  // Where the text was cut behind an address, its mask is lost: no route to that address alone.
  const [cut = ''] = closing === '' ? (/\broute\s+\d+\.\d+\.\d+\.\d+\s*$/.exec(options) ?? []) : [];
  for (const option of options.slice(0, options.length - cut.length).split(','))
    readPushed(session, option.trim().split(/\s+/), place);
  if (closing === '') complain(place, cut.trim() || 'PUSH_REPLY', 'cut short: the reply is not closed');
  return session;
}

/** The session as a reply begins it. */
function begun(before: Draft | undefined, line: string, { at, context }: Place): Draft {
  const session = { ...newSession(context, at), pushed: true };
  const pushedAt = stampOf(line);
  if (before?.lastRestart !== undefined) session.lastRestart = before.lastRestart;
  if (pushedAt !== undefined) session.pushedAt = pushedAt;
  return session;
}

function readPushed(session: Draft, words: readonly string[], place: Place): void {
  const why = readOption(session, words);
  if (why !== undefined) complain(place, words.join(' ').slice(0, 100), why);
}

function complain({ at, context, problems }: Place, text: string, why: string): void {
  problems.push({ origin: lineOrigin(context, at), text, why });
}

/** Reads what decides routes. Everything else, tokens and keys among it, is not kept. */
function readOption(session: Draft, words: readonly string[]): string | undefined {
  const [option = '', value = ''] = words;
  if (option === 'route' || option === 'route-ipv6') {
    const route = optionRoute(words);
    if (route === undefined) return whyNoRoute(words).replace('a route', 'a pushed route');
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

// 2026-10-12 09:14:05 us=1 …    [Oct 12, 2026, 09:14:05] …    Mon Oct 12 09:14:05 2026 …    Oct 12 09:14:05 laptop ovpn-azure[811]: …    2026-10-12T09:14:05.123+00:00 laptop …
const isoStamp = /^\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\S*)/;
const otherStamp = /^\s*((?:\S{2,4} )?\S{2,5} +\d{1,2} \d\d:\d\d:\d\d(?: \d{4})?)\b/;

const bracketStamp = /^[^\w[]*\[([^\][]{0,20}\d, ?\d\d?:\d\d:\d\d[^\][]{0,5})\]/;

function stampOf(line: string): string | undefined {
  const iso = isoStamp.exec(line);
  return iso === null ? (otherStamp.exec(line) ?? bracketStamp.exec(line))?.[1] : `${iso[1]}T${iso[2]}${iso[3]}`;
}

function looksLikeLog(line: string): boolean {
  return /\[AF_INET6?\]|\bEVENT: [A-Z_]+|\bTUN\/TAP device\b|\bnet_(iface|route|addr)_|\bTLS: |\bVERIFY (OK|ERROR)|\bopenvpn\[\d+\]|\bSIG(USR1|TERM|HUP)\[/.test(
    line,
  );
}

function recognise(text: string): number {
  const start20k = text.slice(0, 50_000);
  if (/'PUSH_REPLY,/.test(start20k) || start.test(start20k) || isConnectLog(start20k)) return 0.95;
  return /Initialization Sequence Completed|\[AF_INET6?\]\d/.test(start20k) ? 0.85 : 0;
}
