import type { Platform } from '../facts/capture.ts';
import { type Address, familyOf, formatAddress } from '../net/address.ts';
import { encodedCommand } from '../sources/windows-collector.ts';

/** One command as data: whose output it is, and the program with its arguments. */
export interface CommandLine {
  readonly source: string;
  /** The artifact's id where the source's name alone would not do. */
  readonly id?: string;
  readonly tool: string;
  readonly args: readonly string[];
  readonly family?: 4 | 6;
  readonly target?: string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly keepPartial?: boolean;
  /** Prints in the console's code page, not in UTF-8. */
  readonly oem?: boolean;
}

/** Ways to ask one thing, the best first: the next is tried where one does not answer. */
export type Question = readonly [CommandLine, ...CommandLine[]];

/** A million routes as JSON. */
const largeTable = 400_000_000;

const ipRoute = (family: 4 | 6, ...options: readonly string[]): CommandLine => ({
  source: 'linux-ip-route',
  tool: 'ip',
  args: [`-${family}`, ...options, 'route', 'show', 'table', 'all'],
  family,
  maxBytes: largeTable,
  ...(family === 6 && { id: 'linux-ip-route:ipv6' }),
});

const ipRule = (family: 4 | 6, ...options: readonly string[]): CommandLine => ({
  source: 'linux-ip-rule',
  tool: 'ip',
  args: [`-${family}`, ...options, 'rule'],
  family,
  ...(family === 6 && { id: 'linux-ip-rule:ipv6' }),
});

// Old iproute2 and busybox know no -j, and busybox no -d; `cat` is everywhere.
const linuxFacts: readonly Question[] = [
  [
    ipRoute(4, '-j', '-d'),
    ipRoute(4),
    { source: 'netstat-routes', tool: 'netstat', args: ['-rn'], family: 4, maxBytes: largeTable },
    { source: 'linux-proc-route', tool: 'cat', args: ['/proc/net/route'], family: 4, maxBytes: largeTable },
  ],
  [ipRoute(6, '-j', '-d'), ipRoute(6)],
  [ipRule(4, '-j', '-d'), ipRule(4, '-j'), ipRule(4)],
  [ipRule(6, '-j', '-d'), ipRule(6, '-j'), ipRule(6)],
  [
    { source: 'linux-ip-addr', tool: 'ip', args: ['-j', '-d', 'addr'] },
    { source: 'linux-ip-addr', tool: 'ip', args: ['addr'] },
  ],
  [{ source: 'linux-xfrm-policy', tool: 'ip', args: ['xfrm', 'policy'] }],
  [
    { source: 'linux-swanctl-sas', tool: 'swanctl', args: ['--list-sas'] },
    { source: 'linux-swanctl-sas', tool: 'ipsec', args: ['statusall'] },
  ],
  [
    {
      source: 'linux-nmcli',
      tool: 'nmcli',
      args: ['-t', '-f', 'NAME,UUID,TYPE,DEVICE,STATE', 'connection', 'show', '--active'],
    },
  ],
];

const routePrint = (family: 4 | 6): CommandLine => ({
  source: 'windows-route-print',
  tool: 'route',
  args: ['print', `-${family}`],
  family,
  oem: true,
  maxBytes: largeTable,
  ...(family === 6 && { id: 'windows-route-print:ipv6' }),
});

const netshRoute = (family: 4 | 6): CommandLine => ({
  source: 'windows-netsh-route',
  tool: 'netsh',
  args: ['interface', `ipv${family}`, 'show', 'route'],
  family,
  oem: true,
  ...(family === 6 && { id: 'windows-netsh-route:ipv6' }),
});

const collector: CommandLine = {
  source: 'windows-net-route',
  tool: 'powershell',
  args: ['-NoProfile', '-NonInteractive', '-NoLogo', '-OutputFormat', 'Text', '-EncodedCommand', encodedCommand()],
  timeoutMs: 30_000,
  maxBytes: largeTable,
};

const windowsFacts: readonly Question[] = [
  [collector],
  [routePrint(4), netshRoute(4)],
  [routePrint(6), netshRoute(6)],
  [{ source: 'windows-ipconfig', tool: 'ipconfig', args: ['/all'], oem: true }],
];

/** What is asked of the system before any packet is sent. */
export function factQuestions(platform: Platform): readonly Question[] {
  return platform === 'windows' ? windowsFacts : linuxFacts;
}

/** Prints the console's code page as its last number. */
export const codePageCommand = { tool: 'chcp.com', args: [] } as const;

/** Prints which traceroute this is: of some, two at once read each other's answers. */
export const tracerouteVersion = { tool: 'traceroute', args: ['--version'] } as const;

/** Ways to trace the path to an address. Few hops suffice: Azure shows one, a way past the tunnel shows at the first. */
export function traceQuestion(platform: Platform, target: Address): Question {
  const address = formatAddress(target);
  const at = (source: string, tool: string, timeoutMs: number, ...args: readonly string[]): CommandLine => ({
    ...{ source, id: `${source}:${address}`, tool, args: [...args, address], target: address, timeoutMs },
    ...{ family: familyOf(target), keepPartial: true },
  });
  if (platform === 'windows') {
    return [{ ...at('windows-tracert', 'tracert', 25_000, '-d', '-h', '4', '-w', '1000'), oem: true }];
  }
  return [
    at('linux-traceroute', 'traceroute', 10_000, '-n', '-q', '1', '-w', '1', '-m', '4'),
    // Has no time limit of its own: eight silent hops take it 25 seconds.
    at('linux-tracepath', 'tracepath', 12_000, '-n', '-m', '4'),
    at('mtr-json', 'mtr', 12_000, '--json', '-n', '-c', '2', '-G', '1', '-m', '4'),
  ];
}

/** The kernel's own choice for an address; sends nothing. Only Linux has a command that answers in numbers alone. */
export function kernelQuestion(target: Address): CommandLine {
  const address = formatAddress(target);
  return {
    source: 'linux-ip-route-get',
    id: `linux-ip-route-get:${address}`,
    tool: 'ip',
    args: ['-j', 'route', 'get', address],
    target: address,
    family: familyOf(target),
    timeoutMs: 5000,
  };
}

/** The same trace with patience: a router says `!H` only after its own three seconds of looking for the host. */
export function patientTrace(target: Address): CommandLine {
  const address = formatAddress(target);
  return {
    source: 'linux-traceroute',
    id: `linux-traceroute:${address}#patient`,
    tool: 'traceroute',
    args: ['-n', '-q', '1', '-w', '4', '-m', '4', address],
    target: address,
    family: familyOf(target),
    timeoutMs: 20_000,
    keepPartial: true,
  };
}
