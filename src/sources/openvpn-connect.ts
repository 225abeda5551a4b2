/*
 * OpenVPN Connect and other clients of the OpenVPN 3 core list what was pushed:
 *
 *   [Oct 12, 2026, 09:14:05] OPTIONS:
 *   0 [route] [10.1.0.0] [255.255.0.0]
 *   1 [route-gateway] [172.16.50.1]
 *   [Oct 12, 2026, 09:14:06] EVENT: CONNECTED azuregateway-1.vpn.azure.com:443 (20.193.245.69) via /TCPv4 on tun/172.16.50.2/
 */

// Not PROTOCOL OPTIONS: nor UNUSED OPTIONS:
const heading = /(?<![A-Z] )\bOPTIONS:\s*$/;

/** Whether the list of pushed options begins below this line. */
export function beginsOptions(line: string): boolean {
  return heading.test(line);
}

/** The words of one row of that list; undefined where the line is none. */
export function listedOption(line: string): readonly string[] | undefined {
  if (!/^\s*\d+ \[[^\]]*\](?: \[[^\]]*\])*\s*$/.test(line)) return undefined;
  return [...line.matchAll(/\[([^\]]*)\]/g)].map(([, word = '']) => word);
}

/** What became of the session, by the core's own word: EVENT: CONNECTED, EVENT: RECONNECTING … */
export function eventOf(line: string): 'up' | 'down' | undefined {
  const [, event] = /\bEVENT: ([A-Z_]+)\b/.exec(line) ?? [];
  if (event === 'CONNECTED') return 'up';
  return event !== undefined && downEvents.has(event) ? 'down' : undefined;
}

const downEvents: ReadonlySet<string> = new Set(['DISCONNECTED', 'RECONNECTING', 'PAUSE', 'CONNECTION_TIMEOUT']);

/** Whether a text is such a log, judged by its list or by its events. */
export function isConnectLog(text: string): boolean {
  return (
    /(?<![A-Z] )\bOPTIONS:\s*\n\s*0 \[/.test(text) || /\bEVENT: (?:CONNECTED|RECONNECTING|GET_CONFIG)\b/.test(text)
  );
}
