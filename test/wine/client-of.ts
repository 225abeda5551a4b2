import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../../scripts/wine/tools.ts';

/** The bytes of a captured text. */
export function captured(source: string, name: string): Buffer {
  return readFileSync(join('fixtures', 'sources', source, `${name}.txt`));
}

/** The German client of these tests: its table, with a tunnel that lacks 10.1.0.0/16, as `route print` shows it in cp850. */
export const germanTable = Buffer.from(
  readFileSync('fixtures/scenarios/document-spoke-missing-windows/bundle/client/windows-route-print.txt', 'latin1')
    .replaceAll('       On-link', 'Auf Verbindung')
    .replace('vnet-hub', 'B\x81ro')
    .replace('Interface List', 'Schnittstellenliste'),
  'latin1',
);

/** The same client as the collector prints it: ASCII, with names of any language escaped. */
function collectorDocument(): string {
  const hub = { InterfaceIndex: 41, InterfaceAlias: 'B\u00fcro' };
  const wifi = { InterfaceIndex: 16, InterfaceAlias: 'WLAN' };
  const route = (DestinationPrefix: string, NextHop: string, at: typeof hub, RouteMetric: number) => ({
    ...{ af: 2, DestinationPrefix, NextHop, ...at, RouteMetric, InterfaceMetric: null, Protocol: 3, State: 1 },
  });
  const document = {
    ...{ v: 1, tool: 'onlink-collector', ps: '5.1.19041.1', culture: 'de-DE', mode: 'ConstrainedLanguage' },
    os: [{ CurrentBuild: '19045', UBR: 3693, DisplayVersion: '22H2', arch: 'AMD64', oemcp: '850' }],
    routes: [
      route('0.0.0.0/0', '192.168.29.1', wifi, 0),
      route('10.0.0.0/16', '0.0.0.0', hub, 18),
      route('20.193.245.69/32', '192.168.29.1', wifi, 1),
      route('172.16.50.0/24', '0.0.0.0', hub, 18),
      route('192.168.29.0/24', '0.0.0.0', wifi, 256),
    ],
    persistent: [],
    ifs: [
      { ...hub, af: 2, InterfaceMetric: 25, auto: 1, conn: 1 },
      { ...wifi, af: 2, InterfaceMetric: 25, auto: 1, conn: 1 },
    ],
    addrs: [
      { IPAddress: '172.16.50.130', PrefixLength: 32, ...hub, state: 4 },
      { IPAddress: '192.168.29.37', PrefixLength: 24, ...wifi, state: 4 },
    ],
    nics: [{ ifIndex: 16, Name: 'WLAN', InterfaceDescription: 'Intel(R) Wi-Fi 6', status: 'Up', InterfaceType: 71 }],
    vpn: [
      {
        ...{ Name: 'B\u00fcro', ServerAddress: 'azuregateway-1.vpn.azure.com', AllUserConnection: false },
        ...{ TunnelType: 'Ikev2', SplitTunneling: true, ConnectionStatus: 'Connected', Routes: [] },
      },
    ],
    ...{ pbk: [], nrpt: [], events: [], errors: [] },
  };
  const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(document).replace(/[^\x20-\x7e]/g, escaped)}\r\n`;
}

/** What the tools of the German client print. */
export const germanAnswers: readonly Answer[] = [
  { line: 'chcp', bytes: 'Aktive Codepage: 850.\r\n' },
  {
    line: 'powershell -NoProfile -NonInteractive -NoLogo -OutputFormat Text -EncodedCommand ',
    bytes: collectorDocument(),
  },
  { line: 'route print -4', bytes: germanTable },
  { line: 'route print -6', bytes: captured('windows-route-print', 'german-two-words.cp850') },
  { line: 'ipconfig /all', bytes: captured('windows-ipconfig', 'french.cp850') },
  { line: 'tracert -d -h 4 -w 1000 10.1.0.4', bytes: captured('windows-tracert', 'german-name.cp850') },
];
